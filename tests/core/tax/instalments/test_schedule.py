"""Dates and parts of every jurisdiction, typed a second time; and what the reader refuses."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.dates import day_from_iso, iso
from app.core.tax.due_dates import DueDateRules, instalments
from app.core.tax.instalments.schedule import (
    BadScheduleError,
    Rules,
    dates,
    file_and_pay_by,
    last_counted_day,
    load,
)
from app.core.tax.profile_keys import STATES

EVEN = ("0.25", "0.50", "0.75", "1")

# This year's part, last year's part, the high part, the least tax in dollars; a dash is not known or not there.
SECOND_LIST = """
    federal 0.90 1.00 1.10 1000
    AL 0.90 1.00 1.10 1000
    AZ 0.90 1.00 - 1000
    CA 0.90 1.00 1.10 500
    CO 0.70 1.00 1.10 1000
    CT 0.90 1.00 - 1000
    DC 0.90 1.10 - 100
    GA - - - -
    HI 0.60 1.00 - 500
    IA 0.90 1.00 1.10 200
    IL 0.90 1.00 - 1000
    IN 0.90 1.00 1.10 1000
    KS 0.90 1.00 - 500
    KY - - - 500
    MA 0.80 1.00 - 400
    MD 0.90 1.10 - 500
    ME - - - 1000
    MI 0.90 1.00 1.10 500
    MN 0.90 1.00 1.10 500
    MO - - - -
    MS - - - 200
    MT 0.90 1.00 - 500
    NC 0.90 1.00 - 1000
    ND - - - 1000
    NE - - - 500
    NJ 0.80 1.00 1.10 400
    NM 0.90 1.00 - 1000
    NY 0.90 1.00 1.10 300
    OH 0.90 1.00 - 500
    OK 0.70 1.00 - 500
    OR - - - 1000
    PA 0.90 1.00 - -
    RI - - - 250
    SC 0.90 1.00 1.10 1000
    VA 0.90 1.00 - -
    VT - - - 500
    WI - - - 500
    WV 0.90 1.00 - 600
