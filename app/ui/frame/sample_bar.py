"""The striped bar over sample books: nobody should take them for their own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.text import Label


class SampleBar(QWidget):
    """Emits `leave` when the user wants to begin with data of their own."""

    leave = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._across = QHBoxLayout(self)
        self._across.addWidget(Label("Sample data.", Role.SMALL_TITLE, "text"))
        self._across.addWidget(Label("An invented designer’s year. Nothing is kept.", Role.SMALL, "muted"))
        self._across.addStretch(1)
        button = Button("Start with my data", size="small")
        button.clicked.connect(self.leave)
        self._across.addWidget(button)
        theme.current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = theme.current().dp
        self.setFixedHeight(dp(44))
        self._across.setContentsMargins(dp(24), 0, dp(12), dp(8))
        self._across.setSpacing(dp(8))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, 0.5, self.width() - 1, self.height() - look.dp(8) - 1)
        shape = QPainterPath()
        shape.addRoundedRect(box, look.dp(8), look.dp(8))
        painter.fillPath(shape, look.color("sel"))
        painter.save()
        painter.setClipPath(shape)
        pen = QPen(look.color("sunken"), look.dp(6))
        painter.setPen(pen)
        step = look.dp(18)
        for x in range(-self.height(), self.width(), step):
            painter.drawLine(x, self.height(), x + self.height(), 0)
        painter.fillRect(QRectF(look.dp(12), 0, look.dp(420), self.height()), look.color("sel"))
        painter.restore()
        painter.setPen(look.color("sel_line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, look.dp(8), look.dp(8))
