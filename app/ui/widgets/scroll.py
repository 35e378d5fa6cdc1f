"""A scroll bar that lies over what it scrolls, so that amounts keep their right edge."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QScrollBar, QWidget
from shiboken6 import isValid

from app.ui.theme.theme import current


class OverlayScrollBar(QScrollBar):
    """Stands in for the vertical bar of `area`, `top` px below its upper edge."""

    def __init__(self, area: QAbstractScrollArea, top: int = 0) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area = area
        self._top = top
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Qt's own bar is asked for anew each time: the wrapper of one that is held goes bad once PySide has seen, and
        # let go of, the nameless widget it lies in (whoever walks the chain of focus meets it).
        real = area.verticalScrollBar()
        real.rangeChanged.connect(self._take_range)
        real.valueChanged.connect(self.setValue)
        self.valueChanged.connect(self._scroll_to)
        area.installEventFilter(self)
        current().changed.connect(self._place)
        self._take_range(real.minimum(), real.maximum())

    def set_top(self, top: int) -> None:
        self._top = top
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._place()
        return super().eventFilter(watched, event)

    def _take_range(self, least: int, most: int) -> None:
        if not isValid(self._area):
            return  # the area is being taken apart; its bar says so once more
        real = self._area.verticalScrollBar()
        self.setRange(least, most)
        self.setPageStep(real.pageStep())
        self.setSingleStep(real.singleStep())
        self.setValue(real.value())
        self.setVisible(most > least)
        self._place()

    def _scroll_to(self, value: int) -> None:
        if isValid(self._area):
            self._area.verticalScrollBar().setValue(value)

    def _place(self) -> None:
        dp = current().dp
        self.setGeometry(self._area.width() - dp(12), self._top, dp(12), self._area.height() - self._top)
        self.raise_()


class ScrollArea(QScrollArea):
    """Scrolls one column of widgets up and down, and sideways only where large text leaves no other way.

    It takes no focus of its own.
    """

    def __init__(self, content: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._bar = OverlayScrollBar(self)
        if content is not None:
            self.setWidget(content)
            content.setAutoFillBackground(False)
