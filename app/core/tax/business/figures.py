"""The figures of Schedule C of a tax year, typed, and their reading from plain data.

Each figure has a value, a status, a source and the day it was taken in; the same rules as for the figures of Form 1040
(`app.core.tax.parameters`). This module never reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from app.core.dates import Day, day_from_iso
from app.core.tax.parameters import STATUSES, BadParametersError

Amounts = tuple[int, ...]
Rates = tuple[Decimal, ...]
Days = tuple[Day, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    meals_rate: Decimal
    meals_hours_of_service_rate: Decimal
    meals_on_premises_rate: Decimal
    gift_cents: int
    de_minimis_cents: int
    startup_cents: int
    startup_phase_out_cents: int
    startup_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOffice:
    per_square_foot_cents: int
    largest_square_feet: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mileage:
    """`cents_per_mile` holds from the day beside it in `starts`, so that a rate may change within a year."""

    starts: Days
    cents_per_mile: Rates
    most_vehicles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section179:
    limit_cents: int
    phase_out_from_cents: int
    suv_limit_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceYear:
    """What depends on the year a thing was first used."""

    bonus_rate_until: Decimal
    bonus_rate_after: Decimal
    mileage_depreciation_cents: Decimal
    """The part of the mileage rate of that year that lowers the basis of the vehicle."""
    cap_first_with_bonus_cents: int
    cap_first_cents: int
    cap_second_cents: int
    cap_third_cents: int
    cap_later_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Depreciation percentages from the first year of service on."""

    half_year_5: Rates
    half_year_7: Rates
    first_quarter_5: Rates
    second_quarter_5: Rates
    third_quarter_5: Rates
    fourth_quarter_5: Rates
    first_quarter_7: Rates
    second_quarter_7: Rates
    third_quarter_7: Rates
    fourth_quarter_7: Rates
    building_first: Rates
    """By the month of service."""
    building_later: Decimal
    building_years: int
    last_quarter_share: Decimal
    sold_half_year: Decimal
    sold_in_quarter: Rates
    listed_above: Decimal
    car_years: int
    bonus_acquired_until: Day
    """A contract up to this day has `bonus_rate_until` of its year of service, a later one `bonus_rate_after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessFigures:
    """One tax year of Schedule C. `service` has the year itself and the years before it."""

    year: int
    version: str
    limits: Limits
    home_office: HomeOffice
    mileage: Mileage
    section_179: Section179
    tables: Tables
    service: Mapping[int, ServiceYear]
    sources: Mapping[str, str]
    projected: tuple[str, ...]
    """Names of the figures that are not announced yet."""


_SECTIONS: dict[str, type[Any]] = {
    "limits": Limits,
    "home_office": HomeOffice,
    "mileage": Mileage,
    "section_179": Section179,
    "service": ServiceYear,
}
LARGEST_MILE_RATE = 1_000


def load(
    data: Mapping[str, Any], before: Mapping[int, Mapping[str, Any]], tables: Mapping[str, Any]
) -> BusinessFigures:
    """Return the figures of a year.

    `before` are the files of years before it and, as `{year: {"service": …}}`, of those that have no file of their own.
    Raises: BadParametersError that names the figure.
    """
    year, version = data.get("year"), data.get("version")
    if not isinstance(year, int) or not isinstance(version, str):
        raise BadParametersError("year and version are needed")
    reader = _Reader()
    found: dict[str, Any] = {name: reader.section(data, name, cls) for name, cls in _SECTIONS.items()}
    unknown = set(data) - set(_SECTIONS) - {"year", "version"}
    if unknown:
        raise BadParametersError(f"unknown {', '.join(sorted(unknown))}")
    own: ServiceYear = found.pop("service")
    service = {known: _Reader().section(held, "service", ServiceYear) for known, held in before.items() if known < year}
    made = BusinessFigures(
        year=year, version=version, tables=reader.section(tables, "tables", Tables), service={**service, year: own},
        sources=reader.sources, projected=tuple(reader.projected), **found,
    )  # fmt: skip
    _check(made)
    return made


class _Reader:
    """Reads sections and remembers where every figure came from."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.projected: list[str] = []

    def section(self, data: Mapping[str, Any], section: str, cls: type[Any]) -> Any:  # noqa: ANN401 - of that class
        entries = data.get(section)
        if not isinstance(entries, Mapping):
            raise BadParametersError(f"{section} is missing")
        unknown = set(entries) - {field.name for field in fields(cls)}
        if unknown:
            raise BadParametersError(f"{section}: unknown {', '.join(sorted(unknown))}")
        return cls(**{field.name: self._figure(entries, section, field.name, str(field.type)) for field in fields(cls)})

    def _figure(self, entries: Mapping[str, Any], section: str, name: str, kind: str) -> object:
        where = f"{section}.{name}"
        entry = entries.get(name)
        if not isinstance(entry, Mapping) or set(entry) != {"value", "status", "source", "read"}:
            raise BadParametersError(f"{where}: value, status, source and read are needed")
        if entry["status"] not in STATUSES or not entry["source"] or not isinstance(entry["read"], date):
            raise BadParametersError(f"{where}: status, source or read is not usable")
        self.sources[where] = entry["source"]
        if entry["status"] == "projected":
            self.projected.append(where)
        largest = LARGEST_MILE_RATE if name in {"cents_per_mile", "mileage_depreciation_cents"} else 1
        return _READERS[kind](where, entry["value"], largest)


def _rate(where: str, value: object, largest: int) -> Decimal:
    try:
        rate = Decimal(value) if isinstance(value, str) else Decimal(-1)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate <= largest:
        raise BadParametersError(f"{where}: {value!r} is not a rate between 0 and {largest}")
    return rate


def _amount(where: str, value: object, _largest: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadParametersError(f"{where}: {value!r} is not a whole number of 0 or more")
    return value


def _day(where: str, value: object, _largest: int) -> Day:
    try:
        return day_from_iso(value if isinstance(value, str) else "")
    except ValueError as error:
        raise BadParametersError(f"{where}: {value!r} is not a date") from error


def _list_of(read: Callable[[str, object, int], Any]) -> Callable[[str, object, int], tuple[Any, ...]]:
    def many(where: str, value: object, largest: int) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise BadParametersError(f"{where}: a list is needed")
        return tuple(read(where, item, largest) for item in value)

    return many


_READERS: dict[str, Callable[[str, object, int], object]] = {
    "Decimal": _rate,
    "int": _amount,
    "Day": _day,
    "Rates": _list_of(_rate),
    "Days": _list_of(_day),
}


def _check(made: BusinessFigures) -> None:
    mileage = made.mileage
    if len(mileage.starts) != len(mileage.cents_per_mile) or any(a >= b for a, b in pairwise(mileage.starts)):
        raise BadParametersError("mileage: each rate needs the day from which it holds, in order")
    for name in (field.name for field in fields(Tables) if field.name.endswith(("_5", "_7"))):
        if sum(getattr(made.tables, name)) != 1:
            raise BadParametersError(f"tables.{name}: the years do not add up to the whole cost")
    for year, held in made.service.items():
        if not held.cap_first_cents <= held.cap_first_with_bonus_cents:
            raise BadParametersError(f"service of {year}: the limit with bonus is below that without")
