"""The sample year, reviewed from the keyboard in one go; closed and opened again; taken back after the restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from ui.conftest import PASSPHRASE

from app.core.books import naming
from app.services.books import history
from app.services.review import questions

Settle = Callable[[Any], None]
MOST_KEYS = 400


def standing(window: Any) -> list[tuple[Any, ...]]:
    books = window.session.gui
    return [tuple(row) for row in books.connection.execute("SELECT * FROM decision ORDER BY id")]


def test_a_year_from_the_keyboard_survives_a_restart_and_is_undone_after_it(
    window: Any, make_window: Callable[[Path], Any], qtbot: Any, settle: Settle
) -> None:
    page = window.shell.page
    page.list.setFocus()
    settle(window)
    open_before = len(questions.items(window.session.gui))
    pressed = 0
    while page.model.cards and pressed < MOST_KEYS:
        card = page.card
        # What has a suggestion is confirmed, what has none is private, and what cannot be that takes its first choice.
        if card.sure != naming.NO_SUGGESTION:
            QTest.keyClick(page.list, Qt.Key.Key_E)
        elif page.current.answering.takes_anything:
            QTest.keyClick(page.list, Qt.Key.Key_P)
        else:
            QTest.keyClick(page.list, Qt.Key.Key_1)
            QTest.keyClick(page.list, Qt.Key.Key_E)
        pressed += 1
    settle(window)
    assert open_before > 50
    assert questions.items(window.session.gui) == []
    assert page.caught_up.isVisible()
    left = standing(window)
    steps = [each for each in history.history(window.session.gui, limit=0) if each.undone_by is None]
    home = window.session.home
    window.close()
    qtbot.waitUntil(lambda: window.tasks.is_idle)

    again = make_window(home)
    with qtbot.waitActive(again):
        again.activateWindow()
    with qtbot.waitSignal(again.session.state_changed, timeout=20_000):
        again.session.unlock(PASSPHRASE, lambda: None, again.fail)
    settle(again)
    assert standing(again) == left
    again.commands.trigger("edit.undo")
    settle(again)
    assert len(questions.items(again.session.gui)) >= 1
    undone = [each for each in history.history(again.session.gui, limit=0) if each.undone_by is not None]
    assert [each.id for each in undone] == [steps[0].id]
    assert again.shell.page.card is not None
