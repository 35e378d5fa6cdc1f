"""What is copied from the books does not stay on the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from app.ui.runtime.clipboard import SECONDS, Clipboard, clipboard


@pytest.fixture
def board(qapp: Any) -> Iterator[Clipboard]:
    made = clipboard()
    yield made
    made.clears = True
    made.forget()
    QGuiApplication.clipboard().clear()


def test_a_copied_amount_is_gone_after_half_a_minute(board: Clipboard, qtbot: Any) -> None:
    board._timer.setInterval(1)
    board.copy("1,234.50")
    assert QGuiApplication.clipboard().text() == "1,234.50"
    assert bytes(QGuiApplication.clipboard().mimeData().data("x-kde-passwordManagerHint").data()) == b"secret"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "", timeout=5_000)
    board._timer.setInterval(SECONDS * 1000)


def test_what_was_copied_elsewhere_since_stays(board: Clipboard) -> None:
    board.copy("1,234.50")
    QGuiApplication.clipboard().setText("a letter")
    board.forget()
    assert QGuiApplication.clipboard().text() == "a letter"


def test_it_stays_where_the_user_wants_it_to(board: Clipboard) -> None:
    board.clears = False
    board.copy("1,234.50")
    assert not board._timer.isActive()


def test_locking_clears_it_at_once(window: Any, board: Clipboard, settle: Any) -> None:
    window.preferences.set("lock/clear_clipboard", False)
    board.copy("1,234.50")
    window.session.lock()
    settle(window)
    assert QGuiApplication.clipboard().text() == ""