"""
NO_TAX = {"AK", "FL", "NH", "NV", "SD", "TN", "TX", "WA", "WY"}
NOT_SETTLED = {"AR", "DE", "ID", "LA"}
OTHER_DATES = {"CA", "HI", "IA", "VA"}


def _rate(text: str) -> Decimal | None:
    return None if text == "-" else Decimal(text)


@pytest.mark.parametrize("row", SECOND_LIST.split("\n")[1:-1], ids=lambda row: row.split()[0])
def test_the_parts_a_second_time(schedules: dict[str, Rules], row: str) -> None:
    code, current, prior, high, least = row.split()
    rules = schedules[code]
    assert (rules.current_rate, rules.prior_rate, rules.high_prior_rate) == (_rate(current), _rate(prior), _rate(high))
    assert (rules.minimum_cents or {}).get(FilingStatus.SINGLE) == (None if least == "-" else int(least) * 100)
    assert rules.annualized == (rules.current_rate is not None and code not in {"AL", "WV"})
    if rules.high_income_cents is not None:
        assert rules.high_income_cents[FilingStatus.MFJ] == 15_000_000
        assert rules.high_income_cents[FilingStatus.MFS] == 7_500_000
    if code not in OTHER_DATES:
        assert [(slot.month, slot.day, str(slot.share)) for slot in rules.slots] == [
            (month, 15, share) for month, share in zip((4, 6, 9, 1), EVEN, strict=True)
        ]


def test_every_jurisdiction_is_settled_or_named_as_open(schedules: dict[str, Rules]) -> None:
    listed = {row.split()[0] for row in SECOND_LIST.split("\n")[1:-1]}
    assert {code for code, rules in schedules.items() if rules.slots} == listed
    assert {code for code, rules in schedules.items() if rules.kind == "no_tax"} == NO_TAX
    assert {code for code, rules in schedules.items() if rules.kind == "voluntary"} == {"UT"}
    assert STATES - set(schedules) == NOT_SETTLED
    assert {code for code, rules in schedules.items() if rules.verified and rules.slots} == {"federal", "CA"}
    assert all(rules.form for code, rules in schedules.items() if rules.slots)


def test_california_asks_for_nothing_in_september_and_less_of_separate_filers(schedules: dict[str, Rules]) -> None:
    rules = schedules["CA"]
    assert [(slot.number, slot.month, str(slot.share)) for slot in rules.slots] == [
        (1, 4, "0.30"), (2, 6, "0.70"), (4, 1, "1"),
    ]  # fmt: skip
    assert rules.minimum_cents is not None
    assert rules.no_prior_from_cents is not None
    assert rules.minimum_cents[FilingStatus.MFS] == 25_000
    assert rules.no_prior_from_cents[FilingStatus.MFJ] == 100_000_000
    assert rules.no_prior_from_cents[FilingStatus.MFS] == 50_000_000


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CA", ("2026-04-15", "2026-06-15", "2027-01-15")),
        ("HI", ("2026-04-20", "2026-06-22", "2026-09-21", "2027-01-20")),
        ("IA", ("2026-04-30", "2026-06-30", "2026-09-30", "2027-02-01")),
        ("VA", ("2026-05-01", "2026-06-15", "2026-09-15", "2027-01-15")),
        ("NY", ("2026-04-15", "2026-06-15", "2026-09-15", "2027-01-15")),
    ],
)
def test_the_dates_of_states(
    schedules: dict[str, Rules], due_rules: DueDateRules, code: str, expected: tuple[str, ...]
) -> None:
    assert tuple(iso(due.due) for due in dates(schedules[code], 2026, due_rules)) == expected


@pytest.mark.parametrize("year", range(2024, 2031))
def test_federal_dates_are_those_of_the_calendar(
    schedules: dict[str, Rules], due_rules: DueDateRules, year: int
) -> None:
    found = dates(schedules["federal"], year, due_rules)
    assert [(due.number, due.due) for due in found] == [
        (each.number, each.due) for each in instalments(year, due_rules)
    ]
    assert [iso(due.income_to) for due in found] == [f"{year}-03-31", f"{year}-05-31", f"{year}-08-31", f"{year}-12-31"]
    assert [due.counts_from for due in found] == [
        day_from_iso(text) for text in (f"{year}-04-15", f"{year}-06-15", f"{year}-09-15", f"{year + 1}-01-15")
    ]


def test_a_postponed_date_takes_the_place_of_the_rule(schedules: dict[str, Rules], due_rules: DueDateRules) -> None:
    found = dates(schedules["federal"], 2026, due_rules, {2: day_from_iso("2026-10-15")})
    assert [due.postponed for due in found] == [False, True, False, False]
    assert iso(found[1].due) == iso(found[1].counts_from) == "2026-10-15"


def test_the_end_of_january_and_of_the_penalty(due_rules: DueDateRules) -> None:
    # 31 January 2027 is a Sunday.
    assert iso(file_and_pay_by(2026, due_rules)) == "2027-02-01"
    assert iso(file_and_pay_by(2024, due_rules)) == "2025-01-31"
    assert iso(last_counted_day(2026)) == "2027-04-15"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "guessed"}, "status"), ({"source": ""}, "source"), ({"read": "today"}, "read"),
        ({"current_rate": "90"}, "part of a year"), ({"current_rate": 0.9}, "part of a year"),
        ({"minimum_cents": -1}, "amount"), ({"minimum_cents": {"mfs": 1}}, "all"),
        ({"kind": "no_tax"}, "schedule"), ({"surprise": 1}, "surprise"), ({"high_prior_rate": "1.1"}, "belong"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_with_the_jurisdiction(
    schedule_data: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    data = copy.deepcopy(schedule_data)
    row = next(row for row in data["jurisdictions"] if row["jurisdiction"] == "AZ")
    row.update(change)
    with pytest.raises(BadScheduleError, match=f"AZ.*{message}"):
        load(data)


def test_shares_that_do_not_reach_the_whole_are_refused(schedule_data: dict[str, Any]) -> None:
    data = copy.deepcopy(schedule_data)
    data["schedules"]["iowa"][-1]["share"] = "0.9"
    with pytest.raises(BadScheduleError, match="iowa"):
        load(data)
    assert date(2026, 1, 1) < min(row["read"] for row in schedule_data["jurisdictions"])
