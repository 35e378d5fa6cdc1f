"""The line under the sheet: that the books are encrypted, what runs, how many steps can be undone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.widgets.progress_line import ProgressLine
from app.ui.widgets.status_button import StatusButton
from app.ui.widgets.tips import tip


class StatusRow(QWidget):
    """Emits `undo`, `hide_amounts`, `backups` and `banks`."""

    backups = Signal()
    banks = Signal()
    undo = Signal()
    hide_amounts = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Status")
        self.books = StatusButton("lock", "Books encrypted", can_press=False)
        self.backup = StatusButton("database", "")
        self.backup.hide()
        self.bank = StatusButton("sync", "")
        self.bank.hide()
        self.bank.clicked.connect(self.banks)
        self.progress = ProgressLine()
        self.progress.hide()
        self.steps = StatusButton("undo", "")
        self.steps.hide()
        self.amounts = StatusButton("eye-off", "Hide amounts")
        self._across = QHBoxLayout(self)
        self._across.addWidget(self.books)
        self._across.addWidget(self.backup)
        self._across.addWidget(self.bank)
        self._across.addWidget(self.progress)
        self._across.addStretch(1)
        self._across.addWidget(self.steps)
        self._across.addWidget(self.amounts)
        self.backup.clicked.connect(self.backups)
        self.steps.clicked.connect(self.undo)
        self.amounts.clicked.connect(self.hide_amounts)
        theme.current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = theme.current().dp
        self.setFixedHeight(dp(36))
        self._across.setContentsMargins(dp(12), 0, dp(12), dp(2))
        self._across.setSpacing(dp(14))
        hidden = theme.current().hide_amounts
        self.amounts.set_content("eye" if hidden else "eye-off", "Show amounts" if hidden else "Hide amounts")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave words out, the least telling first, until all have room."""
        dp = theme.current().dp
        shown = [each for each in (self.books, self.backup, self.bank, self.steps, self.amounts) if not each.isHidden()]
        gaps = dp(14) * len(shown) + dp(24)
        room = self.width() - gaps - sum(each.whole_width() for each in shown)
        for each in shown:
            each.set_compact(on=room < 0)
            if room < 0:
                room += each.whole_width() - dp(26)

    def set_books(self, icon: str, text: str) -> None:
        self.books.set_content(icon, text)
        self._fit()

    def set_backup(self, words: str, *, failed: bool) -> None:
        """Say when the last backup was made; nothing while that is not known."""
        self.backup.setVisible(bool(words))
        self.backup.set_content("alert" if failed else "database", words)
        self.backup.setToolTip(tip(words))
        self._fit()

    def set_bank(self, words: str, *, asks: bool) -> None:
        """Say when the banks were synced; nothing where none is linked."""
        self.bank.setVisible(bool(words))
        self.bank.set_content("alert" if asks else "sync", words)
        self.bank.setToolTip(tip(words))
        self._fit()

    def set_steps(self, steps: int, newest: str) -> None:
        """Say how many steps can be undone; the newest in the tooltip."""
        self.steps.setVisible(steps > 0)
        many = "99+" if steps > 99 else str(steps)
        self.steps.set_content("undo", f"{many} step{'' if steps == 1 else 's'} to undo")
        self.steps.setToolTip(tip(newest))
        self._fit()
