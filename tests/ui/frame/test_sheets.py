"""Rules, splits and categories over the window, on the sample's books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from app.core.books.vocabulary import LINES
from app.services.classify import rules
from app.store.row_filter import Filter
from app.ui.sheets.category_picker import Category, CategoryPicker, categories, fits
from app.ui.sheets.rule_sheet import RuleSheet, open_rule_sheet
from app.ui.sheets.split_sheet import open_split_sheet
from app.ui.widgets.palette_box import PaletteBox

Settle = Callable[[Any], None]


def undo(window: Any, settle: Settle) -> None:
    window.commands.trigger("edit.undo")
    settle(window)


def wait_for_effect(sheet: RuleSheet, window: Any, settle: Settle, qtbot: Any) -> str:
    qtbot.waitUntil(lambda: not sheet._wait.isActive())
    settle(window)
    return sheet.effect.text()


# --- categories


def test_every_line_can_be_chosen_in_both_directions() -> None:
    for money_in in (False, True):
        found = [each for _, group in categories(2026, money_in=money_in) for each in group]
        assert {"C18", "C24b", "C22", "C27"} <= {each.line for each in found}
        assert "personal" in {each.kind for each in found}
        assert len({(each.kind, each.line) for each in found}) == len(found)
        assert all(each.line in LINES or each.line == "NONE" for each in found)


@pytest.mark.parametrize(
    ("typed", "line"), [("off", "C18"), ("18", "C18"), ("24b", "C24b"), ("meals", "C24b"), ("SUPP", "C22")]
)
def test_words_and_lines_find_a_category(typed: str, line: str) -> None:
    found = [each.line for _, group in categories(2026, money_in=False) for each in group if fits(typed, each)]
    assert line in found


def test_a_category_is_typed_and_taken_with_enter_and_esc_takes_none(window: Any, settle: Settle) -> None:
    window.activateWindow()
    taken: list[Category] = []
    picker = CategoryPicker(window)
    for keys in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        picker.ask(2026, taken.append, money_in=False)
        box = next(b for b in window.findChildren(PaletteBox) if b.isVisible())
        QTest.keyClicks(box.field, "supplies")
        QTest.keyClick(box.field, keys)
        assert not box.isVisible()
    settle(window)
    assert [(each.kind, each.line) for each in taken] == [("expense", "C22")]


# --- rules


def test_a_rule_says_what_it_would_change_before_it_is_made(window: Any, settle: Settle, qtbot: Any) -> None:
    window.activateWindow()
    sheet = open_rule_sheet(window, text="", kind="expense", line="C18")
    assert sheet.text.hasFocus()
    assert not sheet.make.isEnabled()
    assert "Say what the rule looks for" in sheet.effect.text()
    QTest.keyClicks(sheet.text, "figma")
    sheet._kind, sheet._line = "personal", "NONE"
    sheet._soon()
    assert "would be booked otherwise" in wait_for_effect(sheet, window, settle, qtbot)
    assert rules.listed(window.session.gui) == [], "only tried"
    QTest.keyClick(sheet.text, Qt.Key.Key_Return)
    settle(window)
    ((rule, hits),) = rules.listed(window.session.gui)
    assert (rule.text, rule.kind) == ("figma", "personal")
    assert hits > 0
    undo(window, settle)
    assert rules.listed(window.session.gui) == []


def test_an_existing_rule_is_shown_as_it_is_and_changed(window: Any, settle: Settle, qtbot: Any) -> None:
    values = {"text": "SHELL", "kind": "expense", "line": "C22", "percent": 6_000, "sign": -1, "amount_max": 20_000}
    window.tasks.write(lambda books: rules.add(books, values), None, window.fail)
    settle(window)
    ((rule, _),) = rules.listed(window.session.gui)
    sheet = open_rule_sheet(window, **rule._asdict())
    assert (sheet.text.text(), sheet.most.cents(), sheet.share.text()) == ("SHELL", 20_000, "60")
    assert sheet.sign.value() == -1
    assert wait_for_effect(sheet, window, settle, qtbot) == "No transaction would change now."
    sheet.share.setText("150")
    assert not sheet.make.isEnabled()
    assert "100" in sheet.effect.text()
    sheet.share.setText("75")
    sheet.most.setText("")
    wait_for_effect(sheet, window, settle, qtbot)
    sheet.make.click()
    settle(window)
    ((changed, _),) = rules.listed(window.session.gui)
    assert (changed.id, changed.percent, changed.amount_max) == (rule.id, 7_500, None)
    undo(window, settle)
    assert rules.listed(window.session.gui)[0][0] == rule


def test_a_rule_shows_line_by_line_what_it_would_change(window: Any, settle: Settle, qtbot: Any) -> None:
    sheet = open_rule_sheet(window, text="figma", kind="personal", line="NONE")
    words = wait_for_effect(sheet, window, settle, qtbot)
    told = [label.text() for label in sheet.trial.findChildren(QLabel)]
    assert sheet.trial.isVisible()
    assert told.count("Personal") >= 2, "its sum, and the rows"
    assert "Figma" in told
    assert any(text.startswith("and ") for text in told), words
    sheet.text.setText("nothing has this text")
    assert wait_for_effect(sheet, window, settle, qtbot) == "No transaction would change now."
    assert not sheet.trial.isVisible()


def test_a_pattern_that_is_wrong_is_told_and_a_right_one_made(window: Any, settle: Settle, qtbot: Any) -> None:
    window.activateWindow()
    sheet = open_rule_sheet(window, kind="expense", line="C18")
    assert not sheet.regex.isVisible()
    sheet.more.click()
    assert sheet.counterparty.hasFocus()
    sheet.regex.setText("(figma")
    assert "at character 1" in wait_for_effect(sheet, window, settle, qtbot)
    assert not sheet.make.isEnabled()
    sheet.regex.setText(r"^figma\b")
    sheet.since.setText("2026-01-01")
    sheet.called.setText("Design")
    wait_for_effect(sheet, window, settle, qtbot)
    sheet.make.click()
    settle(window)
    ((rule, hits),) = rules.listed(window.session.gui)
    assert (rule.regex, rule.date_from, rule.name) == (r"^figma\b", 20_454, "Design")
    assert hits > 0
    again = open_rule_sheet(window, **rule._asdict())
    assert again.regex.isVisible(), "what a rule has is shown"
    assert not again.more.isVisible()


def test_a_rule_whose_amounts_are_the_wrong_way_round_says_so(window: Any, settle: Settle, qtbot: Any) -> None:
    sheet = open_rule_sheet(window, text="SHELL")
    sheet.least.setText("50")
    sheet.most.setText("20")
    assert "Swap the two" in wait_for_effect(sheet, window, settle, qtbot)
    assert not sheet.make.isEnabled()


# --- splits


@pytest.fixture
def row(window: Any) -> Any:
    return next(
        each for each in window.session.gui.transactions.listed(Filter(), 0)
        if each.cents < -2_000 and not each.is_split and each.fee_cents is None and each.kind == "expense"
    )  # fmt: skip


def test_parts_must_add_up_and_undo_joins_them_again(window: Any, settle: Settle, row: Any) -> None:
    window.activateWindow()
    sheet = open_split_sheet(window, row, (row.kind, row.line, row.percent))
    assert not sheet.send.isEnabled(), "a part of nothing is none"
    sheet.rows[0].amount.set_cents(-row.cents - 500)
    assert "remaining" in sheet.remaining.text()
    sheet.rows[1].amount.setText("2+3")
    assert not sheet.send.isEnabled(), "it has no category yet"
    sheet.rows[1].take("personal", "NONE", 2026)
    sheet._tell()
    sheet.send.click()
    settle(window)
    assert window.session.gui.transactions.get(row.id).is_split
    undo(window, settle)
    assert not window.session.gui.transactions.get(row.id).is_split


def test_a_part_can_be_added_and_removed_down_to_two(window: Any, row: Any) -> None:
    window.activateWindow()
    sheet = open_split_sheet(window, row, (row.kind, row.line, row.percent))
    sheet._add_rest()
    assert sheet.rows[2].amount.hasFocus()
    for _ in range(3):
        sheet.rows[-1].remove.click()
    assert len(sheet.rows) == 2


def test_hidden_amounts_are_hidden_in_the_sheets_too(window: Any, row: Any) -> None:
    split = open_split_sheet(window, row, (row.kind, row.line, row.percent))
    rule = open_rule_sheet(window, text="SHELL", amount_min=123_400)
    window.commands.trigger("view.hide_amounts")
    for edit in (split.rows[0].amount, rule.least):
        assert edit.echoMode() == QLineEdit.EchoMode.Password
    assert all("$" not in label.text() for label in split.findChildren(QLabel))
    window.commands.trigger("view.hide_amounts")
    assert split.rows[0].amount.echoMode() == QLineEdit.EchoMode.Normal
