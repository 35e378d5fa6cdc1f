from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from app.core.match.assignment import best_pairs, total

WEIGHTS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 4)), st.integers(-50, 900), max_size=20)


def by_trying_all(weights: dict[tuple[int, int], int]) -> int:
    """The same answer from the definition: every way to give four rows different columns or none."""
    columns = [*range(5), *[None] * 4]
    return max(
        sum(max(0, weights.get((row, column), 0)) for row, column in enumerate(way) if column is not None)
        for way in set(permutations(columns, 4))
    )


@given(WEIGHTS)
def test_no_other_pairing_weighs_more(weights: dict[tuple[int, int], int]) -> None:
    chosen = best_pairs(weights, 4, 5)
    assert len(set(chosen.values())) == len(chosen)
    assert all(weights[edge] > 0 for edge in chosen.items())
    assert total(weights, chosen) == by_trying_all(weights)


def test_the_greedy_first_choice_can_be_wrong() -> None:
    assert best_pairs({(0, 0): 10, (0, 1): 9, (1, 0): 9}, 2, 2) == {0: 1, 1: 0}


def test_nothing_to_pair() -> None:
    assert best_pairs({}, 0, 3) == {}
    assert best_pairs({(0, 0): 0}, 1, 1) == {}
