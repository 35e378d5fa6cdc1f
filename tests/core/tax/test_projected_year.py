"""2027 is not published: its figures follow from 2026 by one rule, and every answer says it is an estimate."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax.due_dates import DueDateRules, instalments
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household
from app.core.tax.parameters import load
from scripts.project_tax_year import INDEXED, KNOWN, SET_BY_BASE, Known, project, written

SINGLE, MFJ, HOH = FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.HOH


@pytest.fixture(scope="module")
def text() -> str:
    return resources.files("resources").joinpath("tax", "federal", "2027.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def next_year(text: str) -> Parameters:
    return load(tomllib.loads(text))


def test_the_file_is_what_the_rule_gives(text: str, year_data: dict[int, dict[str, Any]]) -> None:
    assert text == written(project(year_data[2026], 2027))


def test_what_follows_prices_is_projected_and_nothing_else(next_year: Parameters) -> None:
    assert set(next_year.projected) == (set(INDEXED) | set(SET_BY_BASE)) - set(KNOWN[2027])


def test_a_figure_that_is_announced_stands_as_it_was_announced(year_data: dict[int, dict[str, Any]]) -> None:
    # The limit of separate filers follows a bracket while it is projected; once it is announced nothing touches it.
    limits = {"single": 20_790_000, "mfj": 41_580_000, "mfs": 20_795_000, "hoh": 20_790_000, "qss": 20_790_000}
    known = KNOWN[2027] | {"qbi.threshold_cents": Known(limits, "published", "the announcement")}
    found = project(year_data[2026], 2027, known)["qbi"]["threshold_cents"]
    assert found == {"value": limits, "status": "published", "source": "the announcement"}


def test_the_projection_agrees_with_an_independent_one(next_year: Parameters) -> None:
    # In dollars, from the other program's own projection of 2027.
    standard = next_year.deduction.standard_cents
    assert [standard[status] // 100 for status in (SINGLE, MFJ, HOH)] == [16_550, 33_150, 24_850]
    joint = next_year.brackets.up_to_cents[MFJ]
    assert [edge // 100 for edge in joint] == [25_500, 103_800, 217_700, 415_550, 527_700, 791_600]
    assert [edge // 100 for edge in next_year.brackets.up_to_cents[SINGLE]][:5] == [
        12_750, 51_900, 108_850, 207_775, 263_850,
    ]  # fmt: skip
    assert next_year.qbi.threshold_cents[SINGLE] == 20_775_000
    assert next_year.retirement.limit_cents == 7_400_000
    assert next_year.retirement.deferral_limit_cents == 2_500_000
    assert (next_year.child_credit.child_cents, next_year.child_credit.refundable_cents) == (230_000, 180_000)


def test_what_the_law_says_of_2027_is_no_projection(next_year: Parameters) -> None:
    assert next_year.self_employment.wage_base_cents == 19_230_000
    assert next_year.itemizing.taxes_cap_cents == 4_080_400
    assert next_year.itemizing.taxes_phase_out_from_cents[SINGLE] == 51_005_000
    assert next_year.tips.limit_cents[SINGLE] == 2_500_000


def test_an_answer_for_2027_says_it_is_an_estimate(next_year: Parameters, freelancer: Callable[..., Household]) -> None:
    # 80,000: half the tax 5,651.82, 74,348.18; less 16,550: 57,798.18; QBI 11,559.64; 46,238.54 taxable:
    # 1,275 + 12% of 33,488.54 = 5,293.62; with 11,303.64 of self-employment tax 16,597.26.
    result = evaluate(freelancer(8_000_000, year=2027), next_year)
    assert result.totals["total_federal_cents"] == 1_659_726
    said = next(sentence for sentence in result.assumptions if sentence.startswith("2027 estimate"))
    assert said.endswith("such as the tax brackets and the standard deduction.")


def test_instalments_of_2027_have_their_dates(due_rules: DueDateRules) -> None:
    from app.core.dates import iso

    assert [iso(row.due) for row in instalments(2027, due_rules)] == [
        "2027-04-15",
        "2027-06-15",
        "2027-09-15",
        "2028-01-18",
    ]
