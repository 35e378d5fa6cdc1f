"""The year from its part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import day_from_iso, year_days
from app.core.tax.projection import LastYear, Plan, YearToDate, project

JAN_1 = day_from_iso("2026-01-01")
JUNE_30 = day_from_iso("2026-06-30")


def _so_far(profit: int = 4_000_000, deposits: int = 5_000_000) -> YearToDate:
    return YearToDate(profit, profit, profit, deposits)


def test_half_a_year_at_its_pace() -> None:
    # 1 January to 1 July noon: 182 of 365 days.
    day = JAN_1 + 181
    found = project(2026, day, _so_far(profit=18_200_00, deposits=36_400_00), JAN_1, day)
    assert (found.method, found.days) == ("year_to_date_pace", 182)
    assert (found.profit, found.deposits) == (36_500_00, 73_000_00)
    assert found.profit_low == 18_200_00 + 13_725_00
    assert found.profit_high == 18_200_00 + 22_875_00
    assert found.assumptions == ("The rest of the year is taken at the pace of 2026-01-01 to 2026-07-01 (182 days).",)


def test_one_good_week_is_not_a_year() -> None:
    day = JAN_1 + 6
    found = project(2026, day, _so_far(profit=700_000, deposits=700_000), JAN_1, day)
    assert found.profit == 700_000 + round(700_000 * 358 / 30)
    assert any(note.startswith("Fewer than 30 days") for note in found.assumptions)
    assert found.profit_low < found.profit < found.profit_high


def test_a_past_year_projects_nothing() -> None:
    for day in (year_days(2026)[1], day_from_iso("2027-03-01")):
        found = project(2026, day, YearToDate(1, 2, 3, 4), JAN_1, JAN_1 + 10)
        assert (found.method, found.profit_low, found.profit, found.profit_high, found.deposits) == (
            "actual",
            1,
            2,
            3,
            4,
        )
        assert found.assumptions == ()


def test_no_entries_no_projection() -> None:
    found = project(2026, JAN_1 + 100, _so_far(0, 0), None, None)
    assert (found.profit, found.deposits, found.days) == (0, 0, 0)
    assert found.assumptions == ("No entries of this year yet: nothing is projected.",)
    last_year_only = project(2026, JAN_1 + 100, _so_far(0, 0), JAN_1 - 300, JAN_1 - 20)
    assert last_year_only.days == 0


def test_the_pace_runs_from_the_last_covered_day() -> None:
    # Files from 1 April to 30 September (183 days); asked on 20 November: October to December are ahead.
    first, last = day_from_iso("2026-04-01"), day_from_iso("2026-09-30")
    found = project(2026, day_from_iso("2026-11-20"), _so_far(18_300_00, 18_300_00), first, last)
    assert found.profit == 18_300_00 + 9_200_00
    assert found.assumptions[-1].startswith("Nothing is known of the days before 2026-04-01")


def test_a_loss_goes_on_too_and_the_range_holds_it() -> None:
    day = JAN_1 + 99
    found = project(2026, day, _so_far(profit=-1_000_000, deposits=0), JAN_1, day)
    assert found.profit_low < found.profit < found.profit_high < 0


@given(
    low=st.integers(-(10**8), 10**8), step=st.integers(0, 10**7), more=st.integers(0, 10**7),
    day=st.integers(0, 364), first=st.integers(-40, 364),
)  # fmt: skip
def test_the_range_always_holds_the_expected_profit(low: int, step: int, more: int, day: int, first: int) -> None:
    found = project(2026, JAN_1 + day, YearToDate(low, low + step, low + step + more, 1), JAN_1 + first, JAN_1 + day)
    assert found.profit_low <= found.profit <= found.profit_high
    assert found.deposits >= 1


def test_the_seasons_of_last_year_are_followed() -> None:
    # Last year brought a third of its profit by the end of June; this year runs at 120 % of it.
    last = LastYear(profit_to_date=2_000_000, profit=6_000_000, deposits_to_date=2_500_000, deposits=7_500_000)
    found = project(
        2026, JUNE_30, YearToDate(2_400_000, 2_400_000, 2_400_000, 3_000_000), JAN_1, JUNE_30, last_year=last
    )
    assert found.method == "last_year_pattern"
    assert found.profit == 2_400_000 + 4_800_000
    assert found.deposits == 3_000_000 + 6_000_000
    assert found.profit_low == 2_400_000 + 3_600_000
    assert "120 %" in found.assumptions[0]


def test_a_quarter_like_no_other_does_not_grow_without_end() -> None:
    last = LastYear(profit_to_date=100_000, profit=1_000_000, deposits_to_date=100_000, deposits=1_000_000)
    found = project(2026, JUNE_30, YearToDate(*(9_000_000,) * 4), JAN_1, JUNE_30, last_year=last)
    assert found.profit == 9_000_000 + 2 * 900_000


def test_a_plan_is_taken_as_it_is() -> None:
    found = project(
        2026, JUNE_30, YearToDate(900_000, 1_000_000, 1_300_000, 2_000_000), JAN_1, JUNE_30, plan=Plan(3_000_000, None)
    )
    assert (found.method, found.profit_low, found.profit, found.profit_high) == (
        "plan",
        2_900_000,
        3_000_000,
        3_300_000,
    )
    assert found.deposits == 2_000_000 + 2 * 2_000_000
    planned = project(2026, JUNE_30, YearToDate(0, 0, 0, 5), JAN_1, JUNE_30, plan=Plan(3_000_000, 4_000_000))
    assert planned.deposits == 4_000_000
