"""The printed arithmetic is the arithmetic: every line is worked out again from its own formula and inputs."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest

from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Line

FUNCTIONS = {"min": min, "max": max, "ceil": lambda value: Decimal(math.ceil(value)), "Decimal": Decimal}


class _ExactNumbers(ast.NodeTransformer):
    """Rates are decimal fractions; Python's own floats would miss the last cent."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        text = ast.Constant(str(node.value))
        return ast.copy_location(ast.Call(ast.Name("Decimal", ast.Load()), [text], []), node)


def _redo(line: Line) -> int:
    tree = ast.fix_missing_locations(_ExactNumbers().visit(ast.parse(line.formula, mode="eval")))
    names = {name: Decimal(value) for name, value in line.inputs.items()}
    value = eval(compile(tree, "formula", "eval"), {"__builtins__": {}}, FUNCTIONS | names)  # noqa: S307 our own formulas
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def test_every_line_of_every_reference_household_can_be_redone(
    reference_rows: list[tuple[dict[str, str], Household]], figures: dict[int, Parameters]
) -> None:
    wrong = []
    for row, household in reference_rows[::5]:
        # Two roundings inside one line (a limit, then a share) may move it by a cent.
        wrong += [
            (row["id"], line)
            for line in evaluate(household, figures[household.year]).lines
            if abs(_redo(line) - line.cents) > 1
        ]
    assert wrong == []


def test_lines_that_use_a_figure_name_its_source(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    lines = evaluate(freelancer(9_000_000), figures[2026]).lines
    base = next(line for line in lines if line.form == "Schedule SE" and line.line == "9")
    assert "SSA" in base.source
    assert base.inputs == {"wage_base": 18_450_000, "wages": 0}


def test_totals_add_up_and_do_not_depend_on_the_explanation(
    reference_rows: list[tuple[dict[str, str], Household]], figures: dict[int, Parameters]
) -> None:
    for _, household in reference_rows[::20]:
        full = evaluate(household, figures[household.year])
        bare = evaluate(household, figures[household.year], explain=False)
        assert bare.lines == ()
        assert (full.totals, full.components) == (bare.totals, bare.components)
        totals = full.totals
        assert totals["total_federal_cents"] == (
            totals["se_tax_cents"]
            + totals["federal_income_tax_cents"]
            + totals["niit_cents"]
            + totals["additional_medicare_cents"]
        )
        assert full.lines[-1].cents == totals["total_federal_cents"]


def test_a_household_of_another_year_is_refused(figures: dict[int, Parameters]) -> None:
    with pytest.raises(ValueError, match="2025"):
        evaluate(Household(year=2025), figures[2026])


def test_what_must_be_said_is_said(freelancer: Callable[..., Household], figures: dict[int, Parameters]) -> None:
    said = evaluate(freelancer(1_000_000), figures[2026]).assumptions
    assert said[0].startswith("Estimate from your entries and rules of 2026-")
    assert "Not tax advice, not a return." in said[0]
