"""A line with a mark at the place of the problem: what went wrong, in words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed


class Note(Themed, QWidget):
    """Hidden while there is nothing to say; told to screen readers when there is."""

    def __init__(self, color: str = "danger", icon: str = "alert", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label("", Role.SMALL, color, wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(IconLabel(icon, color, 16, 18), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._words, 1)
        self.hide()
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(8))

    def say(self, text: str) -> None:
        self._words.setText(text)
        self.setVisible(bool(text))
        if text:
            announce(self, text)

    @property
    def said(self) -> str:
        return "" if self.isHidden() else self._words.text()
