"""One entry of a list of sections."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text, fill_round, paint_icon, text_width
from app.ui.widgets.pressable import Pressable
from app.ui.widgets.tips import tip


class NavItem(Pressable):
    """Checkable; the current one stands on a grey ground."""

    def __init__(self, text: str, icon: str) -> None:
        super().__init__(text, None)
        self._icon = icon
        self._is_rail = False
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setProperty("ring_radius", 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.follow_theme()

    def set_rail(self, *, on: bool) -> None:
        """Show the icon alone."""
        self._is_rail = on
        self.setToolTip(tip(self.words()) if on else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        return QSize(dp(46) + int(text_width(self.words(), Role.CARD_TITLE)), dp(34))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().dp(36 if self._is_rail else 60), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look, painter = current(), QPainter(self)
        on = self.isChecked()
        if on or self._over_now():
            fill_round(painter, QRectF(self.rect()), look.dp(8), "av" if on else "hover")
        paint_icon(painter, self._icon, QPointF(look.dp(18), self.height() / 2), 16, "accent" if on else "muted")
        if self._is_rail:
            return
        box = QRectF(look.dp(35), 0, self.width() - look.dp(40), self.height())
        draw_text(painter, box, self.words(), Role.CARD_TITLE if on else Role.BODY, "text", elide=True)
