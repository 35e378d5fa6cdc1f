"""The year as a whole from the part the books cover.

One good month is not a year: with little behind it the pace is spread over at least `SHORTEST_DAYS`, and the range is
wide. Days before the first covered one add nothing, because nobody knows what happened in them. Where the year before
is known, its seasons are followed instead of an even pace; where the user has a plan, the plan is.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from app.core.dates import Day, iso, year_days
from app.core.money import nearest_cent, share

SHORTEST_DAYS = 30
"""A pace is never taken over fewer days."""
SETTLED_DAYS = 90
"""From here on the range around the pace is the narrow one."""
NARROW = (Decimal("0.75"), Decimal("1.25"))
WIDE = (Decimal("0.5"), Decimal("1.5"))
"""Low and high pace of the days to come, as factors of the pace so far."""

PACE = "year_to_date_pace"
SEASONS = "last_year_pattern"
PLAN = "plan"
ACTUAL = "actual"

SLOWEST, FASTEST = Decimal("0.5"), Decimal(2)
"""How far this year's growth over last year's is carried on; beyond it, it is no pattern any more."""


class YearToDate(NamedTuple):
    """What the books hold of the year up to `as_of`, in cents; profit by the least, likely and best reading of rows."""

    profit_low: int
    profit: int
    profit_high: int
    deposits: int
    fixed: int = 0
    """Costs of the year in the profit that are the same however the year goes on: they follow no pace."""


class LastYear(NamedTuple):
    """What the year before brought up to the same day, and in all, in cents. The files cover it from end to end."""

    profit_to_date: int
    profit: int
    deposits_to_date: int
    deposits: int


class Plan(NamedTuple):
    """What the user expects of the whole year, in cents. Deposits are None where only the profit was planned."""

    profit: int
    deposits: int | None


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
    year: int, as_of: Day, so_far: YearToDate, first_covered: Day | None, last_covered: Day | None,
    *, last_year: LastYear | None = None, plan: Plan | None = None,
) -> Projection:  # fmt: skip
    """Return the whole year: the user's plan, else last year's seasons, else the pace so far.

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
    if plan is not None:
        return _planned(so_far, plan, days)
    if not days:
        note = "No entries of this year yet: nothing is projected."
        return Projection(PACE, 0, so_far.profit_low, so_far.profit, so_far.profit_high, so_far.deposits, (note,))
    if last_year is not None and days >= SETTLED_DAYS and _has_seasons(so_far, last_year):
        return _by_seasons(so_far, last_year, days)
    ahead = Decimal(year_end - last) / max(days, SHORTEST_DAYS)
    return _carried(
        PACE, days, so_far, lambda cents: cents * ahead, so_far.deposits + share(max(0, so_far.deposits), ahead),
        _assumptions(first, last, days, year_start),
    )  # fmt: skip


def _carried(
    method: str, days: int, so_far: YearToDate, ahead: Callable[[int], Decimal], deposits: int, notes: tuple[str, ...]
) -> Projection:
    """Return the year with what is still to come, and the range around it."""
    slow, fast = NARROW if days >= SETTLED_DAYS else WIDE

    def rest(cents: int, factor: Decimal) -> int:
        amount = ahead(cents) * factor
        return nearest_cent(amount)

    # A loss that goes on at the fast pace is the low end, so both factors are tried at both ends.
    low, paced, high = (cents + so_far.fixed for cents in so_far[:3])
    low += min(rest(low, slow), rest(low, fast)) - so_far.fixed
    high += max(rest(high, slow), rest(high, fast)) - so_far.fixed
    return Projection(method, days, low, so_far.profit + nearest_cent(ahead(paced)), high, deposits, notes)


def _has_seasons(so_far: YearToDate, last: LastYear) -> bool:
    """Return whether last year's course says something about this year's."""
    amounts = (so_far.profit, so_far.deposits, last.profit_to_date, last.deposits_to_date)
    return min(amounts) > 0 and last.profit >= last.profit_to_date and last.deposits >= last.deposits_to_date


def _by_seasons(so_far: YearToDate, last: LastYear, days: int) -> Projection:
    growth = min(max(Decimal(so_far.deposits) / last.deposits_to_date, SLOWEST), FASTEST)
    to_come = (last.profit - last.profit_to_date) * growth
    note = (
        "The rest of the year is taken to go as the same months of last year did, at this year's level: "
        f"deposits are at {nearest_cent(growth * 100)} % of last year's so far."
    )
    return _carried(
        SEASONS, days, so_far, lambda _: to_come,
        so_far.deposits + nearest_cent((last.deposits - last.deposits_to_date) * growth), (note,),
    )  # fmt: skip


def _planned(so_far: YearToDate, plan: Plan, days: int) -> Projection:
    """Return the plan; the range is what the open questions leave, around it."""
    deposits = plan.deposits
    if deposits is None:
        # In step with the profit: what is planned beyond the profit so far needs deposits too.
        ahead = max(0, plan.profit - so_far.profit)
        scale = Decimal(so_far.deposits) / so_far.profit if so_far.profit > 0 and so_far.deposits > 0 else Decimal(1)
        deposits = so_far.deposits + nearest_cent(ahead * scale)
    note = "The year is taken as you planned it (planned_profit in the profile)."
    low = plan.profit - (so_far.profit - so_far.profit_low)
    high = plan.profit + (so_far.profit_high - so_far.profit)
    return Projection(PLAN, days, low, plan.profit, high, max(deposits, so_far.deposits), (note,))


def _assumptions(first: Day, last: Day, days: int, year_start: Day) -> tuple[str, ...]:
    notes = [f"The rest of the year is taken at the pace of {iso(first)} to {iso(last)} ({days} days)."]
    if days < SHORTEST_DAYS:
        notes.append(f"Fewer than {SHORTEST_DAYS} days are covered: the pace is spread over {SHORTEST_DAYS} days.")
    if first > year_start:
        notes.append(
            f"Nothing is known of the days before {iso(first)}; they are counted as they stand, without income."
        )
    return tuple(notes)
