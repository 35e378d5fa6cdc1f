"""F15: clocks that go back, jump or stand at the turn of a year: order is by number, days are those of the zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from faults.conftest import Base
from faults.harness import fresh

from app.adapters.clock import SystemClock
from app.core.dates import day_of
from app.services.audit import audit_log
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.ingest import imports
from app.services.ledger import transactions


class SetClock(SystemClock):
    """A computer's clock that somebody sets."""

    def __init__(self, zone: str, moment: datetime) -> None:
        super().__init__(zone)
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def at(sample: Base, tmp_path: Path) -> Callable[[SystemClock], Books]:
    home = fresh(sample.home, tmp_path / "home")
    return lambda clock: opening.open_books(home, Unlock(key_hex=sample.key), keychain=lambda: None, clock=clock)


MOMENT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("jump", [timedelta(days=-365), timedelta(days=3653), timedelta(hours=-1), timedelta(hours=14)])
def test_a_clock_that_jumps_changes_no_order(at: Callable[[SystemClock], Books], jump: timedelta) -> None:
    clock = SetClock("UTC", MOMENT)
    books = at(clock)
    first = transactions.set_values(books, 3, {"note": "before the jump"}).operation
    clock.moment += jump
    second = transactions.set_values(books, 3, {"note": "after the jump"}).operation
    clock.moment -= jump
    third = transactions.set_values(books, 4, {"note": "back again"}).operation
    assert [entry.id for entry in history.history(books)[:3]] == [third, second, first]
    assert history.undo(books).operation == (third or 0) + 1
    assert audit_log.verify(books).ok
    entries = audit_log.listed(books, 4)
    assert [entry.seq for entry in entries] == sorted((entry.seq for entry in entries), reverse=True)
    assert all(later.monotonic_ms >= earlier.monotonic_ms for later, earlier in pairwise(entries[:3]))
    books.close()
    again = at(clock)
    assert audit_log.verify(again).ok
    again.close()


@pytest.mark.parametrize(
    ("zone", "moment", "today"),
    [
        ("America/Los_Angeles", datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        ("America/Los_Angeles", datetime(2027, 1, 1, 8, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        ("America/New_York", datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        ("Pacific/Honolulu", datetime(2026, 4, 16, 9, 59, 59, tzinfo=UTC), date(2026, 4, 15)),
        ("America/New_York", datetime(2026, 11, 1, 5, 59, 59, tzinfo=UTC), date(2026, 11, 1)),
        ("America/New_York", datetime(2026, 3, 8, 4, 59, 59, tzinfo=UTC), date(2026, 3, 7)),
    ],
)
def test_today_is_the_day_of_the_zone_to_the_second(zone: str, moment: datetime, today: date) -> None:
    assert SetClock(zone, moment).today() == today


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_jumps_during_an_import_moves_no_row(
    at: Callable[[SystemClock], Books], jump: timedelta, tmp_path: Path
) -> None:
    """The night the clocks go back; a bank's day is a day, whatever hour it is here."""
    statement = tmp_path / "statement.csv"
    days = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-12-31"]
    statement.write_text("Date,Description,Amount\n" + "".join(f"{day},SHOP {day},-1.00\n" for day in days))
    clock = SetClock("America/New_York", datetime(2026, 11, 1, 5, 59, 58, tzinfo=UTC))
    books = at(clock)

    def progress(*_: object) -> None:
        clock.moment += jump

    result = imports.import_files(books, [statement], imports.ImportOptions(account="Clock"), progress)[0]
    assert (result.error, result.added) == (None, 4)
    rows = books.connection.execute("SELECT posted_date FROM transactions ORDER BY id DESC LIMIT 4").fetchall()
    assert sorted(row[0] for row in rows) == [day_of(date.fromisoformat(day)) for day in days]
    assert audit_log.verify(books).ok
    books.close()
