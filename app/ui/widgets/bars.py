"""Bars of one row: how much of something, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.theme import current
from app.ui.widgets.paint import rounded
from app.ui.widgets.themed import Themed
from app.ui.widgets.tips import tip

GAP = 2


class ProgressBar(Themed, QWidget):
    """`name` says what fills it; the words for a screen reader are made from it and the share."""

    def __init__(
        self, value: int = 0, total: int = 0, height: int = 8, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._value, self._total, self._name = value, total, name
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()
        self.set_share(value, total)

    def set_share(self, value: int, total: int) -> None:
        self._value, self._total = max(0, value), total
        percent = min(100, self._value * 100 // total) if total > 0 else 0
        self.setAccessibleName(f"{self._name} {percent}%".strip())
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.setClipPath(rounded(box, box.height() / 2))
        painter.fillRect(box, theme.color("track"))
        if self._total > 0:
            share = min(1.0, self._value / self._total)
            painter.fillRect(QRectF(0, 0, box.width() * share, box.height()), theme.color("accent"))


class SplitBar(Themed, QWidget):
    """Parts in order of size with 2 px between them: (value, colour, label). `rest` is left as track."""

    def __init__(
        self,
        parts: Sequence[tuple[int, str, str]] = (),
        height: int = 12,
        rest: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts: list[tuple[int, str, str]] = []
        self._rest = 0
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()
        self.set_parts(parts, rest)

    def set_parts(self, parts: Sequence[tuple[int, str, str]], rest: int = 0) -> None:
        self._parts = [part for part in parts if part[0] > 0]
        self._rest = max(0, rest)
        total = self._total()
        words = ", ".join(f"{label} {value * 100 // total}%" for value, _, label in self._parts)
        self.setAccessibleName(words)
        self.setToolTip(tip(words))
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        painter.setClipPath(rounded(box, box.height() / 2))
        if not self._parts:
            painter.fillRect(box, theme.color("track"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        ends = list(self._parts) + ([(self._rest, "track", "")] if self._rest else [])
        total, left, so_far = self._total(), 0, 0
        for number, (value, color, _label) in enumerate(ends):
            so_far += value
            last = number == len(ends) - 1
            right = round(box.width()) if last else round(box.width() * so_far / total)
            painter.fillRect(left, 0, right - left - (0 if last else GAP), round(box.height()), theme.color(color))
            left = right

    def _total(self) -> int:
        return max(1, sum(value for value, _, _ in self._parts) + self._rest)
