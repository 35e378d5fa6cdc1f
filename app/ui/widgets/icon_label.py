"""An icon in a layout; it says nothing by itself unless it is given a name."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme.theme import current
from app.ui.widgets.paint import paint_icon
from app.ui.widgets.themed import Themed
from app.ui.widgets.tips import tip


class IconLabel(Themed, QWidget):
    """`height` centres the icon on a line of text of that height."""

    def __init__(
        self,
        icon: str,
        color: str = "muted",
        size: int = 16,
        height: int | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._color = color
        self._size = size
        self._line = height or size
        self.setAccessibleName(name)
        self.setToolTip(tip(name))
        self.follow_theme()

    def set_icon(self, icon: str, color: str | None = None, name: str | None = None) -> None:
        self._icon = icon
        self._color = color or self._color
        if name is not None:
            self.setAccessibleName(name)
            self.setToolTip(tip(name))
        self.update()

    def restyle(self) -> None:
        self.setFixedSize(current().dp(self._size), current().dp(self._line))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        paint_icon(QPainter(self), self._icon, QRectF(self.rect()).center(), self._size, self._color)
