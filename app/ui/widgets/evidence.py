"""One piece of evidence: an icon, what is known, and what speaks against it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad


class EvidenceLine(Themed, QWidget):
    def __init__(self, icon: str, text: str, second: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.addWidget(IconLabel(icon, "muted", 16, 18), 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(Label(text, Role.SMALL, wrap=True), 0, 1)
        if second:
            self._grid.addWidget(Label(second, Role.SMALL, "muted", wrap=True), 1, 1)
        self._grid.setColumnStretch(1, 1)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._grid, 0, 5, 0, 5)
        self._grid.setHorizontalSpacing(current().dp(10))
        self._grid.setVerticalSpacing(0)
