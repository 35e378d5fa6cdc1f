"""A choice in a form: looks like the fields beside it, its value at the left, cut when it is longer than the field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import DropDown
from app.ui.widgets.paint import draw_text, paint_icon, paint_round

HEIGHT = 36


class FormChoice(DropDown):
    def __init__(self, choices: Sequence[tuple[object, str]], value: object = None, name: str = "") -> None:
        super().__init__(choices, value, "foot", name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def values(self) -> list[object]:
        return [value for value, _ in self._choices]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(current().dp(120), current().dp(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        theme, painter, box = current(), QPainter(self), QRectF(self.rect())
        fill = "hover" if self._over_now() or self.isDown() else "surface"
        paint_round(painter, box, theme.dp(8), fill, "control")
        inner = box.adjusted(theme.dp(12), 0, -theme.dp(36), 0)
        draw_text(painter, inner, self.words(), Role.BODY, self._ink(), elide=True)
        paint_icon(painter, "chevron-down", QPointF(box.right() - theme.dp(20), box.center().y()), 16, "muted")
