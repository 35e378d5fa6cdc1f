"""What an unknown name may be: the model's trades, narrowed by the category of a connection, as kinds and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.books.vocabulary import NO_LINE, Kind, Role
from app.core.classify.answers import Verdict
from app.core.classify.connection import ONLY_IN, Connected

_WRONG_CATEGORY = 0.05
"""How often a connection's category is another one than the trade's."""
_BUSINESS_ACCOUNT = 3.0
"""How much likelier a cost of the trade is on a business account than where private money lies too."""
_MOST = 4

Line = tuple[str, str]


class Meanings(NamedTuple):
    """What each trade means for the profession that is asked about."""

    lines: tuple[Line, ...]
    of_trade: tuple[tuple[int, bool, bool], ...]
    """The number of its line, whether what is paid there is asked, whether it is a cost of the business.

    What is never paid has the number behind the last line.
    """


def meanings(trades: Iterable[tuple[str, str, bool]]) -> Meanings:
    """Return the meanings of trades by their kind, line and whether what is paid there is asked."""
    held = list(trades)
    lines = tuple(dict.fromkeys((kind, line) for kind, line, _ in held if kind not in ONLY_IN))
    number = {line: place for place, line in enumerate(lines)}
    return Meanings(
        lines,
        tuple((number.get((kind, line), len(lines)), asked, kind == Kind.EXPENSE) for kind, line, asked in held),
    )


class Sorted(NamedTuple):
    """Kinds and lines with their shares, likeliest first."""

    shares: tuple[tuple[Line, float], ...]
    clear: float
    """The share of the first that comes from trades which are never asked."""
    stands_out: bool
    """Whether one trade is likely enough to be suggested."""


NOTHING = Sorted((), 0.0, stands_out=False)


def narrowed(trades: Sequence[str], shares: Sequence[float], connected: Connected | None) -> Sequence[float]:
    """Return the shares of trades as the category of the connection lets them stand, adding up to one."""
    if connected is None or not connected.trades:
        return shares
    held = [
        share if trade in connected.trades else share * _WRONG_CATEGORY
        for trade, share in zip(trades, shares, strict=True)
    ]
    whole = sum(held)
    return [share / whole for share in held]


def sorted_out(found: Sequence[float], meanings: Meanings, role: str, stands_out: int) -> Sorted:
    """Return the shares of trades by kind and line of money that goes out: the likeliest kind first, then by share.

    `stands_out`: the share, in 1/10000, from which a trade is worth a suggestion.
    """
    lines, of_trade = meanings
    shares, clear = [0.0] * (len(lines) + 1), [0.0] * (len(lines) + 1)
    own = _BUSINESS_ACCOUNT if role == Role.BUSINESS else 1.0
    for (place, asked, cost), probability in zip(of_trade, found, strict=True):
        share = probability * own if cost else probability
        shares[place] += share
        if not asked:
            clear[place] += share
    del shares[-1]
    whole = sum(shares)
    if not whole:
        return NOTHING
    kinds: dict[str, float] = {}
    for (kind, _), share in zip(lines, shares, strict=True):
        kinds[kind] = kinds.get(kind, 0.0) + share
    top = max(kinds, key=lambda kind: (kinds[kind], kind))
    ordered = sorted((-share, line) for line, share in zip(lines, shares, strict=True) if share)
    first = next(each for each in ordered if each[1][0] == top)
    ordered.remove(first)
    return Sorted(
        tuple((line, -share / whole) for share, line in (first, *ordered)), clear[lines.index(first[1])] / whole,
        stands_out=max(found) * 10_000 >= stands_out,
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
