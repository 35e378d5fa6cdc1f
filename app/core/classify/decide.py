"""From a descriptor to a label, by the first evidence that speaks.

The order: the person's rule, their answer for the merchant, the bank's own phrases, the merchant base, the list of
brands, the category of a connection, an answer for a name nearly the same, words that suggest a trade, the small model.
The first that is certain decides. What stays unsure is a question with choices, never a booking.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from app.core.books.vocabulary import NO_LINE, Kind, Role
from app.core.classify.answers import (
    ANY_ACCOUNT,
    Choice,
    Label,
    Layer,
    Remembered,
    Subject,
    UserRule,
    Verdict,
)
from app.core.classify.clean import Cleaned, clean
from app.core.classify.confidence import SURE, Basis
from app.core.classify.evidence import Evidence, is_namesake
from app.core.classify.knowledge import Knowledge, load_knowledge, packed_merchants
from app.core.classify.merchant_index import Found, Merchant
from app.core.classify.nearest import Memory, Near, Nearest
from app.core.classify.policy import allowed
from app.core.classify.rule_book import RuleBook, folded
from app.core.money import WHOLE
from app.core.ports import Patterns

__all__ = [
    "Choice", "Classifier", "Knowledge", "Label", "Remembered", "Subject", "UserRule", "load_knowledge",
    "packed_merchants",
]  # fmt: skip

_SHARES = (0.55, 0.25, 0.1)
"""How the doubt that the top choice leaves is spread over the others."""

_GUESSED = frozenset({"default", "model"})
_RULE = Basis("rule", SURE, 0)
_ANSWER = Basis("memory", "clear", 0)
_MONEY_BACK = Basis("memory", "money back", 0)

_MOST_CHOICES = 5
_MOST_KEPT = 20_000
"""Labels kept for texts that come again: a table of any length needs the same memory."""
_PERSONS = "p2p"
"""The category of payments between persons (resources/merchants/categories.csv)."""


class Classifier:
    """Labels rows with one set of knowledge, rules and answers. `patterns` is needed for rules that have one."""

    def __init__(
        self, knowledge: Knowledge, rules: Sequence[UserRule], memory: Memory, patterns: Patterns | None = None
    ) -> None:
        self._knowledge = knowledge
        self._rules = RuleBook(rules, patterns)
        self._given, self._patterns = rules, patterns
        self._names: dict[tuple[str, str], tuple[str, ...]] = {}
        self._memory = memory
        self._nearest: Nearest | None = None
        self._known: dict[tuple[object, ...], Label] = {}

    def label(self, subject: Subject) -> Label:
        """Return what a row is taken to be. Pure: equal subjects get equal labels.

        Dates, store and reference numbers make most descriptors of a bank distinct, and mean nothing: labels are made
        once for each text with its digits blotted out. Only a rule of the user's sees the digits.
        """
        blotted = self._knowledge.blotted(subject.text)
        rule, depends = self._rule(subject, blotted) if self._rules else (None, False)
        shape = (blotted, *subject[1:6], *subject[7:10], rule.id if rule is not None else None, depends)
        label = self._known.get(shape)
        if label is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            label = self._known[shape] = self._made(subject, blotted, rule, depends=depends)
        return label

    def rules_for(self, subject: Subject) -> list[UserRule]:
        """Return every rule that holds for a row, in order: the first one decides."""
        return self._rules.all_holding(subject, lambda: self._named(subject, self._knowledge.blotted(subject.text)))

    def taught(self, memory: Memory) -> Classifier:
        """Return one that knows these answers too; its own rules and answers go on."""
        return Classifier(self._knowledge, self._given, {**self._memory, **memory}, self._patterns)

    def explained(self, subject: Subject) -> tuple[Layer, ...]:
        """Return what each step of the order says of a row, first to last, and which of them decided."""
        label, blotted = self.label(subject), self._knowledge.blotted(subject.text)
        cleaned, found = self._seen(blotted, subject)
        evidence = Evidence(self._knowledge, subject, cleaned, found)
        rule, answer = self._rule(subject, blotted)[0], self._remembered(label.merchant_key, subject)
        near = self._near(label.merchant_key, subject, self._allowed(evidence, subject))
        said = dict(evidence.layers())
        order = [
            Layer("rule", _line_of(rule), self._shown(_RULE), rule is not None, "Your own rule says so."),
            Layer(
                "memory",
                _line_of(answer),
                self._shown(_ANSWER),
                answer is not None,
                "You answered so for this merchant.",
            ),
            *(self._layer(step, said[step]) for step in ("structure", "merchant", "brand", "connection")),
            Layer(
                "nearest",
                _line_of(near.answer if near else None),
                self._shown(_nearness(near)),
                near is not None,
                "A name nearly the same.",
            ),
            *(self._layer(step, said[step]) for step in ("words", "model")),
        ]
        spoke = _deciding(label, {layer.step for layer in order if layer.speaks})
        return tuple(layer._replace(decided=layer.step == spoke) for layer in order)

    def _seen(self, blotted: str, subject: Subject) -> tuple[Cleaned, Found | None]:
        """Return the words of a text and the merchant they name, if it is that one."""
        cleaned = clean(blotted, self._knowledge.places, self._knowledge.numbers)
        found = self._knowledge.find(cleaned)
        if found is not None and is_namesake(self._knowledge, found, subject.profession, cleaned.facilitator):
            found = None
        return cleaned, found

    def _made(self, subject: Subject, blotted: str, rule: UserRule | None, *, depends: bool) -> Label:
        knowledge = self._knowledge
        cleaned, found = self._seen(blotted, subject)
        merchant = found.merchant if found else None
        key = _key_of(cleaned, found)
        evidence = self._allowed(Evidence(knowledge, subject, cleaned, found), subject)
        if rule is not None:
            return _label(
                evidence, merchant, key, top=self._choice(rule, _RULE), basis=_RULE, auto=not rule.ask,
                source="rule", reason=f"rule-{rule.id}", text="Your own rule says so.", rule_id=rule.id,
                depends=depends,
            )  # fmt: skip
        answer = self._remembered(key, subject)
        if answer is not None:
            return _label(
                evidence, merchant, key, top=self._choice(answer, _answered(evidence)), basis=_answered(evidence),
                auto=not answer.ask, source="memory", reason="answer", text="You answered so for this merchant.",
                depends=depends,
            )  # fmt: skip
        near = self._near(key, subject, evidence)
        if near is not None:
            said = near.answer
            text = f"You answered so for “{near.key}”, " + ("the same name." if near.same else "which looks alike.")
            return _label(
                evidence, merchant, key, auto=near.same and not said.ask, source="nearest",
                top=self._choice(said, _nearness(near)), basis=_nearness(near),
                reason="answer-same-name" if near.same else "answer-alike", text=text, depends=depends,
            )  # fmt: skip
        bought = self._remembered(key, subject._replace(sign=-1)) if evidence.kind == Kind.REFUND else None
        if bought is not None and evidence.line != "C2" and evidence.source != "structure":
            # Money back follows what a person said of the purchases there.
            line = bought.line if bought.kind == Kind.EXPENSE else NO_LINE
            return _label(
                evidence, merchant, key, basis=_MONEY_BACK, auto=not bought.ask,
                top=Choice(Kind.REFUND, line, bought.percent, self._shown(_MONEY_BACK)),
                source="memory", reason="answer-refund", text="Money back from a merchant you answered for.",
                depends=depends,
            )  # fmt: skip
        top = Choice(evidence.kind, evidence.line, WHOLE, self._shown(evidence.basis))
        return _label(
            evidence, merchant, key, top=top, basis=evidence.basis, auto=evidence.sure, source=evidence.source,
            reason=evidence.reason, text=evidence.reason_text, depends=depends or evidence.by_row,
        )  # fmt: skip

    def _allowed(self, evidence: Evidence, subject: Subject) -> Verdict:
        """Return what the evidence says, as the account and the measured shares let it stand."""
        verdict = allowed(evidence.verdict(), subject)
        if not verdict.sure or self._knowledge.scale.books(verdict.basis):
            return verdict
        return verdict.held

    def _shown(self, basis: Basis) -> int:
        return self._knowledge.scale.shown(basis)

    def _choice(self, said: UserRule | Remembered, basis: Basis) -> Choice:
        return Choice(said.kind, said.line, said.percent, self._shown(basis))

    def _layer(self, step: str, verdict: Verdict | None) -> Layer:
        if verdict is None or verdict.only_offers:
            return Layer(step, ("", NO_LINE), 0, speaks=False, text="")
        shown = self._shown(verdict.basis)
        return Layer(step, (verdict.kind, verdict.line), shown, speaks=True, text=verdict.reason_text)

    # --- what a person said

    def _near(self, key: str, subject: Subject, evidence: Verdict) -> Near | None:
        """Return an answer for a name nearly like this one, where nothing but words or their sound speaks."""
        guessed = evidence.source in _GUESSED or evidence.reason.startswith("hint")
        if not self._memory or not guessed or (evidence.sure and subject.account_role != Role.PERSONAL):
            return None
        if self._nearest is None:
            known = self._knowledge
            self._nearest = Nearest(self._memory, known.places, known.names_no_trade, known.scale.limits["alike"])
        account = ANY_ACCOUNT if subject.account_id is None else subject.account_id
        return self._nearest.find(key, subject.sign, account)

    def _rule(self, subject: Subject, blotted: str) -> tuple[UserRule | None, bool]:
        return self._rules.first(subject, lambda: self._named(subject, blotted))

    def _named(self, subject: Subject, blotted: str) -> tuple[str, ...]:
        """Return who a row is with as a rule may name them: the merchant, and the words that stay of the text."""
        held = self._names.get((blotted, subject.profession))
        if held is None:
            cleaned, found = self._seen(blotted, subject)
            key = _key_of(cleaned, found)
            held = (folded(key), *([folded(found.merchant.name)] if found else []))
            self._names[blotted, subject.profession] = held
        return held

    def _remembered(self, key: str, subject: Subject) -> Remembered | None:
        if not self._memory:
            return None
        account = ANY_ACCOUNT if subject.account_id is None else subject.account_id
        return self._memory.get((key, subject.sign, account)) or self._memory.get((key, subject.sign, ANY_ACCOUNT))


def _line_of(said: UserRule | Remembered | None) -> tuple[str, str]:
    return (said.kind, said.line) if said is not None else ("", NO_LINE)


def _deciding(label: Label, spoke: set[str]) -> str:
    """Return the step a label rests on; words of either sort are one source."""
    step = "words" if label.source == "structure" and "structure" not in spoke else label.source
    return "words" if label.reason.startswith("hint") else step


def _answered(evidence: Verdict) -> Basis:
    """Return what an answer for the merchant rests on: where everything is sold, the next row is often another."""
    if evidence.source in {"merchant", "brand"}:
        return Basis("memory", "unclear" if evidence.ambiguous else "clear", 0)
    return Basis("memory", "words" if evidence.source == "structure" else "unknown", 0)


def _nearness(near: Near | None) -> Basis:
    return Basis("nearest", "same" if near is None or near.same else "alike", 0)


def _key_of(cleaned: Cleaned, found: Found | None) -> str:
    # A rail between persons is no merchant: what one person was paid for says nothing of the next.
    merchant = found.merchant if found else None
    return merchant.name.casefold() if merchant and merchant.category != _PERSONS else cleaned.key


def _label(
    evidence: Verdict, merchant: Merchant | None, key: str, *, top: Choice, basis: Basis, auto: bool, source: str,
    reason: str, text: str, rule_id: int | None = None, depends: bool = False,
) -> Label:  # fmt: skip
    return Label(
        kind=top.kind,
        line=top.line,
        percent=top.percent,
        auto=auto,
        confidence=top.confidence,
        source=source,
        reason=reason,
        reason_text=text,
        merchant=merchant.name if merchant else None,
        merchant_key=key,
        ambiguous=evidence.ambiguous,
        choices=_choices(top, (evidence.kind, evidence.line), evidence.alternatives),
        rule_id=rule_id,
        phrase=evidence.phrase,
        basis=basis,
        by_row=depends,
    )


@lru_cache(maxsize=1024)
def _choices(
    top: Choice, seen_as: tuple[str, str], alternatives: tuple[tuple[str, str], ...]
) -> tuple[Choice, ...]:  # fmt: skip
    """The label first, then what the evidence thinks of, personal always among them for a cost."""
    others = (seen_as, *alternatives, (Kind.PERSONAL.value, NO_LINE))
    found, seen = [top], {(top.kind, top.line)}
    doubt = 10_000 - top.confidence
    for kind, line in others:
        if len(found) >= _MOST_CHOICES:
            break
        if (kind, line) not in seen:
            seen.add((kind, line))
            share = _SHARES[min(len(found), len(_SHARES)) - 1]
            found.append(Choice(kind, line, WHOLE, int(doubt * share)))
    return tuple(found)
