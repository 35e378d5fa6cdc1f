"""The answer given for a merchant whose key is written a little otherwise: cut, glued together, with a place behind it.

The same merchant under another key may be booked like it; one that only looks alike is a suggestion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from app.core.classify.answers import ANY_ACCOUNT, Remembered

Memory = Mapping[tuple[str, int, int], Remembered]

_BEGINNING = 4
_SHORTEST_CUT = 8
"""Letters of a name that stays itself when it is cut there."""
_SHORTEST_BARE = 4
_PIECE = 3


class Near(NamedTuple):
    answer: Remembered
    key: str
    """The merchant the answer was given for."""
    same: bool
    """True: the same name, written otherwise. False: it looks alike."""


def beginning(key: str) -> str:
    """Return how a key begins; keys near each other begin alike. Neither `_` nor `%` is ever in it."""
    return key.split(" ", 1)[0][:_BEGINNING]


class Nearest:
    """Remembered keys by how they begin. `plain` says that words name no other trade; `alike` in 1/10000."""

    __slots__ = ("_alike", "_by_beginning", "_places", "_plain")

    def __init__(
        self, memory: Memory, places: frozenset[str], plain: Callable[[list[str]], bool], alike: int
    ) -> None:  # fmt: skip
        self._alike = alike
        self._places = places
        self._plain = plain
        self._by_beginning: dict[tuple[str, int], list[tuple[str, int, Remembered]]] = {}
        for (key, sign, account), answer in sorted(memory.items()):
            self._by_beginning.setdefault((beginning(key), sign), []).append((key, account, answer))

    def find(self, key: str, sign: int, account: int) -> Near | None:
        """Return the nearest answer of this side and account; of equally near ones that differ, none is the same."""
        found = [
            (kept, answer) for kept, at, answer in self._by_beginning.get((beginning(key), sign), ())
            if at in {account, ANY_ACCOUNT} and kept != key
        ]  # fmt: skip
        if not found:
            return None
        same = [(kept, answer) for kept, answer in found if self._same(key, kept)]
        if same:
            return Near(same[0][1], same[0][0], same=len({answer for _, answer in same}) == 1)
        score, kept = max((_likeness(key, kept), kept) for kept, _ in found)
        return Near(dict(found)[kept], kept, same=False) if score * 10_000 >= self._alike else None

    def _same(self, key: str, kept: str) -> bool:
        one, other = self._bare(key.split()), self._bare(kept.split())
        if one == other:
            return True
        short, long = sorted(("".join(one), "".join(other)), key=len)
        if len(short) < _SHORTEST_CUT or not long.startswith(short):
            return False
        return self._plain(_behind(one if len("".join(one)) > len(short) else other, len(short)))

    def _bare(self, words: list[str]) -> list[str]:
        """Return the words without a place at their end."""
        for size in (3, 2, 1):
            head = words[:-size]
            if head and len("".join(head)) >= _SHORTEST_BARE and " ".join(words[-size:]) in self._places:
                return head
        return words


def _behind(words: Iterable[str], letters: int) -> list[str]:
    """Return the words that begin behind so many letters, and the rest of one that goes on from there."""
    found, at = [], 0
    for word in words:
        if at + len(word) > letters:
            found.append(word[max(0, letters - at) :])
        at += len(word)
    return found


def _likeness(one: str, other: str) -> float:
    mine, theirs = _pieces(one), _pieces(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def _pieces(key: str) -> set[str]:
    text = key.replace(" ", "")
    return {text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)}
