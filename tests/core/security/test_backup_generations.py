"""Old backups go, and what is kept can be told from the calendar."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.security.backup_generations import Dated, outlived

TODAY = date(2026, 11, 20)


def dated(day: date, reason: str = "daily", hour: int = 9) -> Dated:
    return Dated(f"{day}-{hour}-{reason}", f"{day}T{hour:02d}:00:00.000Z", reason)


def days_kept(backups: list[Dated], today: date = TODAY) -> list[date]:
    gone = set(outlived(backups, today))
    return [each.day for each in backups if each not in gone]


def test_ten_years_of_daily_backups_leave_seven_days_four_weeks_twelve_months_and_seven_years() -> None:
    every_day = [dated(TODAY - timedelta(days=n)) for n in range(3650)]
    kept = days_kept(every_day)
    assert kept[:7] == [TODAY - timedelta(days=n) for n in range(7)]
    assert len(kept) <= 7 + 4 + 12 + 7
    assert {day.year for day in kept} == set(range(2020, 2027))
    assert {(day.year, day.month) for day in kept} >= {(2025, 12), (2026, 1), (2026, 10), (2026, 11)}
    assert date(2026, 11, 1) - min(day for day in kept if day.year == 2026) > timedelta(days=270)


def test_the_newest_of_a_day_is_the_one_that_stays() -> None:
    old = TODAY - timedelta(days=30)
    assert outlived([dated(old, hour=8), dated(old, hour=17)], TODAY) == [dated(old, hour=8)]


def test_what_was_made_before_a_risky_step_stays_a_week_beside_the_daily_one() -> None:
    today = [dated(TODAY, "migration", 8), dated(TODAY, "bulk", 9), dated(TODAY, "daily", 10)]
    assert outlived(today, TODAY) == []
    assert outlived(today, TODAY + timedelta(days=8)) == [today[1], today[0]]


def test_a_hundred_bulk_changes_in_a_day_do_not_fill_the_disk() -> None:
    many = [Dated(str(n), f"2026-11-20T09:{n % 60:02d}:{n // 60:02d}.000Z", "bulk") for n in range(100)]
    assert len(many) - len(outlived(many, TODAY)) == 10


def test_a_clock_that_was_ahead_takes_nothing_away() -> None:
    ahead = [dated(TODAY + timedelta(days=n)) for n in range(40)]
    assert outlived(ahead, TODAY) == []


@given(st.lists(st.tuples(st.integers(-3000, 5), st.sampled_from(["daily", "asked", "bulk"]), st.integers(0, 23))))
def test_the_newest_is_never_among_those_that_go(made: list[tuple[int, str, int]]) -> None:
    backups = [dated(TODAY + timedelta(days=n), reason, hour) for n, reason, hour in made]
    gone = outlived(backups, TODAY)
    assert set(gone) <= set(backups)
    if backups:
        newest = max(backups, key=lambda each: (each.created, each.name))
        assert newest not in gone
    kept = [each for each in set(backups) if each not in gone]
    assert set(outlived(kept, TODAY)) == set(), "a second look takes nothing more"
