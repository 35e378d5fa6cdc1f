"""Reading the figures of one tax year from plain data.

The file is the law as far as this program knows it; this module only refuses what cannot be law: a figure without a
status, a source and a date, thresholds that fall, a rate above one. It never reads a file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from app.core.books.vocabulary import FilingStatus
from app.core.tax.figures import (
    AdditionalMedicare,
    Adjustments,
    Amounts,
    Amt,
    Benefits,
    Brackets,
    ByStatus,
    ChildCredit,
    Deduction,
    EarnedCredit,
    ElderlyCredit,
    Itemizing,
    Niit,
    Parameters,
    Qbi,
    Rates,
    Retirement,
    SelfEmployment,
    StepsByStatus,
    Tables,
    Tips,
)

STATUSES = frozenset({"enacted", "published", "projected"})


class BadParametersError(ValueError):
    """The file of a tax year is not usable: our bug or a damaged installation, never the user's doing."""


def load(data: Mapping[str, Any]) -> Parameters:
    """Return the figures of a year from the plain data of its file.

    Raises: BadParametersError that names the figure.
    """
    reader = _Reader(data)
    sections: dict[str, Any] = {
        name: reader.section(name, cls) if name in data or name not in _OPTIONAL else None
        for name, cls in _SECTIONS.items()
    }
    reader.refuse_unknown()
    year, version = data.get("year"), data.get("version")
    if not isinstance(year, int) or not isinstance(version, str):
        raise BadParametersError("year and version are needed")
    for brackets in (sections["brackets"], sections["gains"]):
        _check_brackets(brackets)
    _check_earned_credit(sections["earned_credit"])
    _check_parts(sections["itemizing"], sections["tables"])
    return Parameters(
        year=year,
        version=version,
        read=max(reader.read),
        sources=reader.sources,
        projected=tuple(reader.projected),
        **sections,
    )


_SECTIONS: dict[str, type[Any]] = {
    "self_employment": SelfEmployment,
    "additional_medicare": AdditionalMedicare,
    "adjustments": Adjustments,
    "retirement": Retirement,
    "benefits": Benefits,
    "deduction": Deduction,
    "itemizing": Itemizing,
    "tips": Tips,
    "tables": Tables,
    "brackets": Brackets,
    "gains": Brackets,
    "niit": Niit,
    "amt": Amt,
    "qbi": Qbi,
    "elderly_credit": ElderlyCredit,
    "child_credit": ChildCredit,
    "earned_credit": EarnedCredit,
}


_OPTIONAL = frozenset({"elderly_credit"})
"""Sections a year may be without."""


class _Reader:
    """Reads sections and remembers where every figure came from."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.sources: dict[str, str] = {}
        self.projected: list[str] = []
        self.read: list[date] = []

    def section(self, section: str, cls: type[Any]) -> object:
        entries = self.data.get(section)
        if not isinstance(entries, Mapping):
            raise BadParametersError(f"{section} is missing")
        # The annotation of a field says how its figure must look: one table instead of a schema beside the classes.
        values = {name: self._figure(section, name, kind) for name, kind in _kinds(cls).items()}
        unknown = set(entries) - set(values)
        if unknown:
            raise BadParametersError(f"{section}: unknown {', '.join(sorted(unknown))}")
        built: object = cls(**values)
        return built

    def refuse_unknown(self) -> None:
        unknown = set(self.data) - set(_SECTIONS) - {"year", "version"}
        if unknown:
            raise BadParametersError(f"unknown {', '.join(sorted(unknown))}")

    def _figure(self, section: str, name: str, kind: str) -> object:
        where = f"{section}.{name}"
        entry = self.data[section].get(name)
        if not isinstance(entry, Mapping) or set(entry) != {"value", "status", "source", "read"}:
            raise BadParametersError(f"{where}: value, status, source and read are needed")
        if entry["status"] not in STATUSES or not entry["source"] or not isinstance(entry["read"], date):
            raise BadParametersError(f"{where}: status, source or read is not usable")
        self.sources[where] = entry["source"]
        self.read.append(entry["read"])
        if entry["status"] == "projected":
            self.projected.append(where)
        return _READERS[kind](where, entry["value"])


def _kinds(cls: type[Any]) -> dict[str, str]:
    """Return the annotations of a class as they are written; a named tuple keeps them wrapped."""
    return {name: str(getattr(kind, "__forward_arg__", kind)) for name, kind in cls.__annotations__.items()}


def _rate(where: str, value: object) -> Decimal:
    try:
        rate = Decimal(value) if isinstance(value, str) else Decimal(-1)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate <= 1:
        raise BadParametersError(f"{where}: {value!r} is not a rate between 0 and 1")
    return rate


def _amount(where: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadParametersError(f"{where}: {value!r} is not a whole number of 0 or more")
    return value


def _rates(where: str, value: object) -> Rates:
    return tuple(_rate(where, item) for item in _items(where, value))


def _amounts(where: str, value: object) -> Amounts:
    return tuple(_amount(where, item) for item in _items(where, value))


def _by_status(where: str, value: object) -> ByStatus:
    return {status: _amount(where, item) for status, item in _statuses(where, value)}


def _steps_by_status(where: str, value: object) -> StepsByStatus:
    steps = {status: _amounts(where, item) for status, item in _statuses(where, value)}
    if any(low >= high for row in steps.values() for low, high in pairwise(row)):
        raise BadParametersError(f"{where}: thresholds do not rise")
    return steps


def _statuses(where: str, value: object) -> list[tuple[FilingStatus, object]]:
    if not isinstance(value, Mapping) or set(value) != set(FilingStatus):
        raise BadParametersError(f"{where}: one value for each filing status is needed")
    return [(status, value[status]) for status in FilingStatus]


def _items(where: str, value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise BadParametersError(f"{where}: a list is needed")
    return value


_READERS: dict[str, Callable[[str, object], object]] = {
    "Decimal": _rate,
    "int": _amount,
    "Rates": _rates,
    "Amounts": _amounts,
    "ByStatus": _by_status,
    "StepsByStatus": _steps_by_status,
}


def _check_brackets(brackets: Brackets) -> None:
    if any(low >= high for low, high in pairwise(brackets.rates)):
        raise BadParametersError("brackets: rates do not rise")
    if any(len(row) != len(brackets.rates) - 1 for row in brackets.up_to_cents.values()):
        raise BadParametersError("brackets: every rate but the last needs its upper edge")


def _check_earned_credit(credit: EarnedCredit) -> None:
    rows = (
        credit.rates,
        credit.maximum_cents,
        credit.full_from_cents,
        credit.phase_out_from_cents,
        credit.joint_addition_cents,
        credit.phase_out_rates,
    )
    if any(len(row) != 4 for row in rows):
        raise BadParametersError("earned_credit: no, one, two, three or more children need one figure each")


def _check_parts(itemizing: Itemizing, tables: Tables) -> None:
    if len(itemizing.reduction_parts) != 2 or itemizing.reduction_parts[0] >= itemizing.reduction_parts[1]:
        raise BadParametersError("itemizing.reduction_parts: a fraction below one is needed")
    rising = all(low < high for low, high in pairwise(tables.bands_from_cents))
    if not rising or len(tables.bands_from_cents) != len(tables.bands_width_cents):
        raise BadParametersError("tables: bands do not rise, or one has no width")
