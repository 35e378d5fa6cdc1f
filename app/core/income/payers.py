"""Which deposits one payer made: names that are surely one are joined, names that are only near are asked about.

Two names are one when they are equal without legal forms and usual short forms, when a bank's field cut the end off
one and only one longer name begins that way, or when one company's id stands by both and one name begins the other.
Everything less is a suggestion. What a person joined, parted or named holds whatever the texts say.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from app.core.income.payer_name import Named

_LEAST_CUT = 8
"""Letters a cut name must have before what it begins is looked for."""
_LEAST_COMPANY_WORD = 4
_NEAR = 0.88
"""Share of equal letters from which two names are near."""
_LEAST_NEAR = 6
_MOST_COMPARED = 400
"""Names beyond these, the smallest payers, are not held against each other."""


class Seen(NamedTuple):
    """One text of deposits. `text_id` is the number of the text in the books; a name a person gave has one too."""

    text_id: int
    named: Named
    rows: int


class Choice(NamedTuple):
    """What a person settled about the payer a text names."""

    text_id: int
    name: str | None
    into: int | None
    """The text whose payer this one is."""
    apart: bool
    """The name of this text is a payer of its own."""
    counted: bool
    """False for what is no payer: its money stays income, it stands in no list."""


class Payer(NamedTuple):
    id: int
    """The lowest number among its texts: it stays while the payer pays on."""
    name: str
    keys: frozenset[str]
    texts: frozenset[int]
    counted: bool
    companies: frozenset[str]


class Near(NamedTuple):
    """Two payers that may be one."""

    one: int
    other: int
    why: str


class Payers(NamedTuple):
    payers: Sequence[Payer]
    near: Sequence[Near]
    of_key: Mapping[str, int]
    of_text: Mapping[int, int]


def grouped(seen: Iterable[Seen], choices: Iterable[Choice] = (), apart: Collection[frozenset[int]] = ()) -> Payers:
    """Return the payers behind some texts, the same for any order of them.

    `apart` are pairs of texts of which a person said that they are two payers.
    """
    texts = sorted({each for each in seen if each.named.key}, key=lambda each: (each.text_id, each.named.key))
    decided = {choice.text_id: choice for choice in choices}
    key_of: dict[int, str] = {}
    for each in texts:
        key_of.setdefault(each.text_id, each.named.key)
    alone = {key_of[number] for number, choice in decided.items() if choice.apart and number in key_of}
    names = _Names(texts, alone)
    joins = _Joins(names.keys)
    parted = {frozenset(key_of[n] for n in pair if n in key_of) for pair in apart}
    for one, other in [*names.cut(), *names.of_one_company()]:
        if frozenset((one, other)) not in parted:
            joins.join(one, other)
    unjoined = {key: joins.of(key) for key in names.keys}
    for number, choice in sorted(decided.items()):
        if choice.into is not None and number in key_of and choice.into in key_of:
            joins.join(key_of[number], key_of[choice.into])
    into = {choice.text_id for choice in decided.values() if choice.into in key_of}
    joined = {unjoined[key_of[number]] for number in into & key_of.keys()}
    found = _made(texts, joins, decided, key_of, {key for key, root in unjoined.items() if root in joined})
    of_key = {key: payer.id for payer in found for key in payer.keys}
    of_text = {number: payer.id for payer in found for number in payer.texts}
    return Payers(found, _near(found, names, parted, of_key), of_key, of_text)


class _Names:
    """The distinct keys with what is known of each."""

    def __init__(self, texts: Sequence[Seen], alone: Collection[str]) -> None:
        self.keys = sorted({each.named.key for each in texts})
        self.words: dict[str, tuple[str, ...]] = {}
        self.cut_keys: set[str] = set()
        self.companies: dict[str, set[str]] = defaultdict(set)
        self.rows: Counter[str] = Counter()
        self._alone = alone
        whole: set[str] = set()
        for each in texts:
            key = each.named.key
            self.words.setdefault(key, each.named.words)
            self.rows[key] += each.rows
            (self.cut_keys if each.named.cut else whole).add(key)
            if each.named.company and _is_whole(each.named.company):
                self.companies[each.named.company].add(key)
        self.cut_keys -= whole

    def begins_with(self, key: str) -> list[str]:
        """Return the longer keys that begin with one."""
        found = []
        for place in range(bisect_right(self.keys, key), len(self.keys)):
            if not self.keys[place].startswith(key):
                break
            found.append(self.keys[place])
        return found

    def cut(self) -> Iterable[tuple[str, str]]:
        """Yield pairs of a cut name and the one longer name it must be."""
        for key in sorted(self.cut_keys - set(self._alone)):
            longer = [other for other in self.begins_with(key) if other not in self._alone]
            if len(key) >= _LEAST_CUT and longer and _is_one_line(longer):
                yield key, min(longer, key=len)

    def of_one_company(self) -> Iterable[tuple[str, str]]:
        """Yield pairs of names with one company id, of which one begins the other by whole words."""
        for keys in self.companies.values():
            known = sorted(keys - set(self._alone), key=lambda key: (len(self.words[key]), key))
            for place, key in enumerate(known):
                for other in known[place + 1 :]:
                    first, second = self.words[key], self.words[other]
                    if len(first[0]) >= _LEAST_COMPANY_WORD and second[: len(first)] == first:
                        yield key, other


def _is_whole(company: str) -> bool:
    """Whether an id is all there: banks hide its first digits, and five of ten digits are shared by strangers."""
    return len(company) >= _LEAST_CUT and company[0] not in "x*"


def _is_one_line(keys: Collection[str]) -> bool:
    """Whether each name begins the next: then they are one name, cut at several places."""
    ordered = sorted(keys, key=len)
    return all(longer.startswith(shorter) for shorter, longer in pairwise(ordered))


class _Joins:
    """Sets of keys that are one payer."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._root = {key: key for key in keys}

    def of(self, key: str) -> str:
        while self._root[key] != key:
            key = self._root[key]
        return key

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        self._root[high] = low


