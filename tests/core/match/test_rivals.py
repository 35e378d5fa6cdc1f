"""Groups of pairs that share a row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.match.rivals import joined

PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20)


def test_pairs_that_share_a_row_through_others_come_together() -> None:
    pairs = [(1, 2), (7, 8), (3, 4), (2, 3), (8, 9)]
    assert joined(pairs, lambda pair: pair) == [[(1, 2), (3, 4), (2, 3)], [(7, 8), (8, 9)]]


@given(PAIRS)
def test_each_pair_is_in_one_group_and_no_two_groups_share_a_row(pairs: list[tuple[int, int]]) -> None:
    groups = joined(pairs, lambda pair: pair)
    assert sorted(pair for group in groups for pair in group) == sorted(pairs)
    rows = [{end for pair in group for end in pair} for group in groups]
    assert sum(map(len, rows)) == len(set().union(*rows)) if rows else not pairs


@given(PAIRS)
def test_a_group_hangs_together(pairs: list[tuple[int, int]]) -> None:
    for group in joined(pairs, lambda pair: pair):
        left, reached = list(group[1:]), set(group[0])
        while near := [pair for pair in left if reached & set(pair)]:
            reached |= {end for pair in near for end in pair}
            left = [pair for pair in left if pair not in near]
        assert not left
