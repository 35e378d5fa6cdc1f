"""From a descriptor to a label: the user's rule, the remembered answer, the bank's own words, the merchant base.

The first evidence that speaks decides; none of it guesses. What stays unsure is a question with choices, never a
booking. The seams for what comes later (nearest remembered text, small model) lie between the merchant base and the
default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Role
from app.core.classify.answers import (
    ANY_ACCOUNT,
    Choice,
    Label,
    Remembered,
    Subject,
    UserRule,
    Verdict,
)
from app.core.classify.clean import Cleaned, clean, words_of
from app.core.classify.knowledge import Category, Knowledge, load_knowledge
from app.core.classify.merchant_index import Merchant
from app.core.classify.phrase_book import Hit
from app.core.classify.policy import allowed
from app.core.classify.source_types import WALLETS, phrase_words
from app.core.money import WHOLE

__all__ = [
    "Choice", "Classifier", "Knowledge", "Label", "Remembered", "Subject", "UserRule", "load_knowledge",
]  # fmt: skip

_SHARES = (0.55, 0.25, 0.1)
"""How the doubt that the top choice leaves is spread over the others."""

_MOST_CHOICES = 5
_CARD_CREDIT = 6_500

Memory = Mapping[tuple[str, int, int], Remembered]


class Classifier:
    """Labels rows with one set of knowledge, rules and answers."""

    def __init__(self, knowledge: Knowledge, rules: Sequence[UserRule], memory: Memory) -> None:
        self._knowledge = knowledge
        self._rules = sorted(rules, key=lambda rule: (rule.order, rule.id))
        self._texts = {rule.id: _folded(rule.text) for rule in self._rules if rule.text}
        self._memory = memory
        self._known: dict[tuple[object, ...], Label] = {}

    def label(self, subject: Subject) -> Label:
        """Return what a row is taken to be. Pure: equal subjects get equal labels.

        Dates, store and reference numbers make most descriptors of a bank distinct, and mean nothing: labels are made
        once for each text with its digits blotted out. Only a rule of the user's sees the digits.
        """
        rule, depends = self._rule(subject)
        if rule is not None or depends:
            return self._made(subject, rule, depends=depends)
        blotted = self._knowledge.blotted(subject.text)
        shape = (blotted, *subject[1:6], *subject[7:])
        label = self._known.get(shape)
        if label is None:
            label = self._known[shape] = self._made(subject, None, depends=False)
        return label

    def _made(self, subject: Subject, rule: UserRule | None, *, depends: bool) -> Label:
        cleaned = clean(self._knowledge.blotted(subject.text), self._knowledge.places)
        merchant = self._knowledge.merchants.find(cleaned.words, cleaned.facilitator)
        key = merchant.name.casefold() if merchant else cleaned.key
        evidence = allowed(self._evidence(subject, cleaned, merchant), subject)
        if rule is not None:
            return _label(
                evidence, merchant, key, top=Choice(rule.kind, rule.line, rule.percent, 10_000), auto=not rule.ask,
                source="rule", reason=f"rule-{rule.id}", text="Your own rule says so.", rule_id=rule.id,
                depends=depends,
            )  # fmt: skip
        answer = self._remembered(key, subject)
        if answer is not None:
            return _label(
                evidence, merchant, key, top=Choice(answer.kind, answer.line, answer.percent, 10_000),
                auto=not answer.ask, source="memory", reason="answer", text="You answered so for this merchant.",
                depends=depends,
            )  # fmt: skip
        top = Choice(evidence.kind, evidence.line, WHOLE, evidence.confidence)
        return _label(
            evidence, merchant, key, top=top, auto=evidence.sure, source=evidence.source, reason=evidence.reason,
            text=evidence.reason_text, depends=depends,
        )  # fmt: skip

    # --- what a person said

    def _rule(self, subject: Subject) -> tuple[UserRule | None, bool]:
        """Return the first rule that holds, and whether one with an amount could decide single rows otherwise."""
        if not self._rules:
            return None, False
        text, depends = _folded(subject.text), False
        for rule in self._rules:
            if rule.text and self._texts[rule.id] not in text:
                continue
            if rule.account_id is not None and rule.account_id != subject.account_id:
                continue
            if rule.sign is not None and rule.sign != subject.sign:
                continue
            if rule.amount_min is not None or rule.amount_max is not None:
                if subject.cents is None:
                    depends = True
                    continue
                if not (rule.amount_min or 0) <= abs(subject.cents) <= (rule.amount_max or abs(subject.cents)):
                    continue
            return rule, depends
        return None, depends

    def _remembered(self, key: str, subject: Subject) -> Remembered | None:
        if not self._memory:
            return None
        account = ANY_ACCOUNT if subject.account_id is None else subject.account_id
        return self._memory.get((key, subject.sign, account)) or self._memory.get((key, subject.sign, ANY_ACCOUNT))

    # --- what the evidence says

    def _evidence(self, subject: Subject, cleaned: Cleaned, merchant: Merchant | None) -> Verdict:
        knowledge = self._knowledge
        typed = phrase_words(subject.source_type, subject.account_kind)
        words = words_of(f"{subject.text} {typed}" if typed else subject.text)
        strong = knowledge.strong.best(words, subject.sign, subject.account_kind)
        if strong is not None and not _inside_merchant(strong, merchant):
            return self._of_phrase(strong, subject, merchant)
        weak = knowledge.weak.best(words, subject.sign, subject.account_kind)
        if weak is not None and weak.phrase.auto and subject.sign > 0 and not self._pays_people(merchant, subject):
            # The payer's own business-payment words say more than a name: bill payers carry merchants' names.
            return self._of_phrase(weak, subject, None)
        if merchant is not None:
            found = self._of_merchant(merchant, subject)
            if found is not None:
                return found
        connected = knowledge.connection.get(subject.pfc or "")
        if connected is not None and connected.kind:
            return self._of_phrase(Hit(connected, subject.pfc or "", 0), subject, None)
        if weak is not None:
            return self._of_phrase(weak, subject, None)
        hint = knowledge.hints.best(list(cleaned.words), subject.sign, subject.account_kind)
        return self._of_hint(hint, subject) if hint is not None else _unknown(subject, refund=cleaned.refund)

    def _pays_people(self, merchant: Merchant | None, subject: Subject) -> bool:
        category = self._knowledge.category(merchant.category, subject.profession) if merchant else None
        return category is not None and category.money_in == Kind.INCOME

    def _of_phrase(self, hit: Hit, subject: Subject, merchant: Merchant | None) -> Verdict:
        phrase = hit.phrase
        line = phrase.line
        if phrase.kind == Kind.REFUND and line == NO_LINE and merchant is not None:
            # Money back from a known merchant nets the line its purchases stand on.
            category = self._knowledge.category(merchant.category, subject.profession)
            line = category.line if category is not None and category.kind == Kind.EXPENSE else line
        return Verdict(
            phrase.kind, line, phrase.confidence, phrase.auto, not phrase.auto, phrase.alternatives, "structure",
            phrase.id, f"The words “{hit.words}” mean {phrase.meaning}.", phrase.phrase,
        )  # fmt: skip

    def _of_merchant(self, merchant: Merchant, subject: Subject) -> Verdict | None:
        category = self._knowledge.category(merchant.category, subject.profession)
        if category is None:
            return None
        if subject.sign > 0:
            return _money_in(merchant, category)
        ambiguous = category.ambiguous or merchant.ambiguous
        return Verdict(
            category.kind, category.line, min(category.confidence, 7_500) if ambiguous else category.confidence,
            not ambiguous, ambiguous, category.alternatives, "merchant", f"merchant-{category.key}",
            f"{merchant.name}: {category.label}.",
        )  # fmt: skip

    def _of_hint(self, hit: Hit, subject: Subject) -> Verdict:
        """A word in the name suggests a trade: a suggestion, never a booking."""
        category = self._knowledge.category(hit.phrase.category or "", subject.profession)
        if category is None:
            return _unknown(subject, refund=False)
        return Verdict(
            category.kind, category.line, min(category.confidence, hit.phrase.confidence), sure=False, ambiguous=True,
            alternatives=category.alternatives, source="structure", reason=hit.phrase.id,
            reason_text=f"The word “{hit.words}” suggests {hit.phrase.meaning}.",
        )  # fmt: skip


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _inside_merchant(hit: Hit, merchant: Merchant | None) -> bool:
    """Whether the phrase is no more than a part of the merchant's own name: `Payment` in `Payment Depot`."""
    if merchant is None or hit.phrase.phrase is not None:
        return False
    name = " ".join(words_of(merchant.name))
    return hit.words in name and hit.words != name


