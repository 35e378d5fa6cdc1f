"""How far along something is, as a ring with the percentage inside."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import ALIGN_MIDDLE, draw_text
from app.ui.widgets.themed import Themed

FULL_TURN = 5760
TOP = 1440
"""Qt counts angles in sixteenths of a degree; 12 o'clock is a quarter turn."""


class Gauge(Themed, QWidget):
    """132 outside and 14 wide. The percentage is cut, not rounded: 100 % means all of it."""

    def __init__(self, value: int = 0, total: int = 0, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._total, self._caption = value, total, caption
        self.follow_theme()
        self.set_share(value, total)

    def set_share(self, value: int, total: int, caption: str | None = None) -> None:
        """Show `value` of `total`, both in one unit; nothing needed counts as done."""
        self._value, self._total = max(0, value), total
        if caption is not None:
            self._caption = caption
        self.setAccessibleName(f"{self.percent()}% {self._caption}".strip())
        self.update()

    def percent(self) -> int:
        return min(100, self._value * 100 // self._total) if self._total > 0 else 100

    def restyle(self) -> None:
        self.setFixedSize(current().dp(132), current().dp(132))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = theme.dp(14)
        ring = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        for color, turn in (("track", FULL_TURN), ("accent", self._turn())):
            painter.setPen(QPen(theme.color(color), wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            if turn:
                painter.drawArc(ring, TOP, -turn)
        middle = ring.center().y()
        figure = QRectF(ring.left(), middle - theme.dp(26), ring.width(), theme.dp(32))
        draw_text(painter, figure, f"{self.percent()}%", Role.GAUGE, "text", ALIGN_MIDDLE)
        below = QRectF(ring.left(), middle + theme.dp(6), ring.width(), theme.dp(16))
        draw_text(painter, below, self._caption, Role.CAPTION, "muted", ALIGN_MIDDLE)

    def _turn(self) -> int:
        return min(FULL_TURN, self._value * FULL_TURN // self._total) if self._total > 0 else FULL_TURN


class StepRing(Themed, QWidget):
    """A few things, so many of them in order: 64 outside, one arc each."""

    def __init__(self, done: int = 0, total: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done, self._total = done, total
        self.follow_theme()
        self.set_steps(done, total)

    def set_steps(self, done: int, total: int) -> None:
        self._done, self._total = done, max(1, total)
        self.setAccessibleName(f"{done} of {total} in order")
        self.update()

    def restyle(self) -> None:
        self.setFixedSize(current().dp(64), current().dp(64))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = theme.dp(8)
        ring = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        gap = 8 * 16 if self._total > 1 else 0
        each = FULL_TURN / self._total
        for step in range(self._total):
            color = theme.color("money_in" if step < self._done else "track")
            painter.setPen(QPen(color, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, round(TOP - step * each - gap / 2), -round(each - gap))
        draw_text(painter, QRectF(self.rect()), f"{self._done}/{self._total}", Role.PANE_TITLE, "text", ALIGN_MIDDLE)
