"""The page on the sample books, and the keyboard in front of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.transactions.columns import BY_ID


@pytest.fixture
def page(window: Any, settle: Callable[[Any], None]) -> Any:
    """The list of all transactions, with the keyboard on its first row."""
    window.go("transactions")
    settle(window)
    window.activateWindow()
    shown = window.shell.page
    shown.table.setFocus()
    return shown


@pytest.fixture
def press(page: Any, settle: Callable[[Any], None]) -> Callable[..., None]:
    """Presses keys where the keyboard is, and waits until their work is done."""

    def do(*keys: str) -> None:
        for key in keys:
            sequence = QKeySequence(key)[0]
            target = QApplication.focusWidget() or page.window().focusWidget()
            QTest.keyClick(target, Qt.Key(sequence.key()), sequence.keyboardModifiers())
            settle(page.window())

    return do


@pytest.fixture
def type_in(page: Any, settle: Callable[[Any], None], qtbot: Any) -> Callable[[str], None]:
    """Types where the keyboard is."""

    def do(text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or page.window().focusWidget(), text)
        settle(page.window())

    return do


@pytest.fixture
def search(page: Any, settle: Callable[[Any], None], qtbot: Any) -> Callable[[str], None]:
    """Searches as a person does: `/`, the words, and Enter to go to the rows."""

    def do(text: str) -> None:
        page.head.search.setFocus()
        page.head.search.selectAll()
        QTest.keyClicks(page.head.search, text)
        QTest.keyClick(page.head.search, Qt.Key.Key_Return)
        settle(page.window())

    return do


@pytest.fixture
def payees(page: Any) -> Callable[[], list[str]]:
    """Returns the payees that are listed."""
    return lambda: [page.model.line(row).shown.payee for row in range(page.model.rowCount())]


@pytest.fixture
def words(page: Any) -> Callable[..., str]:
    """Returns what a cell of the list says; without a row, of the current one."""

    def do(column: str, row: int | None = None) -> str:
        return str(page.model.index(page.table.row if row is None else row, BY_ID[column]).data())

    return do
