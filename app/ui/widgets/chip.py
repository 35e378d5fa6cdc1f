"""A filter as a chip: what it filters by, coloured while in use."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text, paint_icon, paint_round, text_width
from app.ui.widgets.pressable import Pressable


class Chip(Pressable):
    """A filter. `closed` is emitted by its cross, Delete or Backspace; `clicked` by all else."""

    closed = Signal()

    def __init__(
        self,
        text: str,
        icon: str | None = None,
        *,
        active: bool = False,
        closable: bool = False,
        menu: bool = False,
        dashed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._active = active
        self._closable = closable
        self._has_menu = menu
        self._dashed = dashed
        self.setProperty("ring_radius", 14)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_active(self, *, active: bool, closable: bool | None = None) -> None:
        self._active = active
        self._closable = active if closable is None else closable
        self._on_theme()

    def restyle(self) -> None:
        self.setAccessibleDescription(
            "filter in use, Delete takes it away" if self._closable else "filter in use" if self._active else ""
        )

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        icon = dp(14) + dp(6) if self._icon else 0
        tail = dp(12) + dp(8) if self._closable else dp(14) + dp(6) if self._has_menu else 0
        text = int(text_width(self._words, Role.SMALL)) + 1
        return QSize(2 * (dp(10) + 1) + icon + text + tail, dp(28))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        dp = current().dp
        painter = QPainter(self)
        box = QRectF(self.rect())
        middle = box.center().y()
        rest = "sel" if self._active else None if self._dashed else "surface"
        fill = (
            ("av" if self.isDown() else "hover") if (self._over_now() or self.isDown()) and not self._active else rest
        )
        edge = "sel_line" if self._active else "control" if self._dashed and self._over_now() else "border"
        paint_round(painter, box, box.height() / 2, fill, edge, dashed=self._dashed)
        x = dp(10) + 1
        if self._icon:
            paint_icon(painter, self._icon, QPointF(x + dp(7), middle), 14, "muted")
            x += dp(14) + dp(6)
        ink = "muted" if self._dashed else "text" if self.isEnabled() else "faint"
        draw_text(painter, QRectF(x, 0, box.width() - x, box.height()), self._words, Role.SMALL, ink)
        if self._closable:
            paint_icon(painter, "close", QPointF(box.right() - dp(10) - dp(6), middle), 12, "muted")
        elif self._has_menu:
            paint_icon(painter, "chevron-down", QPointF(box.right() - dp(8) - dp(7), middle), 14, "muted")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        cross = self.width() - current().dp(26)
        if self._closable and self.isDown() and cross < event.position().x() <= self.width():
            self.setDown(False)
            self.closed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if self._closable and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.closed.emit()
            return
        super().keyPressEvent(event)
