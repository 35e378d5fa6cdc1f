"""Due dates from the rule against the published ones, and the holidays against an independent package."""

from __future__ import annotations

from datetime import date

import holidays as independent
import pytest

from app.core.dates import day_from_iso, day_of, iso
from app.core.tax.due_dates import DueDateRules, filing_due, holidays, instalments, moved, next_due, next_due_for

PUBLISHED = {
    2024: ("2024-04-15", "2024-06-17", "2024-09-16", "2025-01-15"),
    2025: ("2025-04-15", "2025-06-16", "2025-09-15", "2026-01-15"),
    2026: ("2026-04-15", "2026-06-15", "2026-09-15", "2027-01-15"),
    2027: ("2027-04-15", "2027-06-15", "2027-09-15", "2028-01-18"),
    2028: ("2028-04-18", "2028-06-15", "2028-09-15", "2029-01-16"),
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_instalments_of_a_year(due_rules: DueDateRules, year: int) -> None:
    found = instalments(year, due_rules)
    assert tuple(iso(item.due) for item in found) == PUBLISHED[year]
    assert [(item.tax_year, item.number) for item in found] == [(year, number) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("year", range(2021, 2041))
def test_holidays_against_an_independent_list(due_rules: DueDateRules, year: int) -> None:
    ours = {day for day in holidays(year, due_rules) if day.year == year}
    named = independent.country_holidays("US", subdiv="DC", years=[year]).items()
    theirs = {day for day, _ in named if day.year == year}
    moved_in = {day for day in theirs if day == date(year, 12, 31)}
    # A holiday on a weekend is listed there twice, on its day and as observed; weekends move due dates anyway.
    # A New Year observed on 31 December belongs to the following year here and moves no due date.
    assert {day for day in ours if day.weekday() < 5} == {day for day in theirs - moved_in if day.weekday() < 5}


@pytest.mark.parametrize(
    ("day", "due", "tax_year"),
    [
        ("2026-11-20", "2027-01-15", 2026),
        ("2027-01-15", "2027-01-15", 2026),
        ("2027-01-16", "2027-04-15", 2027),
        ("2026-04-15", "2026-04-15", 2026),
        ("2028-01-18", "2028-01-18", 2027),
    ],
)
def test_the_next_instalment(due_rules: DueDateRules, day: str, due: str, tax_year: int) -> None:
    found = next_due(day_from_iso(day), due_rules)
    assert (iso(found.due), found.tax_year) == (due, tax_year)


def test_after_the_last_instalment_the_return_is_next(due_rules: DueDateRules) -> None:
    assert iso(next_due_for(2026, day_from_iso("2026-07-01"), due_rules)) == "2026-09-15"
    assert iso(next_due_for(2026, day_from_iso("2027-01-16"), due_rules)) == "2027-04-15"
    assert iso(filing_due(2027, due_rules)) == "2028-04-18"


def test_emancipation_day_moves_the_fifteenth_only_when_it_is_observed_then(due_rules: DueDateRules) -> None:
    # 16 April 2023 was a Sunday, observed on Monday; the 15th was a Saturday.
    assert iso(moved(date(2023, 4, 15), due_rules)) == "2023-04-18"
    assert moved(date(2026, 4, 15), due_rules) == day_of(date(2026, 4, 15))
