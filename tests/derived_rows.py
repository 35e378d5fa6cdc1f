"""Everything derived in books, to be compared before and after."""

from __future__ import annotations

from typing import Any

from app.services.books.open_books import Books

_TABLES = {
    "label": (
        "SELECT l.descriptor_id, l.account_id, l.money_in, o.kind, o.line, o.percent, o.status, o.confidence, "
        "o.source, o.reason, o.choices, o.rule_id, o.phrase, o.by_row, m.key, m.name FROM label l "
        "JOIN outcome o ON o.id = l.outcome_id JOIN merchant m ON m.id = l.merchant_id ORDER BY 1, 2, 3"
    ),
    "row_label": "SELECT * FROM row_label ORDER BY 1",
    "pair": "SELECT * FROM pair ORDER BY 1, 2",
}


def derived_rows(books: Books) -> dict[str, list[Any]]:
    """Return all labels, pairs and sums, in a fixed order and without internal ids."""
    found = {name: books.connection.execute(select).fetchall() for name, select in _TABLES.items()}
    return {**found, "month_total": books.totals.dump()}
