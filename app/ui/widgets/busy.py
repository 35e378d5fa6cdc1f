"""What goes on in a card or a sheet, how far it is, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed


class Busy(Themed, QWidget):
    """Hidden while nothing goes on. `tell` may be called from any thread; emits `cancelled`."""

    cancelled = Signal()
    _told = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._words = Label("", Role.SMALL, "muted")
        self._cancel = LinkButton("Cancel")
        self._cancel.clicked.connect(self.cancelled)
        self._bar = ProgressBar(height=6, name="How far it is")
        line = QHBoxLayout()
        line.addWidget(self._words, 1)
        line.addWidget(self._cancel)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(line)
        self._column.addWidget(self._bar)
        self._told.connect(self._step, Qt.ConnectionType.QueuedConnection)
        self.hide()
        self.follow_theme()

    def restyle(self) -> None:
        self._column.setSpacing(current().dp(6))

    def begin(self, words: str, *, can_cancel: bool = False) -> None:
        self._words.setText(words)
        self._cancel.setVisible(can_cancel)
        self._cancel.setEnabled(True)
        self._bar.set_share(0, 1)
        self.show()
        announce(self, words)

    def end(self) -> None:
        self.hide()

    def stopping(self) -> None:
        """Say that Cancel was heard."""
        self._words.setText("Stopping")
        self._cancel.setEnabled(False)

    def tell(self, done: int, whole: int) -> None:
        self._told.emit(done, whole)

    def _step(self, done: int, whole: int) -> None:
        self._bar.set_share(done, max(whole, 1))
