"""Finding a known merchant in the words of a descriptor: the longest stem wins.

Stems are squeezed (letters and digits only). They need a word end behind them, because names such as MAKE or HOVER are
found inside other names; `hover$` must be the whole name. A short name that the text splits where the name has no space
is another one: `Just Works` is not Justworks. What stands behind the name is handed back: `White Cap Cafe`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from app.core.classify.clean import words_of

_NO_LETTER = re.compile(r"[^a-z\d\n]+")
"""What `words_of` leaves out, line ends kept."""
_START = 3
_SHORTEST = 2
"""Letters of the shortest stem; it stands in a bucket of its own length."""
_LONGEST = 40
_REACH = 4
_AT_START = 4
_FREE_END = 8
_FREE_END_CUT = 6
_SPLITTABLE = 11
"""Letters from which a name is its own however the text splits it."""
_SHORTEST_CUT = 8
_PAYPAL_CUT = 12
_PAYPAL_FILLED = 11
"""Letters and blanks from which on a name fills that field, so that something may be missing."""
_CUT_AT_TWELVE = frozenset({"paypal", "pp"})
_NONE: frozenset[int] = frozenset()
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
    pays: bool = False
    """Known by what it sells, but it pays people who work or sell there too."""
    trades: frozenset[str] = frozenset()
    """Professions it belongs to: asked for all others. Empty: everybody's."""
    brand: bool = False
    """Taken from a list of brands, not written down by us."""


class Found(NamedTuple):
    """A merchant and how it stands in the text."""

    merchant: Merchant
    rest: tuple[str, ...]
    """The words behind the name."""
    size: int
    """Letters of the name."""
    first: bool
    """Nothing stands before the name."""


class _Stem(NamedTuple):
    text: str
    merchant: Merchant
    whole: bool
    cuts: frozenset[int]
    """Where the stem's own words end, in letters from its start."""
    abbreviated: bool
    """Whether its last word may go on in the text: `build sys` does in Systems, `maven com` not in Communications."""


