"""What the page Taxes asks of the books besides the estimate: the years they hold, and bank rows that paid tax."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.dates import Day, year_days, year_of
from app.services.books.open_books import Books
from app.services.classify import knowledge
from app.services.ledger import listing
from app.services.tax import taxes, taxes_paid

NEAR_DAYS = 10
"""How far a bank row may lie from the day a person remembers."""

_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    """A bank row that is, or may be, a tax payment. `cents` is what was paid, positive."""

    transaction_id: int
    day: Day
    cents: int
    text: str
    jurisdiction: str | None
    waits: bool
    """Whether it counts for nothing until somebody says what it was for."""


def years(books: Books) -> tuple[int, ...]:
    """Return the years with rows and with known figures, newest first; empty for books without rows."""
    known = knowledge.federal_years()
    span = books.lines.days(year_days(known[0])[0], year_days(known[-1])[1])
    if span is None:
        return ()
    first, last = year_of(span[0]), min(year_of(span[1]), year_of(taxes.today(books)))
    return tuple(year for year in reversed(known) if first <= year <= last)


def unrecorded(books: Books, year: int) -> tuple[BankRow, ...]:
    """Return the bank rows booked as tax payments of a year, or of the month after it, that nobody has recorded."""
    waiting = {each.transaction_id for each in taxes_paid.unsettled(books)}
    first, last = year_days(year)[0], year_days(year + 1)[0] + 30
    return tuple(
        BankRow(
            transaction_id=number, day=day, cents=-cents, text=text,
            jurisdiction=taxes_paid.jurisdiction_of(text), waits=number in waiting,
        )
        for number, day, cents, text in reversed(taxes_paid.unrecorded_rows(books))
        if cents < 0 and first <= day <= last
    )  # fmt: skip


def matching(books: Books, cents: int, day: Day) -> tuple[BankRow, ...]:
    """Return the bank rows of exactly this amount near a day that no recorded payment names, nearest first."""
    taken = {row.transaction_id for row in taxes_paid.listed(books)}
    wanted = listing.Filter(first=day - NEAR_DAYS, last=day + NEAR_DAYS)
    found = [
        row for row, _, _ in listing.rows(books, wanted, _MOST)
        if row.cents == -cents and row.currency == "USD" and not row.pending and row.id not in taken
    ]  # fmt: skip
    return tuple(_bank_row(row) for row in sorted(found, key=lambda row: (abs(row.tax_date - day), row.id)))


def _bank_row(row: listing.Listed) -> BankRow:
    return BankRow(
        transaction_id=row.id, day=row.tax_date, cents=-row.cents, text=row.text,
        jurisdiction=taxes_paid.jurisdiction_of(row.text), waits=False,
    )  # fmt: skip
