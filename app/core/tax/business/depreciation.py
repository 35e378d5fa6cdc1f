"""Depreciation of equipment and vehicles, year by year from the first year of use (Form 4562).

What a year may take follows from all years before it: the limit of a car leaves a rest for later, a business share that
falls to half or below brings earlier deductions back. So a schedule is worked out from the start each time. Gain or
loss at a sale is Form 4797 and is not worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from app.core.dates import Day, date_of, year_of
from app.core.money import WHOLE, fraction, percent_of, share
from app.core.tax.business.figures import BusinessFigures, Rates, ServiceYear

CAR = "car"
SUV = "suv"
"""Above 6,000 lb with seats: no limit of cars, but one for section 179."""
OTHER = "other"
QUARTERS = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One thing that is written off over years. Amounts in cents, shares in basis points."""

    key: str
    """Tells it from all others: two things may have the same name."""
    name: str
    cost_cents: int
    in_service: Day
    acquired: Day
    """The day of a binding contract; it decides the bonus rate."""
    life: int = 5
    kind: str = OTHER
    straight: bool = False
    """Chosen straight line from the first year."""
    listed: bool = False
    """Must be used for business by more than half; vehicles always are."""
    bonus: bool = True
    """False when bonus was elected out of."""
    section_179_cents: int = 0
    """What is elected, before the limits of the year."""
    shares: Mapping[int, int] = field(default_factory=dict)
    """Business share by year; a year that is not named has that of the last one before it."""
    prior_cents: int | None = None
    prior_year: int | None = None
    """What was taken up to the end of a year by somebody else's schedule; it is believed."""
    sold: Day | None = None

    @property
    def year(self) -> int:
        return year_of(self.in_service)

    def share_in(self, year: int) -> int:
        known = [known for known in self.shares if known <= year]
        return self.shares[max(known)] if known else self.shares.get(min(self.shares, default=0), WHOLE)


class Work(NamedTuple):
    """The arithmetic of a year. The regular part is `min(base * rate, room, left)`, the bonus the same of its own."""

    base: int
    rate: Decimal
    room: int
    left: int
    bonus_base: int
    bonus_rate: Decimal
    bonus_room: int


class Taken(NamedTuple):
    """What one year takes for one asset. Units: cents."""

    year: int
    section_179: int = 0
    bonus: int = 0
    regular: int = 0
    recapture: int = 0
    """Income of the year: what was taken too early while business use was above half."""
    left: int = 0
    """Business basis that is not deducted yet."""
    work: Work | None = None
    """How the regular part and the bonus were worked out."""

    @property
    def total(self) -> int:
        return self.section_179 + self.bonus + self.regular


class Rules(NamedTuple):
    """Where a state does otherwise than the federal rules."""

    bonus: bool = True
    section_179_limit: int | None = None
    section_179_phase_out: int | None = None


FEDERAL = Rules()


def mid_quarter(figures: BusinessFigures, assets: Iterable[Asset], year: int, allowed_179: Mapping[str, int]) -> bool:
    """Tell whether more than two fifths of what a year put into service came in its last three months."""
    early = late = 0
    for asset in assets:
        if asset.year != year or (asset.sold is not None and year_of(asset.sold) == year):
            continue
        basis = percent_of(asset.cost_cents, asset.share_in(year)) - allowed_179.get(asset.key, 0)
        if quarter_of(asset.in_service) == len(QUARTERS):
            late += basis
        else:
            early += basis
    return late > share(early + late, figures.tables.last_quarter_share)


def quarter_of(day: Day) -> int:
    return (date_of(day).month + 2) // 3


def bonus_rate(figures: BusinessFigures, year: int, acquired: Day) -> Decimal:
    """Return the bonus rate of a thing first used in a year; 0 for a year that is not known."""
    service = figures.service.get(year)
    if service is None:
        return Decimal(0)
    return service.bonus_rate_until if acquired <= figures.tables.bonus_acquired_until else service.bonus_rate_after


def schedule(
    figures: BusinessFigures, asset: Asset, year: int, *, quarterly: bool = False, allowed_179: int | None = None,
    rules: Rules = FEDERAL,
) -> list[Taken]:  # fmt: skip
    """Return what each year from the first of service to `year` takes.

    `quarterly`: the mid-quarter convention holds for the year of service. `allowed_179` replaces the elected amount
    where a limit cut it.
    """
    service = figures.service.get(asset.year)
    made: list[Taken] = []
    state = _State(figures, asset, service, quarterly=quarterly, rules=rules,
                   allowed_179=asset.section_179_cents if allowed_179 is None else allowed_179)  # fmt: skip
    for each in range(asset.year, year + 1):
        believed = asset.prior_year is not None and each <= asset.prior_year
        made.append(state.believed(each) if believed else state.take(each))
    return made


