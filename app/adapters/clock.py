"""The computer's clock. The only place that asks it."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, tzinfo

from app.core.errors import Refused


class SystemClock:
    """Implements `ports.Clock`: the system's time, and the date in the profile's zone unless one is given."""

    def __init__(self, time_zone: str = "UTC", fixed_today: date | None = None) -> None:
        """Take an IANA zone name. Raises: Refused."""
        self._zone: tzinfo = UTC if time_zone == "UTC" else _zone(time_zone)
        self._fixed_today = fixed_today

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self._fixed_today or self.now().astimezone(self._zone).date()

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000


class SampleClock(SystemClock):
    """A day that was chosen, at the hour it is here: steps in books that end on that day are of that day too."""

    def __init__(self, time_zone: str, day: date, moment: datetime | None = None) -> None:
        """Take the zone, the day and perhaps a moment to stand still at. Raises: Refused."""
        super().__init__(time_zone, day)
        self._day, self._moment = day, moment

    def now(self) -> datetime:
        if self._moment is not None:
            return self._moment
        here = super().now().astimezone(self._zone)
        return here.replace(year=self._day.year, month=self._day.month, day=self._day.day).astimezone(UTC)


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - most commands never leave UTC

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(f"{name!r} is not a time zone.", "Use a name such as America/New_York.") from error
