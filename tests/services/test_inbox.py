"""The questions of the inbox as a person meets them, and what can be done with them besides answering one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.books import naming
from app.core.dates import day_from_iso, iso
from app.core.errors import NotFound, Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import remembered, rules
from app.services.ledger import accounts, transactions
from app.services.review import effects, inbox, questions, settling
from app.services.review.inbox import Card
from app.services.review.questions import Answered, Choice
from app.services.tax import reserves, taxes
from app.store.row_filter import Filter

RIDES = [
    ("2026-10-20", -1_940, "LYFT *RIDE TUE 8AM"),
    ("2026-10-24", -3_115, "LYFT *RIDE SAT 11PM"),
    ("2026-10-29", -2_260, "LYFT *RIDE THU 8AM"),
    ("2026-11-11", -1_834, "LYFT *RIDE WED 8AM"),
    ("2026-11-13", -2_436, "LYFT *RIDE FRI 9AM"),
    ("2026-11-16", -12_148, "LYFT *RIDE SUN 4PM"),
    ("2026-11-15", -5_218, "SHELL OIL 5544 OAKLAND CA"),
    ("2026-11-03", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-18", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-04", -2_000, "QUORN VALE"),
]


@pytest.fixture
def filled(books: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]) -> Books:
    """Three rides of October are booked: two as travel, one as personal."""
    bring(books, "nov.ofx", ofx(RIDES))
    for number, kind in ((1, "expense"), (2, "personal"), (3, "expense")):
        values = {"kind": kind} | ({"line": "C24a"} if kind == "expense" else {})
        transactions.set_values(books, number, values)
    return books


@pytest.fixture
def moved(books: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]) -> Books:
    """Money that went from one account to another, with texts that say little."""
    bring(books, "a.ofx", ofx([("2026-11-01", -70_000, "XFER 221")]))
    bring(books, "b.ofx", ofx([("2026-11-02", 70_000, "DEPOSIT")], number="000771209999"))
    return books


def named(books: Books, name: str) -> Card:
    return next(card for card in inbox.cards(books) if card.name == name)


def names(books: Books) -> list[str]:
    return [card.name for card in inbox.cards(books)]


def choice(card: Card, kind: str, line: str) -> Choice:
    return next(each for each in card.item.choices if (each.kind, each.line) == (kind, line))


# --- what a card says


def test_a_card_names_who_when_where_and_how_sure(filled: Books) -> None:
    card = named(filled, "Lyft")
    assert (card.count, card.about) == ("3 charges", "Nov 11 to 16, Checking ··4417")
    assert (iso(card.oldest), iso(card.newest), card.cents) == ("2026-11-11", "2026-11-16", -16_418)
    assert (card.suggestion, card.sure) == ("Travel or personal?", "unsure")
    figma = named(filled, "Figma")
    assert (figma.count, figma.about) == ("2 charges", "Nov 3 and 18, Checking ··4417")
    assert (figma.suggestion, figma.sure) == ("Office expense", "sure")
    shell = named(filled, "Shell")
    assert (shell.count, shell.about, shell.suggestion) == ("", "Nov 15, Checking ··4417", "Car or personal?")
    assert named(filled, "Quorn Vale").suggestion == "Choose a line"
    assert inbox.counts(inbox.cards(filled)) == (4, 7, 16_418 + 5_218 + 3_000 + 2_000)


def test_cards_stand_by_amount_or_by_date(filled: Books) -> None:
    assert names(filled) == ["Lyft", "Shell", "Figma", "Quorn Vale"]
    assert [card.name for card in inbox.cards(filled, by_date=True)] == ["Figma", "Lyft", "Shell", "Quorn Vale"]


def test_both_sides_of_a_movement_are_one_card(moved: Books) -> None:
    (card,) = inbox.cards(moved)
    assert (card.name, card.count) == ("Checking ··4417 to Checking ··9999", "")
    assert (card.about, card.suggestion, card.cents) == ("Nov 1 and 2, both sides found", "Transfer", 70_000)
    assert card.legs is not None
    assert [(leg.account, leg.cents, iso(leg.day)) for leg in card.legs] == [
        ("Checking ··4417", -70_000, "2026-11-01"), ("Checking ··9999", 70_000, "2026-11-02"),
    ]  # fmt: skip
    assert [line.icon for line in inbox.evidence_lines(moved, card.item)] == ["pair", "reason"]


# --- what speaks for it


def test_earlier_rows_of_the_merchant_show_how_they_were_booked(filled: Books) -> None:
    rows, total = inbox.earlier(filled, named(filled, "Lyft").item, limit=2)
    assert total == 3
    assert [(iso(row.tax_date), row.kind) for row in rows] == [("2026-10-29", "expense"), ("2026-10-24", "personal")]
    assert inbox.earlier(filled, named(filled, "Shell").item) == ([], 0)


def test_evidence_stands_with_its_counter_evidence(filled: Books) -> None:
    accounts.change(filled, "1", {"role": "business"})
    lines = {line.icon: line for line in inbox.evidence_lines(filled, named(filled, "Lyft").item)}
    assert lines["history"].text == "2 of 3 earlier Lyft charges were Travel"
    assert lines["history"].second == "1 was Personal"
    assert lines["account"].text == "Paid from a business account"
    assert lines["amount"].text == "One of $121.48 is far above the usual $23.48"
    assert lines["amount"].second == "Nov 16 is the one to look at"
    shell = {line.icon: line for line in inbox.evidence_lines(filled, named(filled, "Shell").item)}
    assert shell["history"].text == "You have not booked Shell before"
    assert shell["reason"].text == "Shell: fuel."
    assert "amount" not in shell


# --- what an answer does to the amount to set aside


def test_the_effect_of_an_answer_is_what_the_reserve_does(sample: Books) -> None:
    card = named(sample, "Adobe")
    personal = choice(card, "personal", "NONE")
    office = choice(card, "expense", "C18")
    effect = effects.effect(sample, card.item, office)
    assert effect is not None
    assert effect < 0
    assert effects.effect(sample, card.item, personal) == 0
    questions.answer(sample, card.item.id, Answered(choice=personal.n))
    without = reserves.reserve_now(sample)["needed_cents"]
    history.undo(sample)
    questions.answer(sample, card.item.id, Answered(choice=office.n))
    assert reserves.reserve_now(sample)["needed_cents"] - without == pytest.approx(effect, abs=2)


def test_income_that_is_booked_raises_what_must_lie_aside(sample: Books) -> None:
    card = named(sample, "Quillstone Press Royaltypay")
    income, private = choice(card, "income", "C1"), choice(card, "personal", "NONE")
    effect = effects.effect(sample, card.item, income)
    assert effect is not None
    questions.answer(sample, card.item.id, Answered(choice=private.n))
    without = reserves.reserve_now(sample)["needed_cents"]
    history.undo(sample)
    questions.answer(sample, card.item.id, Answered(choice=income.n))
    assert reserves.reserve_now(sample)["needed_cents"] - without == pytest.approx(effect, abs=2)
    assert effect > 0


def test_there_is_no_effect_before_the_household_is_known(filled: Books) -> None:
    card = named(filled, "Lyft")
    assert effects.effect(filled, card.item, card.item.choices[0]) is None


# --- answers


def test_only_some_rows_of_a_question_can_be_settled_with_a_share(filled: Books) -> None:
    card = named(filled, "Lyft")
    travel = choice(card, "expense", "C24a")
    questions.answer(filled, card.item.id, Answered(choice=travel.n, percent="50"), only={4, 5})
    rows = {row.id: row for row in filled.transactions.block([4, 5, 6])}
    assert [(rows[n].status, rows[n].percent) for n in (4, 5)] == [("confirmed", 5_000)] * 2
    assert rows[6].status == "suggested"
    assert named(filled, "Lyft").count == ""
    with pytest.raises(NotFound):
        questions.answer(filled, card.item.id, Answered(choice=1), only={4})


def test_both_sides_of_a_movement_are_settled_together(moved: Books) -> None:
    (card,) = inbox.cards(moved)
    with pytest.raises(Refused):
        questions.answer(moved, card.item.id, Answered(choice=1), only={1})
    settling.transfer(moved, card.item.id)
    assert {(row.kind, row.status) for row in moved.transactions.block([1, 2])} == {("transfer", "confirmed")}
    assert inbox.cards(moved) == []
    history.undo(moved)
    assert len(inbox.cards(moved)) == 1


def test_many_suggestions_are_confirmed_as_one_step(filled: Books, derived_holds: Callable[[Books], None]) -> None:
    ids = [named(filled, name).item.id for name in ("Lyft", "Figma")]
    outcome, remaining = settling.confirm_suggestions(filled, ids)
    assert remaining == 2
    assert {row.status for row in filled.transactions.block([4, 5, 6, 8, 9])} == {"confirmed"}
    derived_holds(filled)
    history.undo(filled, outcome.operation)
    assert names(filled) == ["Lyft", "Shell", "Figma", "Quorn Vale"]


def test_many_confirmed_at_once_teach_what_each_would_teach_alone(
    filled: Books, bring: Callable[..., Any], ofx: Callable[..., bytes], derived_holds: Callable[[Books], None]
) -> None:
    """The software is booked from now on; of a ride nobody knows whether the next one is business."""
    outcome, _ = settling.confirm_suggestions(filled, [named(filled, name).item.id for name in ("Lyft", "Figma")])
    [memory] = remembered.listed(filled)
    assert (memory.name, memory.line, memory.ask) == ("Figma", "C18", False)
    assert remembered.count_learned(filled, outcome.operation or 0) == 1
    bring(filled, "dec.ofx", ofx([("2026-12-02", -1_500, "FIGMA MONTHLY RENEWAL"), ("2026-12-03", -900, "LYFT *RIDE")]))
    assert [row.status for row in filled.transactions.block([11, 12])] == ["confirmed", "suggested"]
    derived_holds(filled)
    history.undo(filled)
    history.undo(filled, outcome.operation)
    assert remembered.listed(filled) == []
    derived_holds(filled)


def test_a_whole_inbox_confirmed_at_once_stands_as_if_each_was_confirmed(
    sample: Books, derived_holds: Callable[[Books], None]
) -> None:
    def stands() -> tuple[Any, ...]:
        rows = sample.transactions.listed(Filter(), 0)
        return [(row.id, row.kind, row.line, row.percent, row.status) for row in rows], remembered.listed(sample)

    items = {
        card.item.id: card.item.choices[0].n
        for card in inbox.cards(sample)
        if card.item.type in {"classify", "income"} and card.sure != naming.NO_SUGGESTION
    }
    outcome, _ = settling.confirm_suggestions(sample, list(items))
    at_once = stands()
    assert len(at_once[1]) > 20
    derived_holds(sample)
    history.undo(sample, outcome.operation)
    for item_id, choice in items.items():
        if item_id in {item.id for item in questions.items(sample)}:  # a name nearly the same may have settled it
            questions.answer(sample, item_id, Answered(choice=choice, mode=None))
    assert stands() == at_once


def test_who_asked_to_be_asked_goes_on_being_asked(
    filled: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]
) -> None:
    figma = named(filled, "Figma").item
    questions.answer(filled, figma.id, Answered(choice=1, mode=questions.ASK_EACH_TIME))
    for month in (11, 12):
        bring(filled, f"{month}.ofx", ofx([(f"2026-{month}-28", -1_500, "FIGMA MONTHLY RENEWAL")]))
        again = named(filled, "Figma").item
        assert questions.usual_mode(filled, again) == questions.ASK_EACH_TIME
        if month == 11:
            settling.confirm_suggestions(filled, [again.id])
        else:
            questions.answer(filled, again.id, Answered(kind="expense", line="C27", mode=None))
    [memory] = remembered.listed(filled)
    assert (memory.ask, memory.line) == (True, "C27"), "the newest answer is what is suggested next"


def test_a_rule_that_asks_goes_on_asking(filled: Books) -> None:
    rules.add(filled, {"text": "FIGMA", "kind": "expense", "line": "C27", "ask": 1})
    settling.confirm_suggestions(filled, [named(filled, "Figma").item.id])
    assert remembered.listed(filled) == [], "an answer would never be asked for: the rule is"


def test_what_has_no_suggestion_is_not_confirmed(filled: Books) -> None:
    ids = [named(filled, name).item.id for name in ("Figma", "Quorn Vale")]
    before = history.history(filled, limit=1)
    with pytest.raises(Refused):
        settling.confirm_suggestions(filled, ids)
    assert history.history(filled, limit=1) == before


def test_a_question_can_be_marked_as_a_transfer(filled: Books) -> None:
    settling.transfer(filled, named(filled, "Shell").item.id)
    assert (filled.transactions.get(7).kind, filled.transactions.get(7).status) == ("transfer", "confirmed")  # type: ignore[union-attr]


# --- a question that waits


def test_a_snoozed_question_is_hidden_still_counts_and_comes_back(
    filled: Books, reopen_on: Callable[[Books, str], Books], derived_holds: Callable[[Books], None]
) -> None:
    before = questions.count(filled), taxes.net_profit(filled, 2026, day_from_iso("2026-11-20"))
    settling.snooze(filled, named(filled, "Shell").item.id, settling.next_month_end(taxes.today(filled)))
    assert "Shell" not in names(filled)
    (waiting,) = inbox.cards(filled, snoozed=True)
    assert (waiting.name, iso(waiting.snoozed_until or 0)) == ("Shell", "2026-11-30")
    assert (questions.count(filled), taxes.net_profit(filled, 2026, day_from_iso("2026-11-20"))) == before
    derived_holds(filled)
    assert "Shell" not in names(reopen_on(filled, "2026-11-29"))
    later = reopen_on(filled, "2026-11-30")
    assert "Shell" in names(later)
    assert inbox.cards(later, snoozed=True) == []


def test_a_snooze_can_be_undone_or_ended(filled: Books) -> None:
    item = named(filled, "Shell").item.id
    outcome = settling.snooze(filled, item, day_from_iso("2026-12-31"))
    history.undo(filled, outcome.operation)
    assert "Shell" in names(filled)
    history.redo(filled)
    assert "Shell" not in names(filled)
    settling.wake(filled, item)
    assert "Shell" in names(filled)
    with pytest.raises(Refused):
        settling.snooze(filled, item, day_from_iso("2026-11-20"))


def test_a_new_row_brings_a_snoozed_question_back(
    filled: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]
) -> None:
    settling.snooze(filled, named(filled, "Shell").item.id, day_from_iso("2026-12-31"))
    bring(filled, "more.ofx", ofx([("2026-11-19", -4_000, "SHELL OIL 9 OAKLAND CA")]))
    assert named(filled, "Shell").count == "2 charges"


@pytest.mark.parametrize(
    ("today", "want"),
    [("2026-11-20", "2026-11-30"), ("2026-11-30", "2026-12-31"), ("2026-12-31", "2027-01-31"),
     ("2028-02-01", "2028-02-29")],
)  # fmt: skip
def test_the_next_month_end_is_ahead(today: str, want: str) -> None:
    assert iso(settling.next_month_end(day_from_iso(today))) == want


# --- a rule from a question


def test_a_rule_starts_from_what_the_question_is_about(filled: Books) -> None:
    values = settling.rule_for(filled, named(filled, "Lyft").item)
    assert values == {
        "text": "LYFT *RIDE", "account_id": None, "sign": -1, "kind": "expense", "line": "C24a", "percent": 10_000,
    }  # fmt: skip
    rules.add(filled, values)
    assert "Lyft" not in names(filled)
    assert {row.status for row in filled.transactions.listed(Filter(text="LYFT"), 0)} == {"confirmed"}
