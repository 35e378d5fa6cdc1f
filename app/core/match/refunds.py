"""Finds what was given back for which purchase or charge: refunds in full and in part, and disputed charges.

Amount alone proves nothing: the merchant must be the same, the row must say that it gives back or be a credit on a
card, and one original must fit better than all others. Where several fit alike nothing is linked; the caller may ask.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from app.core.dates import Day, iso
from app.core.match.refund_words import head, subject
from app.core.money import money_text

DAYS_BEFORE, DAYS_AFTER = 6, 180
"""Days around an original in which money can come back (design, matching D)."""
_BEFORE_PART = 0
"""Days before an original posts in which a part of it can come back; all of it may be quicker than a long weekend."""
MOST_ASKED = 6
"""Originals that one question shows."""
_NEAREST = 60
"""Originals looked at for one back without a number in common: the latest."""
_TOLD = 1_000
_FULL, _SAME_NUMBER, _SAME_TEXT, _RARE_TEXT, _OTHER_NAME, _OTHER_NUMBER = 300, 200, 50, 200, -60, -100
_OTHER_CARD = -60
"""For money that comes back on another card of the same bank."""
_SUMS_UP = 500
"""For parts that make up an original to the cent."""
_PARTS_APART = 45
"""Days between two parts of one original: over longer times sums fit by chance."""
_RARE = 2
"""Originals that may share a text which still tells them from all others."""
_LEAST = -200
"""Points from which an original is worth a thought."""
_MARGIN_FULL, _MARGIN_PART = 25, 90
"""Points by which the best original must lead: equal amounts say much, a part of an amount says little."""
_USUAL_DAYS = 30
_ROUND = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90)
"""Shares of an amount, in percent, that people agree on."""
_ROUND_POINTS = 150
_CHANCE = 40
"""A round share says something when chance would show one among so many rows at most once."""

_NUMBER = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{3,}")


class Move(NamedTuple):
    """A row that may be an original or give one back."""

    transaction_id: int
    account_id: int
    day: Day
    cents: int
    """What was charged or given back before fees, with its sign."""
    key: str
    """The stable name of the merchant or client."""
    text: str
    back: str | None
    """`refund` or `chargeback` for a row that gives back, else None."""
    original_id: int | None = None
    """The row that the file itself says this one gives back for."""


class Back(NamedTuple):
    original_id: int
    back_id: int
    cents: int
    """What was given back, positive."""
    type: str
    """`refund` or `chargeback`."""
    full: bool
    points: int
    reason: str
    """Plain words."""


class Backs(NamedTuple):
    linked: tuple[Back, ...]
    questions: tuple[tuple[Back, ...], ...]
    """One for each row with several originals that fit alike, best first; at most `MOST_ASKED` of them."""


class _Edge(NamedTuple):
    original: Move
    back: Move
    points: int
    full: bool


def find(
    moves: Iterable[Move], given: Mapping[int, int], barred: Collection[tuple[int, int]],
    families: Mapping[int, int] | None = None,
) -> Backs:  # fmt: skip
    """Return which rows give back which, and where several originals fit alike.

    `given` are cents that decided links took from an original already; `barred` are (original, back) that a person
    refused; `families` names, for cards of one bank, the account that stands for all of them. The answer does not
    depend on the order of the input.
    """
    family = families or {}
    originals: dict[tuple[int, str, bool], list[Move]] = defaultdict(list)
    backs: dict[tuple[int, str, bool], list[Move]] = defaultdict(list)
    for move in sorted(moves, key=_order):
        if move.back:
            backs[family.get(move.account_id, move.account_id), head(move.key), move.cents < 0].append(move)
        else:
            originals[family.get(move.account_id, move.account_id), head(move.key), move.cents > 0].append(move)
    linked: list[Back] = []
    questions: list[tuple[Back, ...]] = []
    for block, given_back in sorted(backs.items()):
        bought = originals.get(block)
        if bought:
            found = _Block(bought, given_back, given, barred)
            linked += found.linked()
            questions += found.questions()
    return Backs(tuple(linked), tuple(questions))


def _order(move: Move) -> tuple[int, int, str, int, int]:
    return move.day, move.cents, move.text, move.account_id, move.transaction_id


class _Block:
    """The originals and backs of one account, or one bank's cards, and one first word of a name."""

    def __init__(
        self, originals: Sequence[Move], backs: Sequence[Move], given: Mapping[int, int],
        barred: Collection[tuple[int, int]],
    ) -> None:  # fmt: skip
        self._left = {move.transaction_id: abs(move.cents) - given.get(move.transaction_id, 0) for move in originals}
        self._subjects = {move.transaction_id: subject(move.text) for move in (*originals, *backs)}
        self._numbers = {number: frozenset(_NUMBER.findall(text)) for number, text in self._subjects.items()}
        self._originals = originals
        self._backs = backs
        self._by_subject: dict[str, list[Move]] = defaultdict(list)
        self._by_number: dict[str, list[Move]] = defaultdict(list)
        self._by_cents: dict[int, list[Move]] = defaultdict(list)
        for move in originals:
            self._by_cents[abs(move.cents)].append(move)
            self._by_subject[self._subjects[move.transaction_id]].append(move)
            for number in self._numbers[move.transaction_id]:
                self._by_number[number].append(move)
        self._edges = {
            move: [
                edge
                for edge in self._edges_of(move)
                if (edge.original.transaction_id, move.transaction_id) not in barred
            ]
            for move in backs
        }

    def _edges_of(self, back: Move) -> list[_Edge]:
        """Return the originals worth a thought, best first."""
        if back.original_id is not None:
            told = [move for move in self._originals if move.transaction_id == back.original_id]
            return [_Edge(move, back, _TOLD, abs(move.cents) == abs(back.cents)) for move in told]
        near = _within(self._originals, back.day)[-_NEAREST:]
        equal = _within(self._by_cents.get(abs(back.cents), []), back.day)
        numbered = [
            move
            for number in self._numbers[back.transaction_id]
            for move in _within(self._by_number.get(number, []), back.day)[-_NEAREST:]
        ]
        found = [
            _Edge(move, back, points, abs(move.cents) == abs(back.cents))
            for move in {*near, *equal, *numbered}
            if abs(move.cents) >= abs(back.cents) and (points := self._points(move, back)) is not None
        ]
        likely = [edge for edge in self._summed_up(found) if edge.points >= _LEAST]
        # Late and at another shop of the name: a round share of one purchase is then the only sign there is.
        rated = _with_round_share(likely) if likely else _with_round_share(found)
        return sorted((edge for edge in rated if edge.points >= _LEAST), key=_best_first)

    def _summed_up(self, edges: list[_Edge]) -> list[_Edge]:
        """Favour the one original that this part and another one make up to the cent."""
        if not edges or any(edge.full for edge in edges):
            return edges
        back, fits = edges[0].back, set()
        for other in _around(self._backs, back.day):
            whole = abs(back.cents) + abs(other.cents)
            if other is not back and whole in self._by_cents:
                fits |= {
                    edge.original for edge in edges
                    if abs(edge.original.cents) == whole and self._points(edge.original, other) is not None
                }  # fmt: skip
        if len(fits) != 1:
            return edges
        return [edge._replace(points=edge.points + _SUMS_UP) if edge.original in fits else edge for edge in edges]

    def _points(self, original: Move, back: Move) -> int | None:
        """Return how well an original fits, None when it is another merchant's or too far away."""
        ours, theirs = self._subjects[original.transaction_id], self._subjects[back.transaction_id]
        same_text = ours == theirs
        if not same_text and back.key != original.key and not _one_begins(original.key, back.key):
            return None
        full = abs(original.cents) == abs(back.cents)
        if not full and back.day < original.day - _BEFORE_PART:
            return None
        points = 0 if same_text or back.key == original.key else _OTHER_NAME
        points += 0 if original.account_id == back.account_id else _OTHER_CARD
        points += _FULL if full else 0
        if same_text:
            alike = len(_within(self._by_subject[ours], back.day))
            points += _RARE_TEXT if alike <= _RARE else _SAME_TEXT
        mine, said = self._numbers[original.transaction_id], self._numbers[back.transaction_id]
        if mine and said:
            points += _SAME_NUMBER if mine & said else _OTHER_NUMBER
        points -= _late(back.day - original.day)
        return points

    def linked(self) -> list[Back]:
        """Link what is beyond doubt, again and again, as each link leaves the others less to choose from."""
        done: list[Back] = []
        while True:
            open_ones = {back: self._fitting(edges) for back, edges in self._edges.items()}
            sure = [edge for edges in open_ones.values() if edges and (edge := self._sure(edges, open_ones))]
            if not sure:
                return done
            for edge in sure:
                taken = self._twin_left(edge)
                if taken is None:
                    continue
                self._left[taken.transaction_id] -= abs(edge.back.cents)
                del self._edges[edge.back]
                done.append(_back_of(edge._replace(original=taken)))

    def questions(self) -> list[tuple[Back, ...]]:
        """Return what stays open, after `linked`."""
        open_ones = [fitting for edges in self._edges.values() if (fitting := self._fitting(edges))]
        return [tuple(_back_of(edge) for edge in fitting[:MOST_ASKED]) for fitting in open_ones]

    def _fitting(self, edges: Sequence[_Edge]) -> list[_Edge]:
        return [edge for edge in edges if self._left[edge.original.transaction_id] >= abs(edge.back.cents)]

    def _sure(self, edges: Sequence[_Edge], others: Mapping[Move, Sequence[_Edge]]) -> _Edge | None:
        """Return the best edge of a back if it leads by the margin and no other back wants the same money."""
        best = edges[0]
        margin = _MARGIN_FULL if best.full else _MARGIN_PART
        twins = [edge for edge in edges if _looks(edge.original) == _looks(best.original)]
        rest = [edge for edge in edges if _looks(edge.original) != _looks(best.original)]
        if rest and best.points - rest[0].points < margin:
            return None
        room = sum(self._left[edge.original.transaction_id] for edge in twins)
        wanted = abs(best.back.cents)
        alike = {edge.original.transaction_id for edge in twins}
        for back, rivals in others.items():
            if back is best.back or not rivals or rivals[0].original.transaction_id not in alike:
                continue
            if rivals[0].points > best.points - margin:
                wanted += abs(back.cents)
        return best if wanted <= room else None

    def _twin_left(self, edge: _Edge) -> Move | None:
        """Return an original with money left among those that cannot be told apart."""
        for move in _within(self._by_cents[abs(edge.original.cents)], edge.back.day):
            if _looks(move) == _looks(edge.original) and self._left[move.transaction_id] >= abs(edge.back.cents):
                return move
        return None


