"""Business use of the home: the simplified method, and Form 8829."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from app.core.money import fraction, share
from app.core.tax.business.figures import HomeOffice, Tables
from app.core.tax.trace import Sheet

SIMPLIFIED = "Simplified method worksheet"
FORM = "Form 8829"
MONTHS = 12


class HomeDeduction(NamedTuple):
    """Cents. `deduction` is line 30 of Schedule C; the rest is what the limit of Form 8829 leaves for next year."""

    deduction: int = 0
    carry_operating: int = 0
    carry_depreciation: int = 0


class HomeCosts(NamedTuple):
    """The home of one year by Form 8829. Amounts in cents, areas in square feet."""

    area: int
    home_area: int
    direct: int = 0
    """Costs of the office alone."""
    indirect: int = 0
    """Rent, utilities, insurance, repairs of the whole home while the office was in use."""
    mortgage_interest: int = 0
    property_tax: int = 0
    itemizes: bool = False
    """Interest and property tax would be deducted anyway; else they are limited like the other costs."""
    carry_operating: int = 0
    carry_depreciation: int = 0
    building: int = 0
    """Cost (or value if lower) of the house without its land; 0 for a rented home."""
    depreciation_rate: Decimal = Decimal(0)


def simplified(
    sheet: Sheet, figures: HomeOffice, *, tentative: int, area: int, months: int, most: int
) -> HomeDeduction:
    """Return the simplified deduction: so much a square foot, never more than the business earns, nothing carried over.

    `tentative` is line 29 of Schedule C in cents; `months` those with fifteen days of use or more; `most` the square
    feet that other offices have left of the largest area.
    """
    # An area is no amount of money, so it is an input and not a line.
    amount = sheet.add(
        SIMPLIFIED, "4", "Rate times area over the months of use",
        fraction(min(area, most) * figures.per_square_foot_cents, months, MONTHS),
        "min(square_feet_count, largest_count) * per_square_foot * months_count / 12",
        "home_office.per_square_foot_cents home_office.largest_square_feet",
        square_feet_count=area, largest_count=most, per_square_foot=figures.per_square_foot_cents, months_count=months,
    )  # fmt: skip
    return HomeDeduction(sheet.add(
        SIMPLIFIED, "5", "Home office, not more than the profit before it", max(0, min(amount, tentative)),
        "max(0, min(amount, profit))", "", amount=amount, profit=tentative,
    ))  # fmt: skip


def form_8829(sheet: Sheet, tentative: int, home: HomeCosts) -> HomeDeduction:
    """Return line 30 by actual costs, and what this year's income does not allow. `tentative` is line 29 in cents."""
    anyway = home.mortgage_interest + home.property_tax if home.itemizes else 0
    limited = home.indirect + (0 if home.itemizes else home.mortgage_interest + home.property_tax)
    taxes = sheet.add(
        FORM, "14", "Interest and property tax of the office, deductible anyway", _of(anyway, home),
        "costs * area / home_area", "", costs=anyway, area=home.area, home_area=home.home_area,
    )  # fmt: skip
    room = sheet.add(
        FORM, "15", "Profit left for the other costs", max(0, tentative - taxes), "max(0, profit - taxes)", "",
        profit=tentative, taxes=taxes,
    )  # fmt: skip
    shared = sheet.add(
        FORM, "24", "Office's part of the costs of the home", _of(limited, home), "costs * area / home_area", "",
        costs=limited, area=home.area, home_area=home.home_area,
    )  # fmt: skip
    operating = sheet.add(
        FORM, "26", "Operating costs", home.direct + shared + home.carry_operating, "direct + shared + carried", "",
        direct=home.direct, shared=shared, carried=home.carry_operating,
    )  # fmt: skip
    allowed = sheet.add(
        FORM, "27", "Operating costs that count", min(room, operating), "min(room, operating)", "",
        room=room, operating=operating,
    )  # fmt: skip
    depreciation = _depreciation(sheet, home, room - allowed)
    total = sheet.add(
        FORM, "36", "Business use of home", taxes + allowed + depreciation.deduction,
        "taxes + operating + depreciation", "", taxes=taxes, operating=allowed, depreciation=depreciation.deduction,
    )  # fmt: skip
    over = sheet.add(
        FORM, "43", "Operating costs for next year", operating - allowed, "operating - allowed", "",
        operating=operating, allowed=allowed,
    )  # fmt: skip
    return HomeDeduction(total, over, depreciation.carry_depreciation)


def _depreciation(sheet: Sheet, home: HomeCosts, room: int) -> HomeDeduction:
    if not home.building and not home.carry_depreciation:
        return HomeDeduction()
    basis = sheet.add(
        FORM, "40", "Office's part of the house", _of(home.building, home), "building * area / home_area", "",
        building=home.building, area=home.area, home_area=home.home_area,
    )  # fmt: skip
    own = sheet.add(
        FORM, "42", "Depreciation of the office", share(basis, home.depreciation_rate),
        f"basis * {home.depreciation_rate}", "tables.building_first tables.building_later", basis=basis,
    )  # fmt: skip
    wanted = own + home.carry_depreciation
    allowed = sheet.add(
        FORM, "33", "Depreciation that counts", min(max(0, room), wanted), "min(room, own + carried)", "",
        room=max(0, room), own=own, carried=home.carry_depreciation,
    )  # fmt: skip
    over = sheet.add(
        FORM, "44", "Depreciation for next year", wanted - allowed, "own + carried - allowed", "",
        own=own, carried=home.carry_depreciation, allowed=allowed,
    )  # fmt: skip
    return HomeDeduction(allowed, 0, over)


def building_rate(tables: Tables, *, start_year: int, start_month: int, year: int, end_month: int | None) -> Decimal:
    """Return the share of a building that a year takes: by the middle of the month it began, and in which it ended."""
    first = tables.building_first[start_month - 1]
    age = year - start_year
    if age < 0 or age > tables.building_years:
        return Decimal(0)
    whole = first if age == 0 else tables.building_later
    if age == tables.building_years:
        whole = max(Decimal(0), 1 - first - (tables.building_years - 1) * tables.building_later)
    if end_month is None:
        return whole
    half_months = Decimal(2 * end_month - 1)
    if age == 0:
        # In and out within a year: from the middle of the first month to the middle of the last.
        begun = Decimal(2 * MONTHS - 2 * start_month + 1)
        return whole * max(Decimal(0), Decimal(2 * (end_month - start_month))) / begun
    return (whole * half_months / (2 * MONTHS)).quantize(Decimal("0.00001"))


def _of(cents: int, home: HomeCosts) -> int:
    """Return the office's part of an amount of the whole home."""
    return fraction(cents, min(home.area, home.home_area), home.home_area) if home.home_area else 0
