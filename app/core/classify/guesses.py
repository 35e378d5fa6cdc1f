"""What an unknown name may be: the model's trades, narrowed by the category of a connection, as kinds and lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.core.books.vocabulary import NO_LINE, Kind, Role
from app.core.classify.answers import Verdict
from app.core.classify.connection import ONLY_IN, Connected
from app.core.classify.trade_model import Guess

_WRONG_CATEGORY = 0.05
"""How often a connection's category is another one than the trade's."""
_BUSINESS_ACCOUNT = 3.0
"""How much likelier a cost of the trade is on a business account than where private money lies too."""
_MOST = 4

Line = tuple[str, str]


class Meaning(NamedTuple):
    """What a trade means for the profession that is asked about."""

    kind: str
    line: str
    asked: bool


class Sorted(NamedTuple):
    """Kinds and lines with their shares, likeliest first."""

    shares: tuple[tuple[Line, float], ...]
    clear: float
    """The share of the first that comes from trades which are never asked."""
    stands_out: bool
    """Whether one trade is likely enough to be suggested."""


def narrowed(guesses: Sequence[Guess], connected: Connected | None) -> Sequence[Guess]:
    """Return the guesses as the category of the connection lets them stand, shares adding up to one."""
    if connected is None or not connected.trades:
        return guesses
    held = [(g, 1.0 if g.trade in connected.trades else _WRONG_CATEGORY) for g in guesses]
    whole = sum(g.probability * factor for g, factor in held)
    return [Guess(g.trade, g.probability * factor / whole) for g, factor in held]


def sorted_out(
    guesses: Sequence[Guess], meanings: Mapping[str, Meaning], role: str, stands_out: int
) -> Sorted:  # fmt: skip
    """Return the shares by kind and line of money that goes out: the likeliest kind first, then by share.

    `stands_out`: the share, in 1/10000, from which a trade is worth a suggestion.
    """
    shares: dict[Line, float] = {}
    clear: dict[Line, float] = {}
    kinds: dict[str, float] = {}
    for guess in guesses:
        meaning = meanings[guess.trade]
        if meaning.kind in ONLY_IN:
            continue
        line = (meaning.kind, meaning.line)
        cost = meaning.kind == Kind.EXPENSE and role == Role.BUSINESS
        share = guess.probability * (_BUSINESS_ACCOUNT if cost else 1.0)
        shares[line] = shares.get(line, 0.0) + share
        kinds[meaning.kind] = kinds.get(meaning.kind, 0.0) + share
        if not meaning.asked:
            clear[line] = clear.get(line, 0.0) + share
    if not shares:
        return Sorted((), 0.0, stands_out=False)
    whole, top = sum(shares.values()), max(kinds, key=lambda kind: (kinds[kind], kind))
    ordered = sorted(shares, key=lambda line: (line[0] != top, -shares[line], line))
    rest = sorted(ordered[1:], key=lambda line: (-shares[line], line))
    return Sorted(
        tuple((line, shares[line] / whole) for line in (ordered[0], *rest)), clear.get(ordered[0], 0.0) / whole,
        stands_out=max(guess.probability for guess in guesses) * 10_000 >= stands_out,
    )  # fmt: skip


def verdict(found: Sorted, booked_from: float, *, narrowed_by: bool) -> Verdict:
    """Return the likeliest as a suggestion; it books only where strangers were nearly always right.

    Where no trade stands out it is only worth a place among the choices.
    """
    (kind, line), share = found.shares[0]
    sure = narrowed_by and found.clear >= booked_from
    return Verdict(
        kind, line, int(share * 10_000), sure, not sure,
        tuple(pair for pair, _ in found.shares[1:_MOST]), "model", "sounds-like",
        "The name is not known yet; it sounds like this.", only_offers=not found.stands_out,
    )  # fmt: skip


def line_of_refund(found: Sorted) -> str:
    """Return the line of what was likeliest bought, for money given back by a name that is not known."""
    (kind, line), _ = found.shares[0]
    return line if kind == Kind.EXPENSE else NO_LINE
