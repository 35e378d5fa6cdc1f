"""Dates of QIF files: the order of day and month is a choice of the whole file, never of a row."""

from __future__ import annotations

import re

from app.core.dates import FIRST_DAY, LAST_DAY, Day, day_from_iso

_SPOKEN = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_NUMERIC = re.compile(r"([0-9]{1,2})\s*([-/.])\s*([0-9]{1,2})\s*([-/.'’])\s*([0-9]{1,4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?:[T ].*)?")
_NAMED = re.compile(r"([0-9]{1,2})[-/. ]([A-Za-z]{3})[a-z]*[-/. ,']+([0-9]{2,4})")
_NAMED_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*[-/. ]+([0-9]{1,2})[-/. ,']+([0-9]{2,4})")
_PIVOT = 70
"""A year of two digits below it is in the 2000s; day 0 of the books is in 1970."""


class DateReader:
    """Reads all dates of a file in one order: a header option or a number above 12 decides, then what a person said.

    Without either, writings that only one side of the ocean has decide: `1/5'26` is month first, `5.1.2026` day first,
    and so is a file with decimal commas. What is still open then has to be asked; `open_date` is an example.
    """

    def __init__(
        self, texts: list[str], *, month_first: bool | None = None, said: str | None = None, comma: bool = False
    ) -> None:
        """Decide the order from all dates of the file.

        `month_first` is what the file's header says of it, `said` is mdy or dmy as a person said it.
        """
        self.notes: list[str] = []
        self.open_date: str | None = None
        """A date that could be either way and that nothing decides; None when the order is settled."""
        self.told = False
        """Whether the order is what a person said, because nothing else decides it."""
        self._days: dict[str, Day | None] = {}
        self._month_first = self._order(texts, said, comma=comma) if month_first is None else month_first

    def day(self, text: str) -> Day:
        """Return the day. Raises: ValueError with the reason."""
        if text not in self._days:
            self._days[text] = self._read(text.strip())
        day = self._days[text]
        if day is None:
            raise ValueError("the row has no date that can be read")
        return day

    def _order(self, texts: list[str], said: str | None, *, comma: bool) -> bool:
        month = day = dots = quotes = 0
        open_date = None
        for text in dict.fromkeys(texts):
            found = _NUMERIC.fullmatch(text.strip())
            if not found:
                continue
            first, second = int(found[1]), int(found[3])
            month += first <= 12 < second <= 31
            day += second <= 12 < first <= 31
            dots += found[2] == "."
            quotes += found[4] in "'’"
            if open_date is None and first <= 12 and second <= 12 and first != second:
                open_date = text.strip()
        if month or day:
            if month and day:
                self.notes.append("Dates stand in two orders in the file; rows that do not fit the usual one are out.")
            return month >= day
        day_first = dots > 0 or (comma and not quotes)
        if open_date is not None and said is None and not (day_first or quotes):
            self.open_date = open_date
        self.told = open_date is not None and said is not None
        month_first = said == "mdy" if said else not day_first
        if open_date is not None and self.open_date is None:
            order = "month first" if month_first else "day first"
            self.notes.append(f"No date shows whether day or month stands first; dates were read {order}.")
        return month_first

    def _read(self, text: str) -> Day | None:
        if found := _YEAR_FIRST.fullmatch(text):
            return _day(int(found[1]), int(found[3]), int(found[4]))
        if found := _NAMED.fullmatch(text):
            return _day(_year(found[3], after_2000=False), _SPOKEN.get(found[2].lower(), 0), int(found[1]))
        if found := _NAMED_FIRST.fullmatch(text):
            return _day(_year(found[3], after_2000=False), _SPOKEN.get(found[1].lower(), 0), int(found[2]))
        found = _NUMERIC.fullmatch(text)
        if not found:
            return None
        year = _year(found[5], after_2000=found[4] in "'’")
        first, second = int(found[1]), int(found[3])
        return _day(year, first, second) if self._month_first else _day(year, second, first)


def _year(digits: str, *, after_2000: bool) -> int:
    """Return the year; Quicken writes `'4` and `' 4` for 2004."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if after_2000 or year < _PIVOT else 1900)


def _day(year: int, month: int, day: int) -> Day | None:
    try:
        number = day_from_iso(f"{year:04d}-{month:02d}-{day:02d}")
    except ValueError:
        return None
    return number if FIRST_DAY <= number <= LAST_DAY else None
