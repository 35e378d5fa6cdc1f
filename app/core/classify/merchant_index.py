"""Finding a known merchant in the words of a descriptor: the longest stem wins.

Stems are squeezed (letters and digits only). They need a word end behind them, because names such as MAKE or HOVER are
found inside other names; `hover$` must be the whole name. A short name that the text splits where the name has no space
is another one: `Just Works` is not Justworks. What stands behind the name is handed back: `White Cap Cafe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from app.core.classify.clean import words_of

_FORM = "merchants 1"
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


class _Entry(NamedTuple):
    """One stem as the packed file has it."""

    text: str
    name: str
    category: str
    asked: str
    cuts: str
    """Where the stem's own words end, with blanks between."""
    marks: str
    """`$`: the whole name; `+`: its last word may go on."""


class _Bucket(NamedTuple):
    """The stems that begin alike, longest first."""

    texts: tuple[str, ...]
    lines: Sequence[str]


_EMPTY = _Bucket((), ())


def pack(rows: Iterable[Sequence[str]], numbers: Iterable[str] = ()) -> bytes:
    """Return merchants' rows (name, category, stems, asked) as the bytes an index is made of.

    A line for each stem, those that begin alike in a paragraph. Reading tens of thousands of stems takes longer than
    all the questions of one file, which meets a few hundred of them. `numbers` are kept for whoever reads the file.
    """
    buckets: dict[str, dict[str, _Entry]] = {}
    for row in rows:
        name, category, stems, asked = (cell.strip() for cell in row)
        for stem in stems.split("|") if stems else [name]:
            parts = words_of(stem)
            text = "".join(parts)
            if len(text) < _SHORTEST:
                continue
            open_end = len(text) >= _FREE_END and (parts[-1] == "corp" or parts[-1] not in _TRAILING_NOISE)
            marks = "$" * stem.endswith("$") + "+" * open_end
            cuts = " ".join(str(len("".join(parts[:i]))) for i in range(1, len(parts)))
            bucket = buckets.setdefault(text[:_START], {})
            made = bucket.setdefault(text, _Entry(text, name, category, asked, cuts, marks))
            if len(parts) > len(made.cuts.split()) + 1 and made[1:4] == (name, category, asked):
                bucket[text] = made._replace(cuts=cuts)
    paragraphs = [f"{_FORM}\n{' '.join(sorted(numbers))}"]
    for start in sorted(buckets):
        entries = sorted(buckets[start].values(), key=lambda entry: (-len(entry.text), entry.text))
        paragraphs.append("\n".join("\t".join(entry) for entry in entries))
    return "\n\n".join(paragraphs).encode()


class MerchantIndex:
    """Stems in buckets by their first three characters, longest first.

    A bucket is taken apart when a text first asks for it: a file meets a few hundred of many thousand stems.
    """

    __slots__ = ("_buckets", "_merchant", "_starts", "numbers")

    def __init__(self, packed: bytes, merchant: Callable[[Sequence[str]], Merchant]) -> None:
        """`merchant` makes one of its name, its category and who is asked. Raises: ValueError for other bytes."""
        head, *paragraphs = packed.decode().split("\n\n")
        form, _, numbers = head.partition("\n")
        if form != _FORM:
            raise ValueError("no packed merchants")
        self._merchant = merchant
        self._buckets: dict[str, _Bucket] = {}
        self._starts = {lines[:_START].rstrip("\t"): lines for lines in paragraphs}
        self.numbers = frozenset(numbers.split())

    def all(self) -> Iterator[Merchant]:
        """Yield every merchant that has a stem. Raises: ValueError when one cannot be made."""
        for start in self._starts:
            yield from (self._stem(line).merchant for line in self._bucket(start).lines)

    def _bucket(self, start: str) -> _Bucket:
        known = self._buckets.get(start)
        if known is None:
            lines = self._starts[start].split("\n") if start in self._starts else []
            texts = tuple([line[: line.index("\t")] for line in lines])
            known = self._buckets[start] = _Bucket(texts, lines) if lines else _EMPTY
        return known

    def _stem(self, line: str) -> _Stem:
        entry = _Entry(*line.split("\t"))
        return _Stem(
            entry.text, self._merchant(entry[1:4]), "$" in entry.marks, frozenset(map(int, entry.cuts.split())),
            "+" in entry.marks,
        )  # fmt: skip

    def find(self, words: Sequence[str], facilitator: str | None, cut_at: int = 0) -> Found | None:
        """Return the merchant these words name, None when the base knows none.

        `cut_at`: letters after which the payment network cut the first words, 0 when it did not.
        """
        best: Found | None = None
        best_score = 0
        buckets = self._buckets
        first = 1 if words and words[0] in {"www", "the"} and len(words) > 1 else 0
        whole = "".join(words)
        left = whole
        for start in range(min(len(words), first + _REACH)):
            bonus = _AT_START if start <= first else 0
            for key in (left[:_START], left[:_SHORTEST]):
                bucket = buckets.get(key) or self._bucket(key)
                # Nearly every bucket holds nothing of the text, and one call says so of all its stems.
                if not left.startswith(bucket.texts):
                    continue
                squeezed, ends = _squeeze(words, start)
                for text, line in zip(bucket.texts, bucket.lines, strict=True):
                    if not squeezed.startswith(text):
                        continue
                    score = len(text) + bonus
                    if score <= best_score:
                        break
                    stem = self._stem(line)
                    if _fits(stem, words, start, ends, first, facilitator):
                        best, best_score = _found(stem, words, ends, first=start <= first), score
                        break
            left = left[len(words[start]) :]
        if facilitator in _CUT_AT_TWELVE and len(whole) <= _PAYPAL_CUT and len(" ".join(words)) >= _PAYPAL_FILLED:
            cut_at = len(whole)
        return self._cut_name(whole[:cut_at], best_score - _AT_START) or best if cut_at else best

    def _cut_name(self, name: str, known: int) -> Found | None:
        """Networks cut names (PayPal at 12 characters, ACH at 16): take the only merchant that goes on from there.

        Where one name goes on into the others, as Shutterstock into its payouts, it is the plain one.
        """
        if len(name) < _SHORTEST_CUT or len(name) <= known:
            return None
        bucket = self._bucket(name[:_START])
        found = [
            self._stem(line) for text, line in zip(bucket.texts, bucket.lines, strict=True) if text.startswith(name)
        ]
        if not found:
            return None
        plain = found[-1]
        alone = all(stem.merchant == plain.merchant or stem.text.startswith(plain.text) for stem in found)
        return Found(plain.merchant, (), len(name), first=True) if alone else None


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
