"""The third step: the recovery key, shown once, printed or saved, in force when its end was read from the paper.

Until then it opens nothing: whoever closes the window here has sound books without one, and is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import AppError
from app.ui.sheets.recovery_paper import RecoveryPaper
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.gap import Gap
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from app.ui.frame.main_window import MainWindow

_WIDTH = 420
_WHY = {
    True: "With a keychain in play, this key is the only way in on another computer, and if this one is lost.",
    False: "It opens the books if the passphrase is forgotten, here and on any other computer.",
}
_WITHOUT = "Without one, a forgotten passphrase means the books are lost. You can make one later under Settings."


class RecoveryStep(Themed, QWidget):
    """Emits `done` when the key is in force, or was left for later where that is allowed."""

    done = Signal()

    def __init__(self, window: MainWindow, *, required: bool) -> None:
        super().__init__()
        self._window, self.required = window, required
        self.paper = RecoveryPaper(window.session, size="foot")
        self.paper.submitted.connect(self.finish)
        self.paper.told.connect(self._say)
        self.saved = Label("", Role.SMALL, "money_in", wrap=True)
        self.next = Button("Continue", kind="primary", size="foot")
        self.next.clicked.connect(self.finish)
        self.skip = LinkButton("Do it later")
        self.skip.clicked.connect(self.done)
        self.note = Note()
        self.paper.refused.connect(self.note.say)
        self.paper.failed.connect(self._failed)
        self._lay_out()
        self.follow_theme()

    def _lay_out(self) -> None:
        self._holder = QWidget()
        self._form = QVBoxLayout(self._holder)
        self._form.setContentsMargins(0, 0, 0, 0)
        for each in (self.paper, self.saved, self.paper.field, self.note):
            self._form.addWidget(each)
        self.saved.hide()
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.next)
        self._buttons.addWidget(self.skip)
        self._buttons.addStretch(1)
        self._form.addLayout(self._buttons)
        if not self.required:
            self._form.addWidget(Label(_WITHOUT, Role.SMALL, "muted", wrap=True))
        self.skip.setVisible(not self.required)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(Label("Keep the recovery key", Role.UNLOCK))
        text = (
            f"{_WHY[self.required]} Print it or write it down: it is shown this once and kept nowhere. Put it where "
            "you keep passports, not with the computer."
        )
        self._column.addWidget(Label(text, Role.BODY, "muted", wrap=True))
        self._column.addWidget(Gap(10))
        across = QHBoxLayout()
        across.addWidget(self._holder)
        across.addStretch(1)
        self._column.addLayout(across)

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(6))
        self._form.setSpacing(dp(12))
        self._buttons.setSpacing(dp(16))
        self._holder.setFixedWidth(dp(_WIDTH))

    def focus_first(self) -> None:
        self.paper.print.setFocus()

    def _say(self, words: str) -> None:
        self.saved.setText(words)
        self.saved.show()
        self.paper.last.setFocus()

    # --- into force

    def finish(self) -> None:
        """Put the key into force once its end was typed from the paper."""
        if not self.next.isEnabled():
            return
        if not self.paper.is_read():
            return
        self._set_busy(busy=True)
        self._window.tasks.write(
            self.paper.into_force(), self._if_here(lambda _none: self.done.emit()), self._if_here(self._failed)
        )

    def _if_here(self, do: Callable[..., None]) -> Callable[..., None]:
        """Drop a result that comes after the window was locked."""
        return lambda *found: do(*found) if isValid(self) else None

    def _failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if isinstance(error, AppError):
            self.note.say(f"{error.message} {error.hint}".strip())
        else:
            self._window.fail(error)

    def _set_busy(self, *, busy: bool) -> None:
        self.note.say("")
        for widget in (self.paper, self.paper.field, self.next, self.skip):
            widget.setEnabled(not busy)
