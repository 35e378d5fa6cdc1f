"""The four days a year's tax is paid on: which of them are paid, which is next, and how long it is until then."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.dates import Day, date_of
from app.core.tax.instalments.schedule import FEDERAL, Due
from app.services.books.open_books import Books
from app.services.tax import postponed, taxes_paid

PAID, DUE, OVERDUE, ASKED = "paid", "due", "overdue", "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """One instalment of federal tax. `words` says its state: `paid Jun 12`, `in 56 days`, `no payment found`."""

    number: int
    due: Day
    state: str
    words: str
    paid_cents: int
    paid_on: Day | None
    transaction_ids: tuple[int, ...]
    days_until: int


def due_dates(books: Books, year: int, today: Day) -> tuple[DueDate, ...]:
    """Return the instalments of a tax year. A payment belongs to the due date nearest to it.

    How much an instalment must be is not worked out yet: a date without any payment is what can be told.
    """
    instalments = postponed.dues(books, FEDERAL, year)
    paid: dict[int, list[taxes_paid.Paid]] = {}
    for row in taxes_paid.paid(books, year, FEDERAL, today):
        nearest = min(instalments, key=lambda each, day=row.day: (abs(each.due - day), each.due))  # type: ignore[misc]
        paid.setdefault(nearest.number, []).append(row)
    waiting = any(each.jurisdiction == FEDERAL and each.year == year for each in taxes_paid.unsettled(books))
    return tuple(
        _due_date(each, paid.get(each.number, []), today, asked=waiting and each.number == 1) for each in instalments
    )


def _due_date(each: Due, paid: list[taxes_paid.Paid], today: Day, *, asked: bool) -> DueDate:
    days = each.due - today
    if paid:
        state, words = PAID, f"paid {words_of(max(row.day for row in paid))}"
    elif asked:
        state, words = ASKED, "a payment of April waits for your answer"
    elif days < 0:
        state, words = OVERDUE, "no payment found"
    else:
        state, words = DUE, until(days)
    return DueDate(
        number=each.number,
        due=each.due,
        state=state,
        words=words,
        paid_cents=sum(row.cents for row in paid),
        paid_on=max((row.day for row in paid), default=None),
        transaction_ids=tuple(row.transaction_id for row in paid if row.transaction_id is not None),
        days_until=days,
    )


def until(days: int) -> str:
    """Return `today`, `tomorrow` or `in 56 days`."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def words_of(day: Day) -> str:
    """Return `Jan 15`."""
    date = date_of(day)
    return f"{date:%b} {date.day}"
