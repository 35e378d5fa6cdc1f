"""Finding fixed phrases in a descriptor: an index by their first word, or by how an open one begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.classify.answers import Verdict
from app.core.classify.clean import gentle, words_of

_BEGINNING = 3
_STARTS = re.compile(r"(?:^|\|)[^a-z\d|]*([a-z]{1,3}|\d{1,3}|)")
"""How the first word of each pattern begins, empty for one without words."""


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

    __slots__ = ("_begun", "_raw", "_starts", "_words")

    def __init__(self, rows: Iterable[tuple[Phrase, str]]) -> None:
        self._words: dict[str, list[_Pattern]] = {}
        self._begun: dict[str, list[_Pattern]] = {}
        self._raw: dict[str, list[tuple[Phrase, str]]] = {}
        """Patterns not looked at yet, by how their first word begins."""
        for phrase, patterns in rows:
            starts = _STARTS.findall(gentle(patterns))
            for start, text in zip(starts, patterns.split("|"), strict=True):
                self._raw.setdefault(start, []).append((phrase, text.strip()))
        self._starts = frozenset(self._raw)

    def _open(self, start: str) -> None:
        """Take the patterns that begin so apart: a command meets few of them."""
        made: dict[str, list[_Pattern]] = {}
        for phrase, text in self._raw.pop(start):
            anchored = text.startswith("^")
            needles = [_needle(part) for part in text.split("+") if words_of(part)]
            if not needles:
                continue
            shown = text.lstrip("^").replace("*", "")
            weight = sum(len(needle.strip()) for needle in needles) + (2 if anchored else 0)
            entry = _Pattern(needles[0], tuple(needles[1:]), shown, weight, phrase, anchored)
            first, ends, _ = needles[0].lstrip().partition(" ")
            (self._words if ends else self._begun).setdefault(first if ends else start, []).append(entry)
            made[first + ends] = self._words[first] if ends else self._begun[start]
        for entries in made.values():
            entries.sort(key=_order)

    def best(self, words: Sequence[str], sign: int, account_kind: str) -> Hit | None:
        """Return the longest phrase that fits.

        Ties go to the hint that may book, then to the earlier word of the text, then to the row that is of this kind of
        account, then to the earlier row.
        """
        text = f" {' '.join(words)} "
        found: _Pattern | None = None
        weight, found_asks = 0, False
        for word in dict.fromkeys(words):
            start = word[:_BEGINNING]
            if start not in self._starts:
                continue
            if start in self._raw:
                self._open(start)
            for entries in (self._words.get(word), self._begun.get(start)):
                for entry in entries or ():
                    if entry.weight < weight or (entry.weight == weight and not (entry.phrase.auto and found_asks)):
                        break
                    if entry.needle in text and _fits(entry, text, sign, account_kind):
                        found, weight = entry, entry.weight
                        found_asks = entry.phrase.group == "hint" and not entry.phrase.auto
                        break
        return Hit(found.phrase, found.shown, found.weight) if found else None


def of_phrase(hit: Hit) -> Verdict:
    """Return what a phrase that was found says of its row."""
    phrase = hit.phrase
    return Verdict(
        phrase.kind, phrase.line, phrase.confidence, phrase.auto, not phrase.auto, phrase.alternatives, "structure",
        phrase.id, f"The words “{hit.words}” mean {phrase.meaning}.", phrase.phrase,
    )  # fmt: skip


def _order(entry: _Pattern) -> tuple[int, bool, bool]:
    phrase = entry.phrase
    return -entry.weight, phrase.group == "hint" and not phrase.auto, not phrase.accounts


def _fits(entry: _Pattern, text: str, sign: int, account_kind: str) -> bool:
    """Whether a pattern whose first part is in the text holds here."""
    phrase = entry.phrase
    if phrase.sign not in {0, sign} or (phrase.accounts and account_kind not in phrase.accounts):
        return False
    if entry.anchored and not text.startswith(entry.needle):
        return False
    return all(needle in text for needle in entry.rest) if entry.rest else True


def _needle(part: str) -> str:
    part = part.strip()
    joined = " ".join(words_of(part))
    return f" {joined}" if part.endswith("*") else f" {joined} "
