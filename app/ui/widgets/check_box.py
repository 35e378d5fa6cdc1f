"""A check box with its words; the whole of it can be clicked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import Check, draw_text, paint_check, text_width
from app.ui.widgets.themed import Themed

STATES = {
    Qt.CheckState.Unchecked: Check.OFF,
    Qt.CheckState.PartiallyChecked: Check.PARTLY,
    Qt.CheckState.Checked: Check.ON,
}


class CheckBox(Themed, QCheckBox):
    """Without words give it a name for screen readers. 24 px high at least, however small the box."""

    def __init__(self, text: str = "", role: Role = Role.SMALL, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = text
        self._role = role
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(name or text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ring_radius", 4)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_words(self, text: str) -> None:
        self._words = text
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        if not self._words:
            return QSize(dp(24), dp(24))
        return QSize(dp(16) + dp(8) + int(text_width(self._words, self._role)) + 1, dp(24))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        dp = current().dp
        painter = QPainter(self)
        across = dp(16) if self._words else self.width()
        state = STATES[self.checkState()]
        paint_check(painter, QRectF(0, 0, across, self.height()), state, enabled=self.isEnabled())
        if self._words:
            left = dp(16) + dp(8)
            ink = "text" if self.isEnabled() else "faint"
            draw_text(painter, QRectF(left, 0, self.width() - left, self.height()), self._words, self._role, ink)
