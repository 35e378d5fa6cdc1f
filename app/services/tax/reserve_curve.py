"""The reserve against what was needed, day by day over the year, as it looks today.

What lies aside is the balance of the reserve accounts on each day, from their rows. What was needed is worked out with
what is known now: the set-asides of the deposits up to the day, less what was withheld and paid by then.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from app.core.dates import Day, year_days
from app.core.tax.reserve import withholding_to
from app.services.books.open_books import Books
from app.services.tax import reserves
from app.store.row_filter import Filter


class Point(NamedTuple):
    """A day: cents in the reserve accounts at its end, and cents needed."""

    day: Day
    held: int
    needed: int

    @property
    def short(self) -> int:
        return max(0, self.needed - self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Every day of the year so far. `has_account` is False while no account holds the reserve."""

    points: tuple[Point, ...]
    has_account: bool

    @property
    def covered_days(self) -> int:
        return sum(not point.short for point in self.points)

    def turning(self) -> tuple[Point, ...]:
        """Return the first and the last day, and those on which money was moved or a deposit or payment came.

        Withholding alone, which grows by a little every day, turns nothing.
        """
        if not self.points:
            return ()
        found = [self.points[0]]
        for before, now in zip(self.points, self.points[1:], strict=False):
            if now.held != before.held or abs(now.needed - before.needed) > _DRIFT_CENTS:
                found.append(now)
        if found[-1] is not self.points[-1]:
            found.append(self.points[-1])
        return tuple(found)


_DRIFT_CENTS = 10_000
"""What withholding may take off in a day without being a turn."""


def curve(books: Books, *, year: int | None = None, as_of: Day | None = None) -> Curve:
    """Return the reserve against the need up to a day. Raises: Refused."""
    found = reserves.reserve_today(books, as_of=as_of, year=year)
    first, _ = year_days(found.year)
    comes: Counter[Day] = Counter()
    for row in found.reserve.deposits:
        comes[row.deposit.day] += row.set_aside_cents
    for paid in found.payments:
        comes[min(max(paid.day, first), found.as_of)] -= paid.cents
    withheld = [found.household.withholding_cents]
    if found.rules.state:
        withheld.append(found.household.state_withholding_cents)
    held = _held(books, found, first)
    points, asked = [], 0
    for day in range(first, found.as_of + 1):
        asked += comes[day]
        by_then = sum(withholding_to(cents, found.year, day) for cents in withheld)
        points.append(Point(day, held.get(day, 0), max(0, asked - by_then)))
    return Curve(points=tuple(points), has_account=bool(found.reserve_accounts))


def _held(books: Books, found: reserves.ReserveToday, first: Day) -> dict[Day, int]:
    """Return what the reserve accounts held at the end of each day, back from their balance now."""
    balance = sum(view.balance_cents for view in found.reserve_accounts)
    moves: Counter[Day] = Counter()
    for view in found.reserve_accounts:
        for row in books.transactions.listed(Filter(account_id=view.account.id), 0):
            if not row.pending:
                moves[row.posted_date] += row.cents
    balance -= sum(cents for day, cents in moves.items() if day > found.as_of)
    by_day: dict[Day, int] = {}
    for day in range(found.as_of, first - 1, -1):
        by_day[day] = balance
        balance -= moves[day]
    return by_day
