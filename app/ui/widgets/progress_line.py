"""What is being done, how far it is, and a way to stop it: one line for the status row."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.text import ElidedLabel
from app.ui.widgets.themed import Themed


class ProgressLine(Themed, QWidget):
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel("", Role.CAPTION, "muted")
        self._bar = ProgressBar(height=6)
        self._cancel = LinkButton("Cancel", role=Role.CAPTION_STRONG)
        self._cancel.clicked.connect(self.cancelled)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._words)
        self._row.addWidget(self._bar)
        self._row.addWidget(self._cancel)
        self.follow_theme()
        self.hide()

    def show_progress(self, words: str, done: int, total: int, *, can_cancel: bool = True) -> None:
        """Show `done` of `total`; a total of 0 shows the words alone."""
        percent = f", {min(100, done * 100 // total)}%" if total else ""
        self._words.setText(f"{words}{percent}")
        self._bar.setVisible(total > 0)
        self._bar.set_share(done, total)
        self._cancel.setVisible(can_cancel)
        self.setAccessibleName(f"{words}{percent}")
        self.show()

    def finish(self) -> None:
        self.hide()

    def restyle(self) -> None:
        self._bar.setFixedWidth(current().dp(120))
        self._row.setSpacing(current().dp(10))
