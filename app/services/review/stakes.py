"""What the answer to a question can change: net profit and tax, at the best and the worst of its choices.

It rests on the readings of open rows that reports and estimates take their range from: together they are that range.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.core.dates import Day, year_days
from app.core.errors import Refused
from app.core.money import WHOLE
from app.core.report.profit_range import Option, Suggested, net_weight
from app.core.tax.by_profit import TaxByProfit
from app.services.books.open_books import Books
from app.services.report import schedule_forms
from app.services.review.review_items import Item
from app.services.tax import taxes

_CAR = "C9A"


class Span(NamedTuple):
    """Units: cents. Of profit what the rows add to it; of tax what all tax comes to with that."""

    profit_low: int
    profit_expected: int
    profit_high: int
    tax_low: int | None = None
    tax_high: int | None = None

    @property
    def tax(self) -> int | None:
        """By how much the answer can change the tax of the year."""
        return None if self.tax_low is None or self.tax_high is None else self.tax_high - self.tax_low


def put(books: Books, items: Iterable[Item]) -> None:
    """Write into each question what hangs on it, with what its amounts say: no row is looked up for that."""
    found = list(items)
    cars = any(choice.line == _CAR for item in found for choice in item.choices)
    shares = _vehicle_shares(books) if cars else {}
    for item in found:
        item.stake_cents = _stake(item, shares)


def _vehicle_shares(books: Books) -> dict[int, int]:
    year, day = taxes.as_of_day(books, None, None)
    return {number: form.vehicle_share for number, form in schedule_forms.forms(books, year, day).items()}


def _stake(item: Item, shares: dict[int, int]) -> int:
    if item.type in {"tax_payment", "currency"}:
        return item.amount_cents  # all of it counts in a year, or nowhere
    if item.type == "duplicate":
        return item.amount_cents // 2  # one of two equal rows counts, or none of it
    if item.type == "transfer":
        return 0
    moved = sum(row.cents for row in item.rows)
    share = shares.get(item.rows[0].business_id, WHOLE)
    weights = [0]
    for choice in item.choices:
        percent = choice.percent * share // WHOLE if choice.line == _CAR else choice.percent
        weights.append(net_weight(moved, Option(choice.kind, choice.line, percent)))
    return max(weights) - min(weights)


class Spans:
    """The span of each question in the year of a day. Make it again when the books change."""

    def __init__(self, books: Books, year: int | None = None, as_of: Day | None = None) -> None:
        self.year, self.day = taxes.as_of_day(books, year, as_of)
        self._first = year_days(self.year)[0]
        self._net, by_business = taxes.profit_on_return(books, self.year, self.day)
        self._open = taxes.open_readings(books, self.year, self.day)
        self._tax = _tax(books, self.year, by_business)

    def of(self, item: Item) -> Span | None:
        """Return what the answer can change; None for rows of other years and for questions of another kind."""
        readings = [self._open[row.id] for row in item.rows if row.id in self._open]
        if not readings:
            return None
        low, expected, high = (sum(each) for each in zip(*map(_weights, readings), strict=True))
        if self._tax is None:
            return Span(low, expected, high)
        rest = self._net.expected - expected
        totals = [self._tax(rest + cents).total for cents in (low, high)]
        return Span(low, expected, high, min(totals), max(totals))


def _weights(reading: Suggested) -> tuple[int, int, int]:
    found = [net_weight(reading.cents, option) for option in (*reading.options, reading.expected)]
    return min(0, *found), net_weight(reading.cents, reading.expected), max(0, *found)


def _tax(books: Books, year: int, by_business: dict[int, int]) -> TaxByProfit | None:
    try:
        return taxes.rules_of(books, year).by_profit(taxes.household_of(books, year, by_business))
    except Refused:
        return None


class Unreviewed(NamedTuple):
    """What the open questions leave open in a year: exactly the range that reports and estimates show. Units: cents."""

    year: int
    profit: tuple[int, int, int]
    """Low, expected, high."""
    tax: tuple[int, int, int] | None
    """None where no tax can be worked out."""


def unreviewed(books: Books, year: int | None = None, as_of: Day | None = None) -> Unreviewed:
    """Return the range of net profit and of all tax while questions are open."""
    wanted, day = taxes.as_of_day(books, year, as_of)
    profit = taxes.profit_on_return(books, wanted, day)[0]
    return Unreviewed(wanted, (profit.low, profit.expected, profit.high), _tax_range(books, wanted, day))


def _tax_range(books: Books, year: int, day: Day) -> tuple[int, int, int] | None:
    try:
        return taxes.tax_range(books, year, day)
    except Refused:
        return None