def _money_in(merchant: Merchant, category: Category) -> Verdict:
    """A credit from a merchant is money back unless the trade pays people."""
    text = f"{merchant.name}: {category.label}."
    if category.money_in == "refund":
        line = category.line if category.kind == Kind.EXPENSE else NO_LINE
        return Verdict(
            Kind.REFUND, line, min(category.confidence, 9_500), not (category.ambiguous or merchant.ambiguous),
            category.ambiguous, ((Kind.PERSONAL, NO_LINE), (Kind.INCOME, "C1")), "merchant", "merchant-refund",
            f"Money back from {merchant.name}.",
        )  # fmt: skip
    if category.money_in == Kind.INCOME:
        return Verdict(
            Kind.INCOME, "C1", min(category.confidence, 9_700), not merchant.ambiguous, merchant.ambiguous,
            ((Kind.TRANSFER, NO_LINE), (Kind.PERSONAL, NO_LINE)), "merchant", "merchant-income", text,
        )  # fmt: skip
    kind = category.money_in if category.money_in in {Kind.LOAN, Kind.PERSONAL} else Kind.PERSONAL
    return Verdict(
        kind, NO_LINE, 5_500, False, True, ((Kind.REFUND, NO_LINE), (Kind.INCOME, "C1"), (Kind.TRANSFER, NO_LINE)),
        "merchant", "merchant-credit", text,
    )  # fmt: skip


