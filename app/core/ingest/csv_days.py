"""Dates and times of CSV cells.

A file has one date order, never two: cells that read only the other way round are counted as evidence, and the caller
decides once for the whole file. A moment with a named zone becomes a civil day of the reader's own zone; the zone names
of US exports are few and are computed here, because a zone database would be input from a file.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.core.dates import EPOCH, FIRST_DAY, LAST_DAY, Day
from app.core.later import later

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NUMBERS = later(r"(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(?:(?:,? +|T)(\S.*))?", re.ASCII)
_COMPACT = later(r"((?:19|20|21)\d\d)(\d\d)(\d\d)", re.ASCII)
_MONTH_FIRST = later(r"(?:[A-Za-z]{3,9},? +)?([A-Za-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:,? +(.+))?")
_DAY_FIRST = later(r"(?:[A-Za-z]{3,9},? +)?(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{2}|\d{4})(?:,? +(.+))?")
_TIME = later(
    r"(\d{1,2})(?::(\d\d))?(?::(\d\d)(?:\.\d{1,9})?)?(?: *([AaPp])\.?[Mm]\.?)?"
    r"(?: *(Z|[+-]\d\d:?\d\d|[A-Za-z][\w/:+ -]{0,40}))?",
    re.ASCII,
)
_OFFSET = later(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d\d)?", re.ASCII)

_FIXED = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "jst": 9,
    "aest": 10, "aedt": 11,
}  # fmt: skip
_WITH_SUMMER_TIME = (
    ("eastern", -5), ("new_york", -5), ("detroit", -5), ("central", -6), ("chicago", -6), ("mountain", -7),
    ("denver", -7), ("boise", -7), ("pacific", -8), ("los_angeles", -8), ("alaska", -9), ("anchorage", -9),
)  # fmt: skip
_WITHOUT_SUMMER_TIME = (("arizona", -7), ("phoenix", -7), ("hawaii", -10), ("honolulu", -10), ("puerto", -4))


class Parts:
    """A cell taken apart: year, month, day where the order is certain, else two numbers to be ordered."""

    __slots__ = ("certain", "first", "rest", "second", "year")

    def __init__(self, year: int, first: int, second: int, *, certain: bool, rest: str | None) -> None:
        self.year = year
        self.first = first
        self.second = second
        self.certain = certain
        """Whether `first` is the month and `second` the day beyond doubt."""
        self.rest = rest


def parts_of(text: str) -> Parts:
    """Take a date cell apart. Raises: ValueError when it is no date."""
    text = text.strip()
    if found := _NUMBERS.fullmatch(text):
        return _from_numbers(found[1], int(found[3]), found[4], found[5])
    if found := _COMPACT.fullmatch(text):
        return Parts(int(found[1]), int(found[2]), int(found[3]), certain=True, rest=None)
    if found := _MONTH_FIRST.fullmatch(text):
        return Parts(_year(found[3]), _month(found[1]), int(found[2]), certain=True, rest=found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return Parts(_year(found[3]), _month(found[2]), int(found[1]), certain=True, rest=found[4])
    raise ValueError("not a date")


def _from_numbers(first: str, second: int, third: str, rest: str | None) -> Parts:
    if len(first) == 4:
        return Parts(int(first), second, int(third), certain=True, rest=rest)
    if len(first) > 2 or len(third) not in {2, 4}:
        raise ValueError("not a date")
    return Parts(_year(third), int(first), second, certain=False, rest=rest)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _month(text: str) -> int:
    try:
        return MONTHS.index(text[:3].lower()) + 1
    except ValueError:
        raise ValueError("not a date") from None


class DayReader(dict[str, int | None]):
    """Day by cell text, each distinct text read once; None where it is no date of 1970 to 2199."""

    def __init__(self, order: str) -> None:
        super().__init__()
        self.order = order
        self.month_first = 0
        """Distinct cells that can only be month, day."""
        self.day_first = 0
        """Distinct cells that can only be day, month."""
        self.open = 0
        """Distinct cells that can be both."""

    def __missing__(self, text: str) -> int | None:
        try:
            day = self._read(text)
        except ValueError:
            day = None
        self[text] = day
        return day

    def _read(self, text: str) -> Day:
        parts = parts_of(text)
        if parts.rest is not None and not _TIME.fullmatch(parts.rest.strip()):
            raise ValueError("not a date")
        return in_range(self.ordered(parts))

    def ordered(self, parts: Parts) -> date:
        """Return the date in this file's order, noting what the cell says about it. Raises: ValueError."""
        if parts.certain:
            return date(parts.year, parts.first, parts.second)
        if parts.first > 12 >= parts.second:
            self.day_first += 1
        elif parts.second > 12 >= parts.first:
            self.month_first += 1
        elif parts.first != parts.second:
            self.open += 1
        if self.order == "dmy":
            return date(parts.year, parts.second, parts.first)
        return date(parts.year, parts.first, parts.second)

    def order_in_doubt(self) -> bool:
        """Whether this file's own cells say that the other order is the right one."""
        other, own = self.day_first, self.month_first
        if self.order == "dmy":
            other, own = own, other
        return other > 0 and own == 0

    def moment(self, day_text: str, time_text: str, zone_text: str, zone: tzinfo) -> Day:
        """Return the civil day in `zone` of a moment; a cell without a time is a day already. Raises: ValueError."""
        parts = parts_of(day_text)
        day = self.ordered(parts)
        found = _TIME.fullmatch((time_text or parts.rest or "").strip())
        if not found:
            if time_text or parts.rest:
                raise ValueError("not a time")
            return in_range(day)
        hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if found[4]:
            hour = hour % 12 + (12 if found[4] in "Pp" else 0)
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
        offset = utc_offset(found[5] or zone_text or "UTC", moment)
        if offset is None:
            return in_range(day)
        try:
            return in_range((moment - offset).astimezone(zone).date())
        except OverflowError:
            raise ValueError("not a date") from None


def in_range(day: date) -> Day:
    """Return a civil date as a Day. Raises: ValueError outside 1970 to 2199."""
    number = day.toordinal() - EPOCH
    if not FIRST_DAY <= number <= LAST_DAY:
        raise ValueError("not a date")
    return number


def utc_offset(zone: str, local: datetime) -> timedelta | None:
    """Return how far a named zone is ahead of UTC at a local time, None for a name that is not known."""
    name = zone.strip().lower()
    if name in _FIXED:
        return timedelta(hours=_FIXED[name])
    if found := _OFFSET.fullmatch(zone.strip().upper()):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return timedelta(minutes=minutes if found[1] == "+" else -minutes) if minutes < 1440 else None
    for word, hours in _WITHOUT_SUMMER_TIME:
        if word in name:
            return timedelta(hours=hours)
    for word, hours in _WITH_SUMMER_TIME:
        if word in name:
            return timedelta(hours=hours + _summer_time(local))
    return None


def _summer_time(local: datetime) -> int:
    """One hour from the second Sunday of March to the first Sunday of November, 2 a.m. (15 U.S.C. 260a, since 2007)."""
    march, november = date(local.year, 3, 8), date(local.year, 11, 1)
    start = march + timedelta(days=6 - march.weekday())
    end = november + timedelta(days=6 - november.weekday())
    begins, ends = datetime.combine(start, time(2), UTC), datetime.combine(end, time(2), UTC)
    return 1 if begins <= local < ends else 0
