"""Rows that an answer about their merchant books alike: counted at every correction, so nothing else is loaded here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.ledger import transactions

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.store.transactions import Listed

_FREE = (
    "(d.id IS NULL OR d.kind IS NULL AND d.deleted_reason IS NULL AND d.is_split = 0) "
    "AND o.source <> 'rule' AND (r.transaction_id IS NULL OR r.source = 'vehicle')"
)
"""No person decided it, and no rule and no pair does, which win over an answer."""
_ROWS = (
    "FROM label l CROSS JOIN transactions t ON t.descriptor_id = l.descriptor_id AND t.account_id = l.account_id "
    "AND (t.cents >= 0) = l.money_in JOIN outcome o ON o.id = l.outcome_id "
    "LEFT JOIN row_label r ON r.transaction_id = t.id "
    f"LEFT JOIN decision d ON d.transaction_id = t.id WHERE {_FREE} "
)
"""From labels to rows: labels are few beside rows, and left to itself the engine reads the whole account."""


def equal_rows(books: Books, merchant_key: str, sign: int, account_id: int) -> tuple[int, ...]:
    """Return the rows of a merchant, a direction and an account that an answer books alike.

    Not among them are those that a person, a rule or a pair decides.
    """
    rows = books.connection.execute(
        f"SELECT t.id {_ROWS} AND l.merchant_id = (SELECT id FROM merchant WHERE key = ?) AND l.money_in = ? "  # noqa: S608 - constants
        "AND l.account_id = ? ORDER BY t.tax_date DESC, t.id DESC",
        (merchant_key, int(sign > 0), account_id),
    )
    return tuple(row[0] for row in rows)


def others_like(books: Books, transaction_id: int) -> tuple[int, ...]:
    """Return the rows that would follow an answer for the merchant of a row, without the row itself."""
    row = transactions.existing(books, transaction_id)
    key = key_of(books, transaction_id)
    found = equal_rows(books, key, sign_of(row), row.account_id) if key else ()
    return tuple(number for number in found if number != transaction_id)


def hits(books: Books) -> dict[tuple[str, int, int], int]:
    """Return how many rows follow each answer, by merchant, sign and account."""
    rows = books.connection.execute(
        "SELECT m.key, n.money_in, n.account_id, n.found FROM (SELECT l.merchant_id, l.money_in, l.account_id, "  # noqa: S608 - constants
        f"COUNT(*) AS found {_ROWS} AND l.merchant_id IN "
        "(SELECT id FROM merchant WHERE key IN (SELECT merchant_key FROM answer)) GROUP BY 1, 2, 3) n "
        "JOIN merchant m ON m.id = n.merchant_id"
    )
    return {(key, 1 if money_in else -1, account): count for key, money_in, account, count in rows}


def key_of(books: Books, transaction_id: int) -> str:
    """Return the key of a row's merchant; empty where its text names none."""
    return books.transactions.merchant_keys([transaction_id]).get(transaction_id, ("", None))[0]


def sign_of(row: Listed) -> int:
    return 1 if row.cents >= 0 else -1
