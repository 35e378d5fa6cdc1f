"""What lies over the whole window: a scrim, and a box that keeps the focus until it closes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget
from shiboken6 import isValid

from app.ui.theme.theme import current
from app.ui.widgets import tab_order
from app.ui.widgets.paint import paint_round
from app.ui.widgets.themed import Themed

RING = 4
"""The ring around the box that stands in for a shadow, at 5 % black."""


class OverlayBox(Themed, QFrame):
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        paint_round(QPainter(self), QRectF(self.rect()), current().dp(12), "surface", "border")


class Overlay(Themed, QWidget):
    """A child of the window, as large as it. Esc and a click beside the box close it and give the focus back."""

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._host = window
        self.box = OverlayBox(self)
        self._before: QWidget | None = None
        window.installEventFilter(self)
        self.hide()

    def open_box(self) -> None:
        self._before = self.window().focusWidget()
        self.setGeometry(self._host.rect())
        self.place_box()
        self.show()
        self.raise_()

    def close_box(self) -> None:
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None
        self.closed.emit()

    def place_box(self) -> None:
        """Put the box where it belongs in the window."""

    def focusables(self) -> list[QWidget]:
        """Return what Tab reaches inside the box, in order."""
        return tab_order.stops(self.box)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802, FBT001 - Qt's signature
        tab_order.go_on(self.box, forward=forward)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.close_box()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if not self.box.geometry().contains(event.position().toPoint()):
            self.close_box()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self.setGeometry(self._host.rect())
            self.place_box()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("scrim"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 13))
        around = QRectF(self.box.geometry()).adjusted(-RING, -RING, RING, RING)
        painter.drawRoundedRect(around, theme.dp(12) + RING, theme.dp(12) + RING)
