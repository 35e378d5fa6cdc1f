"""The year as a whole from the part the books cover.

One good month is not a year: with little behind it the pace is spread over at least `SHORTEST_DAYS`, and the range is
wide. Days before the first covered one add nothing, because nobody knows what happened in them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from app.core.dates import Day, iso, year_days
from app.core.money import share

SHORTEST_DAYS = 30
"""A pace is never taken over fewer days."""
SETTLED_DAYS = 90
"""From here on the range around the pace is the narrow one."""
NARROW = (Decimal("0.75"), Decimal("1.25"))
WIDE = (Decimal("0.5"), Decimal("1.5"))
"""Low and high pace of the days to come, as factors of the pace so far."""

PACE = "year_to_date_pace"
ACTUAL = "actual"


class YearToDate(NamedTuple):
    """What the books hold of the year up to `as_of`, in cents; profit by the least, likely and best reading of rows."""

    profit_low: int
    profit: int
    profit_high: int
    deposits: int
    fixed: int = 0
    """Costs of the year in the profit that are the same however the year goes on: they follow no pace."""


class Projection(NamedTuple):
    """The whole year, in cents. `days` is how many of them the books cover."""

    method: str
    days: int
    profit_low: int
    profit: int
    profit_high: int
    deposits: int
    assumptions: tuple[str, ...]


def project(
    year: int, as_of: Day, so_far: YearToDate, first_covered: Day | None, last_covered: Day | None
) -> Projection:
    """Return the year by its pace so far.

    `first_covered` and `last_covered` bound the days the imported files speak of; None when there are none.
    A year that is over is taken as it stands.
    """
    year_start, year_end = year_days(year)
    if as_of >= year_end:
        return Projection(
            ACTUAL, year_end - year_start + 1, so_far.profit_low, so_far.profit, so_far.profit_high, so_far.deposits, ()
        )
    last = min(as_of, year_end if last_covered is None else last_covered)
    first = max(year_start, last + 1 if first_covered is None else first_covered)
    days = max(0, last - first + 1)
    if not days:
        note = "No entries of this year yet: nothing is projected."
        return Projection(PACE, 0, so_far.profit_low, so_far.profit, so_far.profit_high, so_far.deposits, (note,))
    ahead = Decimal(year_end - last) / max(days, SHORTEST_DAYS)
    slow, fast = NARROW if days >= SETTLED_DAYS else WIDE
    # A loss that goes on at the fast pace is the low end, so both factors are tried at both ends.
    low, paced, high = (cents + so_far.fixed for cents in so_far[:3])
    low += min(share(low, ahead * slow), share(low, ahead * fast)) - so_far.fixed
    high += max(share(high, ahead * slow), share(high, ahead * fast)) - so_far.fixed
    return Projection(
        method=PACE,
        days=days,
        profit_low=low,
        profit=so_far.profit + share(paced, ahead),
        profit_high=high,
        deposits=so_far.deposits + share(max(0, so_far.deposits), ahead),
        assumptions=_assumptions(first, last, days, year_start),
    )


def _assumptions(first: Day, last: Day, days: int, year_start: Day) -> tuple[str, ...]:
    notes = [f"The rest of the year is taken at the pace of {iso(first)} to {iso(last)} ({days} days)."]
    if days < SHORTEST_DAYS:
        notes.append(f"Fewer than {SHORTEST_DAYS} days are covered: the pace is spread over {SHORTEST_DAYS} days.")
    if first > year_start:
        notes.append(
            f"Nothing is known of the days before {iso(first)}; they are counted as they stand, without income."
        )
    return tuple(notes)
