"""The tax rules of one state as its file tells them: figures by year with their sources, and the worksheet.

This module refuses what cannot be right: a figure without status, source and date, a worksheet line that reads a name
nobody has written before, a figure no line reads. It never reads a file itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.tax.parameters import STATUSES, BadParametersError
from app.core.tax.state.facts import FACTS, is_counted
from app.core.tax.state.formula import BadFormulaError, Formula, Table, Value, formula, table

OTHER = "OTHER"
"""The key of a figure by locality that holds for every other place in the state."""
TAX, REFUNDABLE, LOCAL, LOCAL_REFUNDABLE = "tax", "refundable", "local_tax", "local_refundable"
RESULTS = (TAX, REFUNDABLE, LOCAL, LOCAL_REFUNDABLE)
"""The lines a worksheet is read for: tax before refundable credits, refundable credits, and the same of the place."""

_LINE_KEYS = frozenset({"name", "form", "line", "label", "formula", "source", "from", "until"})
_STATUS_KEYS = frozenset(FilingStatus)
_FIGURE_KEYS = frozenset({"value", "status", "source", "read"})


class Fidelity(StrEnum):
    """How far the answer of a state can be relied on; shown wherever the tax of the state is shown."""

    TESTED = "tested"
    TABLE = "table"
    APPROXIMATE = "approximate"


class WorksheetLine(NamedTuple):
    """One line: its name is what later lines call its amount."""

    name: str
    form: str
    line: str
    label: str
    formula: Formula
    source: str
    since: int
    until: int


class Figure(NamedTuple):
    """A value of the law with its keys still open: by filing status, by locality, or neither."""

    value: Any
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class StateYear:
    """One year of one state, ready to be worked out."""

    lines: tuple[WorksheetLine, ...]
    figures: Mapping[str, Figure]
    resolved: dict[tuple[FilingStatus, str], Mapping[str, Value]] = field(default_factory=dict)
    """The figures of a filing status and a place, once they were asked for."""
    printed: dict[tuple[FilingStatus, str, str], Printed] = field(default_factory=dict)

    def values(self, status: FilingStatus, locality: str) -> Mapping[str, Value]:
        """Return every figure as it is for a filing status in a place."""
        key = (status, locality)
        found = self.resolved.get(key)
        if found is None:
            found = {name: resolve(figure.value, status, locality) for name, figure in self.figures.items()}
            self.resolved[key] = found
        return found

    @property
    def projected(self) -> tuple[str, ...]:
        """Names of the figures that are not law yet."""
        return tuple(name for name, figure in self.figures.items() if figure.status == "projected")


class Printed(NamedTuple):
    """A line as it is shown: rates stand in the formula, amounts are named inputs."""

    formula: str
    inputs: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRules:
    """A state. `localities` are the places whose own income tax is worked out, by code with their name."""

    code: str
    name: str
    version: str
    fidelity: Fidelity
    error_p90_cents: int
    """90th percentile of the gap to the reference households."""
    warnings: tuple[str, ...]
    """Taxes of the state that are no income taxes and are not in the figures."""
    not_included: tuple[str, ...]
    localities: Mapping[str, str]
    local_note: str
    """What is said when the household names no locality and the state has local income taxes, else empty."""
    has_income_tax: bool
    years: Mapping[int, StateYear]

    def year(self, year: int) -> StateYear | None:
        """Return the rules of a year; those of the year before while its own are not known. None for any other."""
        return self.years.get(year) or self.years.get(year - 1)

    def is_borrowed(self, year: int) -> bool:
        """Return whether a year is worked out with the figures of the year before."""
        return self.has_income_tax and year not in self.years


def load_state(data: Mapping[str, Any]) -> StateRules:
    """Return the rules from the plain data of a state's file. Raises: BadParametersError that names state and line."""
    code = str(data.get("code", "?"))
    try:
        lines = [_line(row) for row in data.get("worksheet", ())]
        years = {int(year): _year(int(year), figures, lines) for year, figures in data["years"].items()}
        return StateRules(
            code=code,
            name=data["name"],
            version=data["version"],
            fidelity=Fidelity(data["fidelity"]),
            error_p90_cents=data.get("error_p90_cents", 0),
            warnings=tuple(data.get("warnings", ())),
            not_included=tuple(data.get("not_included", ())),
            localities=data.get("localities", {}),
            local_note=data.get("local_note", ""),
            has_income_tax=bool(lines),
            years=years,
        )
    except (KeyError, TypeError, ValueError) as trouble:
        raise BadParametersError(f"state {code}: {trouble}") from trouble


