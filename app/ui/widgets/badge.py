"""A judgement as a word on a tinted ground, with a mark where it judges."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme.theme import current
from app.ui.widgets.paint import BADGE_HEIGHT, badge_width, paint_badge
from app.ui.widgets.themed import Themed


class Badge(Themed, QLabel):
    """`kind`: neutral, ok, warn, danger or accent."""

    def __init__(
        self, text: str, kind: str = "neutral", icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._kind = kind
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_badge(self, text: str, kind: str = "neutral", icon: str | None = None) -> None:
        self._kind, self._icon = kind, icon
        self.setText(text)
        self._on_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(badge_width(self.text(), self._icon), current().dp(BADGE_HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        paint_badge(QPainter(self), QRectF(self.rect()), self.text(), self._kind, self._icon)
