"""The page Taxes on the sample books, and on books made by a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from app.services.books.open_books import Books
from app.services.ledger import accounts, transactions
from app.ui.widgets.text import Label
from tests.ui.conftest import PASSPHRASE


@pytest.fixture
def page(window: Any, settle: Callable[[Any], None]) -> Any:
    window.activateWindow()
    window.go("taxes")
    settle(window)
    return window.shell.page


@pytest.fixture
def opened(make_window: Callable[[Path], Any], qtbot: Any, settle: Callable[[Any], None]) -> Callable[[Path], Any]:
    """Opens the page on books that were made before."""

    def show(home: Path) -> Any:
        window = make_window(home)
        with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
            window.session.unlock(PASSPHRASE, lambda: None, window.fail)
        settle(window)
        window.activateWindow()
        window.go("taxes")
        settle(window)
        return window

    return show


def two_years(books: Books) -> None:
    """Two deposits of 2025, one of 2026; nothing is known of the household."""
    accounts.add(books, {"name": "Desk", "kind": "checking", "role": "business"})
    for day, cents in (("2025-03-10", 2_000_000), ("2025-09-10", 2_500_000), ("2026-02-10", 900_000)):
        _, number = transactions.add(
            books, date=day, cents=cents, account_selector="Desk", description="Larkfield Tea invoice"
        )
        transactions.set_values(books, number or 0, {"kind": "income", "line": "C1"})


def words_of(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(Label) if not label.isHidden())


def stored(window: Any) -> Books:
    books: Books = window.session.gui
    return books
