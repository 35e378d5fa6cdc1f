"""What an answer does to the amount that must lie aside, before it is given."""

from __future__ import annotations

from collections.abc import Collection

from app.core.books.vocabulary import Kind
from app.core.dates import Day, year_days
from app.core.errors import Refused
from app.core.money import split_by_weights
from app.core.report.profit_range import NetProfit, Option, net_weight
from app.core.tax import projection, reserve
from app.services.books.open_books import Books
from app.services.books.shared import shared
from app.services.report import schedule_forms
from app.services.review.questions import Choice, Item
from app.services.tax import taxes, taxes_paid
from app.store.given_back import GivenBack


class Effects:
    """The tax of the year as it stands, made once; then each question costs two evaluations.

    Make it again when the books change. It rests on the same taxes as the reserve.
    """

    def __init__(self, books: Books) -> None:
        """Raises: Refused when the year or the kind of business has no tax here."""
        self.year, self.day = taxes.as_of_day(books, None, None)
        self._net, by_business = taxes.profit_on_return(books, self.year, self.day)
        household = taxes.household_of(books, self.year, by_business)
        rules = taxes.rules_of(books, self.year)
        self._tax = rules.by_profit(household)
        withheld = household.withholding_cents + (household.state_withholding_cents if rules.state else 0)
        self._withheld = reserve.withholding_to(withheld, self.year, self.day)
        governments = [reserve.FEDERAL, *([rules.state_code] if rules.state else [])]
        self._paid = sum(row.cents for each in governments for row in taxes_paid.paid(books, self.year, each, self.day))
        first = year_days(self.year)[0]
        self._first = first
        self._fixed = schedule_forms.fixed(books, self.year, self.day, by_business)
        self._open = taxes.open_readings(books, self.year, self.day)
        deposits = taxes.deposits_on_return(books, self.year, first, self.day)
        self._deposits = {row.id: max(0, row.value) for row in deposits}
        self._span = books.lines.days(first, self.day)
        self._backs = GivenBack(books.connection).linked()

    def of(self, item: Item, choice: Choice, only: Collection[int] | None = None) -> int | None:
        """Return the cents that must lie aside more (or, negative, less) than if the rows counted for nothing.

        None for a question that has no such answer: one about a currency, or rows outside the year.
        """
        rows = [
            row for row in item.rows if (only is None or row.id in only) and self._first <= row.tax_date <= self.day
        ]
        if item.type in {"currency", "duplicate"} or choice.parts or not rows:
            return None
        if choice.payment is not None:
            type_, year = choice.payment
            counts = type_ in taxes_paid.COUNTED and year == self.year
            return -min(self._needed(0, 0), abs(rows[0].cents)) if counts else 0
        option = Option(choice.kind, choice.line, choice.percent)
        known = [self._open[row.id] for row in rows if row.id in self._open]
        out = -sum(net_weight(reading.cents, reading.expected) for reading in known)
        less = -sum(self._deposits.get(row.id, 0) for row in rows)
        taken = sum(net_weight(reading.cents, option) for reading in known)
        back = [self._open[number] for row in rows for number in self._backs.get(row.id, ()) if number in self._open]
        if back and option.kind in {Kind.EXPENSE, Kind.PERSONAL}:
            # What was given back follows its purchase.
            follows = Option(Kind.REFUND, option.line, option.percent)
            out -= sum(net_weight(reading.cents, reading.expected) for reading in back)
            taken += sum(net_weight(reading.cents, follows) for reading in back)
        come = sum(max(0, reading.cents) for reading in known) if choice.kind == Kind.INCOME else 0
        return self._needed(out + taken, less + come) - self._needed(out, less)

    def _needed(self, profit: int, deposits: int) -> int:
        """Return what must lie aside when profit and deposits so far change by these cents (reserve, mode `share`)."""
        so_far = max(0, sum(self._deposits.values()) + deposits)
        net = NetProfit(*(cents + profit for cents in self._net))
        ahead = projection.project(
            self.year, self.day, projection.YearToDate(net.low, net.expected, net.high, so_far, self._fixed),
            self._span[0] if self._span else None, self._covered(),
        )  # fmt: skip
        total = max(0, self._tax(ahead.profit).total)
        whole = max(ahead.deposits, so_far)
        aside = split_by_weights(total, [so_far, whole - so_far])[0] if whole else 0
        return max(0, aside - self._withheld - self._paid)

    def _covered(self) -> Day | None:
        return self.day if self._span else None


def engine(books: Books) -> Effects:
    """Return the effects of the books as they stand, made once for each state of them. Raises: Refused."""
    return shared(books, "effects", lambda: Effects(books), taxes.today(books))


def effect(books: Books, item: Item, choice: Choice, only: Collection[int] | None = None) -> int | None:
    """Return `Effects.of`, or None when the books cannot say: no filing status or state yet, or a year without tax."""
    values, _ = books.settings.profile(taxes.as_of_day(books, None, None)[0])
    if not all(values.get(name) for name in taxes.FIRST_QUESTIONS):
        return None
    try:
        return engine(books).of(item, choice, only)
    except Refused:
        return None
