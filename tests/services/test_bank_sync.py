"""What a linked bank brings into real books: rows once, in our sign, with all that a person said about them."""

from __future__ import annotations

from generator import one_account  # noqa: F401
from services.banks import Bank, feed_of, row

from app.core.dates import day_from_iso
from app.services import bank_sync, history
from app.services.books import Books
from app.store.transactions import Filter, Listed


def rows(books: Books) -> list[Listed]:
    return sorted(books.transactions.listed(Filter(), 0), key=lambda each: (each.posted_date, each.text))


def test_the_first_sync_brings_all_rows_in_our_sign(books: Books) -> None:
    bank = Bank(page=2)
    bank.add(
        row("t1", "12.34", "2026-03-02", "BLUE FOX CAFE"), row("t2", "-1200.00", "2026-03-05", "NORTHWIND LABS"),
        row("t3", "9.99", "2026-03-07", "FIGMA", authorized_date="2026-03-06"),
    )  # fmt: skip
    number = bank.link(books)
    made = bank_sync.sync(books, number, feed=feed_of(bank))
    assert (made.added, made.modified, made.removed, made.history) == (3, 0, 0, "complete")
    assert [(each.text, each.cents) for each in rows(books)] == [
        ("BLUE FOX CAFE", -1234), ("NORTHWIND LABS", 120000), ("FIGMA", -999)
    ]  # fmt: skip
    assert rows(books)[2].transacted_date == day_from_iso("2026-03-06")
    again = bank_sync.sync(books, number, feed=feed_of(bank))
    assert (again.added, again.operation) == (0, None)
    assert [each.label for each in history.history(books)][:1] == ["Fetched rows from a bank"]
