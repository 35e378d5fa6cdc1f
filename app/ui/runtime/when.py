"""The moment something was done, in words and in the time zone of the books."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.core.books import naming
from app.core.dates import Day, day_of, year_of


def when_words(stamp: str, zone: tzinfo, today: Day) -> str:
    """Return `today 14:02`, `yesterday 9:10`, `Nov 18, 14:02`, and without the hour where it is another year."""
    local = datetime.fromisoformat(stamp).astimezone(zone)
    day, hour = day_of(local.date()), f"{local.hour}:{local.minute:02d}"
    if day == today:
        return f"today {hour}"
    if day == today - 1:
        return f"yesterday {hour}"
    words = naming.day_words(day, year_of(today))
    return f"{words}, {hour}" if year_of(day) == year_of(today) else words
