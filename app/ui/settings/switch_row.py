"""A row that is on or off."""

from __future__ import annotations

from app.ui.widgets.buttons import CheckBox
from app.ui.widgets.card import INSET, Row
from app.ui.widgets.themed import pad

_AROUND = 4
"""What can be clicked reaches so far beyond the box that is seen: the box ends where the buttons above it do."""


class SwitchRow(Row):
    def __init__(self, name: str, note: str = "") -> None:
        super().__init__(name, note)
        self.box = CheckBox("", name=name)
        self.add_right(self.box)

    def restyle(self) -> None:
        super().restyle()
        pad(self.row, INSET, 0, INSET - _AROUND, 0)
