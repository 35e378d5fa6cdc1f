"""Where the premium credit ends: the figures a second time, and files that are refused."""

from __future__ import annotations

import copy
import tomllib
from importlib import resources
from typing import Any

import pytest

from app.core.tax.cautions import load_poverty_lines

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
