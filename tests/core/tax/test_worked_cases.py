"""Every case worked by hand, for every year it holds in."""

from __future__ import annotations

import pytest

from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from tests.core.tax.worked_cases import CASES, Worked, cents

PAIRS = [
    pytest.param(case, year, id=f"{case.name} {year}".replace(" ", "-")) for case in CASES for year in case.answers
]


@pytest.mark.parametrize(("case", "year"), PAIRS)
def test_worked_by_hand(figures: dict[int, Parameters], case: Worked, year: int) -> None:
    found = evaluate(case.household(year), figures[year], explain=False).components[case.component]
    assert found == cents(case.answers[year])
