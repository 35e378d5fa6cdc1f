"""What several steps are made of: parts one under the other, a sentence behind a mark, a tile before words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed
from app.ui.widgets.tile import Tile


class Column(Themed, QWidget):
    """One part under the other."""

    def __init__(self, spacing: int = 12) -> None:
        super().__init__()
        self._spacing = spacing
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.follow_theme()

    def restyle(self) -> None:
        self.column.setSpacing(current().dp(self._spacing))

    def add(self, widget: QWidget) -> None:
        self.column.addWidget(widget)


class Point(Themed, QWidget):
    """A sentence behind a mark."""

    def __init__(self, icon: str, color: str, text: str) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(IconLabel(icon, color, 16, 18), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(Label(text, Role.SMALL, "text", wrap=True), 1)
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(8))


class TileLine(Themed, QWidget):
    """Words beside a tile, the first of them a title."""

    def __init__(self, icon: str, texts: QWidget) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(Tile(icon=icon, size=40), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(texts, 1)
        self.follow_theme()

    def restyle(self) -> None:
        self._row.setSpacing(current().dp(12))