def _with_round_share(edges: list[_Edge]) -> list[_Edge]:
    """Favour the one original of which the amount is a round share, where chance hardly makes one.

    Amounts in whole dollars are round shares of each other anyway: what counts is how fine they are.
    """
    if not edges or any(edge.full for edge in edges):
        return edges
    given = abs(edges[0].back.cents)
    unit = gcd(given, *(abs(edge.original.cents) for edge in edges))
    chance = sum(Fraction(2 * len(_ROUND) * unit, abs(edge.original.cents)) for edge in edges)
    round_ones = [edge for edge in edges if _is_round_share(given, abs(edge.original.cents))]
    if len(round_ones) != 1 or chance * _CHANCE > 1:
        return edges
    return [edge._replace(points=edge.points + _ROUND_POINTS) if edge is round_ones[0] else edge for edge in edges]


def _is_round_share(given: int, whole: int) -> bool:
    return any(abs(given * 100 - whole * share) < 100 for share in _ROUND)


def _best_first(edge: _Edge) -> tuple[int, int, tuple[int, int, str, int, int]]:
    return -edge.points, -edge.original.day, _order(edge.original)


def _looks(move: Move) -> tuple[int, int, int, str]:
    return move.account_id, move.day, move.cents, move.text


def _within(moves: Sequence[Move], day: Day) -> Sequence[Move]:
    """Return the originals whose money can come back on a day, oldest first."""
    first = bisect_left(moves, day - DAYS_AFTER, key=lambda move: move.day)
    last = bisect_right(moves, day + DAYS_BEFORE, key=lambda move: move.day)
    return moves[first:last]