def _made(
    texts: Sequence[Seen], joins: _Joins, decided: Mapping[int, Choice], key_of: Mapping[int, str],
    joined: Collection[str],
) -> list[Payer]:  # fmt: skip
    """Return the payers; `joined` are the names that a person joined into another payer's."""
    members: dict[str, list[Seen]] = defaultdict(list)
    for each in texts:
        members[joins.of(each.named.key)].append(each)
    found = []
    for group in members.values():
        own = [each for each in group if each.named.key not in joined] or group
        numbers = {each.text_id for each in group if key_of[each.text_id] == each.named.key}
        chosen = [decided[each.text_id] for each in own if each.text_id in decided]
        found.append(
            Payer(
                id=min(each.text_id for each in own), name=_name(own, chosen),
                keys=frozenset(each.named.key for each in group), texts=frozenset(numbers),
                counted=all(choice.counted for choice in chosen),
                companies=frozenset(each.named.company for each in group if each.named.company),
            )
        )  # fmt: skip
    return sorted(found, key=lambda payer: payer.id)


def _name(own: Sequence[Seen], chosen: Sequence[Choice]) -> str:
    """Return the name a person gave the payer, else the one said best: by a person of a row, the base, a full text."""
    given = next((choice.name for choice in chosen if choice.name), None)
    if given:
        return given
    best = max(
        (each.named for each in own),
        key=lambda named: (named.source, not named.cut, len(named.words), len(named.name), named.name),
    )
    return best.name


def _near(
    found: Sequence[Payer], names: _Names, parted: Collection[frozenset[str]], of_key: Mapping[str, int]
) -> list[Near]:
    """Return pairs of payers whose names are near, or that one company's id joins."""
    pairs: dict[frozenset[int], str] = {}

    def offer(one: str, other: str, why: str) -> None:
        if of_key[one] != of_key[other] and frozenset((one, other)) not in parted:
            pairs.setdefault(frozenset((of_key[one], of_key[other])), why)

    for keys in names.companies.values():
        known = sorted(keys)
        for other in known[1:]:
            offer(known[0], other, "the same company's id stands by both")
    largest = sorted(names.keys, key=lambda key: (-names.rows[key], key))[:_MOST_COMPARED]
    for place, one in enumerate(largest):
        for other in largest[place + 1 :]:
            why = _nearness(names.words[one], names.words[other], one, other)
            if why:
                offer(one, other, why)
    counted = {payer.id for payer in found if payer.counted}
    ordered = sorted((min(pair), max(pair), why) for pair, why in pairs.items() if pair <= counted)
    return [Near(one, other, why) for one, other, why in ordered]


def _nearness(one: tuple[str, ...], other: tuple[str, ...], key: str, other_key: str) -> str:
    short, long = sorted((one, other), key=len)
    if len(short) < len(long) and long[: len(short)] == short and len("".join(short)) >= _LEAST_COMPANY_WORD:
        return "one name begins the other"
    if len(short) > 1 and short == tuple(word for word in long if len(word) > 1):
        return "they differ by an initial"
    if min(len(key), len(other_key)) < _LEAST_NEAR or key[0] != other_key[0]:
        return ""
    matcher = SequenceMatcher(None, key, other_key, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return ""
    return "the names are nearly equal" if matcher.ratio() >= _NEAR else ""
