"""What hangs on a question: the order of the inbox, and the range that all questions together leave open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services import today
from app.services.books.open_books import Books
from app.services.ledger import accounts, transactions
from app.services.review import questions, stakes, would_change
from app.services.review.questions import Answered, Item
from app.services.tax import taxes
from app.store.row_filter import Filter

Bring = Callable[..., Any]
HEAD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"


def asked(books: Books, words: str) -> Item:
    return next(item for item in questions.items(books) if words in item.question)


def test_all_questions_together_are_the_range_of_reports_and_estimates(household: Books) -> None:
    found = stakes.unreviewed(household)
    net = taxes.net_profit(household, 2026, taxes.today(household))[0]
    told = taxes.estimate(household)
    assert found.profit == (net.low, net.expected, net.high)
    assert found.tax == (told.low, told.expected, told.high)
    spans = stakes.Spans(household)
    swings = sum(
        span.profit_high - span.profit_low
        for item in questions.items(household)
        if (span := spans.of(item)) is not None
    )
    rows = sum(len(item.rows) for item in questions.items(household))
    assert abs(swings - (net.high - net.low)) <= rows, "a cent a row: a limit on a line is rounded once for all"
    assert today.summary(household).unreviewed == found


def test_questions_stand_by_what_their_answers_can_change(household: Books) -> None:
    items = questions.items(household)
    assert [item.stake_cents for item in items] == sorted((item.stake_cents for item in items), reverse=True)
    spans = stakes.Spans(household)
    for item in items:
        span = spans.of(item)
        if span is not None and item.takes_any_line:
            assert abs(span.profit_high - span.profit_low - item.stake_cents) <= len(item.rows), item.question


def test_a_movement_that_changes_no_tax_comes_behind_a_small_cost(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", -70_000, "XFER 221"), ("2026-11-03", -2_000, "QUORN VALE")]))
    bring(books, "b.ofx", ofx([("2026-11-02", 70_000, "DEPOSIT")], number="000771209999"))
    items = questions.items(books)
    assert [item.type for item in items] == ["classify", "transfer"]
    assert [item.stake_cents for item in items] == [2_000, 0]


def test_meals_weigh_what_their_limit_lets_count(books: Books, bring: Bring, ofx: Callable[..., bytes]) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", -10_000, "CHIPOTLE 785")]))
    (item,) = questions.items(books)
    lines = {choice.line for choice in item.choices}
    assert "C24b" in lines
    assert item.stake_cents == (10_000 if lines - {"C24b", "NONE"} else 5_000)


def test_an_answer_moves_both_ends_of_the_range_by_its_span(sample: Books) -> None:
    item = asked(sample, "Adobe?")
    span, before = stakes.Spans(sample).of(item), stakes.unreviewed(sample).profit
    assert span is not None
    office = next(choice for choice in item.choices if choice.line == "C18")
    questions.answer(sample, item.id, Answered(choice=office.n))
    after = stakes.unreviewed(sample).profit
    taken = span.profit_expected
    backs = sum(row.cents for row in asked_back(sample, item))
    assert after[0] >= before[0]
    assert after[2] == pytest.approx(before[2] + taken - span.profit_high, abs=backs + len(item.rows))


def asked_back(books: Books, item: Item) -> list[Any]:
    """Return what came back of the rows of a question: it follows them."""
    numbers = {pair.in_id for row in item.rows for pair in books.pairs.of(row.id)}
    return [row for row in books.transactions.listed(Filter(), 0) if row.id in numbers]


# --- groups


def test_rows_group_by_merchant_account_and_direction_and_money_back_stands_apart(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    rows = [
        ("2026-11-01", -2_000, "QUORN VALE"),
        ("2026-11-02", -3_000, "QUORN VALE"),
        ("2026-11-05", 900, "QUORN VALE"),
    ]
    bring(books, "a.ofx", ofx(rows))
    bring(books, "b.ofx", ofx([("2026-11-04", -500, "QUORN VALE")], number="000771209999"))
    found = [sorted(row.cents for row in item.rows) for item in questions.items(books)]
    assert sorted(found) == [[-3_000, -2_000], [-500], [900]]


def test_a_question_keeps_its_id_while_it_stands(books: Books, bring: Bring, ofx: Callable[..., bytes]) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", -2_000, "QUORN VALE")]))
    (before,) = questions.items(books)
    bring(books, "b.ofx", ofx([("2026-11-09", -4_000, "QUORN VALE"), ("2026-11-10", -100, "ZIMBA OST")]))
    assert before.id in {item.id for item in questions.items(books)}
    (again,) = [item for item in questions.items(books) if item.id == before.id]
    assert len(again.rows) == 2


def test_rows_of_another_currency_are_a_question_of_their_own(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    data = ofx([("2026-11-01", -2_000, "QUORN VALE")]).replace(b"USD", b"EUR")
    assert bring(books, "e.ofx", data).error is None
    kinds = sorted(item.type for item in questions.items(books))
    assert kinds == ["classify", "currency"]
    classify = next(item for item in questions.items(books) if item.type == "classify")
    assert "-20.00 EUR" in classify.question
    assert "$" not in classify.question


# --- what would change it


def test_what_would_change_it_is_what_the_engine_says_then(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    bring(books, "a.ofx", ofx([("2026-11-02", -1_500, "FIGMA MONTHLY RENEWAL")]))
    (item,) = questions.items(books)
    role = next(way for way in would_change.of(books, item) if way.what == "account_role")
    assert (role.text, role.kind, role.line, role.books) == (
        "If this account were for business only", "expense", "C18", True,
    )  # fmt: skip
    accounts.change(books, "1", {"role": "business"})
    (row,) = books.transactions.listed(Filter(), 0)
    assert (row.line, row.status) == ("C18", "auto"), "and so it was"


def test_a_missing_account_is_named_by_the_digits_its_text_gives(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    bring(books, "a.ofx", ofx([("2026-11-01", 70_000, "ODD MOVE FROM ACCT ENDING IN 8812")]))
    for item in questions.items(books):
        texts = [way.text for way in would_change.of(books, item) if way.what == "account_missing"]
        assert texts == ["Importing the account ending 8812"]


def test_every_question_of_a_year_says_what_would_change_it(household: Books) -> None:
    for item in questions.items(household):
        ways = would_change.of(household, item)
        assert 1 <= len(ways) <= 4, item.question
        assert len({way.text for way in ways}) == len(ways)
        assert not any("deduct" in way.text.lower() for way in ways)


# --- money back


@pytest.fixture
def given_back(books: Books, bring: Bring) -> Books:
    accounts.add(books, {"name": "Ink", "kind": "credit", "institution": "Chase", "role": "business"})
    rows = [("01/04/2026", "-80.55", "Sale"), ("01/09/2026", "-91.17", "Sale"), ("01/20/2026", "30.01", "Return")]
    text = HEAD + "".join(f"{day},{day},WILLOW LANE GOODS,Shopping,{way},{cents},\n" for day, cents, way in rows)
    assert bring(books, "Chase4417_Activity.CSV", text.encode(), account="Ink").error is None
    return books


def test_money_back_for_one_of_two_purchases_counts_in_the_range_as_either(given_back: Books) -> None:
    bought = [row for row in given_back.transactions.listed(Filter(), 0) if row.cents < 0]
    for row, line in zip(bought, ("C22", "C24b"), strict=True):
        transactions.set_values(given_back, row.id, {"line": line})
    (item,) = [item for item in questions.items(given_back) if item.type == "refund"]
    assert item.is_about_pairs
    assert item.question.startswith("This looks like money back from Willow Lane Goods. For which purchase?")
    span = stakes.Spans(given_back).of(item)
    assert span is not None
    assert (span.profit_low, span.profit_high) == (0, 3_001)
    questions.answer(given_back, item.id, Answered(choice=len(item.choices)))
    (again,) = [item for item in questions.items(given_back) if item.type == "refund"]
    assert again.takes_any_line, "none of these: then it is asked what it is"
    assert "no purchase there fits it" in again.question


def test_money_back_whose_purchase_waits_names_it(given_back: Books) -> None:
    (item,) = [item for item in questions.items(given_back) if item.type == "refund"]
    assert "one of 2 purchases" in item.question
    (way, *_) = would_change.of(given_back, item)
    assert way.text == "Booking the purchases there: this follows them"
