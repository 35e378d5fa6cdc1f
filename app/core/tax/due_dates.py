"""When federal estimated tax is due: a rule, not a list of dates.

The 15th moves past Saturdays, Sundays and legal holidays, among them those of the District of Columbia (IRC 7503,
Rev. Rul. 2015-13), so Emancipation Day and the birthday of Martin Luther King can move an instalment for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from app.core.dates import Day, date_of, day_of

SATURDAY, SUNDAY = 5, 6


class FixedHoliday(NamedTuple):
    """A date of the year, observed on Monday when it is a Sunday."""

    name: str
    month: int
    day: int
    from_year: int
    every: int
    """1 for every year, 4 for the years after a leap year (inauguration)."""
    friday: bool
    """Whether it is observed on Friday when it is a Saturday."""


class WeekdayHoliday(NamedTuple):
    """The nth weekday (Monday is 0) of a month; -1 is the last."""

    name: str
    month: int
    weekday: int
    nth: int


class DueRule(NamedTuple):
    """One instalment: the nominal date, and the last day whose income it looks at."""

    number: int
    month: int
    day: int
    years_later: int
    income_to_month: int


class DueDateRules(NamedTuple):
    fixed: tuple[FixedHoliday, ...]
    weekdays: tuple[WeekdayHoliday, ...]
    instalments: tuple[DueRule, ...]


class Instalment(NamedTuple):
    """`due` is the day after moving; `tax_year` the year it is paid for."""

    tax_year: int
    number: int
    due: Day


def load_rules(data: Mapping[str, Any]) -> DueDateRules:
    """Return the rules from the plain data of their file. Raises: KeyError, TypeError for a damaged file."""
    return DueDateRules(
        fixed=tuple(
            FixedHoliday(
                row["name"],
                row["month"],
                row["day"],
                row.get("from_year", 0),
                row.get("every", 1),
                row.get("friday", True),
            )
            for row in data["fixed_holidays"]
        ),
        weekdays=tuple(
            WeekdayHoliday(row["name"], row["month"], row["weekday"], row["nth"]) for row in data["weekday_holidays"]
        ),
        instalments=tuple(
            DueRule(row["number"], row["month"], row["day"], row["years_later"], row["income_to_month"])
            for row in data["instalments"]
        ),
    )


def instalments(tax_year: int, rules: DueDateRules) -> tuple[Instalment, ...]:
    """Return the instalments of a tax year in order."""
    return tuple(
        Instalment(tax_year, rule.number, moved(date(tax_year + rule.years_later, rule.month, rule.day), rules))
        for rule in rules.instalments
    )


def filing_due(tax_year: int, rules: DueDateRules) -> Day:
    """Return the day the return and its balance are due: the day of the following year's first instalment."""
    return instalments(tax_year + 1, rules)[0].due


def next_due(day: Day, rules: DueDateRules) -> Instalment:
    """Return the first instalment due on or after a day. In early January that is last year's fourth."""
    year = date_of(day).year
    return next(item for tax_year in (year - 1, year) for item in instalments(tax_year, rules) if item.due >= day)


def next_due_for(tax_year: int, day: Day, rules: DueDateRules) -> Day:
    """Return the next day on which money for a tax year is due: an instalment, after the last one the return."""
    return next((item.due for item in instalments(tax_year, rules) if item.due >= day), filing_due(tax_year, rules))


def moved(nominal: date, rules: DueDateRules) -> Day:
    """Return the first day from the nominal date on that is no weekend and no holiday."""
    closed = holidays(nominal.year, rules)
    moving = nominal
    while moving.weekday() >= SATURDAY or moving in closed:
        moving += timedelta(days=1)
    return day_of(moving)


@cache
def holidays(year: int, rules: DueDateRules) -> frozenset[date]:
    """Return the federal and D.C. holidays as observed in a year."""
    fixed = {
        _observed(date(year, row.month, row.day), friday=row.friday)
        for row in rules.fixed
        if year >= row.from_year and (row.every == 1 or year % row.every == 1)
    }
    return frozenset(fixed | {_nth_weekday(year, row) for row in rules.weekdays})


def _observed(day: date, *, friday: bool) -> date:
    if day.weekday() == SATURDAY and friday:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def _nth_weekday(year: int, row: WeekdayHoliday) -> date:
    if row.nth < 0:
        last = date(year + row.month // 12, row.month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - row.weekday) % 7)
    first = date(year, row.month, 1)
    return first + timedelta(days=(row.weekday - first.weekday()) % 7 + 7 * (row.nth - 1))
