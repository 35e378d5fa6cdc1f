"""A small ring of as many parts as there are checks, those in order filled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.gauge import FULL_TURN, TOP
from app.ui.widgets.paint import ALIGN_MIDDLE, draw_text
from app.ui.widgets.themed import Themed

_SIDE, _WIDE, _GAP = 62, 7, 110
"""The gap in sixteenths of a degree."""


class CheckRing(Themed, QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._good, self._all = 0, 0
        self.follow_theme()

    def set_checks(self, good: int, count: int) -> None:
        self._good, self._all = good, count
        self.setAccessibleName(f"{good} of {count} checks in order")
        self.update()

    def restyle(self) -> None:
        self.setFixedSize(current().dp(_SIDE), current().dp(_SIDE))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if not self._all:
            return
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = theme.dp(_WIDE)
        ring = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        turn = FULL_TURN // self._all
        for part in range(self._all):
            color = theme.color("money_in" if part < self._good else "track")
            painter.setPen(QPen(color, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, TOP - part * turn - _GAP // 2, -(turn - _GAP))
        draw_text(painter, QRectF(self.rect()), f"{self._good}/{self._all}", Role.CARD_TITLE, "text", ALIGN_MIDDLE)
