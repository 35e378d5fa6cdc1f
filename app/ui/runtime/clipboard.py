"""What is copied from the books leaves the clipboard again: after half a minute, and when the books lock.

It is marked as secret for clipboard histories that honour such marks, and cleared only if it is still ours.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

SECONDS = 30
_MARKS = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\x01\x00\x00\x00",
    "org.nspasteboard.ConcealedType": b"1",
}
"""How clipboard managers of KDE, Windows and macOS are asked to keep no copy."""


class Clipboard(QObject):
    """The clipboard as the window uses it for what the books hold. One for the program: `clipboard()`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clears = True
        """Whether what was copied is cleared after `SECONDS`; when the books lock it always is."""
        self._ours: str | None = None
        self._timer = QTimer(self, singleShot=True, interval=SECONDS * 1000)
        self._timer.timeout.connect(self.forget)

    def copy(self, text: str) -> None:
        """Put text of the books on the clipboard for a while."""
        data = QMimeData()
        data.setText(text)
        for name, value in _MARKS.items():
            data.setData(name, value)
        QGuiApplication.clipboard().setMimeData(data)
        self._ours = text
        if self.clears:
            self._timer.start()

    def forget(self) -> None:
        """Clear the clipboard if it still holds what came from here."""
        self._timer.stop()
        ours, self._ours = self._ours, None
        if ours is not None and QGuiApplication.clipboard().text() == ours:
            QGuiApplication.clipboard().clear()


def clipboard() -> Clipboard:
    """Return the program's one; it is made when first asked for and ends with the application."""
    application = QCoreApplication.instance()
    found = application.findChild(Clipboard) if application is not None else None
    return found if isinstance(found, Clipboard) else Clipboard(application)