def _line(row: Mapping[str, Any]) -> WorksheetLine:
    unknown = set(row) - _LINE_KEYS
    if unknown:
        raise BadParametersError(f"{row.get('name')}: unknown {', '.join(sorted(unknown))}")
    try:
        computed = formula(row["formula"])
    except BadFormulaError as trouble:
        raise BadParametersError(f"{row['name']}: {trouble}") from trouble
    return WorksheetLine(
        name=row["name"], form=row["form"], line=row.get("line", ""), label=row["label"], formula=computed,
        source=row.get("source", ""), since=row.get("from", 0), until=row.get("until", 9999),
    )  # fmt: skip


def _year(year: int, data: Mapping[str, Any], lines: Iterable[WorksheetLine]) -> StateYear:
    figures = {name: _figure(f"{year}.{name}", entry) for name, entry in data.items()}
    kept = tuple(line for line in lines if line.since <= year <= line.until)
    known, read = set(figures), set[str]()
    for line in kept:
        unknown = [name for name in line.formula.names if not (name in known or name in FACTS or is_counted(name))]
        if unknown:
            raise BadParametersError(f"{year} {line.name}: nothing is called {', '.join(unknown)}")
        if line.name in known or line.name in FACTS:
            raise BadParametersError(f"{year} {line.name}: the name is taken")
        known.add(line.name)
        read.update(line.formula.names)
    unread = set(figures) - read
    if unread:
        raise BadParametersError(f"{year}: no line reads {', '.join(sorted(unread))}")
    if kept and TAX not in known:
        raise BadParametersError(f"{year}: no line is called {TAX}")
    return StateYear(kept, figures)


def _figure(where: str, entry: object) -> Figure:
    if not isinstance(entry, Mapping) or set(entry) != _FIGURE_KEYS:
        raise BadParametersError(f"{where}: value, status, source and read are needed")
    if entry["status"] not in STATUSES or not entry["source"] or not isinstance(entry["read"], date):
        raise BadParametersError(f"{where}: status, source or read is not usable")
    return Figure(_parsed(where, entry["value"]), entry["status"], entry["source"])


def _parsed(where: str, value: object) -> object:
    """Return plain data as numbers and tables; the keys of a mapping are filing statuses, or localities."""
    if isinstance(value, Mapping):
        if set(value) != _STATUS_KEYS and not all(key.isupper() for key in value):
            raise BadParametersError(f"{where}: one value for each filing status, or for each locality, is needed")
        return {key: _parsed(where, item) for key, item in value.items()}
    if isinstance(value, list):
        try:
            return table([(_amount(where, start), _number(where, item)) for start, item in value])
        except ValueError as trouble:
            raise BadParametersError(f"{where}: {trouble}") from trouble
    return _number(where, value)


def _number(where: str, value: object) -> int | Decimal:
    """Return cents or a count as they are, and a text as a rate."""
    if not isinstance(value, str):
        return _amount(where, value)
    try:
        rate = Decimal(value)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 <= rate <= 1:
        raise BadParametersError(f"{where}: {value!r} is not a rate between 0 and 1")
    return rate


def _amount(where: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadParametersError(f"{where}: {value!r} is not a whole number")
    return value


def resolve(value: Any, status: FilingStatus, locality: str) -> Value:  # noqa: ANN401 - nested plain data
    """Return a figure for one filing status in one place; what no place is named for is 0."""
    while isinstance(value, Mapping):
        value = value[status] if status in value else value.get(locality, value.get(OTHER, 0))
    found: Value = value
    return found


def printed(year: StateYear, line: WorksheetLine, status: FilingStatus, locality: str) -> Printed:
    """Return a line as it is shown for a filing status in a place: the rates and tables of the law written out."""
    key = (status, locality, line.name)
    found = year.printed.get(key)
    if found is None:
        found = _printed(year, line, year.values(status, locality))
        year.printed[key] = found
    return found


def _printed(year: StateYear, line: WorksheetLine, values: Mapping[str, Value]) -> Printed:
    import re  # noqa: PLC0415 - only an explanation is printed

    written = {
        name: str(values[name])
        for name in line.formula.names
        if isinstance(values.get(name), (Decimal, Table))
    }  # fmt: skip
    text = re.sub(r"\b[A-Za-z_]\w*\b", lambda match: written.get(match[0], match[0]), line.formula.text)
    sources = [line.source] if line.source else []
    sources += [year.figures[name].source for name in line.formula.names if name in year.figures]
    inputs = tuple(name for name in line.formula.names if name not in written)
    return Printed(text, inputs, "; ".join(dict.fromkeys(sources)))
