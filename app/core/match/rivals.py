"""Pairs that compete: those that share a row, directly or through others, are weighed or asked together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

P = TypeVar("P")


def joined(pairs: Iterable[P], ends: Callable[[P], tuple[int, int]]) -> list[list[P]]:
    """Return the pairs in groups that share no row, in the order in which they come; `ends` are the two rows of one."""
    leader: dict[int, int] = {}

    def find(number: int) -> int:
        while leader.setdefault(number, number) != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    known = [(pair, *ends(pair)) for pair in pairs]
    for _, one, other in known:
        leader[find(one)] = find(other)
    groups: dict[int, list[P]] = defaultdict(list)
    for pair, one, _ in known:
        groups[find(one)].append(pair)
    return list(groups.values())