class _State:
    """The schedule of one asset while its years are worked through."""

    def __init__(
        self, figures: BusinessFigures, asset: Asset, service: ServiceYear | None, *, quarterly: bool, rules: Rules,
        allowed_179: int,
    ) -> None:  # fmt: skip
        self.figures, self.asset, self.service, self.quarterly, self.rules = figures, asset, service, quarterly, rules
        first = asset.share_in(asset.year)
        self.basis = percent_of(asset.cost_cents, first)
        qualifies = not asset.listed or _above_half(figures, first)
        self.section_179 = min(self.basis, allowed_179) if qualifies else 0
        rate = bonus_rate(figures, asset.year, asset.acquired)
        wanted = qualifies and asset.bonus and rules.bonus
        self.bonus_rate = rate if wanted else Decimal(0)
        self.bonus = share(self.basis - self.section_179, self.bonus_rate)
        self.slow = asset.straight or not qualifies
        self.taken = 0
        self.capped_first = 0

    def believed(self, year: int) -> Taken:
        """Return a year of somebody else's schedule: all of it is noted in its last year."""
        if year != self.asset.prior_year:
            return Taken(year)
        self.taken = min(self.asset.prior_cents or 0, self.basis)
        return Taken(year, 0, 0, self.taken, 0, self.basis - self.taken)

    def take(self, year: int) -> Taken:
        asset, age = self.asset, year - self.asset.year
        if asset.sold is not None and year > year_of(asset.sold):
            return Taken(year)
        portion = asset.share_in(year)
        self.basis = max(self.basis, percent_of(asset.cost_cents, portion))
        recapture = 0
        if asset.listed and not self.slow and age and not _above_half(self.figures, portion):
            recapture = self._recapture(year)
            self.slow = True
        # Section 179 goes first, the regular part last: so they share the limit of a car.
        room = self._room(age, portion)
        own = age == 0 and asset.prior_year is None
        first_179 = min(self.section_179, room) if own else 0
        bonus_base = self.basis - self.section_179 if own else 0
        bonus = min(self.bonus, room - first_179) if own else 0
        base, rate = self._regular(year, age, portion)
        left = max(0, self.basis - self.taken - first_179 - bonus)
        work = Work(base, rate, room - first_179 - bonus, left, bonus_base, self.bonus_rate, room - first_179)
        regular = min(share(base, rate), work.room, left)
        self.taken += first_179 + bonus + regular
        if not age:
            self.capped_first = self.taken
        return Taken(year, first_179, bonus, regular, recapture, max(0, self.basis - self.taken), work)

    def _regular(self, year: int, age: int, portion: int) -> tuple[int, Decimal]:
        """Return the basis of the table and the share a year takes of it."""
        asset = self.asset
        rates = (
            straight_line(asset.life, self._quarter())
            if self.slow
            else table(self.figures, asset.life, self._quarter())
        )
        if age >= len(rates):
            # Only the limit of cars leaves anything for later years.
            return (max(0, self.basis - self.taken) if asset.kind == CAR else 0), Decimal(1)
        base = max(0, percent_of(asset.cost_cents, portion) - self.section_179 - self.bonus)
        if asset.kind == CAR and self.bonus_rate == 1 and age:
            # The safe harbour for cars with full bonus: what the first year's limit left is spread by the table.
            base = max(0, percent_of(asset.cost_cents, portion) - self.capped_first)
        rate = rates[age]
        if asset.sold is not None and year == year_of(asset.sold):
            rate *= self._sold_part(asset.sold)
        return base, rate

    def _room(self, age: int, portion: int) -> int:
        """Return the most a year may take: the limit of a car, times its business share."""
        if self.asset.kind != CAR or self.service is None:
            return self.basis
        return percent_of(car_limit(self.service, age, with_bonus=self.bonus > 0), portion)

    def _quarter(self) -> int:
        return quarter_of(self.asset.in_service) if self.quarterly else 0

    def _sold_part(self, sold: Day) -> Decimal:
        tables = self.figures.tables
        return tables.sold_in_quarter[quarter_of(sold) - 1] if self.quarterly else tables.sold_half_year

    def _recapture(self, year: int) -> int:
        """Return what was taken above straight line while business use was above half."""
        slow = _State(self.figures, self.asset, self.service, quarterly=self.quarterly, rules=Rules(bonus=False),
                      allowed_179=0)  # fmt: skip
        slow.slow = True
        for each in range(self.asset.year, year):
            slow.take(each)
        over = max(0, self.taken - slow.taken)
        self.taken -= over
        self.section_179 = self.bonus = 0
        self.bonus_rate = Decimal(0)
        return over


