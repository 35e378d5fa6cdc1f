"""Twelve bars: what a payer paid month by month."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.paint import draw_text, fill_round
from app.ui.widgets.themed import Themed

_LETTERS = "JFMAMJJASOND"
_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
BARS, FOOT = 54, 20
"""Heights of the bars and of the letters under them."""


class MonthBars(Themed, QWidget):
    """`last` is the newest month with its own colour; it and those before are drawn, later ones are not there yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._months: Sequence[int] = (0,) * 12
        self._last = 12
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def show_months(self, months: Sequence[int], last: int) -> None:
        self._months, self._last = tuple(months), last
        self._on_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(current().dp(120), current().dp(BARS + FOOT))

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(BARS + FOOT))
        said = [f"{_NAMES[place]} {amount_text(cents)}" for place, cents in enumerate(self._months) if cents]
        self.setAccessibleName(", ".join(said) or "Nothing this year")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        theme, painter = current(), QPainter(self)
        most = max((abs(cents) for cents in self._months), default=0)
        step = self.width() / 12
        wide = min(theme.dp(14), step * 0.6)
        for place, cents in enumerate(self._months[: self._last]):
            middle = step * (place + 0.5)
            high = theme.dp(BARS) * max(0, cents) / most if most else 0
            high = max(high, theme.dp(2))
            bar = QRectF(middle - wide / 2, theme.dp(BARS) - high, wide, high)
            color = "track" if cents <= 0 else "accent" if place == self._last - 1 else "sel_line"
            fill_round(painter, bar, min(theme.dp(3), high / 2), color)
        for place, letter in enumerate(_LETTERS):
            foot = QRectF(step * place, theme.dp(BARS), step, theme.dp(FOOT))
            draw_text(painter, foot, letter, Role.CAPTION, "muted", Qt.AlignmentFlag.AlignCenter)
