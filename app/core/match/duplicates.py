"""Finds rows that two sources tell of the same account (a bank's CSV beside its OFX).

Matching is between what is there and one new file, never inside a file: two equal coffees in one file are two. Each row
that is there can absorb one new row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from app.core.dates import Day
from app.core.match.assignment import best_pairs

_DAYS = 3
_PENDING_DAYS = 5
_LEAST_SIMILAR = 50
_SAME_WORDS = 80
"""One source says the same names between labels of its own: `IRS DES:USATAXPYMT ID:…`."""
_LARGEST_GROUP = 60
SURE = 5
"""Rows found beyond doubt from which the sources' usual difference in days is known."""
_RARE = 30
"""A difference seen in fewer than one of so many rows is taken for two different rows."""
_OTHER_SIGNS = re.compile(r"[^A-Z0-9]+")


class Row(NamedTuple):
    key: int
    """A transaction id, or the caller's number for a new row."""
    account_id: int
    day: Day
    cents: int
    text: str
    source: Hashable = None
    """The file or connection it came from: rows of one source are never compared. None is unknown."""
    pending: bool = False
    bought: Day | None = None
    """The day of the purchase, where the source gives it beside `day`."""


class _Edge(NamedTuple):
    new: Row
    old: Row
    similar: int
    lag: int
    """Days by which the new row is dated later, by the dates that both sources give."""


def absorb(existing: Iterable[Row], incoming: Iterable[Row], *, same_day: bool = False) -> dict[int, int]:
    """Return incoming key -> key of the existing row that already tells it.

    Rows of one account and equal cents, at most 3 days apart (5 when one is pending; none if `same_day`), whose texts
    are at least half
    alike or one of which is the beginning of the other; the closest pairing wins, whatever the order of the input.
    One source may date cards by the purchase and the other by the posting, a weekend apart: where one of them gives
    both dates, those that agree are compared. Source: design matching, A3.
    """
    old_rows: dict[tuple[int, int], list[Row]] = defaultdict(list)
    new_rows: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in existing:
        old_rows[row.account_id, row.cents].append(row)
    for row in incoming:
        if (row.account_id, row.cents) in old_rows:
            new_rows[row.account_id, row.cents].append(row)
    texts = {row.text: normalised(row.text) for rows in (*new_rows.values(), *old_rows.values()) for row in rows}
    groups = [(sorted(rows, key=_order), sorted(old_rows[key], key=_order)) for key, rows in sorted(new_rows.items())]
    edges = max(([_edges(*group, texts, by) for group in groups] for by in _dates(groups)), key=_agreeing)
    if same_day:
        edges = [[edge for edge in group if edge.lag == 0] for group in edges]
    lags = _usual_lags(edges)
    found: dict[int, int] = {}
    for group in edges:
        found |= _assigned([edge for edge in group if _is_usual(edge, lags)])
    return found


def _is_usual(edge: _Edge, lags: frozenset[int] | None) -> bool:
    return lags is None or edge.new.pending or edge.old.pending or edge.lag in lags


def normalised(text: str) -> str:
    """Return a descriptor as plain upper-case words."""
    return _OTHER_SIGNS.sub(" ", text.upper()).strip()


def similarity(left: str, right: str) -> int:
    """Return how alike two normalised texts are, 0 to 100; one being the beginning of the other counts 100.

    OFX cuts a name at 32 letters (OFX 1.02, A-32), so a beginning says as much as the whole.
    """
    if left == right:
        return 100
    short, long = sorted((left, right), key=len)
    if short and long.startswith(short):
        return 100
    if len(short) >= 4 and f" {short} " in f" {long} ":
        return 90
    named = {word for word in short.split() if word.isalpha() and len(word) > 2}
    if len(named) > 1 and named <= set(long.split()):
        return _SAME_WORDS
    return round(ratio(left, right))


def _order(row: Row) -> tuple[int, str, int]:
    return row.day, row.text, row.key


class _By(NamedTuple):
    """Which of its dates each side is compared by."""

    new_bought: bool
    old_bought: bool


def _dates(groups: Sequence[tuple[Sequence[Row], Sequence[Row]]]) -> list[_By]:
    """Return the ways to compare that the rows allow, the plain one first."""
    ways = [_By(new_bought=False, old_bought=False)]
    if any(row.bought is not None for _, old in groups for row in old):
        ways.append(_By(new_bought=False, old_bought=True))
    if any(row.bought is not None for new, _ in groups for row in new):
        ways.append(_By(new_bought=True, old_bought=False))
    return ways


def _agreeing(groups: Iterable[list[_Edge]]) -> int:
    """Return how many rows without rivals have the same date on both sides."""
    return sum(len(group) == 1 and group[0].lag == 0 for group in groups)


def _edges(new_rows: Sequence[Row], old_rows: Sequence[Row], texts: dict[str, str], by: _By) -> list[_Edge]:
    found: list[_Edge] = []
    for new in new_rows:
        for old in old_rows:
            limit = _PENDING_DAYS if new.pending or old.pending else _DAYS
            lag = _date(new, bought=by.new_bought) - _date(old, bought=by.old_bought)
            if abs(lag) > limit or (new.source is not None and new.source == old.source):
                continue
            similar = similarity(texts[new.text], texts[old.text])
            if similar >= _LEAST_SIMILAR:
                found.append(_Edge(new, old, similar, lag))
    return found


def _date(row: Row, *, bought: bool) -> Day:
    return row.bought if bought and row.bought is not None else row.day


def _usual_lags(groups: Iterable[list[_Edge]]) -> frozenset[int] | None:
    """Return the differences in days that rows without rivals show, None when there are too few to tell.

    It keeps yesterday's coffee from absorbing today's where both sources give the same dates.
    """
    seen: Counter[int] = Counter()
    for group in groups:
        if len(group) == 1:
            seen[group[0].lag] += 1
    if seen.total() < SURE:
        return None
    return frozenset(lag for lag, count in seen.items() if count * _RARE >= seen.total())


def _assigned(edges: list[_Edge]) -> dict[int, int]:
    """Return the closest pairing: as many rows as possible, then nearest days, then most alike."""
    new_rows = sorted({edge.new for edge in edges}, key=_order)
    old_rows = sorted({edge.old for edge in edges}, key=_order)
    if len(new_rows) + len(old_rows) > _LARGEST_GROUP:
        return _nearest_first(edges)
    row = {new.key: place for place, new in enumerate(new_rows)}
    column = {old.key: place for place, old in enumerate(old_rows)}
    weights = {(row[edge.new.key], column[edge.old.key]): _weight(edge) for edge in edges}
    chosen = best_pairs(weights, len(new_rows), len(old_rows))
    return {new_rows[new].key: old_rows[old].key for new, old in chosen.items()}


def _weight(edge: _Edge) -> int:
    return 100_000 - 1_000 * abs(edge.lag) + edge.similar


def _nearest_first(edges: Iterable[_Edge]) -> dict[int, int]:
    """For hundreds of equal rows: same days first, then neighbours. Exact when both sources agree on dates."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for edge in sorted(edges, key=lambda e: (-_weight(e), _order(e.new), _order(e.old))):
        if edge.new.key not in found and edge.old.key not in taken:
            found[edge.new.key] = edge.old.key
            taken.add(edge.old.key)
    return found
