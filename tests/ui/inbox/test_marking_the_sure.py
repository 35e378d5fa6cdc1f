"""Confirming all merchants whose suggestion is sure: marked at once, looked through, booked in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.core.books import naming
from app.services.books import history
from app.services.classify import remembered
from app.services.review import questions as review
from app.ui.frame.actions import SPECS
from app.ui.settings.rules import RulesSection

Settle = Callable[[Any], None]
CTRL = Qt.KeyboardModifier.ControlModifier


def mark_all(page: Any) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_A, CTRL)


def sure(page: Any) -> list[Any]:
    return [card for card in page.model.cards if card.item.type == "classify" and card.sure == naming.SURE]


def questions(window: Any) -> list[str]:
    return [item.id for item in review.items(window.session.gui)]


def booked(window: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in window.session.gui.connection.execute("SELECT * FROM decision ORDER BY id")]


def test_ctrl_a_marks_what_is_sure_and_nothing_else(today: Any) -> None:
    assert len(sure(today)) > 20
    assert today.marking.words() == f"Mark {len(sure(today))} sure"
    mark_all(today)
    assert today.model.marked == {card.item.id for card in sure(today)}
    assert today.sum.text() == f"{len(sure(today))} marked"
    assert today.detail.confirm.words() == f"Confirm {len(sure(today))} questions"


def test_e_books_them_all_as_one_step_and_one_undo_takes_it_back(today: Any, window: Any, settle: Settle) -> None:
    before, rows = questions(window), booked(window)
    wanted = {row.id: card.item.choices[0] for card in sure(today) for row in card.item.rows}
    count = len(sure(today))
    steps = len(history.history(window.session.gui, limit=0))
    mark_all(today)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    assert not sure(today), "they leave the list at once"
    settle(window)
    gone = len(before) - len(questions(window))
    said = window.shell.toast.accessibleName()
    followed = f"Confirmed {count} questions. {gone - count} more followed from them."
    assert said.startswith(followed), "money back is among it"
    taught = len(remembered.listed(window.session.gui))
    assert said == f"{followed} {taught} payees will be booked so from now on."
    assert 20 < taught < count, "a shop for everything teaches nothing"
    assert len(history.history(window.session.gui, limit=0)) == steps + 1
    for row in window.session.gui.transactions.block(list(wanted)):
        choice = wanted[row.id]
        assert (row.kind, row.line, row.percent, row.status) == (choice.kind, choice.line, choice.percent, "confirmed")
    QTest.keyClick(today.list, Qt.Key.Key_U)
    settle(window)
    assert questions(window) == before
    assert booked(window) == rows
    assert remembered.listed(window.session.gui) == []
    assert not today.model.marked


def test_what_many_answers_taught_is_one_key_away(today: Any, window: Any, settle: Settle) -> None:
    mark_all(today)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    QTest.keyClick(today.list, Qt.Key.Key_L)
    settle(window)
    section = next(each for each in window.findChildren(RulesSection) if each.isVisible())
    assert section.remembered.isVisible()
    assert len(section.remembered.buttons) == len(remembered.listed(window.session.gui))


def test_escape_takes_all_marks_away(today: Any) -> None:
    mark_all(today)
    QTest.keyClick(today.list, Qt.Key.Key_Escape)
    assert not today.model.marked
    assert today.detail.confirm.words().startswith("Confirm")
    assert "questions" not in today.detail.confirm.words()
    assert today.marking.words().startswith("Mark ")
    assert today.list.hasFocus()


def test_in_a_narrow_window_escape_closes_the_details_before_it_unmarks(
    today: Any, window: Any, settle: Settle
) -> None:
    window.resize(1024, 700)
    settle(window)
    mark_all(today)
    QTest.keyClick(today.list, Qt.Key.Key_Return)
    assert today.detail.isVisible()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not today.detail.isVisible()
    assert today.model.marked
    QTest.keyClick(today.list, Qt.Key.Key_Escape)
    assert not today.model.marked


def test_the_link_marks_them_and_then_takes_the_marks_away(today: Any) -> None:
    assert today.marking.isVisible()
    QTest.mouseClick(today.marking, Qt.MouseButton.LeftButton)
    count = len(today.model.marked)
    assert count == len(sure(today))
    assert today.marking.words() == f"Unmark {count}"
    QTest.mouseClick(today.marking, Qt.MouseButton.LeftButton)
    assert not today.model.marked


def test_the_link_is_there_for_three_or_more(today: Any, window: Any, settle: Settle) -> None:
    mark_all(today)
    for card in sure(today)[:2]:
        today.model.mark(card.item.id, on=False)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert len(sure(today)) == 2
    assert not today.marking.isVisible()
    assert window.commands.can("today.all"), "the key and the menu still mark the two"
    mark_all(today)
    assert len(today.model.marked) == 2
    assert not window.commands.can("today.all")


def test_menus_and_palette_have_it(today: Any, window: Any) -> None:
    spec = next(each for each in SPECS if each.id == "today.all")
    assert (spec.text, spec.keys, spec.menu, spec.in_palette) == ("Mark all that are sure", ("Ctrl+A",), "Review", True)
    menu = next(each for each in today.findChildren(QMenu) if window.commands["today.split"] in each.actions())
    assert window.commands["today.all"] in menu.actions()
    window.commands.trigger("today.all")
    assert len(today.model.marked) == len(sure(today))
    window.commands.trigger("today.unmark")
    assert not today.model.marked


def test_what_is_put_off_is_not_in_the_list_and_not_marked(today: Any, window: Any, settle: Settle) -> None:
    first = sure(today)[0]
    today.list.go_to_card(first.item.id)
    QTest.keyClick(today.list, Qt.Key.Key_H)
    settle(window)
    mark_all(today)
    assert first.item.id not in today.model.marked
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert first.item.id in questions(window)


def test_a_question_that_got_another_answer_is_left_to_itself(today: Any, window: Any, settle: Settle) -> None:
    card = next(each for each in sure(today) if len(each.item.choices) > 1)
    today.list.go_to_card(card.item.id)
    QTest.keyClick(today.list, Qt.Key.Key_2)
    mark_all(today)
    assert today.model.marked == {each.item.id for each in sure(today)} - {card.item.id}
    QTest.keyClick(today.list, Qt.Key.Key_X)
    before = questions(window)
    today.list.step(1)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert questions(window) == before, "the mark would book what is suggested, not what was chosen"
    assert window.shell.toast.accessibleName().startswith(f"You chose something else for {card.name}")
    assert today.card.item.id == card.item.id


def test_one_marked_question_is_confirmed_from_wherever_one_stands(today: Any, window: Any, settle: Settle) -> None:
    marked, other = sure(today)[:2]
    today.list.go_to_card(marked.item.id)
    QTest.keyClick(today.list, Qt.Key.Key_X)
    today.list.go_to_card(other.item.id)
    assert today.detail.confirm.words() == "Confirm 1 question"
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert marked.item.id not in questions(window)
    assert other.item.id in questions(window)


def test_a_question_settled_a_moment_before_stops_all_and_says_so(today: Any, window: Any, settle: Settle) -> None:
    taken = sure(today)[0].item.id
    mark_all(today)
    before = questions(window)
    window.tasks.write(lambda books: review.answer(books, taken, review.Answered(kind="personal")), None, window.fail)
    QTest.keyClick(today.list, Qt.Key.Key_E)
    settle(window)
    assert set(before) - set(questions(window)) == {taken}
    assert "Nothing was confirmed" in window.shell.toast.accessibleName()
    assert {card.item.id for card in today.model.cards} == set(questions(window))


def test_a_mark_does_not_outlive_the_suggestion_it_was_set_for(today: Any) -> None:
    mark_all(today)
    first, *rest = sure(today)
    today.model.show(tuple(replace(card, suggestion="Meals") if card is first else card for card in today.model.cards))
    assert today.model.marked == {card.item.id for card in rest}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_marked_row_is_painted_as_marked(today: Any, look: Any, mode: str) -> None:
    look.set_mode(mode)
    card = sure(today)[0]
    row = today.model.row_of(card.item.id)
    today.list.go_to(row)
    today.list.clearFocus()

    def accent_points() -> int:
        place = today.list.visualRect(today.model.index(row))
        image = today.list.viewport().grab(place).toImage()
        accent = look.color("accent").rgb()
        edge = look.dp(10)  # beyond the strip of the current row
        return sum(image.pixel(x, y) == accent for x in range(edge, image.width() // 4) for y in range(image.height()))

    assert accent_points() == 0
    today.model.mark(card.item.id)
    assert accent_points() > look.dp(20) ** 2
