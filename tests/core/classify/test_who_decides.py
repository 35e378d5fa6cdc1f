"""Who has the last word: a rule, an answer, the evidence; and that it is always the same word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.classify.decide import Classifier, Knowledge, Label, Remembered, Subject, UserRule
from app.core.money import WHOLE

SLACK = ("slack", -1, 7)


def rule(identifier: int, **given: object) -> UserRule:
    wanted = {"kind": "expense", "line": "C27", "order": identifier, **given}
    return UserRule(id=identifier, **wanted)


def test_rule_beats_answer_and_evidence(label: Callable[..., Label]) -> None:
    memory = {SLACK: Remembered("personal", "NONE", WHOLE, ask=False)}
    made = label("SLACK T1", rules=[rule(4, text="sla", percent=6_000)], memory=memory)
    assert (made.source, made.reason, made.rule_id) == ("rule", "rule-4", 4)
    assert (made.kind, made.line, made.percent, made.auto) == ("expense", "C27", 6_000, True)


def test_answer_beats_evidence(label: Callable[..., Label]) -> None:
    made = label("SLACK T1", memory={SLACK: Remembered("personal", "NONE", WHOLE, ask=False)})
    assert (made.source, made.kind, made.auto) == ("memory", "personal", True)
    assert [(c.kind, c.line) for c in made.choices][:2] == [("personal", "NONE"), ("expense", "C18")]


def test_answer_for_this_account_beats_the_one_for_all(label: Callable[..., Label]) -> None:
    memory = {
        ("slack", -1, 0): Remembered("expense", "C27", WHOLE, ask=False),
        SLACK: Remembered("expense", "C22", WHOLE, ask=False),
    }
    assert label("SLACK", memory=memory).line == "C22"
    del memory[SLACK]
    assert label("SLACK", memory=memory).line == "C27"


def test_answer_of_the_other_side_is_no_answer(label: Callable[..., Label]) -> None:
    memory = {("upwork payout", -1, 7): Remembered("personal", "NONE", WHOLE, ask=False)}
    assert label("UPWORK ESCROW PPD", sign=1, memory=memory).source != "memory"


def test_asking_each_time_keeps_the_answer_on_top(label: Callable[..., Label]) -> None:
    asked = label("SLACK", memory={SLACK: Remembered("expense", "C22", 5_000, ask=True)})
    assert (asked.auto, asked.line, asked.percent) == (False, "C22", 5_000)
    by_rule = label("SLACK", rules=[rule(1, text="slack", ask=True)])
    assert (by_rule.auto, by_rule.line) == (False, "C27")


def test_refund_follows_the_answer_for_the_purchase(label: Callable[..., Label]) -> None:
    memory = {SLACK: Remembered("expense", "C22", 5_000, ask=False)}
    made = label("SLACK", sign=1, account="credit", memory=memory)
    assert (made.kind, made.line, made.percent, made.auto) == ("refund", "C22", 5_000, True)
    memory = {SLACK: Remembered("personal", "NONE", WHOLE, ask=False)}
    made = label("PURCHASE RETURN SLACK", sign=1, memory=memory)
    assert (made.kind, made.line) == ("refund", "NONE")


def test_namesake_does_not_take_the_answer(label: Callable[..., Label]) -> None:
    memory = {SLACK: Remembered("expense", "C18", WHOLE, ask=False)}
    made = label("SLACK CAFE", memory=memory)
    assert (made.auto, made.merchant) == (False, None)


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({"text": "SLACK  t"}, True),
        ({"text": "slacker"}, False),
        ({"account_id": 7}, True),
        ({"account_id": 8}, False),
        ({"sign": -1}, True),
        ({"sign": 1}, False),
        ({"text": "slack", "amount_min": 1_000, "amount_max": 2_000}, True),
        ({"text": "slack", "amount_min": 1_501}, False),
        ({"text": "slack", "amount_max": 1_499}, False),
        ({"text": "slack", "amount_min": 1_500, "amount_max": 1_500}, True),
    ],
)
def test_all_conditions_of_a_rule_must_hold(
    label: Callable[..., Label], given: dict[str, object], *, holds: bool
) -> None:
    assert (label("Slack T1", cents=-1_500, rules=[rule(1, **given)]).source == "rule") is holds


def test_first_rule_in_order_wins(label: Callable[..., Label]) -> None:
    rules = [rule(1, text="slack", order=2, line="C22"), rule(2, text="slack", order=1, line="C27")]
    assert label("SLACK", rules=rules).rule_id == 2


def test_rule_with_an_amount_makes_a_group_depend_on_it(label: Callable[..., Label]) -> None:
    by_amount = rule(1, text="slack", amount_min=5_000, line="C22")
    group = label("SLACK", rules=[by_amount])
    assert group.by_row
    assert group.line == "C18"
    assert not label("FIGMA", rules=[by_amount]).by_row
    assert not label("SLACK", cents=-100, rules=[by_amount]).by_row
    behind = label("SLACK", rules=[by_amount, rule(2, text="slack", line="C27")])
    assert (behind.by_row, behind.rule_id) == (True, 2)


def test_rule_sees_the_digits_the_labels_do_not(label: Callable[..., Label]) -> None:
    made = [label(text, rules=[rule(1, text="#12")]) for text in ("ACME PARTS #12", "ACME PARTS #13")]
    assert [found.source == "rule" for found in made] == [True, False]


TEXTS = st.sampled_from(["SLACK T01", "PURCHASE RETURN ADOBE", "ZELLE FROM ANN", "ACME", "IRS USATAXPYMT", "401K"])
SUBJECTS = st.builds(
    Subject,
    st.one_of(TEXTS, st.text(max_size=40)),
    st.sampled_from([1, -1]),
    st.sampled_from(["checking", "savings", "credit", "paypal", "stripe"]),
    st.sampled_from(["business", "personal", "mixed", "reserve"]),
    st.sampled_from(["designer", "contractor", "rideshare_driver", "other"]),
    st.sampled_from([None, "FEE", "PAYMENT", "INT"]),
    st.none(),
    st.just(7),
    st.sampled_from([None, "FOOD_AND_DRINK_GROCERIES", "INCOME_WAGES", "GENERAL_MERCHANDISE_ELECTRONICS"]),
)


@given(SUBJECTS)
def test_any_row_gets_one_lasting_label_with_choices(knowledge: Knowledge, subject: Subject) -> None:
    classifier = Classifier(knowledge, [], {})
    made = classifier.label(subject)
    assert made == classifier.label(subject) == Classifier(knowledge, [], {}).label(subject)
    assert (made.choices[0].kind, made.choices[0].line) == (made.kind, made.line)
    assert len({(c.kind, c.line) for c in made.choices}) == len(made.choices) <= 5
    assert all(0 <= c.confidence <= 10_000 for c in made.choices)
    assert made.reason
    assert made.reason_text
    if made.kind == "expense":
        assert "personal" in {c.kind for c in made.choices}


@pytest.mark.parametrize("text", ["PADDLE.NET* QUILLMARK", "FSPRG* QUILLMARK", "2CO.COM*QUILLMARK 402-935-7733 NY"])
def test_what_a_reseller_of_software_sells_is_software(label: Callable[..., Label], text: str) -> None:
    made = label(text, account="credit")
    assert (made.kind, made.line, made.auto) == ("expense", "C18", True)


@pytest.mark.parametrize("name", ["AMZN FLEX", "DOORDASH INC", "UPWORK ESCROW"])
def test_a_platform_that_pays_by_direct_deposit_is_no_employer(label: Callable[..., Label], name: str) -> None:
    made = label(f"{name} DES:DIRECT DEP ID:123 INDN:JANE DOE CO ID:9000 PPD", sign=1, account="checking")
    assert (made.kind, made.line) == ("income", "C1")


def test_a_name_of_paypals_that_does_not_fill_its_field_is_not_cut(label: Callable[..., Label]) -> None:
    assert label("PAYPAL *EQUIPMENT 402-935-7733 CA", account="credit").merchant is None


@pytest.mark.parametrize(
    ("text", "sign", "kind", "line"),
    [
        ("OWNER DRAW TRANSFER TO CHK 4481", -1, "owner_draw", "NONE"),
        ("ETRADE IND 401K DES:ACH CONTRB", -1, "personal", "S1_RETIRE"),
        ("TASKRABBIT DES:PAYMENTS ID:12 INDN:SAM CO ID:9 CCD", 1, "income", "C1"),
        ("JOHNSTONE SPLY OAKLAND CA", -1, "expense", "C22"),
    ],
)
def test_words_beside_a_name_say_what_it_is_here(
    label: Callable[..., Label], text: str, sign: int, kind: str, line: str
) -> None:
    made = label(text, sign=sign, account="checking", trade="contractor")
    assert (made.kind, made.line) == (kind, line)


def test_payables_of_a_bill_payer_are_asked(label: Callable[..., Label]) -> None:
    assert not label("BILL.COM LLC DES:PAYABLES ID:1 CCD", account="checking").auto
