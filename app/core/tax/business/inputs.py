"""What Schedule C of one business is worked out from: the sums of the books, and the facts no bank row shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.core.dates import Day
from app.core.money import WHOLE, percent_of
from app.core.report.schedule_c import LIMITS, LineSum
from app.core.tax.business.depreciation import Asset
from app.core.tax.business.vehicle import Vehicle

SIMPLIFIED = "simplified"
ACTUAL = "actual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A home office in one year; None = not answered. Amounts in cents, areas in square feet."""

    name: str
    method: str | None = None
    exclusive: bool | None = None
    first_day: Day
    last_day: Day | None = None
    area: int | None = None
    home_area: int | None = None
    owned: bool | None = None
    basis_cents: int | None = None
    land_cents: int = 0
    direct_cents: int = 0
    indirect_cents: int = 0
    mortgage_interest_cents: int = 0
    property_tax_cents: int = 0
    itemizes: bool = False
    carry_operating_cents: int = 0
    carry_depreciation_cents: int = 0


class Large(NamedTuple):
    """A row that costs more than the de minimis election covers."""

    line: str
    cents: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """One business in one year. Sums are signed as in the books, all other amounts are positive cents."""

    sums: Mapping[str, LineSum]
    meals_hours_of_service: int = 0
    meals_on_premises: int = 0
    gifts: Mapping[str, int] = field(default_factory=dict)
    """What was spent on each person."""
    gift_lines: Mapping[str, int] = field(default_factory=dict)
    """The lines those rows stand on, with their cents."""
    vehicles: Sequence[Vehicle] = ()
    used_together: int = 0
    assets: Sequence[Asset] = ()
    booked_assets: Mapping[str, int] = field(default_factory=dict)
    """Purchases of `assets` that stand as rows on a line: they are not deducted there as well."""
    quarterly: Mapping[int, bool] = field(default_factory=dict)
    """The mid-quarter convention by year of service; it looks at all businesses of a return."""
    elected_before: Mapping[str, int] = field(default_factory=dict)
    """What section 179 allowed of assets in the years they were first used, by key."""
    section_179_carried: int = 0
    other_income: int = 0
    """Wages and the profit of other businesses: section 179 is limited by all of it."""
    homes: Sequence[Home] = ()
    startup: int = 0
    booked_before_start: Mapping[str, int] = field(default_factory=dict)
    started: Day | None = None
    opening_inventory: int | None = None
    closing_inventory: int | None = None
    large: Sequence[Large] = ()
    de_minimis: bool | None = None


class Lines:
    """What worksheets allow of lines, signed as in the books."""

    def __init__(self, inputs: Inputs) -> None:
        self.sums = inputs.sums
        self.worked: dict[str, int] = {}

    def booked(self, code: str) -> int:
        held = self.sums.get(code)
        return held.cents if held else 0

    def allowed(self, code: str) -> int:
        return self.worked.get(code, percent_of(self.booked(code), LIMITS.get(code, WHOLE)))

    def put(self, code: str, cents: int) -> None:
        self.worked[code] = cents

    def add(self, code: str, cents: int) -> None:
        if cents:
            self.worked[code] = self.allowed(code) + cents
