"""Room between two parts of a column that grows with the text size."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.theme.theme import current
from app.ui.widgets.themed import Themed


class Gap(Themed, QWidget):
    def __init__(self, px: int) -> None:
        super().__init__()
        self._px = px
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._px))