def _above_half(figures: BusinessFigures, basis_points: int) -> bool:
    return basis_points > WHOLE * figures.tables.listed_above


def car_limit(service: ServiceYear, age: int, *, with_bonus: bool) -> int:
    """Return the limit of a car in a year of its use. `age` is 0 in the first."""
    if not age:
        return service.cap_first_with_bonus_cents if with_bonus else service.cap_first_cents
    return {1: service.cap_second_cents, 2: service.cap_third_cents}.get(age, service.cap_later_cents)


def table(figures: BusinessFigures, life: int, quarter: int) -> Rates:
    """Return the accelerated table of a class; `quarter` 0 is the half-year convention."""
    name = f"{QUARTERS[quarter - 1]}_{life}" if quarter else f"half_year_{life}"
    rates: Rates = getattr(figures.tables, name)
    return rates


def straight_line(life: int, quarter: int) -> Rates:
    """Return equal shares over a life that begins in the middle of the year, or of a quarter."""
    # In eighths of a year: the first year has 7, 5, 3 or 1 of them by quarter, 4 by the half-year convention.
    eighths = 9 - 2 * quarter if quarter else 4
    first = Decimal(eighths) / 8 / life
    return (first, *[Decimal(1) / life] * (life - 1), Decimal(1) / life - first)


# --- section 179 ------------------------------------------------------------------------------------------------------


def elected_179(figures: BusinessFigures, assets: Iterable[Asset], rules: Rules = FEDERAL) -> dict[str, int]:
    """Return what the dollar limits allow of what is elected in the year of `figures`, by key of the asset.

    The limit by income comes on top of it: all businesses and wages of the return, a couple as one.
    """
    limits = figures.section_179
    limit = limits.limit_cents if rules.section_179_limit is None else rules.section_179_limit
    from_cents = limits.phase_out_from_cents if rules.section_179_phase_out is None else rules.section_179_phase_out
    placed = [asset for asset in assets if asset.year == figures.year and asset.section_179_cents]
    shares = {asset.key: asset.share_in(figures.year) for asset in placed}
    cost = sum(percent_of(asset.cost_cents, shares[asset.key]) for asset in placed)
    room = max(0, limit - max(0, cost - from_cents))
    allowed: dict[str, int] = {}
    for asset in placed:
        portion = shares[asset.key]
        elected = min(asset.section_179_cents, percent_of(asset.cost_cents, portion))
        if not _above_half(figures, portion):
            elected = 0
        if asset.kind == SUV:
            elected = min(elected, limits.suv_limit_cents)
        if asset.kind == CAR:
            cap = car_limit(figures.service[figures.year], 0, with_bonus=asset.bonus and rules.bonus)
            elected = min(elected, percent_of(cap, portion))
        allowed[asset.key] = min(elected, room)
        room -= allowed[asset.key]
    return allowed


# --- straight line after the mileage rate -----------------------------------------------------------------------------


def after_mileage(
    figures: BusinessFigures, asset: Asset, year: int, miles: Mapping[int, int], actual_years: Iterable[int]
) -> list[Taken]:
    """Return the years of actual costs of a vehicle whose first years were at the mileage rate.

    Each mile of those years has lowered the basis; the rest is spread evenly over what is left of five years, within
    the limits of cars. `miles` are the business miles of the years at the rate.
    """
    wanted = sorted(each for each in actual_years if each <= year)
    if not wanted:
        return []
    switched = wanted[0]
    left = asset.cost_cents - sum(
        share(count, figures.service[each].mileage_depreciation_cents)
        for each, count in miles.items()
        if each < switched and each in figures.service
    )
    used = (switched - asset.year) * 12 - (date_of(asset.in_service).month - 1)
    months = max(0, figures.tables.car_years * 12 - used)
    service = figures.service.get(asset.year)
    base = max(0, left)
    left = base
    made = []
    for number, each in enumerate(wanted):
        share_of_year = asset.share_in(each)
        gone = min(12, max(0, months - 12 * number))
        full = min(left, fraction(base, gone, months)) if months else left
        room = full
        if asset.kind == CAR and service is not None:
            room = percent_of(car_limit(service, each - asset.year, with_bonus=False), share_of_year)
        taken = min(percent_of(full, share_of_year), room)
        left -= full
        work = Work(full, Decimal(share_of_year) / WHOLE, room, full, 0, Decimal(0), 0)
        made.append(Taken(each, 0, 0, taken, 0, left, work))
    return made
