"""Vehicles: the mileage rate or actual costs, which of the two is open, and what Part IV asks.

Parking and tolls count under both methods and stay rows of the books; commuting never counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from app.core.books.vocabulary import VehicleMethod
from app.core.dates import Day, iso, year_days, year_of
from app.core.money import WHOLE, fraction, percent_of, share
from app.core.tax.business import depreciation
from app.core.tax.business.depreciation import Asset, Taken
from app.core.tax.business.figures import BusinessFigures, Mileage
from app.core.tax.trace import Sheet

FORM = "Schedule C"
STANDARD = VehicleMethod.STANDARD.value
ACTUAL = VehicleMethod.ACTUAL.value
KINDS: Mapping[str, str] = {"car": depreciation.CAR, "suv": depreciation.SUV, "truck": depreciation.OTHER}


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleYear:
    """What a year says of a vehicle; None = not answered. Miles are whole, amounts cents."""

    method: str | None = None
    business_miles: int | None = None
    late_business_miles: int | None = None
    """Of them, those after a change of the rate within the year."""
    commuting_miles: int | None = None
    other_miles: int | None = None
    actual_cents: int | None = None
    """Its part of the actual costs where several vehicles share the rows."""
    interest_cents: int = 0
    property_tax_cents: int = 0
    personal_use: bool | None = None
    another_car: bool | None = None
    evidence: bool | None = None
    written: bool | None = None

    @property
    def share(self) -> int | None:
        """Business miles of all miles, in basis points."""
        if self.business_miles is None or self.commuting_miles is None or self.other_miles is None:
            return None
        every = self.business_miles + self.commuting_miles + self.other_miles
        return fraction(WHOLE, self.business_miles, every) if every else 0


NOTHING_SAID = VehicleYear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle with all its years. Amounts in cents."""

    key: str
    name: str
    kind: str = "car"
    leased: bool = False
    in_service: Day
    acquired: Day | None = None
    basis_cents: int | None = None
    section_179_cents: int = 0
    bonus: bool = True
    first_method: str | None = None
    sold: Day | None = None
    years: Mapping[int, VehicleYear] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return year_of(self.in_service)

    def says(self, year: int) -> VehicleYear:
        return self.years.get(year, NOTHING_SAID)

    @property
    def began(self) -> str | None:
        """The method of the first year in service."""
        return self.says(self.year).method or self.first_method

    def in_use(self, year: int) -> bool:
        first, last = year_days(year)
        return self.in_service <= last and (self.sold is None or self.sold >= first)


class VehicleDeduction(NamedTuple):
    """What a vehicle adds to Schedule C in a year. Units: cents."""

    mileage: int = 0
    actual: int = 0
    """Its share of the actual costs booked on line 9."""
    interest: int = 0
    property_tax: int = 0
    questions: tuple[str, ...] = ()


def method_of(vehicles: Iterable[Vehicle], year: int) -> str | None:
    """Return the one method of all vehicles in use in a year; None when there is none, or more than one."""
    said = {each.says(year).method for each in vehicles if each.in_use(year)}
    return said.pop() if len(said) == 1 else None


def refusal(vehicle: Vehicle, year: int, method: str, *, used_together: int, most: int) -> str | None:
    """Return why a method is not open to a vehicle in a year; None when it is.

    `used_together` counts the vehicles in business use at the same time, `most` how many may be at the mileage rate.
    """
    began = vehicle.began if year != vehicle.year else method
    if method == STANDARD and used_together > most:
        return f"With {used_together} vehicles in use at the same time the mileage rate is not open to any of them."
    if vehicle.leased and began is not None and began != method:
        return f"A leased vehicle keeps its first method, {_method(began)}, for the whole lease."
    if method != STANDARD:
        return None
    if vehicle.section_179_cents:
        return "The mileage rate is not open to a vehicle of which section 179 was taken."
    if began == ACTUAL:
        return "The mileage rate is only open to an owned vehicle that began with it in its first year of business use."
    return None


def _method(method: str) -> str:
    return "the mileage rate" if method == STANDARD else "actual costs"


def together(vehicles: Iterable[Vehicle], year: int) -> int:
    """Return the most vehicles that are in use on one day of a year."""
    first, last = year_days(year)
    held = [vehicle for vehicle in vehicles if vehicle.in_use(year)]
    days = [max(first, vehicle.in_service) for vehicle in held]
    ends = [last if vehicle.sold is None else min(last, vehicle.sold) for vehicle in held]
    return max((sum(a <= day <= b for a, b in zip(days, ends, strict=True)) for day in days), default=0)


def deduct(
    sheet: Sheet, figures: BusinessFigures, vehicle: Vehicle, *, booked_cents: int | None, used_together: int
) -> VehicleDeduction:
    """Return what a vehicle adds in the year of `figures`.

    `booked_cents` are the actual costs of the books that are its own, positive; None when nobody said which are.
    """
    year = figures.year
    said = vehicle.says(year)
    questions = list(missing(vehicle, year))
    if said.method is None:
        return VehicleDeduction(questions=tuple(questions))
    refused = refusal(vehicle, year, said.method, used_together=used_together, most=figures.mileage.most_vehicles)
    if refused is not None:
        return VehicleDeduction(questions=(f"{vehicle.name}: {refused}", *questions))
    mileage = actual = 0
    if said.method == STANDARD:
        spans = rates_of(figures.mileage, year)
        if len(spans) > 1 and said.late_business_miles is None:
            questions.append(f"{vehicle.name}: how many of its business miles from {iso(spans[-1][0])} on?")
        mileage = _mileage(sheet, figures.mileage, vehicle.name, said, year)
    elif said.share is not None:
        costs = said.actual_cents if said.actual_cents is not None else booked_cents
        if costs is None:
            questions.append(f"{vehicle.name}: which part of the vehicle costs of {year} is its own?")
        actual = _share(sheet, "9", f"Actual costs, {vehicle.name}", costs or 0, said.share)
    interest = _share(sheet, "16b", f"Loan interest, {vehicle.name}", said.interest_cents, said.share or 0)
    taxes = _share(sheet, "23", f"Property tax, {vehicle.name}", said.property_tax_cents, said.share or 0)
    return VehicleDeduction(mileage, actual, interest, taxes, tuple(questions))


