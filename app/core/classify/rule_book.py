"""A person's rules, made ready to be asked about many texts: 1,000 of them cost little more than one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf

from app.core.classify.answers import Subject, UserRule
from app.core.ports import Patterns, PatternSet

_PIECE = 3
"""Texts are found by so many letters of them."""

Named = Callable[[], tuple[str, ...]]
"""Who a row is with, as names and keys that are folded; asked only where a rule names a counterparty."""


def folded(text: str | None) -> str:
    """Return a text as rules compare it: any case, single spaces."""
    return " ".join((text or "").casefold().split())


class RuleBook:
    """Rules in their order. What a rule looks for narrows it down first, then its other conditions are tried."""

    def __init__(self, rules: Sequence[UserRule], patterns: Patterns | None = None) -> None:
        self._rules = sorted(rules, key=lambda rule: (rule.order, rule.id))
        self._texts = [folded(rule.text) for rule in self._rules]
        self._by_piece: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._short: list[int] = []
        self._regexes: list[int] = []
        self._open: list[int] = []
        self._fitting: dict[tuple[int | None, int], _Fitting] = {}
        for place, rule in enumerate(self._rules):
            self._enter(place, rule)
        self._patterns = self._ready(patterns)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def first(self, subject: Subject, named: Named) -> tuple[UserRule | None, bool]:
        """Return the first rule that holds, and whether one with an amount or a date could decide single rows."""
        depends = False
        for rule in self._met(subject, named):
            if _is_within(rule, subject):
                return rule, depends
            depends = depends or _may_be_within(rule, subject)
        return None, depends

    def all_holding(self, subject: Subject, named: Named) -> list[UserRule]:
        """Return every rule that holds, in order: the first decides."""
        return [rule for rule in self._met(subject, named) if _is_within(rule, subject)]

    def _enter(self, place: int, rule: UserRule) -> None:
        text = self._texts[place]
        if text:
            pieces = [text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)]
            if pieces:
                rarest = min(pieces, key=lambda piece: len(self._by_piece.get(piece, ())))
                self._by_piece.setdefault(rarest, []).append(place)
            else:
                self._short.append(place)
        elif rule.regex:
            self._regexes.append(place)
        elif rule.counterparty:
            self._by_name.setdefault(folded(rule.counterparty), []).append(place)
        else:
            self._open.append(place)

    def _ready(self, patterns: Patterns | None) -> PatternSet | None:
        wanted = [rule.regex for rule in self._rules if rule.regex]
        if not wanted:
            return None
        assert patterns is not None, "whoever has rules with patterns brings the engine for them"
        self._numbers = [place for place, rule in enumerate(self._rules) if rule.regex]
        return patterns.ready(wanted)

    def _met(self, subject: Subject, named: Named) -> Iterator[UserRule]:
        """Yield, in order, the rules whose text, pattern, counterparty, account and direction hold."""
        text = folded(subject.text)
        places = self._with_text(text)
        found: set[int] = set()
        if self._patterns is not None:
            found = {self._numbers[at] for at in self._patterns.found_in(" ".join(subject.text.split()))}
            places += [place for place in self._regexes if place in found]
        names: tuple[str, ...] | None = None
        if self._by_name:
            names = named()
            places += [place for name in dict.fromkeys(names) for place in self._by_name.get(name, ())]
        if self._open:
            places += self._fits(subject)
        for place in sorted(places):
            rule = self._rules[place]
            if rule.account_id is not None and rule.account_id != subject.account_id:
                continue
            if rule.sign is not None and rule.sign != subject.sign:
                continue
            if rule.regex and place not in found:
                continue
            if rule.counterparty:
                names = named() if names is None else names
                if folded(rule.counterparty) not in names:
                    continue
            yield rule

    def _with_text(self, text: str) -> list[int]:
        texts = self._texts
        places = [place for place in self._short if texts[place] in text]
        pieces = self._by_piece
        if pieces:
            seen = {text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)}
            for piece in seen & pieces.keys():
                places += [place for place in pieces[piece] if texts[place] in text]
        return places

    def _fits(self, subject: Subject) -> list[int]:
        """Return the rules without words that may hold for an account, a direction, an amount and a day."""
        key = (subject.account_id, subject.sign)
        held = self._fitting.get(key)
        if held is None:
            held = self._fitting[key] = self._limits(*key)
        whole, limits = held
        if subject.cents is None or subject.day is None:
            return whole
        cents, day = abs(subject.cents), subject.day
        return [place for place, low, high, first, last in limits if low <= cents <= high and first <= day <= last]

    def _limits(self, account_id: int | None, sign: int) -> _Fitting:
        fitting = [
            place for place in self._open
            if self._rules[place].account_id in {None, account_id} and self._rules[place].sign in {None, sign}
        ]  # fmt: skip
        limits = [(place, *_bounds(self._rules[place])) for place in fitting]
        # A rule without limits decides every row, so nothing behind it is ever met; of those before it that have
        # limits, one says as much as all: that single rows are to be looked at.
        decides = next((at for at, limit in enumerate(limits) if limit[1:] == _NO_BOUNDS), len(limits))
        return [*fitting[: min(decides, 1)], *fitting[decides : decides + 1]], limits


_NO_BOUNDS = (-inf, inf, -inf, inf)
_Fitting = tuple[list[int], list[tuple[int, float, float, float, float]]]
"""Which of the rules without words a whole group needs, and the limits of all."""


def _bounds(rule: UserRule) -> tuple[float, float, float, float]:
    return (
        -inf if rule.amount_min is None else rule.amount_min, inf if rule.amount_max is None else rule.amount_max,
        -inf if rule.date_from is None else rule.date_from, inf if rule.date_to is None else rule.date_to,
    )  # fmt: skip


def _is_within(rule: UserRule, subject: Subject) -> bool:
    """Return whether a row lies within a rule's amounts and days; of a group nobody knows."""
    return _lies(rule.amount_min, rule.amount_max, None if subject.cents is None else abs(subject.cents)) and _lies(
        rule.date_from, rule.date_to, subject.day
    )


def _lies(low: int | None, high: int | None, value: int | None) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or low <= value) and (high is None or value <= high)


def _may_be_within(rule: UserRule, subject: Subject) -> bool:
    """Return whether some row of a group may lie within: what is known of it does not rule that out."""
    known = subject.cents is not None and not _lies(rule.amount_min, rule.amount_max, abs(subject.cents))
    known = known or (subject.day is not None and not _lies(rule.date_from, rule.date_to, subject.day))
    return not known
