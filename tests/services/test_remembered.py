"""What is remembered from answers can be looked through and taken back; rules can be moved."""

from __future__ import annotations

import pytest

from app.core.books.vocabulary import Kind
from app.core.errors import NotFound
from app.services.books import history, history_words
from app.services.books.open_books import Books
from app.services.classify import remembered, rule_trials, rules
from app.services.review import questions
from app.services.tax import profile
from app.store.row_filter import Filter


def answer_always(books: Books) -> questions.Item:
    item = next(item for item in questions.items(books) if item.merchant_key and item.type == "classify")
    questions.answer(books, item.id, questions.Answered(choice=item.choices[0].n, mode=questions.ALWAYS))
    return item


def statuses(books: Books, item: questions.Item) -> list[str]:
    return [row.status for row in books.transactions.block([row.id for row in item.rows])]


def test_an_answer_given_with_always_is_listed_with_its_name_and_account(own_sample: Books) -> None:
    item = answer_always(own_sample)
    (memory,) = remembered.listed(own_sample)
    assert memory.merchant_key == item.merchant_key
    assert memory.name != ""
    assert memory.account != ""
    assert not memory.ask
    assert (memory.kind, memory.line) == (item.choices[0].kind, item.choices[0].line)


def test_a_forgotten_answer_is_gone_and_undo_brings_it_back(own_sample: Books) -> None:
    answer_always(own_sample)
    (memory,) = remembered.listed(own_sample)
    done = remembered.forget(own_sample, *memory[:3])
    assert remembered.listed(own_sample) == []
    assert history_words.newest_label(own_sample) == f"Forgot the answer for {memory.name}"
    history.undo(own_sample, done.operation)
    assert remembered.listed(own_sample) == [memory]


def test_what_is_not_remembered_cannot_be_forgotten(own_sample: Books) -> None:
    with pytest.raises(NotFound):
        remembered.forget(own_sample, "nobody", -1, 1)


def test_a_rule_moves_up_and_then_decides(own_sample: Books) -> None:
    row = next(iter(own_sample.transactions.listed(Filter(), 0)))
    values = {"text": row.text, "line": "C18", "kind": str(Kind.EXPENSE)}
    _, first = rules.add(own_sample, values)
    _, second = rules.add(own_sample, {**values, "kind": str(Kind.PERSONAL), "line": None})
    assert own_sample.transactions.block([row.id])[0].kind == Kind.EXPENSE
    assert second is not None
    moved = rules.move(own_sample, second, -1)
    assert [rule.id for rule, _ in rules.listed(own_sample)] == [second, first]
    assert own_sample.transactions.block([row.id])[0].kind == Kind.PERSONAL
    history.undo(own_sample, moved.operation)
    assert [rule.id for rule, _ in rules.listed(own_sample)] == [first, second]
    assert rules.move(own_sample, second, 5).operation is None, "it is the last already"


def test_the_effect_of_changing_a_rule_is_told_and_not_carried_out(own_sample: Books) -> None:
    row = next(iter(own_sample.transactions.listed(Filter(), 0)))
    _, rule = rules.add(own_sample, {"text": row.text, "line": "C18", "kind": str(Kind.EXPENSE)})
    assert rule is not None
    assert rule_trials.of_change(own_sample, rule, {"line": "C18"}).rows == []
    found = rule_trials.of_change(own_sample, rule, {"line": "C22"})
    assert row.id in {each.transaction_id for each in found.rows}
    assert own_sample.transactions.block([row.id])[0].line == "C18"


def test_the_years_of_a_profile_hold_this_year(own_sample: Books) -> None:
    assert 2026 in profile.years(own_sample)
    assert profile.years(own_sample) == sorted(profile.years(own_sample), reverse=True)
    assert profile.time_zone(own_sample)
