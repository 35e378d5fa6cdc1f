"""Civil dates as whole days.

A `Day` is the number of days since 1970-01-01. The books store it (two bytes), readers return it, and only the edges
turn it into text. There is no clock in this module: today is always given.
"""

from __future__ import annotations

from datetime import date

Day = int
"""Days since 1970-01-01."""

EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY = date(1970, 1, 1).toordinal() - EPOCH
LAST_DAY = date(2199, 12, 31).toordinal() - EPOCH
"""Bank rows outside these days are taken for mistakes of their source."""


def day_of(value: date) -> Day:
    return value.toordinal() - EPOCH


def date_of(day: Day) -> date:
    return date.fromordinal(day + EPOCH)


def iso(day: Day) -> str:
    """Return `2026-11-20`."""
    return date.fromordinal(day + EPOCH).isoformat()


def day_from_iso(text: str) -> Day:
    """Return the day of an ISO date. Raises: ValueError."""
    return date.fromisoformat(text).toordinal() - EPOCH


def year_of(day: Day) -> int:
    return date.fromordinal(day + EPOCH).year


def month_of(day: Day) -> int:
    """Return the month as one sortable number: 202611."""
    value = date.fromordinal(day + EPOCH)
    return value.year * 100 + value.month


def year_days(year: int) -> tuple[Day, Day]:
    """Return the first and the last day of a calendar year."""
    return day_of(date(year, 1, 1)), day_of(date(year, 12, 31))


def month_days(month: int) -> tuple[Day, Day]:
    """Return the first and the last day of a month given as 202611."""
    year, number = divmod(month, 100)
    first = date(year, number, 1)
    following = date(year + number // 12, number % 12 + 1, 1)
    return day_of(first), day_of(following) - 1
