"""Long work in the status row: nothing under a tenth of a second, then words, percent and Cancel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.ui.runtime.tasks import Token
from app.ui.widgets.progress_line import ProgressLine

_SHOW_AFTER_MS = 100


class Progress(QObject):
    """Owns the one progress line. `begin` returns a function that any thread may call with (done, all)."""

    _told = Signal(int, int, int)

    def __init__(self, line: ProgressLine, parent: QObject) -> None:
        super().__init__(parent)
        self._line = line
        self._token: Token | None = None
        self._text = ""
        self._number = 0
        self._last = (0, 0)
        self._runs = False
        self._timer = QTimer(self, singleShot=True, interval=_SHOW_AFTER_MS)
        self._timer.timeout.connect(self._show)
        self._told.connect(self._step, Qt.ConnectionType.QueuedConnection)
        line.cancelled.connect(self._cancel)

    def begin(self, text: str, token: Token | None) -> Callable[[int, int], None]:
        self._number += 1
        number = self._number
        self._token, self._text, self._runs = token, text, True
        self._last = (0, 0)
        self._timer.start()
        return lambda done, whole: self._told.emit(number, done, whole)

    def end(self) -> None:
        self._timer.stop()
        self._runs, self._token = False, None
        self._line.finish()

    def _show(self) -> None:
        if self._runs:
            self._line.show_progress(self._text, *self._last, can_cancel=self._token is not None)

    def _step(self, number: int, done: int, whole: int) -> None:
        if not self._runs or number != self._number:
            return
        self._last = (done, whole)
        if self._line.isVisible():
            self._show()

    def _cancel(self) -> None:
        if self._token is not None:
            self._token.cancel()
            self._line.show_progress("Stopping", 0, 0, can_cancel=False)
