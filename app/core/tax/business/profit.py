"""Schedule C of one business in its order: income, costs, profit before the home office, home office, line 31.

What the books hold by line goes in; what no bank row shows (mileage, depreciation, the home office, the parts of meals
and gifts that count) is worked out and set beside it. With nothing to work out the lines are those of the books.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.dates import Day, date_of
from app.core.money import WHOLE, money_text, percent_of
from app.core.report.schedule_c import LIMITS, ScheduleC, schedule_c
from app.core.tax.business import meals, vehicle
from app.core.tax.business.figures import BusinessFigures
from app.core.tax.business.home_office import HomeDeduction
from app.core.tax.business.inputs import Inputs, Lines
from app.core.tax.business.line_13 import Written, asset_notes, line_13
from app.core.tax.business.line_30 import line_30
from app.core.tax.business.questions import large_costs, vehicle_costs
from app.core.tax.business.vehicle import Vehicle
from app.core.tax.trace import Sheet

FORM = "Schedule C"


class BusinessProfit(NamedTuple):
    """Line 31 and what stands behind it. Units: cents."""

    form: ScheduleC
    tentative: int
    """Line 29: profit before the home office."""
    home: HomeDeduction
    section_179_carry: int
    written: tuple[Written, ...]
    vehicles: tuple[Vehicle, ...]
    vehicle_share: int
    """Which part of a row on actual vehicle costs counts, in basis points."""
    fixed: int
    """Depreciation and the simplified home office: a year's amount, whatever else the year brings."""
    questions: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def net_profit(self) -> int:
        return self.form.net_profit_cents


def line_31(sheet: Sheet, figures: BusinessFigures, inputs: Inputs) -> BusinessProfit:
    """Return Schedule C of one business for the year of `figures`."""
    lines = Lines(inputs)
    questions: list[str] = []
    notes: list[str] = []
    _set_apart(lines, inputs)
    _limited(sheet, figures, lines, inputs, questions)
    _goods(lines, inputs)
    share_of_rows = _vehicles(sheet, figures, lines, inputs, questions, notes)
    written, carry, fixed = line_13(sheet, figures, lines, inputs)
    notes += asset_notes(figures, inputs)
    if figures.projected:
        notes.append(f"Some figures of {figures.year} are not announced yet: those of the year before are used.")
    if inputs.de_minimis:
        limit = money_text(figures.limits.de_minimis_cents)
        notes.append(
            f"De minimis safe harbor, Reg. 1.263(a)-1(f), {figures.year}: elected for items of up to {limit}. "
            "The statement goes with the return, signed with it."
        )
    form = schedule_c(figures.year, inputs.sums, lines.worked)
    gross = sheet.add(
        FORM, "7", "Gross income", form.gross_income_cents, "receipts - goods + other", "",
        receipts=form.net_receipts_cents, goods=form.goods_cents, other=lines.allowed("C6"),
    )  # fmt: skip
    tentative = sheet.add(
        FORM, "29", "Profit before the home office", gross - form.expenses_cents, "gross_income - expenses", "",
        gross_income=gross, expenses=form.expenses_cents,
    )  # fmt: skip
    home, simplified = line_30(sheet, figures, lines, inputs, tentative, questions)
    form = schedule_c(figures.year, inputs.sums, lines.worked)
    sheet.add(
        FORM, "31", "Net profit or loss", form.net_profit_cents, "profit - home_office", "",
        profit=tentative, home_office=form.home_cents,
    )  # fmt: skip
    return BusinessProfit(
        form, tentative, home, carry, tuple(written), tuple(inputs.vehicles), share_of_rows, fixed + simplified,
        tuple(dict.fromkeys(questions)), tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _set_apart(lines: Lines, inputs: Inputs) -> None:
    """Take out rows that are deducted elsewhere: purchases of assets, and costs before the first day of business."""
    for held in (inputs.booked_assets, inputs.booked_before_start if inputs.startup else {}):
        for code, cents in held.items():
            lines.add(code, percent_of(cents, LIMITS.get(code, WHOLE)))


def _limited(
    sheet: Sheet, figures: BusinessFigures, lines: Lines, inputs: Inputs, questions: list[str]
) -> None:  # fmt: skip
    special = inputs.meals_hours_of_service + inputs.meals_on_premises
    if special:
        usual = -lines.booked("C24b") - special
        spent = meals.Meals(usual, inputs.meals_hours_of_service, inputs.meals_on_premises)
        lines.put("C24b", -meals.deductible_meals(sheet, figures.limits, spent))
    over = sum(inputs.gifts.values()) - meals.deductible_gifts(sheet, figures.limits, inputs.gifts.values())
    for code, cents in inputs.gift_lines.items():
        taken = min(over, cents)
        lines.add(code, taken)
        over -= taken
    if "" in inputs.gifts:
        questions.append(
            "Some gifts name nobody: write in their note who got them; until then they count as one person."
        )
    if inputs.startup and inputs.started is not None:
        since, before = _months_since(inputs.started, figures.year)
        lines.add("C27", -meals.startup_costs(sheet, figures.limits, inputs.startup, since, before))
    elif inputs.startup:
        questions.append("Start-up costs count from the first day of business: set started of the business.")
    elif inputs.booked_before_start:
        cost = sum(inputs.booked_before_start.values())
        questions.append(
            f"Costs of {money_text(cost)} are dated before the first day of business: "
            "they are start-up costs. Set startup of the business for the year it began."
        )
    questions += large_costs(figures.limits.de_minimis_cents, inputs.large)


def _months_since(started: Day, year: int) -> tuple[int, int]:
    """Return the months of business in a year, and in the years before it."""
    first = date_of(started)
    if year < first.year:
        return 0, 0
    if year == first.year:
        return 13 - first.month, 0
    return 12, 13 - first.month + 12 * (year - first.year - 1)


def _goods(lines: Lines, inputs: Inputs) -> None:
    if inputs.opening_inventory is None and inputs.closing_inventory is None:
        return
    lines.add("C4", (inputs.closing_inventory or 0) - (inputs.opening_inventory or 0))


def _vehicles(
    sheet: Sheet, figures: BusinessFigures, lines: Lines, inputs: Inputs, questions: list[str], notes: list[str]
) -> int:
    """Set line 9 and the vehicle's part of 16b and 23; returns which part of a row on actual costs counts."""
    held = [each for each in inputs.vehicles if each.in_use(figures.year)]
    booked = -lines.allowed("C9A")
    if not held:
        questions += vehicle_costs(booked)
        return WHOLE
    actual = 0
    for each in held:
        own = booked if len(held) == 1 else None
        found = vehicle.deduct(sheet, figures, each, booked_cents=own, used_together=inputs.used_together)
        questions += found.questions
        notes += vehicle.notes(each, figures.year)
        actual += found.actual
        lines.add("C9M", -found.mileage)
        lines.add("C16b", -found.interest)
        lines.add("C23", -found.property_tax)
    if booked or actual:
        lines.put("C9A", -actual)
    said = held[0].says(figures.year)
    if len(held) == 1 and said.method == vehicle.ACTUAL and said.actual_cents is None:
        return said.share or 0
    return 0
