"""Where the premium credit ends: the figures a second time, and files that are refused."""

from __future__ import annotations

import copy
import tomllib
from importlib import resources
from typing import Any

import pytest

from app.core.tax.cautions import credit_end, load_poverty_lines
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household

DATA: dict[str, Any] = tomllib.loads((resources.files("resources") / "tax" / "premium_credit.toml").read_text("utf-8"))


def test_the_poverty_lines_a_second_time() -> None:
    found = load_poverty_lines(DATA)
    assert {year: (dict(row.first), dict(row.each), int(row.times)) for year, row in found.items()} == {
        2026: ({"contiguous": 15_650_00, "AK": 19_550_00, "HI": 17_990_00},
               {"contiguous": 5_500_00, "AK": 6_880_00, "HI": 6_330_00}, 4),
        2027: ({"contiguous": 15_960_00, "AK": 19_950_00, "HI": 18_360_00},
               {"contiguous": 5_680_00, "AK": 7_100_00, "HI": 6_530_00}, 4),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("year", "state", "children", "dollars"),
    [
        (2026, "", 0, 62_600),  # 15,650 x 4
        (2026, "TX", 3, 128_600),  # (15,650 + 3 x 5,500) x 4
        (2026, "AK", 0, 78_200),
        (2026, "AK", 1, 105_720),  # (19,550 + 6,880) x 4
        (2026, "HI", 0, 71_960),
        (2026, "HI", 2, 122_600),  # (17,990 + 2 x 6,330) x 4
        (2027, "NY", 0, 63_840),
        (2027, "NY", 1, 86_560),  # (15,960 + 5,680) x 4
        (2027, "AK", 0, 79_800),
        (2027, "AK", 1, 108_200),  # (19,950 + 7,100) x 4
        (2027, "HI", 0, 73_440),
        (2027, "HI", 1, 99_560),  # (18,360 + 6,530) x 4
    ],
)
def test_where_the_credit_ends(
    figures: dict[int, Parameters], year: int, state: str, children: int, dollars: int
) -> None:
    household = Household(
        year=year, children_ages=(5,) * children, other_income_cents=3_000_000, social_security_cents=1_000_000
    )
    rules = figures.get(year) or figures[2026]._replace(year=year)
    found = credit_end(load_poverty_lines(DATA), household, state, evaluate(household, rules, explain=False))
    assert found is not None
    # All benefits count, the untaxed part too.
    assert (found.line, found.income, found.people) == (dollars * 100, 4_000_000, 1 + children)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("first_cents", {"source": ""}),
        ("first_cents", {"status": "guessed"}),
        ("each_cents", {"value": {"contiguous": 1}}),
        ("each_cents", {"value": {"contiguous": 1_565_000, "AK": 1, "HI": 1}}),
    ],
)
def test_a_damaged_file_is_refused_with_its_year(name: str, change: dict[str, Any]) -> None:
    data = copy.deepcopy(DATA)
    data["2026"][name] |= change
    with pytest.raises(ValueError, match="2026"):
        load_poverty_lines(data)


def test_a_year_with_a_figure_missing_is_refused() -> None:
    data = copy.deepcopy(DATA)
    del data["2027"]["times"]
    with pytest.raises(ValueError, match="2027: other figures"):
        load_poverty_lines(data)
