"""Every state's file is sound, agrees with the reference, and its printed lines can be worked out again."""

from __future__ import annotations

import ast
import csv
import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from app.core.tax.figures import Parameters
from app.core.tax.model import Line
from app.core.tax.parameters import BadParametersError
from app.core.tax.scenario import household_of
from app.core.tax.state import formula as language
from app.core.tax.state.rules import Fidelity, StateRules, load_state
from app.core.tax.whole import evaluate_return

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "oracle-state-public.csv"
MORE = REFERENCE.with_name("oracle-state-more.csv")
FILES = sorted(
    path.name
    for path in resources.files("resources").joinpath("tax", "states").iterdir()
    if path.name.endswith(".toml")
)
BEFORE = "state_income_tax_before_refundable_credits"


def data_of(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("resources").joinpath("tax", "states", name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def states() -> dict[str, StateRules]:
    return {name[:2].upper(): load_state(data_of(name)) for name in FILES}


@pytest.fixture(scope="module")
def reference() -> list[dict[str, str]]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _gap(row: dict[str, str], rules: StateRules, figures: dict[int, Parameters]) -> float:
    found = evaluate_return(
        household_of(row), figures[int(row["year"])], rules, row["locality"], explain=False
    ).components
    gap = abs(found[BEFORE] / 100 - float(row[f"pe_{BEFORE}"]))
    if row["locality"]:
        local = row["pe_local_income_tax_before_refundable_credits"] or row["pe_local_income_tax"]
        gap = max(gap, abs(found["local_before_refundable"] / 100 - float(local)))
    return gap


@pytest.mark.parametrize("code", [name[:2].upper() for name in FILES])
def test_agreed_rows_of_a_state_are_within_a_dollar(
    code: str, states: dict[str, StateRules], reference: list[dict[str, str]], figures: dict[int, Parameters]
) -> None:
    rows = [row for row in reference if row["state"] == code and row["oracles_agree"] == "1"]
    off = {row["id"]: gap for row in rows if (gap := _gap(row, states[code], figures)) > 1}
    assert len(off) <= 0.02 * len(rows), off


@pytest.mark.parametrize("code", [name[:2].upper() for name in FILES])
def test_a_state_that_is_off_elsewhere_says_so(
    code: str, states: dict[str, StateRules], reference: list[dict[str, str]], figures: dict[int, Parameters]
) -> None:
    rows = [row for row in reference if row["state"] == code and row["oracles_agree"] != "1"]
    gaps = sorted((_gap(row, states[code], figures), float(row[f"pe_{BEFORE}"])) for row in rows)
    p90, tax = gaps[int(0.9 * (len(gaps) - 1))] if gaps else (0.0, 0.0)
    if p90 > max(1.0, 0.02 * tax):
        assert states[code].fidelity is Fidelity.APPROXIMATE


@pytest.mark.parametrize("code", [name[:2].upper() for name in FILES])
def test_every_printed_line_can_be_worked_out_again(
    code: str, states: dict[str, StateRules], reference: list[dict[str, str]], figures: dict[int, Parameters]
) -> None:
    with MORE.open(encoding="utf-8", newline="") as file:
        chosen = [row for row in csv.DictReader(file) if row["state"] == code]
    for row in [*[row for row in reference if row["state"] == code][::3], *chosen[::5]]:
        result = evaluate_return(household_of(row), figures[int(row["year"])], states[code], row["locality"])
        lines = [line for line in result.lines if line.form.startswith(f"{code} ")]
        assert bool(lines) is states[code].has_income_tax
        assert [(line, redone(line)) for line in lines if redone(line) != line.cents] == []


def redone(line: Line) -> int:
    """Work a printed line out from its own text: tables stand in it as pairs."""
    tree = ast.fix_missing_locations(_Exact().visit(ast.parse(line.formula, mode="eval")))
    names = {name: value if type(value) is int else Decimal(value) for name, value in line.inputs.items()}
    value = eval(compile(tree, "formula", "eval"), {"__builtins__": {}}, _functions() | names)  # noqa: S307 our own formulas
    return int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


class _Exact(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, float):
            text = ast.Constant(str(node.value))
            return ast.copy_location(ast.Call(ast.Name("Decimal", ast.Load()), [text], []), node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Div):
            return ast.copy_location(ast.Call(ast.Name("quotient", ast.Load()), [node.left, node.right], []), node)
        return node


def _functions() -> dict[str, Any]:
    def tabled(name: str) -> Any:
        return lambda amount, rows: language.FUNCTIONS[name](amount, language.table(list(rows)))

    return {
        **language.FUNCTIONS,
        **{name: tabled(name) for name in ("bracket", "lookup", "lookup_above")},
        "Decimal": Decimal,
        "quotient": lambda one, two: Decimal(one) / two,
    }


def _broken() -> Iterator[tuple[str, str, object]]:
    yield "no line reads", "years", {"2026": {"more": _figure(1)}}
    yield "nothing is called", "worksheet", [_line("tax", "unknown_name * 2")]
    yield "the name is taken", "worksheet", [_line("wages", "1"), _line("tax", "wages")]
    yield "only whole numbers", "worksheet", [_line("tax", "wages * 0.5")]
    yield "not allowed", "worksheet", [_line("tax", "wages.real")]
    yield "the functions are", "worksheet", [_line("tax", "open(wages)")]
    yield "no line is called tax", "worksheet", [_line("levy", "wages")]


def _figure(value: object) -> dict[str, object]:
    from datetime import date

    return {"value": value, "status": "enacted", "source": "a law", "read": date(2026, 1, 2)}


def _line(name: str, text: str) -> dict[str, str]:
    return {"name": name, "form": "Form", "label": "Label", "formula": text}


@pytest.mark.parametrize(("words", "key", "value"), list(_broken()))
def test_a_file_that_cannot_be_right_is_refused(words: str, key: str, value: object) -> None:
    data = {"code": "ZZ", "name": "Nowhere", "version": "1", "fidelity": "table", "years": {"2026": {}}}
    data["worksheet"] = [_line("tax", "wages")]
    with pytest.raises(BadParametersError, match=f"state ZZ.*{words}"):
        load_state(data | {key: value})
