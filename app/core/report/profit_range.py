"""Net profit while questions are open: at least, most likely, at most.

Booked lines are fixed. Each suggested row may still become any of its choices, personal always among them; a limit on a
line (meals) weighs its rows as it will weigh the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.core.books.vocabulary import PROFIT_LINES
from app.core.money import WHOLE, percent_of
from app.core.report.lines import COUNTED_KINDS
from app.core.report.schedule_c import LIMITS, LineSum, schedule_c


class Option(NamedTuple):
    """One thing a suggested row may be. `percent` in basis points."""

    kind: str
    line: str
    percent: int


class Suggested(NamedTuple):
    """An unsettled row; `expected` is what it counts as until somebody answers."""

    cents: int
    expected: Option
    options: tuple[Option, ...]


class NetProfit(NamedTuple):
    """Units: US cents, Schedule C line 31."""

    low: int
    expected: int
    high: int


def contribution(cents: int, option: Option) -> int:
    """Return what a row would add to its line."""
    counts = option.kind in COUNTED_KINDS and option.line in PROFIT_LINES
    return percent_of(cents, option.percent) if counts else 0


def net_weight(cents: int, option: Option) -> int:
    """Return what a row would add to net profit, a limit on its line included."""
    return percent_of(contribution(cents, option), LIMITS.get(option.line, WHOLE))


def profit_range(year: int, booked: Mapping[str, LineSum], rows: Iterable[Suggested]) -> NetProfit:
    """Return net profit of a year's booked lines with every suggested row at its worst, likeliest and best."""
    sums = [{code: LineSum(total.cents, total.count) for code, total in booked.items()} for _ in range(3)]
    for row in rows:
        options = (*row.options, row.expected, Option("personal", "NONE", WHOLE))
        weighed = sorted(options, key=lambda option, cents=row.cents: net_weight(cents, option))  # type: ignore[misc]
        for target, option in zip(sums, (weighed[0], row.expected, weighed[-1]), strict=True):
            amount = contribution(row.cents, option)
            if amount:
                line = target.setdefault(option.line, LineSum())
                line.cents += amount
                line.count += 1
    low, expected, high = (schedule_c(year, target).net_profit_cents for target in sums)
    return NetProfit(min(low, expected), expected, max(high, expected))
