"""A page with nothing to do: a small mark, what is so, and the one thing that still matters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import fill_round, paint_icon
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

WIDTH = 860
KINDS = {"ok": ("in_bg", "money_in"), "neutral": ("av", "muted")}


class EmptyState(Themed, QWidget):
    """`kind`: ok when all is done, neutral when there is nothing yet."""

    def __init__(
        self, icon: str, title: str, sentence: str, kind: str = "neutral", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = Label(title, Role.FIGURE_M, wrap=True, parent=self)
        self.sentence = Label(sentence, Role.BODY, "muted", wrap=True)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._disc = _Disc(icon, kind)
        self._column_holder = QWidget()
        self._column = QVBoxLayout(self._column_holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._disc, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self.title)
        self._column.addWidget(self.sentence)
        self._actions = QHBoxLayout()
        self._actions.addStretch(1)
        self._actions.addStretch(1)
        self._column.addLayout(self._actions)
        self._outer = QHBoxLayout(self)
        self._outer.addStretch(1)
        self._outer.addWidget(self._column_holder, 1000)
        self._outer.addStretch(1)
        self._outer.setAlignment(self._column_holder, Qt.AlignmentFlag.AlignTop)
        self.follow_theme()

    def add_action(self, button: QWidget) -> None:
        self._actions.insertWidget(self._actions.count() - 1, button)

    def add_widget(self, widget: QWidget) -> None:
        """Add something under the sentence, as wide as the column."""
        self._column.addSpacing(current().dp(16))
        self._column.addWidget(widget)

    def restyle(self) -> None:
        dp = current().dp
        self._column_holder.setMaximumWidth(dp(WIDTH))
        self._outer.setContentsMargins(dp(24), dp(32), dp(24), dp(24))
        self._column.setSpacing(dp(8))
        self._disc.setContentsMargins(0, 0, 0, dp(16))
        self._actions.setSpacing(dp(10))


class _Disc(Themed, QWidget):
    def __init__(self, icon: str, kind: str) -> None:
        super().__init__()
        self._icon = icon
        self._fill, self._ink = KINDS[kind]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        return QSize(dp(64), dp(64) + dp(12))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        side = current().dp(64)
        painter = QPainter(self)
        disc = QRectF(0, 0, side, side)
        fill_round(painter, disc, side / 2, self._fill)
        paint_icon(painter, self._icon, disc.center(), 32, self._ink)
