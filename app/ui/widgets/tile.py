"""The square before a name: two letters of it, or an icon."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme.theme import current
from app.ui.widgets.paint import paint_tile
from app.ui.widgets.themed import Themed

LARGE = 40


class Tile(Themed, QWidget):
    """32 px with a radius of 8, or 40 with 10. It says nothing the name beside it does not."""

    def __init__(self, text: str = "", size: int = 32, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._icon = icon
        self._size = size
        self.follow_theme()

    def set_content(self, text: str = "", icon: str | None = None) -> None:
        self._text, self._icon = text, icon
        self.update()

    def restyle(self) -> None:
        side = current().dp(self._size)
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        radius = 10 if self._size >= LARGE else 8
        paint_tile(QPainter(self), QRectF(self.rect()), self._text, radius, self._icon)
