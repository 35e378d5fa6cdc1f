"""A row of a card whose words wrap: with large text it grows instead of hiding what it says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.card import INSET
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

_HEIGHT, AROUND = 54, 9
_STACKS_UNDER = 440
"""Width (at 100 %) below which what stands at the right goes under the words."""


class TallRow(Themed, QWidget):
    """An icon, a name over a muted sentence, and widgets at the right."""

    def __init__(self, name: str, second: str = "", *, lead: QWidget | None = None) -> None:
        super().__init__()
        self.name = Label(name, Role.NAME, wrap=True)
        self.second = Label(second, Role.CAPTION, "muted", wrap=True)
        self._lead = lead
        self._words = QHBoxLayout()
        if lead is not None:
            self._words.addWidget(lead, 0, Qt.AlignmentFlag.AlignVCenter)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self.name)
        texts.addWidget(self.second)
        texts.addStretch(1)
        self._words.addLayout(texts, 1)
        self._right = QHBoxLayout()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addLayout(self._words, 1)
        self._row.addLayout(self._right)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.follow_theme()

    def add_right(self, widget: QWidget) -> None:
        self._right.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def restyle(self) -> None:
        dp = current().dp
        self.setMinimumHeight(dp(_HEIGHT))
        self._row.setContentsMargins(dp(INSET), dp(AROUND), dp(INSET), dp(AROUND))
        self._row.setSpacing(dp(8))
        for each in (self._words, self._right):
            each.setSpacing(dp(12))
        self._stack()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._stack()

    def _stack(self) -> None:
        narrow = self.width() < current().dp(_STACKS_UNDER)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._right.setAlignment(Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag.AlignRight)
