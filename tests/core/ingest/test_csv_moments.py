"""Moments with named zones, and running balances in either order of a file."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import day_from_iso, iso
from app.core.ingest import csv_reader
from app.core.ingest.csv_days import DayReader, utc_offset
from app.core.ingest.statement import ReadOptions


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("America/New_York", "America/New_York"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("Central Time (US & Canada)", "America/Chicago"),
        ("Arizona", "America/Phoenix"),
        ("Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("Hawaii", "Pacific/Honolulu"),
    ],
)
@given(moment=st.datetimes(min_value=datetime(2008, 1, 1), max_value=datetime(2030, 12, 31)))  # noqa: DTZ001 - local times
def test_zone_names_agree_with_the_zone_database(zone: str, place: str, moment: datetime) -> None:
    expected = moment.replace(tzinfo=ZoneInfo(place)).utcoffset()
    folded = moment.replace(tzinfo=ZoneInfo(place), fold=1).utcoffset()
    if expected == folded:  # an hour that exists once
        assert utc_offset(zone, moment.replace(tzinfo=UTC)) == expected


@pytest.mark.parametrize(("zone", "hours"), [("PST", -8), ("edt", -4), ("GMT-08:00", -8), ("+05:30", 5.5), ("Z", 0)])
def test_fixed_zones(zone: str, hours: float) -> None:
    offset = utc_offset(zone, datetime(2026, 7, 1, tzinfo=UTC))
    assert offset is not None
    assert offset.total_seconds() == hours * 3600


def test_an_unknown_zone_leaves_the_printed_day() -> None:
    assert utc_offset("Mars/Olympus", datetime(2026, 7, 1, tzinfo=UTC)) is None
    day = DayReader("mdy").moment("01/05/2026", "23:59:00", "Mars/Olympus", ZoneInfo("Asia/Tokyo"))
    assert iso(day) == "2026-01-05"


@pytest.mark.parametrize(
    ("day", "time", "zone", "expected"),
    [
        ("2026-01-05 02:00:00", "", "", "2026-01-04"),
        ("2026-01-05T02:00:00Z", "", "", "2026-01-04"),
        ("2026-01-05T02:00:00-08:00", "", "", "2026-01-05"),
        ("01-05-2026", "", "", "2026-01-05"),
        ("01/05/2026", "11:30:00 PM", "EST", "2026-01-05"),
        ("01/05/2026", "02:30 AM", "EST", "2026-01-04"),
    ],
)
def test_a_moment_becomes_a_day_of_the_users_zone(day: str, time: str, zone: str, expected: str) -> None:
    found = DayReader("mdy").moment(day, time, zone, ZoneInfo("America/Los_Angeles"))
    assert found == day_from_iso(expected)


ROWS = [("01/15/2026", "-1.00", "99.00"), ("01/16/2026", "-2.00", "97.00"), ("01/16/2026", "-3.00", "94.00")]


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_balance_is_the_newest_rows_even_among_equal_dates(newest_first: bool) -> None:  # noqa: FBT001 - a case
    rows = list(reversed(ROWS)) if newest_first else ROWS
    text = "Date,Description,Amount,Running Bal.\n" + "".join(f"{d},SHOP,{a},{b}\n" for d, a, b in rows)
    statement = csv_reader.read(text, "x.csv", ReadOptions()).statements[0]
    assert statement.balance_cents == 9400


@pytest.mark.parametrize("newest_first", [True, False])
def test_equal_dates_only_are_ordered_by_the_running_balance(newest_first: bool) -> None:  # noqa: FBT001 - a case
    rows = [("01/16/2026", "-1.00", "99.00"), *ROWS[1:]]
    rows = list(reversed(rows)) if newest_first else rows
    text = "Date,Description,Amount,Running Bal.\n" + "".join(f"{d},SHOP,{a},{b}\n" for d, a, b in rows)
    assert csv_reader.read(text, "x.csv", ReadOptions()).statements[0].balance_cents == 9400
