"""One line at the top of what it concerns: what is the matter, what it means, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import paint_round
from app.ui.widgets.text import StrongLabel
from app.ui.widgets.themed import Themed, pad

KINDS = {
    "warn": ("warn_bg", "warn_line", "warn", "alert"),
    "danger": ("danger_bg", "danger_line", "danger", "alert"),
    "info": ("sel", "sel_line", "accent", "info"),
}


class Banner(Themed, QFrame):
    """`kind`: warn, danger or info."""

    acted = Signal()
    closed = Signal()

    def __init__(
        self,
        kind: str,
        strong: str,
        text: str = "",
        action_text: str = "",
        *,
        closable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._icon = IconLabel(KINDS[kind][3], KINDS[kind][2])
        self._label = StrongLabel(strong, f" {text}" if text else "")
        self._action = Button(action_text, size="small")
        self._action.clicked.connect(self.acted)
        self._close = IconButton("close", "Close", "small", framed=False)
        self._close.clicked.connect(self._leave)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._label, 1)
        self._row.addWidget(self._action)
        self._row.addWidget(self._close)
        self._action.setVisible(bool(action_text))
        self._close.setVisible(closable)
        self.setAccessibleName(f"{strong} {text}".strip())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_banner(self, kind: str, strong: str, text: str = "", action_text: str = "") -> None:
        self._kind = kind
        self._icon.set_icon(KINDS[kind][3], KINDS[kind][2])
        self._label.set_texts(strong, f" {text}" if text else "")
        self._action.set_words(action_text)
        self._action.setVisible(bool(action_text))
        self.setAccessibleName(f"{strong} {text}".strip())
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(40))
        pad(self._row, 14, 0, 6 if not self._close.isHidden() else 12, 0)
        self._row.setSpacing(current().dp(10))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        fill, edge = KINDS[self._kind][:2]
        paint_round(QPainter(self), QRectF(self.rect()), current().dp(8), fill, edge)

    def _leave(self) -> None:
        self.hide()
        self.closed.emit()
