"""Today by keyboard, on the real window and the sample's books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.core.books import naming
from app.services.classify import remembered, rules
from app.services.review import questions as review
from app.ui.inbox.model import is_card
from app.ui.sheets.learned_sheet import LearnedSheet
from app.ui.widgets.dialog import Sheet

Settle = Callable[[Any], None]


def press(page: Any, key: Qt.Key, text: str = "") -> None:
    shift = Qt.KeyboardModifier.ShiftModifier if text.isupper() else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(page.list, key, shift)


def questions(window: Any) -> list[str]:
    return [item.id for item in review.items(window.session.gui)]


def test_the_dearest_question_is_first_and_has_its_reasons(today: Any, window: Any, settle: Settle) -> None:
    cards = today.model.cards
    assert len(cards) == len(questions(window)) > 50
    assert today.card is cards[0]
    assert today.count.text() == f"{len(cards)} questions"
    settle(window)
    assert today.card.item.id in today.current._details
    assert window.shell.sidebar.items["today"].count == len(cards)


def test_j_and_k_move_and_stop_at_the_ends(today: Any) -> None:
    first = today.card
    press(today, Qt.Key.Key_K)
    assert today.card is first
    press(today, Qt.Key.Key_J)
    assert today.card is today.model.cards[1]
    press(today, Qt.Key.Key_K)
    assert today.card is first


def test_e_books_the_suggestion_and_goes_on_and_u_brings_it_back(today: Any, window: Any, settle: Settle) -> None:
    first, second = today.model.cards[:2]
    before = questions(window)
    press(today, Qt.Key.Key_E)
    assert today.card.item.id == second.item.id, "the next question has the focus at once"
    assert today.list.hasFocus()
    settle(window)
    assert first.item.id not in questions(window)
    assert first.name in window.shell.toast.accessibleName()
    press(today, Qt.Key.Key_U)
    settle(window)
    assert questions(window) == before
    assert today.card.item.id == first.item.id, "what came back is selected"


def test_a_number_takes_a_choice_and_changes_what_is_booked(today: Any, window: Any, settle: Settle) -> None:
    card = next(c for c in today.model.cards if c.item.type == "income" and len(c.item.choices) > 1)
    today.list.go_to(today.model.row_of(card.item.id))
    press(today, Qt.Key.Key_2)
    assert today.current.answering.chosen == 2
    wanted = card.item.choices[1]
    press(today, Qt.Key.Key_E)
    settle(window)
    rows = window.session.gui.transactions.block([row.id for row in card.item.rows])
    assert {(row.kind, row.line, row.status) for row in rows} == {(wanted.kind, wanted.line, "confirmed")}


def test_without_a_guess_nothing_is_chosen_and_confirm_is_off(today: Any, window: Any, settle: Settle) -> None:
    card = next(c for c in today.model.cards if c.sure == naming.NO_SUGGESTION and c.item.type == "classify")
    today.list.go_to(today.model.row_of(card.item.id))
    assert today.current.answering.chosen is None
    assert not today.detail.confirm.isEnabled()
    before = questions(window)
    press(today, Qt.Key.Key_E)
    settle(window)
    assert questions(window) == before


def test_p_books_as_personal(today: Any, window: Any, settle: Settle) -> None:
    card = next(c for c in today.model.cards if c.item.type == "classify" and c.cents < 0)
    today.list.go_to(today.model.row_of(card.item.id))
    press(today, Qt.Key.Key_P)
    settle(window)
    rows = window.session.gui.transactions.block([row.id for row in card.item.rows])
    assert {row.kind for row in rows} == {"personal"}


def test_x_marks_several_and_e_confirms_them_as_one_step(today: Any, window: Any, settle: Settle) -> None:
    sure = [c for c in today.model.cards if c.sure in {naming.SURE, naming.LIKELY} and c.item.type != "transfer"][:3]
    for card in sure:
        today.list.go_to(today.model.row_of(card.item.id))
        press(today, Qt.Key.Key_X)
    assert today.model.marked == {card.item.id for card in sure}
    assert "3 questions" in today.detail.confirm.words()
    before = questions(window)
    press(today, Qt.Key.Key_E)
    settle(window)
    assert len(questions(window)) == len(before) - 3
    window.commands.trigger("edit.undo")
    settle(window)
    assert questions(window) == before


def test_h_puts_a_question_off_but_it_stays_open(today: Any, window: Any, settle: Settle) -> None:
    card = today.card
    press(today, Qt.Key.Key_H)
    settle(window)
    assert card.item.id not in {c.item.id for c in today.model.cards}
    assert card.item.id in questions(window)
    assert "1 put off" in today.sum.text()


def test_a_group_opens_to_its_transactions_which_are_passed_over(today: Any) -> None:
    card = next(c for c in today.model.cards if len(c.item.rows) > 2 and not c.legs)
    row = today.model.row_of(card.item.id)
    today.list.go_to(row)
    QTest.keyClick(today.list, Qt.Key.Key_Right)
    assert not is_card(today.model.entries[row + 1])
    press(today, Qt.Key.Key_J)
    assert today.card.item.id != card.item.id
    press(today, Qt.Key.Key_K)
    QTest.keyClick(today.list, Qt.Key.Key_Left)
    assert is_card(today.model.entries[row + 1])


def test_the_pair_of_a_movement_is_one_card(today: Any) -> None:
    pairs = [card for card in today.model.cards if card.item.type == "transfer"]
    for card in pairs:
        assert card.legs is not None
        assert " to " in card.name


def test_always_is_remembered_and_books_the_next_file_alike(today: Any, window: Any, settle: Settle) -> None:
    held = today.current._answering
    card = next(c for c in today.model.cards if held[c.item.id].has_memory and c.sure == naming.SURE)
    today.list.go_to(today.model.row_of(card.item.id))
    press(today, Qt.Key.Key_A)
    press(today, Qt.Key.Key_E)
    settle(window)
    answers = window.session.gui.rules.answers()
    assert any(answer.merchant_key == card.item.merchant_key and not answer.ask for answer in answers)


def test_a_note_is_kept_with_every_row(today: Any, window: Any, settle: Settle) -> None:
    card = today.card
    press(today, Qt.Key.Key_N)
    assert any(s.isVisible() for s in window.findChildren(Sheet))
    QTest.keyClicks(window.focusWidget(), "lunch with the gallery")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle(window)
    assert not any(s.isVisible() for s in window.findChildren(Sheet))
    rows = window.session.gui.transactions.block([row.id for row in card.item.rows])
    assert {row.note for row in rows} == {"lunch with the gallery"}


def test_splitting_needs_parts_that_add_up(today: Any, window: Any, settle: Settle) -> None:
    card = next(c for c in today.model.cards if c.item.type == "classify" and c.cents < 0)
    today.list.go_to(today.model.row_of(card.item.id))
    press(today, Qt.Key.Key_S)
    sheet = next(s for s in window.findChildren(Sheet) if s.isVisible())
    first, second = sheet.rows[:2]
    assert not sheet.send.isEnabled()
    whole = abs(max(card.item.rows, key=lambda row: (row.tax_date, row.id)).cents)
    first.amount.set_cents(whole - 100)
    first.take("expense", "C18", 2026)
    second.take("personal", "NONE", 2026)
    second.amount.set_cents(100)
    assert sheet.left() == 0
    assert sheet.send.isEnabled()
    sheet.send.click()
    settle(window)
    newest = max(card.item.rows, key=lambda row: (row.tax_date, row.id))
    assert window.session.gui.transactions.get(newest.id).is_split


def test_all_answered_shows_the_tick_and_the_figure(today: Any, window: Any, settle: Settle) -> None:
    ids = questions(window)

    def some_personal(books: Any) -> None:
        for _ in range(20):
            item = next(iter(review.items(books)), None)  # one answer may settle others that look alike
            if item is None:
                return
            kind = {"kind": "personal"} if item.type in {"classify", "income"} else {"choice": item.choices[0].n}
            review.answer(books, item.id, review.Answered(**kind))

    while questions(window):
        window.tasks.write(some_personal, None, window.fail)
        settle(window)
    window.shell.mark_stale()
    settle(window)
    assert len(ids) > 50
    assert questions(window) == []
    assert today.caught_up.isVisible()
    assert not today.list.isVisible()
    assert not today.detail.isVisible()


def test_hidden_amounts_are_nowhere_on_the_page(today: Any, window: Any) -> None:
    window.commands.trigger("view.hide_amounts")
    assert "$" not in today.top.hero.figure.text() or "•" in today.top.hero.figure.text()
    assert today.sum.text().count("$") == 0 or "•" in today.sum.text()
    window.commands.trigger("view.hide_amounts")


def test_a_narrow_window_slides_the_details_over_the_list(today: Any, window: Any, settle: Settle) -> None:
    window.resize(1024, 700)
    settle(window)
    assert not today.detail.isVisible()
    QTest.keyClick(today.list, Qt.Key.Key_Return)
    assert today.detail.isVisible()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not today.detail.isVisible()
    assert today.list.hasFocus()


def stop_at(page: Any, window: Any, settle: Settle, fits: Callable[[Any], bool]) -> Any:
    """Go to the first question that can be learned from and whose details fit."""
    for card in page.model.cards:
        if card.item.type == "classify" and card.item.choices:
            page.list.go_to(page.model.row_of(card.item.id))
            page.current._look_up()
            settle(window)
            if fits(page.current._details[card.item.id]):
                return card
    raise AssertionError


def test_an_answer_is_learned_and_the_toast_says_so_and_opens_it(today: Any, window: Any, settle: Settle) -> None:
    card = stop_at(today, window, settle, lambda detail: detail.usual == "always")
    assert today.current.answering.mode == "always"
    today.decide.choose(1)
    press(today, Qt.Key.Key_E)
    settle(window)
    (memory,) = remembered.listed(window.session.gui)
    assert memory.merchant_key == card.item.merchant_key
    said = window.shell.toast.accessibleName()
    assert said.startswith(f"{memory.name} is booked as ")
    assert "from now on" in said
    today.list.setFocus()
    press(today, Qt.Key.Key_L)
    sheet = next(each for each in window.findChildren(LearnedSheet) if each.isVisible())
    assert sheet.memory == memory
    sheet.forget.click()
    settle(window)
    assert remembered.listed(window.session.gui) == []


def test_only_this_learns_nothing(today: Any, window: Any, settle: Settle) -> None:
    stop_at(today, window, settle, lambda detail: detail.usual == "always")
    today.decide.choose(1)
    press(today, Qt.Key.Key_A)
    assert today.current.answering.mode == "only_this"
    press(today, Qt.Key.Key_E)
    settle(window)
    assert remembered.listed(window.session.gui) == []
    assert window.shell.toast.accessibleName().startswith("Booked ")


def test_rows_that_would_follow_are_counted_and_shown_before(today: Any, window: Any, settle: Settle) -> None:
    def some_by_a_rule(books: Any) -> None:
        """A rule asks about the largest of several rows, so that the others are booked already."""
        item = next(each for each in review.items(books) if each.type == "classify" and len(each.rows) > 3)
        own = max(item.rows, key=lambda row: (abs(row.cents), row.id))
        given = review.Answered(kind="personal", mode=review.ALWAYS)
        review.answer(books, item.id, given, only=[row.id for row in item.rows if row.id != own.id][:1])
        rules.add(books, {
            "text": own.text, "kind": "expense", "line": "C18", "ask": 1, "date_from": own.tax_date,
            "date_to": own.tax_date,
        })  # fmt: skip

    window.tasks.write(some_by_a_rule, None, window.fail)
    settle(window)
    card = stop_at(today, window, settle, lambda detail: bool(detail.alike))
    alike = today.current._details[card.item.id].alike
    words = [label.text() for label in today.detail.findChildren(QLabel)]
    assert any(text.startswith(f"{len(alike)} more transaction") for text in words)
    press(today, Qt.Key.Key_V)
    settle(window)
    page = window.shell.page
    assert page.id == "transactions"
    assert set(page.model.ids) == {*alike, *(row.id for row in card.item.rows)}


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_no_amount_of_the_card_is_cut_however_large_the_text(
    today: Any, window: Any, settle: Settle, look: Any, scale: float
) -> None:
    look.set_scale(scale)
    window.setMinimumSize(1, 1)
    for size in ((900, 600), (1440, 900), (1024, 800), (1280, 800)):
        window.resize(*size)
        settle(window)
        hero = today.top.hero
        assert hero.isVisible() or scale > 1.0  # the questions have the page then; Taxes says the same
        for figure in (hero.figure, hero.reserve, hero.money_in, hero.costs):
            assert not hero.isVisible() or figure.width() >= figure.sizeHint().width()
    window.resize(1440, 900)
    settle(window)
    assert today.top.hero.isVisible()
