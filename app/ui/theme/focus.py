"""The focus ring: 2 px of accent with a 1 px gap, outside the control that has the keyboard.

One transparent widget over each window follows the focus, so that no control has to leave room for its ring. Views show
their current row instead; a widget that draws its own ring says so with the property `ring` set to False. The property
`ring_radius` is the corner of the control in px of the design.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QMenu,
    QMenuBar,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from app.ui.theme.theme import Theme

WIDTH = 2
GAP = 1
MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange})
UNRINGED = (QAbstractItemView, QScrollArea, QMenu, QMenuBar)


class FocusRing(QWidget):
    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._target: QWidget | None = None
        self._watched: list[QObject] = []
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")
        self.hide()
        theme.changed.connect(self._place)

    @staticmethod
    def follow(app: QApplication, theme: Theme) -> None:
        def moved(_old: QWidget | None, new: QWidget | None) -> None:
            if new is None or new.window().windowType() is Qt.WindowType.Popup:
                return
            window = new.window()
            ring = window.findChild(FocusRing, "focus_ring", Qt.FindChildOption.FindDirectChildrenOnly)
            if ring is None:
                ring = FocusRing(window, theme)
            ring.surround(new)

        app.focusChanged.connect(moved)

    def surround(self, target: QWidget) -> None:
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched.clear()
        wanted = not isinstance(target, UNRINGED) and target.property("ring") is not False
        self._target = target if wanted and not target.isWindow() else None
        step: QWidget | None = self._target
        while step is not None and step is not self.parentWidget():
            step.installEventFilter(self)
            step.destroyed.connect(self._forget)
            self._watched.append(step)
            step = step.parentWidget()
        self._place()

    def _forget(self, gone: QObject) -> None:
        # The widget that goes arrives here under another wrapper than the one we hold.
        self._watched = [watched for watched in self._watched if isValid(watched) and watched is not gone]
        if self._target is not None and not isValid(self._target):
            self._target = None
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() in MOVES:
            self._place()
        elif event.type() is QEvent.Type.FocusOut and watched is self._target:
            self.hide()
        elif event.type() is QEvent.Type.FocusIn and watched is self._target:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        target = self._target
        if target is None or not isValid(target) or not target.isVisible() or not target.hasFocus():
            self.hide()
            return
        edge = WIDTH + GAP
        window = target.window()
        frame = QRect(target.mapTo(window, QPoint(0, 0)), target.size()).adjusted(-edge, -edge, edge, edge)
        self.setGeometry(frame)
        seen = self._seen(target, window).translated(-frame.topLeft())
        if seen.contains(self.rect()):
            self.clearMask()
        elif seen.intersects(self.rect()):
            self.setMask(seen.intersected(self.rect()))
        else:
            self.hide()
            return
        self.show()
        self.raise_()
        self.update()

    def _seen(self, target: QWidget, window: QWidget) -> QRect:
        """Return the part of the window in which the ring may show: inside every scrolled area around the control."""
        seen = window.rect()
        step = target.parentWidget()
        while step is not None and step is not window:
            holder = step.parentWidget()
            if isinstance(holder, QAbstractScrollArea) and holder.viewport() is step:
                seen = seen.intersected(QRect(step.mapTo(window, QPoint(0, 0)), step.size()))
            step = holder
        return seen

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), WIDTH))
        half = WIDTH / 2
        set_radius = self._target.property("ring_radius") if self._target else None
        radius = self._theme.dp(8 if set_radius is None else set_radius) + GAP + half
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
