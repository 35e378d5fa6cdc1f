"""A sealed year does not change, whatever asks: the books refuse, not the one command that remembered to look."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.dates import year_days
from app.core.errors import SealedYear
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.ledger.transactions import Part
from app.services.review import questions
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]


@pytest.fixture
def sealed(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Books:
    bring(books, "a.ofx", ofx([("2025-06-02", -5000, "STAPLES 0041"), ("2026-06-02", -6000, "STAPLES 0042")]))
    row = next(row for row in books.transactions.listed(Filter(), 0) if row.cents == -5000)
    transactions.set_values(books, row.id, {"kind": "expense", "line": "C18"})
    with books.work.operation("seal") as work:
        books.connection.execute(
            "INSERT INTO sealed_year (year, first_day, last_day) VALUES (2025, ?, ?)", year_days(2025)
        )
    assert work.outcome.operation is not None
    assert books.settings.sealed_years() == [2025]
    return books


def ids(books: Books) -> tuple[int, int]:
    rows = {row.cents: row.id for row in books.transactions.listed(Filter(), 0)}
    return rows[-5000], rows[-6000]


def state(books: Books) -> tuple[object, ...]:
    tables = ("transactions", "decision", "part", "account", "imported_file", "operation", "audit", "month_total")
    return tuple(books.connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables)


CHANGES: dict[str, Callable[[Books, int, int], object]] = {
    "set": lambda books, old, _: transactions.set_values(books, old, {"kind": "personal"}),
    "note": lambda books, old, _: transactions.set_values(books, old, {"note": "later thought"}),
    "date out": lambda books, old, _: transactions.set_values(books, old, {"date": "2026-01-02"}),
    "date in": lambda books, _, new: transactions.set_values(books, new, {"date": "2025-12-31"}),
    "delete": lambda books, old, new: transactions.delete(books, [new, old], "a mistake"),
    "split": lambda books, old, _: transactions.split(
        books, old, [Part(cents=-5000, kind="personal", line="NONE", percent=10000)]
    ),
    "add": lambda books, *_: transactions.add(
        books, date="2025-03-01", cents=-100, account_selector="1", description="cash"
    ),
    "undo the import": lambda books, *_: history.undo(books, 2),
    "undo the answer": lambda books, *_: history.undo(books, 3),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_change_reaches_a_sealed_year(sealed: Books, change: Callable[[Books, int, int], object]) -> None:
    before = state(sealed)
    with pytest.raises(SealedYear) as caught:
        change(sealed, *ids(sealed))
    assert caught.value.code == "sealed_year"
    assert state(sealed) == before


def test_a_file_with_rows_of_a_sealed_year_is_refused_as_a_whole(
    sealed: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    before = state(sealed)
    result = bring(sealed, "late.ofx", ofx([("2025-12-30", -700, "KIOSK"), ("2026-01-03", -800, "KIOSK")]))
    assert result.error is not None
    assert (result.error.code, result.operation) == ("sealed_year", None)
    assert state(sealed) == before


def test_other_years_go_on(sealed: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    _, new = ids(sealed)
    transactions.set_values(sealed, new, {"kind": "expense", "line": "C18"})
    assert bring(sealed, "more.ofx", ofx([("2026-07-03", -800, "KIOSK")])).added == 1
    assert any(item.rows for item in questions.items(sealed))


def test_unsealing_by_undo_opens_the_year_again(sealed: Books) -> None:
    history.undo(sealed)
    assert sealed.settings.sealed_years() == []
    old, _ = ids(sealed)
    assert transactions.set_values(sealed, old, {"kind": "personal"}).operation is not None