class MerchantIndex:
    """Stems in buckets by their first three characters, longest first.

    A bucket is made when a text first asks for it: a file meets a few hundred of many thousand stems.
    """

    __slots__ = ("_buckets", "_merchant", "_owners", "_starts", "_stems")

    def __init__(self, stems: Sequence[Sequence[str]], merchant: Callable[[int], Merchant]) -> None:
        """`stems`: those of each merchant; `merchant` makes the one of a place among them."""
        self._merchant = merchant
        self._stems = list(chain.from_iterable(stems))
        self._owners = [owner for owner, own in enumerate(stems) for _ in own]
        self._buckets: dict[str, list[_Stem]] = {}
        self._starts: dict[str, list[int]] = {}
        for place, text in enumerate(_NO_LETTER.sub("", "\n".join(self._stems).casefold()).split("\n")):
            self._starts.setdefault(text[:_START], []).append(place)

    def all(self) -> Iterator[Merchant]:
        """Yield every merchant that has a stem. Raises: ValueError when one cannot be made."""
        for start in self._starts:
            yield from (stem.merchant for stem in self._bucket(start))

    def _bucket(self, start: str) -> list[_Stem]:
        known = self._buckets.get(start)
        if known is None:
            known = self._buckets[start] = self._made(start)
        return known

    def _made(self, start: str) -> list[_Stem]:
        bucket: dict[str, _Stem] = {}
        for place in self._starts.get(start, ()):
            stem, merchant = self._stems[place], self._merchant(self._owners[place])
            parts = words_of(stem)
            text = "".join(parts)
            if len(text) >= _SHORTEST:
                open_end = len(text) >= _FREE_END and (parts[-1] == "corp" or parts[-1] not in _TRAILING_NOISE)
                made = bucket.setdefault(text, _Stem(text, merchant, stem.endswith("$"), _cuts(parts), open_end))
                if len(parts) > len(made.cuts) + 1 and made.merchant == merchant:
                    bucket[text] = made._replace(cuts=_cuts(parts))
                if parts[-1] == "fee":
                    # Fees are printed in the plural as often as not.
                    bucket.setdefault(f"{text}s", made._replace(text=f"{text}s"))
        return sorted(bucket.values(), key=lambda stem: (-len(stem.text), stem.text))

    def find(self, words: Sequence[str], facilitator: str | None, cut_at: int = 0) -> Found | None:
        """Return the merchant these words name, None when the base knows none.

        `cut_at`: letters after which the payment network cut the first words, 0 when it did not.
        """
        best: Found | None = None
        best_score = 0
        buckets = self._buckets
        first = 1 if words and words[0] in {"www", "the"} and len(words) > 1 else 0
        for start in range(min(len(words), first + _REACH)):
            squeezed, ends = _squeeze(words, start)
            bonus = _AT_START if start <= first else 0
            for key in (squeezed[:_START], squeezed[:_SHORTEST]):
                for stem in buckets.get(key) or self._bucket(key):
                    if not squeezed.startswith(stem[0]):
                        continue
                    score = len(stem.text) + bonus
                    if score <= best_score:
                        break
                    if _fits(stem, words, start, ends, first, facilitator):
                        best, best_score = _found(stem, words, ends, first=start <= first), score
                        break
        squeezed = "".join(words)
        if facilitator in _CUT_AT_TWELVE and len(squeezed) <= _PAYPAL_CUT and len(" ".join(words)) >= _PAYPAL_FILLED:
            cut_at = len(squeezed)
        return self._cut_name(squeezed[:cut_at], best_score - _AT_START) or best if cut_at else best

    def _cut_name(self, name: str, known: int) -> Found | None:
        """Networks cut names (PayPal at 12 characters, ACH at 16): take the only merchant that goes on from there.

        Where one name goes on into the others, as Shutterstock into its payouts, it is the plain one.
        """
        if len(name) < _SHORTEST_CUT or len(name) <= known:
            return None
        found = [stem for stem in self._bucket(name[:_START]) if stem.text.startswith(name)]
        if not found:
            return None
        plain = found[-1]
        alone = all(stem.merchant == plain.merchant or stem.text.startswith(plain.text) for stem in found)
        return Found(plain.merchant, (), len(name), first=True) if alone else None


def _cuts(parts: Sequence[str]) -> frozenset[int]:
    return frozenset(len("".join(parts[:i])) for i in range(1, len(parts))) if len(parts) > 1 else _NONE


def _found(stem: _Stem, words: Sequence[str], ends: dict[int, int], *, first: bool) -> Found:
    size = len(stem.text)
    behind = min((count for length, count in ends.items() if length >= size), default=len(words))
    return Found(stem.merchant, tuple(words[behind:]), size, first)


def _aligned(stem: _Stem, words: Sequence[str], ends: dict[int, int]) -> bool:
    """Whether the text has no space inside the name where the name itself has none; long names may be split."""
    size = len(stem.text)
    if size >= _SPLITTABLE:
        return True
    for length, count in ends.items():
        if length >= size:
            break
        if length not in stem.cuts and len(words[count]) > 1 and words[count] not in _TRAILING_NOISE:
            return False
    return True


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
    if not _aligned(stem, words, ends):
        return False
    size = len(stem.text)
    at_end = size in ends
    if stem.whole:
        rest = words[ends[size] :] if at_end else ("?",)
        return start <= first and all(word in _TRAILING_NOISE or word.isdigit() for word in rest)
    if start > first:
        return size >= 6 and at_end
    if at_end:
        return True
    if facilitator in _CUT_AT_TWELVE:
        return size >= _FREE_END_CUT
    # A longer word may follow a stem that ends in an abbreviation; a plural is another name.
    behind = min(length for length in ends if length > size) if max(ends) > size else size
    return stem.abbreviated and behind - size > 1
