"""How sure each sort of evidence may call itself: measured shares, kept as a table that people can read.

What the other tables say of a phrase or a trade is an author's word. Here stands how often labels of that sort were
right, so that the number a person sees is one that can be held against the program.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

SURE, ASKED = "sure", "asked"
ANY = "any"
"""The step of states that come from the account, whatever was evidence."""
LIMIT = "limit"
_WHOLE = 10_000

Row = Mapping[str, str]


class Basis(NamedTuple):
    """What a label rests on: the step, how it spoke, and what the tables say of themselves (0: nothing)."""

    step: str
    state: str
    said: int


class Scale(NamedTuple):
    """The measured shares by step and state, each from a number of the tables upwards; and limits by name."""

    shares: Mapping[tuple[str, str], tuple[tuple[int, ...], tuple[int, ...]]]
    limits: Mapping[str, int]

    def shown(self, basis: Basis) -> int:
        """Return how often a label of this sort is right, in 1/10000. Raises: KeyError for a sort without a row."""
        found = self.shares.get((basis.step, basis.state)) or self.shares[ANY, basis.state]
        starts, shares = found
        return shares[max(0, bisect_right(starts, basis.said) - 1)]

    def books(self, basis: Basis) -> bool:
        """Whether labels of this sort were right often enough to be booked without a question."""
        return self.shown(basis) >= self.limits["booking"]


def load_scale(rows: Iterable[Row]) -> Scale:
    """Return the table. Raises: ValueError for a share outside of 0 to 10000."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    limits: dict[str, int] = {}
    for row in rows:
        share = int(row["confidence"])
        if not 0 <= share <= _WHOLE:
            raise ValueError(f"{row['step']} {row['state']}: {share} is no share")
        if row["step"] == LIMIT:
            limits[row["state"]] = share
        else:
            found.setdefault((row["step"], row["state"]), []).append((int(row["said"]), share))
    return Scale(
        {
            key: (tuple(said for said, _ in sorted(held)), tuple(share for _, share in sorted(held)))
            for key, held in found.items()
        },
        limits,
    )
