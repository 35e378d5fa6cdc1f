"""The small run of `tests/bench/pairing.py`: overlapping files in two orders, pairs, money back, decoys."""

from __future__ import annotations

import pytest
from bench import pairing
from generator.movements import make_moving


@pytest.mark.parametrize("seed", [1, 3])
def test_a_tangled_household_in_two_orders(seed: int) -> None:
    score = pairing.Score()
    bad = pairing.one(seed, score, months=8)
    assert bad == []
    assert score.wrong_counts == []
    assert score.decoys == 0
    assert score.precision("pairs") >= 0.995, score.misses
    assert score.recall("pairs") >= 0.95, score.misses
    wrong = [line for line in score.misses if line.startswith("WRONG")]
    assert len(wrong) <= 1, wrong
    assert score.recall("refund full") >= 0.9, score.misses
    assert score.recall("refund partial") >= 0.5, score.misses
    assert score.true["refund full"] > 20
    assert score.true["pairs"] > 60


@pytest.mark.parametrize("seed", [0, 4])
def test_a_household_whose_banks_say_little_in_two_orders(seed: int) -> None:
    score = pairing.Score()
    bad = pairing.one(seed, score, tangle=make_moving(seed, years=1, per_year=1_200))
    assert bad == []
    assert score.wrong_counts == []
    assert score.decoys == 0
    assert score.precision("pairs") >= 0.995, score.misses
    assert score.recall("pairs") >= 0.95, score.misses
    assert score.precision("refunds") >= 0.93, score.misses
    assert score.recall("refund full") >= 0.8, score.misses
    assert score.true["pairs"] > 100
