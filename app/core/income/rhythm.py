"""How regularly somebody pays: the usual days between payments, and when the next one may come."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from app.core.dates import Day, date_of, day_of

_LEAST_PAYMENTS = 3
"""Before that many payments there is no interval to speak of."""
_LATEST = 13
"""Only so many of the last payments are looked at: clients change."""
_MONTH = range(27, 35)
_SLACK_DAYS = 3
_SLACK_SHARE = 5
"""An interval is like the usual one within three days or a fifth of it."""
_REGULAR = 7500
_STEADY = 10
"""Amounts are alike when they differ from the usual one by at most a tenth."""


class Paid(NamedTuple):
    """One payment. Units: US cents."""

    day: Day
    cents: int


class Rhythm(NamedTuple):
    interval_days: int | None
    regularity: int | None
    """Share of intervals that are like the usual one, basis points."""
    next_day: Day | None
    """When the next payment may come; None unless they come regularly."""
    usual_cents: int | None
    """The usual amount; None unless the last ones are alike."""


NO_RHYTHM = Rhythm(None, None, None, None)


def rhythm(payments: Sequence[Paid]) -> Rhythm:
    """Return the rhythm of a payer's payments. Payments of one day are one."""
    by_day: dict[Day, int] = {}
    for paid in payments:
        by_day[paid.day] = by_day.get(paid.day, 0) + paid.cents
    days = sorted(by_day)[-_LATEST:]
    if len(days) < _LEAST_PAYMENTS:
        return NO_RHYTHM
    gaps = [later - earlier for earlier, later in pairwise(days)]
    usual = median_low(gaps)
    slack = max(_SLACK_DAYS, usual // _SLACK_SHARE)
    alike = sum(1 for gap in gaps if abs(gap - usual) <= slack)
    regularity = alike * 10_000 // len(gaps)
    amounts = sorted(by_day[day] for day in days[-6:])
    typical = median_low(amounts)
    steady = typical > 0 and all(abs(cents - typical) * _STEADY <= typical for cents in amounts[-3:] + amounts[:1])
    is_regular = regularity >= _REGULAR
    return Rhythm(
        usual, regularity, _following(days, usual) if is_regular else None, typical if steady and is_regular else None
    )


def _following(days: Sequence[Day], usual: int) -> Day:
    """Return the day after the last: a month on for monthly payments, on their usual day of the month."""
    if usual not in _MONTH:
        return days[-1] + usual
    last = date_of(days[-1])
    wanted = median_low([date_of(day).day for day in days])
    year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
    return day_of(date(year, month, min(wanted, monthrange(year, month)[1])))
