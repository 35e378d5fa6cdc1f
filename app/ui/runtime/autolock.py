"""Locks the books when nobody has touched the window for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

_TOUCHES = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
}


class AutoLock(QObject):
    """Emits `idle` after so many minutes without a key or a move of the pointer; 0 = never.

    It listens where input enters a window, not to every event of every widget: that would cost on each repaint.
    """

    idle = Signal()

    def __init__(self, parent: QObject, minutes: int) -> None:
        super().__init__(parent)
        self._watched: QWindow | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idle)
        self.set_minutes(minutes)

    def watch(self, window: QWindow | None) -> None:
        """Listen to what a person does in a window of the system."""
        if window is not None and window is not self._watched:
            self._watched = window
            window.installEventFilter(self)

    def set_minutes(self, minutes: int) -> None:
        self._timer.stop()
        self._timer.setInterval(minutes * 60_000)
        self._minutes = minutes
        if minutes:
            self._timer.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        if self._minutes and event.type() in _TOUCHES:
            self._timer.start()
        return False
