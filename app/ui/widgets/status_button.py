"""An icon and quiet words of the status row; some can be pressed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text, fill_round, paint_icon, text_width
from app.ui.widgets.pressable import Pressable


class StatusButton(Pressable):
    """`can_press` False makes it a plain note that no key reaches."""

    def __init__(self, icon: str, text: str, *, can_press: bool = True) -> None:
        super().__init__(text, None)
        self._icon = icon
        self._can_press = can_press
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("ring_radius", 6)
        if not can_press:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.follow_theme()

    def set_content(self, icon: str, text: str) -> None:
        self._icon = icon
        self.set_words(text)
        self.update()

    def set_compact(self, *, on: bool) -> None:
        """Show the icon alone, where there is no room for the words."""
        if on != self._is_compact:
            self._is_compact = on
            self.updateGeometry()
            self.update()

    def whole_width(self) -> int:
        """Return how wide it is with its words."""
        dp = current().dp
        return dp(26) + int(text_width(self.words(), Role.SMALL)) + dp(8)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        return QSize(dp(26) if self._is_compact else self.whole_width(), dp(26))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look, painter = current(), QPainter(self)
        if self._can_press and self._over_now():
            fill_round(painter, QRectF(self.rect()), look.dp(6), "nav_on")
        paint_icon(painter, self._icon, QPointF(look.dp(12), self.height() / 2), 14, "muted")
        if self._is_compact:
            return
        box = QRectF(look.dp(25), 0, self.width() - look.dp(25), self.height())
        draw_text(painter, box, self.words(), Role.SMALL, "muted")
