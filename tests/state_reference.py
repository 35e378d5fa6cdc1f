"""The state files and the reference households they are held against, for every test and script that needs them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from app.core.tax.figures import Parameters
from app.core.tax.model import Household
from app.core.tax.parameters import load
from app.core.tax.scenario import household_of
from app.core.tax.state.formula import Table, table
from app.core.tax.state.rules import Figure, StateRules, StateYear, load_state
from app.core.tax.whole import evaluate_return

DATA = Path(__file__).parent / "data" / "reference"
PUBLIC, MORE = DATA / "oracle-state-public.csv", DATA / "oracle-state-more.csv"
YEARS = (2024, 2025, 2026)

BEFORE, REFUNDABLE = "state_income_tax_before_refundable_credits", "state_refundable_credits"
LOCAL, LOCAL_BEFORE = "local_income_tax", "local_before_refundable"
DOLLAR = 100


class Row(NamedTuple):
    """A reference household with its answer in cents, by the names of our own components."""

    id: str
    state: str
    locality: str
    agreed: bool
    household: Household
    expected: dict[str, int]


@cache
def state_data(code: str) -> dict[str, Any]:
    """Return the plain data of a state's file."""
    text = resources.files("resources").joinpath("tax", "states", f"{code.lower()}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def codes() -> tuple[str, ...]:
    folder = resources.files("resources").joinpath("tax", "states")
    return tuple(sorted(path.name[:2].upper() for path in folder.iterdir() if path.name.endswith(".toml")))


@cache
def rules_of(code: str) -> StateRules:
    return load_state(state_data(code))


@cache
def federal() -> dict[int, Parameters]:
    folder = resources.files("resources").joinpath("tax", "federal")
    return {year: load(tomllib.loads(folder.joinpath(f"{year}.toml").read_text(encoding="utf-8"))) for year in YEARS}


@cache
def rows(path: Path) -> tuple[Row, ...]:
    """Return the households of a reference table."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_row(row) for row in csv.DictReader(file))


def _row(row: dict[str, str]) -> Row:
    """Return a household with its answer. An empty cell is not judged."""
    columns = {BEFORE: f"pe_{BEFORE}", REFUNDABLE: f"pe_{REFUNDABLE}"}
    if row["locality"]:
        before = "pe_local_income_tax_before_refundable_credits"
        columns[LOCAL_BEFORE] = before if row[before] else "pe_local_income_tax"
        if float(row["pe_local_income_tax"] or 0):
            # The other program has a figure after credits for New York City and for the counties of Indiana only.
            columns[LOCAL] = "pe_local_income_tax"
    expected = {name: round(float(row[column]) * 100) for name, column in columns.items() if row[column]}
    household = household_of(row)
    if row.get("blind_primary") == "1":
        household = replace(household, primary=replace(household.primary, blind=True))
    return Row(row["id"], row["state"], row["locality"], row.get("oracles_agree", "1") == "1", household, expected)


def gaps(row: Row, rules: StateRules) -> dict[str, int]:
    """Return how far our answer is from the reference, by component. Units: cents."""
    figures = federal()[row.household.year]
    found = evaluate_return(row.household, figures, rules, row.locality, explain=False).components
    return {name: abs(found[name] - cents) for name, cents in row.expected.items()}


def within(row: Row, rules: StateRules) -> frozenset[str]:
    """Return the components of a household that are within a dollar of the reference."""
    return frozenset(name for name, gap in gaps(row, rules).items() if gap <= DOLLAR)


class Change(NamedTuple):
    """One figure of one year changed by a tenth: of a table either its thresholds or its values."""

    name: str
    rules: tuple[StateRules, ...]
    """The state with the figure raised and lowered."""


def changes(rules: StateRules, year: int) -> Iterator[Change]:
    """Yield every change of a figure of a year that has to be noticed."""
    for name, figure in rules.years[year].figures.items():
        for column in ("from", "value") if _has_table(figure.value) else ("",):
            changed = [_changed(figure.value, sign, column) for sign in (1, -1)]
            if any(value != figure.value for value in changed):
                called = f"{rules.code} {year} {name}{' ' * bool(column)}{column}"
                yield Change(called, tuple(_with(rules, year, name, value) for value in changed))


def _with(rules: StateRules, year: int, name: str, value: object) -> StateRules:
    old = rules.years[year]
    figures = {**old.figures, name: Figure(value, old.figures[name].status, old.figures[name].source)}
    return replace(rules, years={year: StateYear(old.lines, figures)})


def _has_table(value: object) -> bool:
    return any(map(_has_table, value.values())) if isinstance(value, dict) else isinstance(value, Table)


def _changed(value: object, sign: int, column: str) -> object:
    if isinstance(value, dict):
        return {key: _changed(item, sign, column) for key, item in value.items()}
    if isinstance(value, Table):
        starts: list[Any] = [_tenth(start, sign) if column == "from" else start for start in value.thresholds]
        values = [_tenth(item, sign) if column == "value" else item for item in value.values]
        # Where two rows fall together the later one stands.
        return table(sorted(dict(zip(starts, values, strict=True)).items()))
    assert isinstance(value, int | Decimal)
    return _tenth(value, sign)


def _tenth(value: int | Decimal, sign: int) -> int | Decimal:
    """Return an amount or a rate a tenth off, a count by one."""
    if isinstance(value, Decimal):
        return value * (1 + Decimal(sign) / 10)
    return value + sign if 0 < value < 130 else value + sign * value // 10