def _mileage(sheet: Sheet, figures: Mileage, name: str, said: VehicleYear, year: int) -> int:
    """Return the miles at the rate of their day. A year with one rate takes them all at it."""
    every = said.business_miles or 0
    spans = rates_of(figures, year)
    late = min(said.late_business_miles or 0, every) if len(spans) > 1 else 0
    miles = [every - late, *[late] * (len(spans) - 1)][-len(spans) :]
    total = 0
    for count, (_, rate) in zip(miles, spans, strict=True):
        if count:
            total += sheet.add(
                FORM, "9", f"Miles at {rate} cents, {name}", share(count, rate), f"miles * {rate}",
                "mileage.cents_per_mile", miles=count,
            )  # fmt: skip
    return total


def rates_of(figures: Mileage, year: int) -> list[tuple[Day, Decimal]]:
    """Return the rates that hold in a year, with the day from which."""
    first, last = year_days(year)
    held = list(zip(figures.starts, figures.cents_per_mile, strict=True))
    ends = [after - 1 for _, (after, _) in pairwise(held)] + [last]
    return [
        (max(first, start), rate)
        for (start, rate), end in zip(held, ends, strict=True)
        if start <= last and end >= first
    ]


def _share(sheet: Sheet, line: str, label: str, cents: int, basis_points: int) -> int:
    if not cents:
        return 0
    return sheet.add(
        FORM, line, label, percent_of(cents, basis_points), "cost * business_share / 10000", "",
        cost=cents, business_share=basis_points,
    )  # fmt: skip


def missing(vehicle: Vehicle, year: int) -> list[str]:
    """Return what Part IV and the method still ask, one plain question each."""
    said = vehicle.says(year)
    asked = (
        (said.method is None, f"the mileage rate or actual costs in {year}?"),
        (year != vehicle.year and vehicle.began is None,
         f"which method in {vehicle.year}, its first year of business use?"),
        (said.business_miles is None, f"how many business miles in {year}?"),
        (said.commuting_miles is None, f"how many commuting miles in {year}?"),
        (said.other_miles is None, f"how many other miles in {year}?"),
        (said.personal_use is None, "was it free for private trips when off duty?"),
        (said.another_car is None, "is there another car for private use?"),
        (said.evidence is None, "is there evidence of the miles?"),
        (bool(said.evidence) and said.written is None, "is that evidence written?"),
        (said.method == ACTUAL and not vehicle.leased and vehicle.basis_cents is None,
         "what did it cost, or what was it worth if that was less when business use began?"),
    )  # fmt: skip
    return [f"{vehicle.name}: {question}" for holds, question in asked if holds]


def notes(vehicle: Vehicle, year: int) -> list[str]:
    """Return what is true of a vehicle and not worked out here."""
    said = vehicle.says(year)
    known = (
        (said.method == ACTUAL and vehicle.leased,
         "of a dear leased car an inclusion amount lowers the rent (Publication 463); it is not worked out here."),
        (said.method == STANDARD and vehicle.leased,
         "its lease payments are in the mileage rate; rows of them on line 20a count twice."),
        (vehicle.sold is not None and year_of(vehicle.sold) == year,
         "its sale belongs on Form 4797, which is not worked out here."),
    )  # fmt: skip
    return [f"{vehicle.name}: {note}" for holds, note in known if holds]


def as_asset(vehicle: Vehicle) -> Asset | None:
    """Return a vehicle as something to depreciate; None where it is leased, or nobody said what it cost."""
    if vehicle.leased or vehicle.basis_cents is None:
        return None
    shares = {year: said.share for year, said in vehicle.years.items() if said.share is not None}
    return Asset(
        key=f"vehicle {vehicle.key}", name=vehicle.name, cost_cents=vehicle.basis_cents, in_service=vehicle.in_service,
        acquired=vehicle.acquired if vehicle.acquired is not None else vehicle.in_service, kind=KINDS[vehicle.kind],
        listed=True, bonus=vehicle.bonus, section_179_cents=vehicle.section_179_cents, shares=shares, sold=vehicle.sold,
    )  # fmt: skip


def after_the_rate(figures: BusinessFigures, vehicle: Vehicle) -> Taken | None:
    """Return what the year takes of a vehicle that began at the mileage rate; None where it is not at actual costs."""
    year = figures.year
    asset = as_asset(vehicle)
    if asset is None or vehicle.says(year).method != ACTUAL or vehicle.says(year).share is None:
        return None
    miles = {each: said.business_miles or 0 for each, said in vehicle.years.items() if said.method == STANDARD}
    actual = [each for each in range(vehicle.year, year + 1) if vehicle.says(each).method == ACTUAL]
    return depreciation.after_mileage(figures, asset, year, miles, actual)[-1]
