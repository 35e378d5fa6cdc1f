"""A person's rules: every condition, their order, and that many of them are as right as few."""

from __future__ import annotations

import random

import pytest

from app.adapters.patterns import LinearPatterns
from app.core.classify.answers import Subject, UserRule
from app.core.classify.decide import Classifier, Knowledge
from app.core.classify.rule_book import RuleBook, folded

NOBODY: tuple[str, ...] = ()


def rule(number: int, **given: object) -> UserRule:
    return UserRule(**{"id": number, "order": number, "kind": "expense", "line": "C18", **given})  # type: ignore[arg-type]


def row(text: str, *, cents: int | None = -1000, day: int | None = 20_000, account: int = 7) -> Subject:
    sign = 1 if (cents or -1) > 0 else -1
    return Subject(text, sign, "checking", "mixed", "designer", None, cents, account, None, day=day)


def holds(one: UserRule, subject: Subject, named: tuple[str, ...] = NOBODY) -> bool:
    return RuleBook([one], LinearPatterns()).first(subject, lambda: named)[0] is not None


@pytest.mark.parametrize(
    ("given", "yes", "no"),
    [
        ({"text": "acme  Corp"}, row("Pay ACME CORP 12"), row("PAY ACME 12 CORP")),
        ({"text": "ab"}, row("CAB"), row("A B")),
        ({"regex": r"INV-\d{4}"}, row("pay inv-2024"), row("INV-20")),
        ({"amount_min": 1000, "amount_max": 1000}, row("X", cents=-1000), row("X", cents=-1001)),
        ({"amount_max": 0}, row("X", cents=0), row("X", cents=-1)),
        ({"account_id": 7}, row("X"), row("X", account=8)),
        ({"sign": 1}, row("X", cents=5), row("X", cents=-5)),
        ({"date_from": 20_000, "date_to": 20_001}, row("X", day=20_001), row("X", day=20_002)),
        ({"text": "X", "regex": "^A", "sign": -1}, row("A X"), row("B X")),
    ],
)
def test_each_condition_holds_for_what_it_says_and_for_nothing_else(
    given: dict[str, object], yes: Subject, no: Subject
) -> None:
    assert holds(rule(1, **given), yes)
    assert not holds(rule(1, **given), no)


def test_a_counterparty_is_met_by_the_merchant_s_name_or_key_in_any_case(knowledge: Knowledge) -> None:
    made = Classifier(knowledge, [rule(1, counterparty="FIGMA", line="C8")], {})
    assert made.label(row("FIGMA MONTHLY RENEWAL 8822")).rule_id == 1
    assert made.label(row("SLACK T0123")).rule_id is None
    with_text = Classifier(knowledge, [rule(1, counterparty="figma", text="renewal")], {})
    assert with_text.label(row("FIGMA MONTHLY RENEWAL")).rule_id == 1
    assert with_text.label(row("FIGMA SEAT")).rule_id is None


def test_a_rule_for_days_decides_rows_and_not_whole_texts() -> None:
    book = RuleBook([rule(1, text="FIGMA", date_from=20_000), rule(2, text="FIGMA", line="C22")])
    first, depends = book.first(row("FIGMA", cents=None, day=None), lambda: NOBODY)
    assert (first.id if first else None, depends) == (2, True)
    assert book.first(row("FIGMA"), lambda: NOBODY) == (rule(1, text="FIGMA", date_from=20_000), False)
    assert book.first(row("FIGMA", day=19_999), lambda: NOBODY)[0] == rule(2, text="FIGMA", line="C22")


def test_rules_without_words_are_tried_in_order_too() -> None:
    some = [rule(1, amount_max=500), rule(2, sign=1), rule(3, date_from=20_001), rule(4), rule(5, text="FIGMA")]
    book = RuleBook(some)

    def first(subject: Subject) -> tuple[int | None, bool]:
        found, depends = book.first(subject, lambda: NOBODY)
        return (found.id if found else None), depends

    assert first(row("FIGMA", cents=None, day=None)) == (4, True)
    assert first(row("FIGMA", cents=-400)) == (1, False)
    assert first(row("FIGMA", cents=900)) == (2, False)
    assert first(row("FIGMA", day=20_001)) == (3, False)
    assert first(row("FIGMA")) == (4, False)


def test_all_rules_that_hold_are_named_in_order() -> None:
    book = RuleBook([rule(3, text="FIGMA"), rule(1, sign=-1), rule(2, text="SLACK")])
    assert [each.id for each in book.all_holding(row("FIGMA"), lambda: NOBODY)] == [1, 3]


@pytest.mark.parametrize("seed", range(20))
def test_many_rules_find_the_same_row_as_trying_one_after_the_other(seed: int) -> None:
    draw = random.Random(seed)

    def word(most: int) -> str:
        return "".join(draw.choices("AB é", k=draw.randint(1, most)))

    def some(number: int) -> UserRule:
        given: dict[str, object] = {}
        if draw.random() < 0.6:
            given["text"] = folded(word(6)) or None
        if draw.random() < 0.2:
            given["regex"] = draw.choice(["A+B", "^B", "é$", "(A|B){3}", " "])
        if draw.random() < 0.2:
            given["counterparty"] = draw.choice(["ann", "bo"])
        if draw.random() < 0.3:
            given["sign"] = draw.choice([-1, 1])
        if draw.random() < 0.3:
            given["amount_max"] = draw.choice([500, 1500])
        if draw.random() < 0.2:
            given["date_from"] = draw.choice([19_999, 20_001])
        return rule(number, order=draw.randint(1, 9), **given)

    rules = [some(number) for number in range(40)]
    book = RuleBook(rules, LinearPatterns())
    for _ in range(60):
        named = draw.choice([NOBODY, ("ann",), ("bo", "ann")])
        subject = row(word(12), cents=draw.choice([-1000, 1000, -2000]), day=draw.choice([19_999, 20_002]))
        wanted = [one for one in sorted(rules, key=lambda each: (each.order, each.id)) if holds(one, subject, named)]
        assert book.all_holding(subject, lambda named=named: named) == wanted  # type: ignore[misc]
        assert book.first(subject, lambda named=named: named)[0] == (wanted[0] if wanted else None)  # type: ignore[misc]
