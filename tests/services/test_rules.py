"""Rules in real books: what they would do is told before, who changed them stands in the history, each row says why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from derived_rows import derived_rows

from app.adapters.clock import SystemClock
from app.core.dates import day_from_iso
from app.core.errors import NotFound, Refused
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.classify import explaining, rule_history, rule_trials, rules
from app.services.derived import derive
from app.services.ledger import transactions
from app.store.row_filter import Filter
from app.store.transactions import Listed

SHIRT = {"kind": "expense", "line": "C22"}


@pytest.fixture
def sample(own_sample: Books) -> Books:
    return own_sample


def rows_with(books: Books, text: str) -> list[Listed]:
    return [row for row in books.transactions.listed(Filter(), 0) if text in row.text]


def some_text(books: Books) -> tuple[str, list[Listed]]:
    """A word that several rows of different amounts and days hold, none of them decided."""
    for row in books.transactions.listed(Filter(), 0):
        word = row.text.split()[0]
        found = rows_with(books, word)
        if len(word) > 3 and len({each.cents for each in found}) > 2 and len({each.tax_date for each in found}) > 2:
            return word, found
    raise AssertionError


def same_as_rebuilt(books: Books) -> bool:
    kept = derived_rows(books)
    with books.work.operation("rules_order") as work:
        derive.rebuild(work)
        made = derived_rows(books)
    return bool(made == kept)


def test_a_rule_for_days_books_the_rows_of_these_days_only(sample: Books) -> None:
    word, found = some_text(sample)
    days = sorted({row.tax_date for row in found})
    _, number = rules.add(sample, {**SHIRT, "text": word, "date_from": days[1], "date_to": days[1]})
    assert number is not None
    mine = {row.id for row in rows_with(sample, word) if row.line == "C22"}
    assert mine == {row.id for row in found if row.tax_date == days[1]}
    assert {rule.id: hits for rule, hits in rules.listed(sample)} == {number: len(mine)}
    rules.change(sample, number, {"date_to": days[-1]})
    assert {row.id for row in rows_with(sample, word) if row.line == "C22"} == {
        row.id for row in found if row.tax_date >= days[1]
    }
    assert same_as_rebuilt(sample)


def test_a_row_whose_date_is_changed_comes_under_the_rule_of_its_new_day(sample: Books) -> None:
    word, found = some_text(sample)
    day = day_from_iso("2026-03-03")
    rules.add(sample, {**SHIRT, "text": word, "date_from": day, "date_to": day})
    row = next(each for each in found if each.tax_date != day)
    transactions.set_values(sample, row.id, {"date": "2026-03-03"})
    assert sample.transactions.block([row.id])[0].line == "C22"
    assert same_as_rebuilt(sample)


@pytest.mark.parametrize("by", ["regex", "counterparty"])
def test_a_rule_by_pattern_or_counterparty_books_and_lets_go(sample: Books, by: str) -> None:
    row = next(row for row in sample.transactions.listed(Filter(), 0) if row.merchant and row.kind == "expense")
    before = derived_rows(sample)
    value = row.text.split()[0] + r"\b" if by == "regex" else row.merchant
    _, number = rules.add(sample, {**SHIRT, by: value, "sign": -1})
    assert number is not None
    assert sample.transactions.block([row.id])[0].line == "C22"
    assert same_as_rebuilt(sample)
    rules.remove(sample, number)
    assert derived_rows(sample) == before


def test_what_a_rule_would_change_is_told_by_line_and_nothing_is_changed(sample: Books) -> None:
    word, found = some_text(sample)
    own = found[0]
    transactions.set_values(sample, own.id, {"kind": "personal"})
    before = derived_rows(sample)
    told = rule_trials.of_new(sample, {**SHIRT, "text": word})
    assert derived_rows(sample) == before
    assert rules.listed(sample) == []
    assert {row.transaction_id for row in told.rows} == {row.id for row in found if row.id != own.id}
    assert (told.matched, told.decided) == (len(found) - 1, 1)
    shirts = next(line for line in told.lines if line.line == "C22")
    rules.add(sample, {**SHIRT, "text": word})
    now = [row for row in rows_with(sample, word) if row.line == "C22"]
    assert (shirts.after_cents, shirts.after_count) == (sum(row.cents for row in now), len(now))
    assert sum(line.before_count for line in told.lines) == sum(line.after_count for line in told.lines) == len(now)
    assert sample.transactions.block([own.id])[0].kind == "personal"
    stands = rule_trials.of_standing(sample, rules.listed(sample)[0][0].id)
    assert (stands.rows, stands.lines, stands.matched, stands.decided) == (
        told.rows, told.lines, told.matched, told.decided,
    )  # fmt: skip


def test_a_rule_that_books_what_was_only_suggested_says_how_many_questions_it_answers(sample: Books) -> None:
    """Kind and line stay as suggested, but the rows begin to count."""
    asked = next(
        row for row in sample.transactions.listed(Filter(), 0) if row.status == "suggested" and row.kind == "expense"
    )
    same = [row for row in rows_with(sample, asked.text) if row.status == "suggested"]
    rule = {"kind": asked.kind, "line": asked.line, "percent": asked.percent, "text": asked.text}
    told = rule_trials.of_new(sample, rule)
    assert (told.settles, told.opens, told.rows) == (len(same), 0, [])
    _, number = rules.add(sample, rule)
    assert number is not None
    assert not [row for row in rows_with(sample, asked.text) if row.status == "suggested"]
    stands = rule_trials.of_standing(sample, number)
    assert (stands.settles, stands.opens) == (told.settles, 0)
    asking = rule_trials.of_change(sample, number, {"ask": True})
    assert (asking.settles, asking.opens) == (0, len(same))


def test_the_place_of_a_rule_is_the_one_that_was_asked_for(sample: Books) -> None:
    word, found = some_text(sample)
    numbers = [rules.add(sample, {**SHIRT, "text": word, "line": line})[1] for line in ("C22", "C18", "C8")]
    assert numbers[2] is not None
    rules.change(sample, numbers[2], {"position": 1})
    assert [rule.id for rule, _ in rules.listed(sample)] == [numbers[2], numbers[0], numbers[1]]
    assert [rule.position for rule, _ in rules.listed(sample)] == [1, 2, 3]
    assert sample.transactions.block([found[0].id])[0].line == "C8"
    assert same_as_rebuilt(sample)


def test_each_row_says_which_rule_decides_and_which_come_later(sample: Books) -> None:
    word, found = some_text(sample)
    _, first = rules.add(sample, {**SHIRT, "text": word, "name": "My shirts"})
    _, second = rules.add(sample, {**SHIRT, "regex": word.lower(), "line": "C18"})
    told = explaining.explain(sample, found[0].id)
    assert [(each.id, each.text, each.decided) for each in told.rules] == [
        (first, "My shirts", True), (second, f"pattern “{word.lower()}”", False),
    ]  # fmt: skip
    transactions.set_values(sample, found[0].id, {"kind": "personal"})
    assert [each.decided for each in explaining.explain(sample, found[0].id).rules] == [False, False]


def test_the_history_of_a_rule_says_who_changed_what_and_when(sample: Books) -> None:
    _, number = rules.add(sample, {**SHIRT, "text": "HARBOR", "amount_max": 9000})
    assert number is not None
    rules.change(sample, number, {"line": "C8", "name": "Print shop"})
    off = rules.change(sample, number, {"is_on": 0})
    history.undo(sample, off.operation)
    rules.remove(sample, number)
    assert [change.what for change in rule_history.of(sample, number)] == [
        "Removed: “HARBOR”, up to $90.00. Book as Advertising.",
        "Put back. Switched on.",
        "Switched off.",
        "Advertising instead of Supplies. Name: “Print shop” instead of none.",
        "Added: “HARBOR”, up to $90.00. Book as Supplies.",
    ]
    assert {change.actor for change in rule_history.of(sample)} == {"user"}
    assert [change.undone_by is None for change in rule_history.of(sample, number)] == [True, True, False, True, True]
    with pytest.raises(NotFound):
        rule_history.of(sample, 999)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "A rule needs a condition."),
        ({"text": "  "}, "A rule needs a condition."),
        ({"regex": "(A"}, "at character 1"),
        ({"text": "X" * 201}, "may have 200 characters"),
        ({"date_from": 20_002, "date_to": 20_001}, "The first day lies behind the last."),
        ({"amount_min": 2, "amount_max": 1}, "The smallest amount is larger than the largest."),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(sample: Books, values: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message.replace("(", r"\(")):
        rules.add(sample, {**SHIRT, **values})
    assert rules.listed(sample) == []


def test_rules_of_an_earlier_format_keep_their_words_and_history(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(Path(__file__).parents[1] / "data" / "rules-of-format-4", home)
    home.chmod(0o700)
    books = opening.open_books(
        home, Unlock(passphrase="violet anchor harvest tundra 41"), keychain=lambda: None,
        clock=SystemClock("UTC", date(2026, 11, 20)),
    )  # fmt: skip
    [(rule, hits)] = rules.listed(books)
    assert (rule.text, rule.amount_max, rule.line, rule.name, rule.regex, hits) == (
        "HARBOR PRINT",
        9000,
        "C8",
        None,
        None,
        0,
    )
    rules.change(books, rule.id, {"regex": "PRINT$", "text": None})
    assert [change.what for change in rule_history.of(books, rule.id)] == [
        "Text: any instead of “HARBOR PRINT”. Pattern: “PRINT$” instead of any.",
        "Advertising instead of Office expense.",
        "Added: “HARBOR PRINT”, up to $90.00. Book as Office expense.",
    ]
    for _ in range(6):
        history.undo(books)
    assert rules.listed(books) == []
    books.close()


def test_a_pattern_survives_the_restart(sample: Books, reopen: Callable[[Books], Books]) -> None:
    word, found = some_text(sample)
    rules.add(sample, {**SHIRT, "regex": f"^{word}"})
    again = reopen(sample)
    assert again.rules.all()[0].regex == f"^{word}"
    assert again.transactions.block([found[0].id])[0].line == "C22"
