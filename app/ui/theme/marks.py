"""The check box, painted alike by the style and by table cells."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.ui.theme import icons
from app.ui.theme.theme import current

BOX = 16
EDGE = 1.5


class Check(Enum):
    OFF = 0
    PARTLY = 1
    ON = 2


def paint_check(painter: QPainter, rect: QRectF, state: Check, *, enabled: bool = True) -> None:
    """Paint a 16 px box in the middle of `rect`."""
    theme = current()
    side = theme.dp(BOX)
    box = QRectF(
        round(rect.center().x() - side / 2),
        round(rect.center().y() - side / 2),
        side,
        side,
    )
    radius = theme.dp(4)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state is Check.OFF:
        half = EDGE / 2
        painter.setPen(QPen(theme.color("control" if enabled else "border"), EDGE))
        painter.setBrush(theme.color("surface" if enabled else "sunken"))
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius - half, radius - half)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if enabled else "control"))
        painter.drawRoundedRect(box, radius, radius)
        if state is Check.ON:
            tick = icons.pixmap("check", "on_accent", 12, painter.device().devicePixelRatioF())
            inset = (side - tick.deviceIndependentSize().width()) / 2
            painter.drawPixmap(QPointF(box.x() + inset, box.y() + inset), tick)
        else:
            painter.setPen(QPen(theme.color("on_accent"), 2 * theme.factor))
            middle, reach = box.center(), side / 4
            painter.drawLine(QPointF(middle.x() - reach, middle.y()), QPointF(middle.x() + reach, middle.y()))
    painter.restore()
