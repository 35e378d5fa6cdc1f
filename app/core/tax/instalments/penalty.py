"""What was paid against which instalment, and what being late costs by the day.

Every payment goes to the earliest instalment that is not yet paid, as on Form 2210. The penalty is simple interest at
the rate of each calendar quarter, from the date in the law to the day of payment or 15 April; the rate of the first
quarter runs on to that day. Source: IRC 6654(a), (b), 6621(b)(2)(B).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from app.core.dates import Day, date_of, day_of, iso, year_days
from app.core.money import share, split_by_weights
from app.core.tax.instalments.required import Credit
from app.core.tax.instalments.schedule import Due
from app.core.tax.model import Line
from app.core.tax.trace import Sheet

FORM = "Form 2210 penalty worksheet"
NOT_PUBLISHED = "not yet published"

_LAST_DAYS = ((4, 15), (6, 30), (9, 30), (12, 31))
"""Where each quarter's rate ends for this penalty. No delay begins before 15 April, so the first reaches that day."""


class Rates(NamedTuple):
    """The rate of each calendar quarter that is known, by (year, quarter), and where it was published."""

    known: Mapping[tuple[int, int], Decimal]
    sources: Mapping[tuple[int, int], str]

    def of(self, year: int, quarter: int) -> tuple[Decimal, tuple[int, int]]:
        """Return the rate and the quarter it was published for: an earlier one where this one is not out yet.

        Raises: KeyError when nothing so early is known.
        """
        asked = (year, quarter)
        known = max((each for each in self.known if each <= asked), default=None)
        if known is None:
            raise KeyError(f"no rate of {year} quarter {quarter}")
        return self.known[known], known


def load_rates(data: Mapping[str, Any]) -> Rates:
    """Return the rates from the plain data of their file. Raises: ValueError for a damaged file."""
    known, sources = {}, {}
    for name, row in data["quarters"].items():
        quarter = int(name[:4]), int(name[5:])
        if name[4] != "Q" or not 1 <= quarter[1] <= 4 or not row.get("source"):
            raise ValueError(f"{name}: not a quarter with a source")
        if (row["status"] == NOT_PUBLISHED) != ("value" not in row):
            raise ValueError(f"{name}: a published quarter has a value, and no other")
        if "value" in row:
            known[quarter], sources[quarter] = Decimal(row["value"]), str(row["source"])
    return Rates(known, sources)


class Piece(NamedTuple):
    """A part of an instalment and the day it was paid; None while it is unpaid."""

    cents: int
    paid: Day | None


class Late(NamedTuple):
    """The penalty of one method. `assumed` are quarters whose rate is the last known one."""

    by_instalment: tuple[int, ...]
    lines: tuple[Line, ...]
    assumed: tuple[str, ...]

    @property
    def cents(self) -> int:
        return sum(self.by_instalment)


def withheld_evenly(cents: int, dues: Sequence[Due]) -> list[Credit]:
    """Return withholding spread over the due dates by the schedule; federal: equal parts. Source: IRC 6654(g)(1)."""
    if not dues or cents <= 0:
        return []
    shares = [Decimal(0), *(due.share for due in dues)]
    parts = split_by_weights(cents, [int((high - low) * 100) for low, high in pairwise(shares)])
    return [Credit(due.counts_from, part) for due, part in zip(dues, parts, strict=True) if part]


def applied(required: Sequence[int], credits_: Sequence[Credit]) -> list[list[Piece]]:
    """Return how each instalment was paid, the earliest unpaid one first; what is left unpaid has no day."""
    by_day: dict[Day, int] = {}
    for each in credits_:
        by_day[each.day] = by_day.get(each.day, 0) + each.cents
    money = sorted(by_day.items())
    found: list[list[Piece]] = []
    for asked in required:
        pieces, open_ = [], asked
        while open_ > 0 and money:
            day, cents = money[0]
            used = min(open_, cents)
            if used > 0:
                pieces.append(Piece(used, day))
            open_ -= used
            money[0] = (day, cents - used)
            if cents - used <= 0:
                money.pop(0)
        if open_ > 0:
            pieces.append(Piece(open_, None))
        found.append(pieces)
    return found


def penalty(
    dues: Sequence[Due], required: Sequence[int], credits_: Sequence[Credit], rates: Rates, *, until: Day
) -> Late:
    """Return the penalty up to a day, which is never later than the last day that counts.

    What is unpaid then counts as paid on that day. Units: cents.
    """
    sums, assumed = [], []
    sheet = Sheet({}, explain=True)
    for due, pieces in zip(dues, applied(required, credits_), strict=True):
        total = 0
        for piece in pieces:
            end = until if piece.paid is None else min(piece.paid, until)
            if end <= due.due:
                continue
            for year, quarter, days in _quarters(due.counts_from, end):
                rate, known = rates.of(year, quarter)
                if known != (year, quarter):
                    assumed.append(f"{year} Q{quarter}")
                total += _interest(sheet, due, piece.cents, rate, days, year, rates.sources[known])
        sums.append(total)
    return Late(tuple(sums), tuple(sheet.lines), tuple(dict.fromkeys(assumed)))


def _interest(sheet: Sheet, due: Due, cents: int, rate: Decimal, days: int, year: int, source: str) -> int:
    first, last = year_days(year)
    in_year = last - first + 1
    amount = share(cents, rate * days / in_year)
    sheet.lines.append(
        Line(
            FORM,
            "",
            f"Instalment {due.number} of {iso(due.counts_from)}, {days} days in {year}",
            amount,
            f"underpaid * {rate} * days_count / {in_year}",
            {"underpaid": cents, "days_count": days},
            source,
        )
    )
    return amount


def _quarters(start: Day, end: Day) -> list[tuple[int, int, int]]:
    """Return (year, quarter, days) of the days after `start` up to `end`; the first quarter runs on to 15 April."""
    found = []
    while start < end:
        today = date_of(start + 1)
        quarter, (month, day) = next(
            (number, last) for number, last in enumerate(_LAST_DAYS, start=1) if (today.month, today.day) <= last
        )
        stop = min(day_of(date(today.year, month, day)), end)
        found.append((today.year, quarter, stop - start))
        start = stop
    return found
