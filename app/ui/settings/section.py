"""What every section of the settings is: a title and a column of cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books import Books
    from app.services.unit_of_work import Outcome
    from app.ui.page import Page

_WIDEST = 720


class Section(QWidget):
    def __init__(self, page: Page, title: str, lead: str = "") -> None:
        super().__init__()
        self.page = page
        self.setAccessibleName(title)
        self._holder = QWidget()
        self.cards = QVBoxLayout(self._holder)
        self.cards.setContentsMargins(0, 0, 0, 0)
        self._head = QVBoxLayout()
        self._head.setSpacing(0)
        self._head.addWidget(Label(title, Role.PANE_TITLE))
        if lead:
            self._head.addWidget(Label(lead, Role.SMALL, "muted", wrap=True))
        self.cards.addLayout(self._head)
        self._across = QHBoxLayout(self)
        self._across.addWidget(self._holder, 1, Qt.AlignmentFlag.AlignTop)
        self._across.addStretch(0)
        theme.current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = theme.current().dp
        self._across.setContentsMargins(dp(28), dp(20), dp(24), dp(24))
        self.cards.setSpacing(dp(14))
        self._holder.setMaximumWidth(dp(_WIDEST))

    def load(self) -> None:
        """Ask for what the section shows."""

    def change(self, work: Callable[[Books], Outcome], said: str) -> None:
        """Make a change in the books and say so, with Undo."""

        def done(outcome: Outcome) -> None:
            if outcome.operation is not None:
                self.page.frame.toast(said)

        def failed(error: Exception) -> None:
            self.load()
            self.page.frame.fail(error)

        self.page.frame.tasks.write(work, done, failed)