def _around(moves: Sequence[Move], day: Day) -> Sequence[Move]:
    """Return the backs that may be another part of the same original: the nearest by day, when there are many."""
    first = bisect_left(moves, day - _PARTS_APART, key=lambda move: move.day)
    last = bisect_right(moves, day + _PARTS_APART, key=lambda move: move.day)
    if last - first > 2 * _NEAREST:
        middle = bisect_left(moves, day, key=lambda move: move.day)
        first, last = max(first, middle - _NEAREST), min(last, middle + _NEAREST)
    return moves[first:last]


def _late(lag: int) -> int:
    """Return what a number of days costs: a month is usual, a season is rare, before the original is odd."""
    if lag < 0:
        return 60 - 20 * lag
    return (3 * min(lag, _USUAL_DAYS)) // 2 + 3 * max(lag - _USUAL_DAYS, 0)


def _one_begins(left: str, right: str) -> bool:
    """Tell whether one name is the beginning of the other, in whole words."""
    short, long = sorted((left, right), key=len)
    return len(short) >= 4 and f"{long} ".startswith(f"{short} ")


def _back_of(edge: _Edge) -> Back:
    original, back, points, full = edge
    what = "purchase" if original.cents < 0 else "charge"
    share = "all" if full else money_text(abs(back.cents))
    days = back.day - original.day
    after = (
        "on the same day"
        if not days
        else f"{abs(days)} day{'s' if abs(days) > 1 else ''} {'later' if days > 0 else 'earlier'}"
    )
    reason = f"{share} of the {what} of {iso(original.day)} over {money_text(abs(original.cents))} came back {after}"
    if back.back == "chargeback":
        reason = f"the {what} of {iso(original.day)} over {money_text(abs(original.cents))} was disputed"
    return Back(
        original.transaction_id, back.transaction_id, abs(back.cents), back.back or "refund", full, points, reason
    )
