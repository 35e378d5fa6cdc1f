"""Finding fixed phrases in a descriptor: an index by the first letters of a phrase's first word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.classify.clean import words_of


class Phrase(NamedTuple):
    """One row of the phrase table: what words, on which side of which account, mean."""

    id: str
    group: str
    """strong: before the merchant base; weak: after it; hint: a guess at the trade, never booked."""
    sign: int
    """+1, -1 or 0 for either."""
    accounts: frozenset[str]
    """Account kinds it holds for; empty: all."""
    kind: str
    line: str
    confidence: int
    auto: bool
    phrase: str | None
    category: str | None
    alternatives: tuple[tuple[str, str], ...]
    meaning: str
    """Plain words that complete: "The bank's words mean …"."""


class Hit(NamedTuple):
    phrase: Phrase
    words: str
    weight: int


class _Pattern(NamedTuple):
    needle: str
    rest: tuple[str, ...]
    shown: str
    weight: int
    phrase: Phrase
    anchored: bool


class PhraseBook:
    """All phrases of one group. Patterns: `a b|c + d|^e|f*`: either, both, at the start, open end."""

    __slots__ = ("_index",)

    def __init__(self, rows: Iterable[tuple[Phrase, str]]) -> None:
        self._index: dict[str, list[_Pattern]] = {}
        for phrase, patterns in rows:
            for text in patterns.split("|"):
                self._add(phrase, text.strip())

    def _add(self, phrase: Phrase, text: str) -> None:
        anchored = text.startswith("^")
        needles = [_needle(part) for part in text.split("+") if words_of(part)]
        if not needles:
            return
        shown = text.lstrip("^").replace("*", "")
        weight = sum(len(needle.strip()) for needle in needles) + (2 if anchored else 0)
        entry = _Pattern(needles[0], tuple(needles[1:]), shown, weight, phrase, anchored)
        self._index.setdefault(needles[0].split()[0][:3], []).append(entry)

    def best(self, words: Sequence[str], sign: int, account_kind: str) -> Hit | None:
        """Return the longest phrase that fits; ties go to the earlier row of the table."""
        text = f" {' '.join(words)} "
        found: _Pattern | None = None
        index = self._index
        seen: set[str] = set()
        for word in words:
            start = word[:3]
            if start in seen:
                continue
            seen.add(start)
            for entry in index.get(start, ()):
                if found is not None and entry.weight <= found.weight:
                    continue
                phrase = entry.phrase
                if phrase.sign not in {0, sign} or (phrase.accounts and account_kind not in phrase.accounts):
                    continue
                if not (text.startswith(entry.needle) if entry.anchored else entry.needle in text):
                    continue
                if all(needle in text for needle in entry.rest):
                    found = entry
        return Hit(found.phrase, found.shown, found.weight) if found else None


def _needle(part: str) -> str:
    part = part.strip()
    joined = " ".join(words_of(part))
    return f" {joined}" if part.endswith("*") else f" {joined} "
