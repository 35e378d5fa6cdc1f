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
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.frame.page import Page

_WIDEST = 720


class Section(QWidget):
    def __init__(self, page: Page, title: str, lead: str = "") -> None:
        super().__init__()
        self.page = page
        self.setAccessibleName(title)
        self._holder = QWidget()
        self.cards = QVBoxLayout(self._holder)
        self.cards.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(title, Role.PANE_TITLE))
        if lead:
            words.addWidget(Label(lead, Role.SMALL, "muted", wrap=True))
        self.head = QHBoxLayout()
        self.head.addLayout(words, 1)
        self.cards.addLayout(self.head)
        self._across = QHBoxLayout(self)
        self._across.addWidget(self._holder, 1, Qt.AlignmentFlag.AlignTop)
        self._across.addStretch(0)
        theme.current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = theme.current().dp
        self._across.setContentsMargins(dp(24), dp(20), dp(24), dp(24))
        self.cards.setSpacing(dp(14))
        self.head.setSpacing(dp(12))
        self._holder.setMaximumWidth(dp(_WIDEST))

    def add_action(self, widget: QWidget) -> None:
        """Put a widget at the right of the section's title."""
        self.head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def load(self) -> None:
        """Ask for what the section shows."""

    def do(self, what: str) -> None:
        """Begin something a command names."""

    def change(
        self, work: Callable[[Books], Outcome], said: str, *, failed: Callable[[Exception], None] | None = None,
        done: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Make a change in the books and say so, with Undo. Without `failed` the section shows what is true again."""

        def made(outcome: Outcome) -> None:
            if done is not None:
                done()
            if outcome.operation is not None:
                self.page.frame.toast(said)

        def missed(error: Exception) -> None:
            self.load()
            self.page.frame.fail(error)

        self.page.frame.tasks.write(work, made, failed or missed)
