"""Finding a known merchant in the words of a descriptor: the longest stem wins.

Stems are squeezed (letters and digits only). Short stems need a word end behind them, because names such as MAKE or
HOVER are found inside other names; `hover$` must be the whole name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.classify.clean import words_of

_LONGEST = 40
_REACH = 4
_AT_START = 4
_FREE_END = 8
_TRAILING_NOISE = frozenset(
    [
        "inc",
        "llc",
        "ltd",
        "corp",
        "co",
        "com",
        "us",
        "usa",
        "net",
        "org",
        "app",
        "io",
        "ai",
        "store",
        "stores",
        "online",
        "subscription",
        "subscr",
        "plus",
        "pro",
        "plan",
        "usage",
        "monthly",
        "annual",
        "services",
        "service",
        "bill",
        "payment",
        "pmt",
        "ppd",
        "ccd",
        "web",
        "tel",
    ]
)


class Merchant(NamedTuple):
    name: str
    category: str
    ambiguous: bool
    """True: always asked, whatever its category says."""


class _Stem(NamedTuple):
    text: str
    merchant: Merchant
    whole: bool


class MerchantIndex:
    """Stems in buckets by their first three characters, longest first."""

    __slots__ = ("_buckets",)

    def __init__(self, rows: Iterable[tuple[Merchant, Sequence[str]]]) -> None:
        buckets: dict[str, dict[str, _Stem]] = {}
        for merchant, stems in rows:
            for stem in stems:
                text = "".join(words_of(stem))
                if len(text) >= 2:
                    buckets.setdefault(text[:3], {}).setdefault(text, _Stem(text, merchant, stem.endswith("$")))
        self._buckets = {
            start: sorted(stems.values(), key=lambda stem: (-len(stem.text), stem.text))
            for start, stems in buckets.items()
        }

    def find(self, words: Sequence[str], facilitator: str | None) -> Merchant | None:
        """Return the merchant these words name, None when the base knows none."""
        best: Merchant | None = None
        best_score = 0
        first = 1 if words and words[0] in {"www", "the"} and len(words) > 1 else 0
        for start in range(first, min(len(words), first + _REACH)):
            squeezed, ends = _squeeze(words, start)
            for key in (squeezed[:3], squeezed[:2]):
                for stem in self._buckets.get(key, ()):
                    score = len(stem.text) + (_AT_START if start == first else 0)
                    if score <= best_score:
                        break
                    if squeezed.startswith(stem.text) and _fits(stem, words, start, ends, first, facilitator):
                        best, best_score = stem.merchant, score
                        break
        if best is None and facilitator in {"paypal", "pp"} and words:
            return self._cut_name("".join(words))
        return best

    def _cut_name(self, squeezed: str) -> Merchant | None:
        """PayPal cuts names at twelve characters: take the only merchant whose stem goes on from there."""
        if not 8 <= len(squeezed) <= 12:
            return None
        found = {stem.merchant for stem in self._buckets.get(squeezed[:3], ()) if stem.text.startswith(squeezed)}
        return found.pop() if len(found) == 1 else None


def _squeeze(words: Sequence[str], start: int) -> tuple[str, dict[int, int]]:
    """Return the words from `start` on without spaces, and where words end: length -> number of words."""
    text = ""
    ends: dict[int, int] = {}
    for i in range(start, len(words)):
        text += words[i]
        ends[len(text)] = i + 1
        if len(text) >= _LONGEST:
            break
    return text, ends


def _fits(
    stem: _Stem, words: Sequence[str], start: int, ends: dict[int, int], first: int, facilitator: str | None
) -> bool:
    size = len(stem.text)
    at_end = size in ends
    if stem.whole:
        rest = words[ends[size] :] if at_end else ("?",)
        return start == first and all(word in _TRAILING_NOISE or word.isdigit() for word in rest)
    if start > first:
        return size >= 6 and at_end
    if at_end:
        return True
    return size >= (6 if facilitator in {"paypal", "pp"} else _FREE_END)
