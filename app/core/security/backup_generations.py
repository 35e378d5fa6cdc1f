"""Which backups are kept: the newest of each of 7 days, 4 weeks, 12 months and 7 years, and everything new."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

DAYS, WEEKS, MONTHS, YEARS = 7, 4, 12, 7
SAFETY_DAYS = 7
"""How long every backup that was made before a risky step, or asked for, is kept beside the generations."""
SAFETY_COUNT = 10
REPLACED_DAYS = 30
"""How long the database that a restore replaced is kept."""


class Dated(NamedTuple):
    """A whole backup in the home's folder. `created` is its UTC time as text: texts sort as times do."""

    name: str
    created: str
    reason: str

    @property
    def day(self) -> date:
        return date.fromisoformat(self.created[:10])


def outlived(backups: Iterable[Dated], today: date) -> list[Dated]:
    """Return the backups that no generation needs any more. The newest is never among them."""
    everything = sorted(backups, key=lambda each: (each.created, each.name), reverse=True)
    # A clock that was ahead once must not make anything vanish: what it dated stays, and takes nobody's place.
    newest_first = [each for each in everything if each.day <= today]
    kept: set[Dated] = set(newest_first[:1])
    for period, count in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS), (_year, YEARS)):
        kept |= _newest_of_each(newest_first, period, count)
    safety = [each for each in newest_first if each.reason != "daily" and (today - each.day).days < SAFETY_DAYS]
    kept.update(safety[:SAFETY_COUNT])
    return [each for each in newest_first if each not in kept]


def _newest_of_each(newest_first: list[Dated], period: Callable[[date], object], count: int) -> set[Dated]:
    found: dict[object, Dated] = {}
    for each in newest_first:
        found.setdefault(period(each.day), each)
    return set(list(found.values())[:count])


def _day(day: date) -> object:
    return day


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _month(day: date) -> object:
    return day.year, day.month


def _year(day: date) -> object:
    return day.year