def _unknown(subject: Subject, *, refund: bool) -> Verdict:
    """Nobody knows: the suggestion is the commonest case of that account, and it is asked."""
    if subject.sign > 0:
        return _unknown_credit(subject, refund=refund)
    if subject.account_role == Role.BUSINESS or subject.account_kind in WALLETS:
        return Verdict(
            Kind.EXPENSE, "C27", 3_500, False, True, ((Kind.EXPENSE, "C22"), (Kind.PERSONAL, NO_LINE)), "default",
            "unknown", "The merchant is not known yet.",
        )  # fmt: skip
    return Verdict(
        Kind.PERSONAL, NO_LINE, 5_000, False, True, ((Kind.EXPENSE, "C27"), (Kind.EXPENSE, "C22")), "default", "unknown",
        "The merchant is not known yet.",
    )  # fmt: skip


def _unknown_credit(subject: Subject, *, refund: bool) -> Verdict:
    if subject.account_kind == AccountKind.CREDIT or refund:
        return Verdict(
            Kind.REFUND, NO_LINE, _CARD_CREDIT, False, True, ((Kind.CARD_PAYMENT, NO_LINE), (Kind.PERSONAL, NO_LINE)),
            "default", "unknown-credit", "Money back, from a merchant that is not known yet.",
        )  # fmt: skip
    if subject.account_kind == AccountKind.SAVINGS:
        return Verdict(
            Kind.TRANSFER, NO_LINE, 5_000, False, True, ((Kind.INCOME, "C1"), (Kind.PERSONAL, NO_LINE)), "default",
            "unknown-credit", "A deposit into savings that names no source known yet.",
        )  # fmt: skip
    return Verdict(
        Kind.INCOME, "C1", 5_500, False, True, ((Kind.PERSONAL, NO_LINE), (Kind.TRANSFER, NO_LINE)), "default",
        "unknown-credit", "A deposit whose payer is not known yet: client money or private?",
    )  # fmt: skip


def _label(
    evidence: Verdict, merchant: Merchant | None, key: str, *, top: Choice, auto: bool, source: str, reason: str,
    text: str, rule_id: int | None = None, depends: bool = False,
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
        choices=_choices(top, evidence),
        rule_id=rule_id,
        phrase=evidence.phrase,
        depends_on_amount=depends,
    )


def _choices(top: Choice, evidence: Verdict) -> tuple[Choice, ...]:
    """The label first, then what the evidence thinks of, personal always among them for a cost."""
    others = [(evidence.kind, evidence.line), *evidence.alternatives, (Kind.PERSONAL.value, NO_LINE)]
    found = [top]
    doubt = 10_000 - top.confidence
    for kind, line in others:
        if len(found) >= _MOST_CHOICES:
            break
        if all((kind, line) != (choice.kind, choice.line) for choice in found):
            share = _SHARES[min(len(found) - 1, len(_SHARES) - 1)]
            found.append(Choice(kind, line, WHOLE, int(doubt * share)))
    return tuple(found)
