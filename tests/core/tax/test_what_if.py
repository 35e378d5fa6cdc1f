"""Questions about another year: what differs line by line, the curve over one amount, and where it meets a target."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tax.by_profit import tax_by_profit
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Line, Person
from app.core.tax.what_if import POINTS, LineChange, break_even, changes, sweep
from app.core.tax.whole import evaluate_return


def _line(label: str, cents: int) -> Line:
    return Line("Form", "1", label, cents, "", {}, "")


def test_lines_that_differ_are_named_and_equal_ones_are_not() -> None:
    before = [_line("same", 1), _line("more", 2), _line("gone", 3)]
    after = [_line("same", 1), _line("new", 9), _line("more", 5)]
    assert changes(before, after) == (
        LineChange("Form", "1", "new", 0, 9),
        LineChange("Form", "1", "more", 2, 5),
        LineChange("Form", "1", "gone", 3, 0),
    )


def test_the_differences_of_a_whole_return_lead_to_its_total(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    plain = evaluate_return(freelancer(9_000_000), figures[2026], None)
    saver = evaluate_return(
        freelancer(9_000_000, person=Person(age=40, retirement_cents=1_000_000)), figures[2026], None
    )
    found = {change.label: change for change in changes(plain.lines, saver.lines)}
    assert found["Own retirement plan"].difference == 1_000_000
    assert found["Adjusted gross income"].difference == -1_000_000
    assert "Self-employment tax" not in found
    assert found["Federal tax"].difference == (
        saver.totals["total_federal_cents"] - plain.totals["total_federal_cents"]
    )  # fmt: skip


def test_a_curve_has_both_ends_and_only_rises_with_profit(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    tax = tax_by_profit(freelancer(0), figures[2026])
    points = sweep(lambda cents: tax(cents).total, 0, 20_000_000)
    assert (len(points), points[0].value, points[-1].value) == (POINTS, 0, 20_000_000)
    # The one place where it falls by rule: the smallest QBI deduction of 2026 begins at 1,000 of QBI.
    falls = [low.value for low, high in pairwise(points) if high.tax < low.tax]
    assert all(cents < 200_000 for cents in falls)


def test_a_curve_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="lower"):
        sweep(lambda cents: cents, 5, 5)


@given(target=st.integers(1, 10**9), slope=st.integers(1, 7))
@settings(deadline=None)
def test_a_break_even_is_the_first_value_that_reaches_the_target(target: int, slope: int) -> None:
    found = break_even(lambda cents: cents * slope // 7, target, 0, 10**10)
    if found is None:
        assert 10**10 * slope // 7 < target
    else:
        assert found * slope // 7 >= target > (found - 1) * slope // 7


def test_a_falling_tax_meets_its_target_too() -> None:
    assert break_even(lambda cents: 1_000 - cents, 400, 0, 1_000) == 601
    assert break_even(lambda cents: 1_000 - cents, 2_000, 0, 1_000) is None
    assert break_even(lambda cents: cents, 0, 0, 1_000) == 0
