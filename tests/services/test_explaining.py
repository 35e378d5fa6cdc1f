"""Why a row stands as it does: who decided, on what evidence, what came second, and when a person said it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.errors import NotFound
from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import explaining, rules
from app.services.classify.explaining import STEPS, Explained
from app.services.ledger import accounts, row_links, transactions
from app.services.ledger.transactions import Part
from app.services.review import questions
from app.services.review.questions import Answered
from app.store.row_filter import Filter

Bring = Callable[..., Any]
ROWS = [
    ("2026-11-02", -1_500, "FIGMA MONTHLY RENEWAL"),
    ("2026-11-03", -4_200, "QUORN VALE"),
    ("2026-11-05", 480_000, "ZELLE PAYMENT FROM HOLLIS BRANDT 77"),
]


@pytest.fixture
def filled(books: Books, bring: Bring, ofx: Callable[..., bytes]) -> Books:
    bring(books, "nov.ofx", ofx(ROWS))
    accounts.change(books, "1", {"role": "business"})
    return books


def number(books: Books, text: str) -> int:
    return next(row.id for row in books.transactions.listed(Filter(), 0) if text in row.text)


def why(books: Books, text: str) -> Explained:
    return explaining.explain(books, number(books, text))


def decided(found: Explained) -> list[str]:
    return [step.step for step in found.order if step.decided]


def test_every_step_is_named_in_the_order_in_which_it_is_asked(filled: Books) -> None:
    found = why(filled, "FIGMA")
    assert [step.step for step in found.order] == list(STEPS)
    assert decided(found) == ["merchant"] == [found.decided]
    assert found.sentence == "Figma: software subscription. So it is Office expense."
    assert found.runner_up is not None
    assert (found.runner_up.kind, found.runner_up.line) != ("expense", "C18")


def test_an_unknown_name_says_that_nothing_decided(filled: Books) -> None:
    found = why(filled, "QUORN")
    assert found.row.status == "suggested"
    assert found.sentence.endswith("so you are asked.")


def test_a_mixed_account_is_named_as_what_keeps_a_cost_from_being_booked(filled: Books) -> None:
    accounts.change(filled, "1", {"role": "mixed"})
    found = why(filled, "FIGMA")
    assert found.sentence == (
        "Figma: software subscription. The account is used for private money too, so you are asked once."
    )
    assert next((way.what, way.leads_to, way.books) for way in found.changes) == (
        "account_role", "Office expense", True,
    )  # fmt: skip


def test_the_first_rule_decides_and_later_ones_that_fit_are_named(filled: Books) -> None:
    rules.add(filled, {"text": "FIGMA MONTHLY", "kind": "expense", "line": "C22"})
    rules.add(filled, {"text": "FIGMA", "kind": "expense", "line": "C27"})
    rules.add(filled, {"text": "QUORN", "kind": "personal", "line": "NONE"})
    found = why(filled, "FIGMA")
    assert decided(found) == ["rule"]
    assert [(rule.text, rule.decided) for rule in found.rules] == [("“FIGMA MONTHLY”", True), ("“FIGMA”", False)]
    assert found.sentence == "Your rule for “FIGMA MONTHLY” books it as Supplies."


def test_a_rule_on_the_amount_decides_its_rows_only(filled: Books) -> None:
    rules.add(filled, {"text": "FIGMA", "amount_min": 100_000, "kind": "expense", "line": "C13"})
    assert why(filled, "FIGMA").rules == ()
    rules.add(filled, {"text": "FIGMA", "amount_max": 2_000, "kind": "expense", "line": "C22"})
    found = why(filled, "FIGMA")
    assert decided(found) == ["rule"]
    assert [rule.decided for rule in found.rules] == [True]


def test_an_own_word_is_told_with_its_day_and_a_later_note_is_not_taken_for_it(filled: Books) -> None:
    row = number(filled, "FIGMA")
    transactions.set_values(filled, row, {"line": "C22"})
    said = explaining.explain(filled, row).said_at
    transactions.set_values(filled, row, {"note": "yearly"})
    found = explaining.explain(filled, row)
    assert decided(found) == ["you"]
    assert found.sentence.startswith("You booked it as Supplies on ")
    assert found.said_at == said is not None
    assert found.changes == ()
    history.undo(filled)
    history.undo(filled)
    assert decided(explaining.explain(filled, row)) == ["merchant"]


def test_an_answer_for_the_merchant_is_told_with_its_day(filled: Books) -> None:
    (item,) = [item for item in questions.items(filled) if "QUORN" in item.question]
    questions.answer(filled, item.id, Answered(kind="expense", line="C22", mode="always"))
    transactions.set_values(filled, number(filled, "QUORN"), {"kind": "", "line": ""})
    found = why(filled, "QUORN")
    assert decided(found) == ["memory"]
    assert found.said_at is not None
    assert found.sentence.startswith("You said on ")
    assert found.sentence.endswith("that Quorn Vale is Supplies.")


def test_a_split_row_says_so(filled: Books) -> None:
    row = number(filled, "FIGMA")
    parts = (Part(cents=-1_000, kind="expense", line="C18", percent=10_000),
             Part(cents=-500, kind="personal", line="NONE", percent=10_000))  # fmt: skip
    transactions.split(filled, row, parts)
    found = explaining.explain(filled, row)
    assert found.sentence.startswith("You split it into parts")
    assert decided(found) == ["you"]
    assert found.order[0].says == "In parts"
    assert found.steps[-1] == "So it is confirmed: Office expense (line 18) -$10.00, Personal -$5.00."


def test_who_wants_to_be_asked_is_told_so(filled: Books, bring: Bring, ofx: Callable[..., bytes]) -> None:
    """It is not that the answer was not enough."""
    (item,) = [item for item in questions.items(filled) if "QUORN" in item.question]
    questions.answer(filled, item.id, Answered(kind="expense", line="C22", mode="ask_each_time"))
    bring(filled, "dec.ofx", ofx([("2026-12-03", -4_200, "QUORN VALE")]))
    found = explaining.explain(filled, 4)
    assert found.sentence.startswith("You want to be asked about Quorn Vale each time; you said Supplies last on ")
    rules.add(filled, {"text": "QUORN", "kind": "expense", "line": "C27", "ask": 1})
    found = explaining.explain(filled, 4)
    assert found.sentence == (
        "Your rule for “QUORN” asks about it each time, and suggests to book it as Other expenses."
    )


def test_both_sides_of_a_movement_name_the_other(books: Books, bring: Bring, ofx: Callable[..., bytes]) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", -70_000, "ONLINE TRANSFER TO SAV ...9999")]))
    bring(books, "b.ofx", ofx([("2026-11-02", 70_000, "ONLINE TRANSFER FROM CHK ...4417")], number="000771209999"))
    for text, other in (("TO SAV", "··9999"), ("FROM CHK", "··4417")):
        found = why(books, text)
        assert decided(found) == ["matcher"]
        (link,) = found.links
        assert (link.type, link.cents, link.by_person, link.certain) == ("transfer", 70_000, False, True)
        assert other in found.sentence
        assert found.changes == (), "nothing is missing: both sides are here"


def test_a_link_of_ones_own_is_told_as_such(books: Books, bring: Bring, ofx: Callable[..., bytes]) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", -70_000, "XFER 221")]))
    bring(books, "b.ofx", ofx([("2026-11-09", 70_000, "DEPOSIT")], number="000771209999"))
    out, into = number(books, "XFER"), number(books, "DEPOSIT")
    row_links.link(books, out, into, "transfer")
    found = explaining.explain(books, out)
    assert found.sentence.startswith("You linked it to $700.00 of Nov 9")
    assert decided(found) == ["you"]
    assert found.said_at is not None


def test_each_row_of_a_year_has_a_sentence_and_at_most_one_step_that_decided(household: Books) -> None:
    for row in household.transactions.listed(Filter(), 0):
        found = explaining.explain(household, row.id)
        assert found.sentence.endswith("."), found.sentence
        assert len(decided(found)) <= 1
        assert found.row.status == "suggested" or found.decided, row.text


def test_a_row_that_never_was_is_refused(books: Books) -> None:
    with pytest.raises(NotFound):
        explaining.explain(books, 999)
