"""Line 30: the home offices of a business, by the method chosen for each."""

from __future__ import annotations

from app.core.dates import date_of, month_days, year_days, year_of
from app.core.tax.business import home_office
from app.core.tax.business.figures import BusinessFigures
from app.core.tax.business.home_office import HomeCosts, HomeDeduction
from app.core.tax.business.inputs import ACTUAL, SIMPLIFIED, Home, Inputs, Lines
from app.core.tax.trace import Sheet

HALF_MONTH = 15
"""A month counts for the simplified method with so many days of use."""


def line_30(
    sheet: Sheet, figures: BusinessFigures, lines: Lines, inputs: Inputs, tentative: int, questions: list[str]
) -> tuple[HomeDeduction, int]:
    """Set line 30; returns the deduction with its carry-overs, and the part of it by the simplified method."""
    used = [home for home in inputs.homes if _months(home, figures.year)]
    if not used:
        return HomeDeduction(), 0
    if lines.booked("C30"):
        questions.append("Rows are booked on line 30 and left out: tag the costs of the home with home_pool instead.")
    most = figures.home_office.largest_square_feet
    feet = [min(home.area or 0, most) * _months(home, figures.year) for home in used if home.method == SIMPLIFIED]
    if sum(feet) > most * home_office.MONTHS:
        questions.append(f"Several offices by the simplified method: together no more than {most} square feet count.")
    # Square feet times months: an office that follows another one has the whole area again.
    room = most * home_office.MONTHS
    total, operating, later, simple = 0, 0, 0, 0
    for home in used:
        questions += _home_questions(home, figures.year)
        months = _months(home, figures.year)
        left = min(most, room // months)
        found = _home(sheet, figures, home, tentative - total, left)
        if home.method == SIMPLIFIED and found.deduction:
            room -= min(home.area or 0, left) * months
        total += found.deduction
        operating += found.carry_operating
        later += found.carry_depreciation
        simple += found.deduction if home.method == SIMPLIFIED else 0
    lines.put("C30", -total)
    return HomeDeduction(total, operating, later), simple


def _home(sheet: Sheet, figures: BusinessFigures, home: Home, tentative: int, most: int) -> HomeDeduction:
    if not home.exclusive or home.method is None or not home.area:
        return HomeDeduction(0, home.carry_operating_cents, home.carry_depreciation_cents)
    if home.method == SIMPLIFIED:
        found = home_office.simplified(
            sheet,
            figures.home_office,
            tentative=tentative,
            area=home.area,
            months=_months(home, figures.year),
            most=most,
        )
        # Carry-overs of Form 8829 wait for the next year in which it is used again.
        return HomeDeduction(found.deduction, home.carry_operating_cents, home.carry_depreciation_cents)
    if not home.home_area:
        return HomeDeduction(0, home.carry_operating_cents, home.carry_depreciation_cents)
    building = max(0, (home.basis_cents or 0) - home.land_cents) if home.owned else 0
    begun = date_of(home.first_day)
    ended = home.last_day is not None and year_of(home.last_day) == figures.year
    rate = home_office.building_rate(
        figures.tables, start_year=begun.year, start_month=begun.month, year=figures.year,
        end_month=date_of(home.last_day).month if ended and home.last_day is not None else None,
    )  # fmt: skip
    return home_office.form_8829(sheet, tentative, HomeCosts(
        area=home.area, home_area=home.home_area, direct=home.direct_cents, indirect=home.indirect_cents,
        mortgage_interest=home.mortgage_interest_cents, property_tax=home.property_tax_cents, itemizes=home.itemizes,
        carry_operating=home.carry_operating_cents, carry_depreciation=home.carry_depreciation_cents,
        building=building, depreciation_rate=rate,
    ))  # fmt: skip


def _home_questions(home: Home, year: int) -> list[str]:
    asked = (
        (home.exclusive is None, "is it used only and regularly for business?"),
        (home.method is None, f"the simplified method or actual costs in {year}?"),
        (home.area is None, "how many square feet has the office?"),
        (home.method == ACTUAL and home.home_area is None, "how many square feet has the whole home?"),
        (home.method == ACTUAL and home.owned is None, "is the home rented or owned?"),
        (home.method == ACTUAL and bool(home.owned) and home.basis_cents is None,
         "what did the house cost with its land, or what was it worth if that was less?"),
    )  # fmt: skip
    return [f"{home.name}: {question}" for holds, question in asked if holds]


def _months(home: Home, year: int) -> int:
    """Return the months of a year with half a month of use or more."""
    _, last = year_days(year)
    until = last if home.last_day is None else min(last, home.last_day)
    months = [month_days(year * 100 + number) for number in range(1, 13)]
    return sum(min(until, end) - max(home.first_day, start) + 1 >= HALF_MONTH for start, end in months)
