from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.adapters.clock import SampleClock, SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import Refused


def test_now_is_aware_and_in_utc() -> None:
    clock = SystemClock("America/New_York")
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=5)
    assert clock.monotonic_ms() <= clock.monotonic_ms()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_today_is_the_date_in_the_zone(zone: str) -> None:
    before = datetime.now(ZoneInfo(zone)).date()
    today = SystemClock(zone).today()
    assert before <= today <= datetime.now(ZoneInfo(zone)).date()


def test_a_given_day_is_today() -> None:
    assert SystemClock("UTC", date(2026, 2, 28)).today() == date(2026, 2, 28)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_sample_stands_on_its_day_at_the_hour_it_is(zone: str) -> None:
    clock = SampleClock(zone, date(2026, 11, 20))
    here, there = clock.now().astimezone(ZoneInfo(zone)), datetime.now(ZoneInfo(zone))
    assert (clock.today(), here.date()) == (date(2026, 11, 20), date(2026, 11, 20))
    assert clock.now().tzinfo is UTC
    apart = abs((here.hour * 60 + here.minute) - (there.hour * 60 + there.minute))
    assert min(apart, 24 * 60 - apart) <= 5


def test_a_moment_to_stand_still_at() -> None:
    moment = datetime(2026, 11, 20, 22, 2, tzinfo=UTC)
    assert SampleClock("America/Los_Angeles", date(2026, 11, 20), moment).now() == moment


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "EST5EDT4x", "a\x00b"])
def test_a_zone_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(Refused):
        SystemClock(zone)


def test_random_bytes_differ_and_have_their_size() -> None:
    drawn = {OsRandomness().token(32) for _ in range(100)}
    assert len(drawn) == 100
    assert {len(each) for each in drawn} == {32}
