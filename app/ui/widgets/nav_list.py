"""A list of sections beside what they show: one stop for Tab, arrow keys move."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.ui.theme.theme import current
from app.ui.widgets.nav_item import NavItem


class NavList(QWidget):
    """Takes (id, title, icon) for each section. Emits `chosen` when a person picks one."""

    chosen = Signal(str)

    def __init__(self, sections: Sequence[tuple[str, str, str]], name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.items = {id_: NavItem(title, icon) for id_, title, icon in sections}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setSpacing(current().dp(2))
        column.setContentsMargins(0, 0, 0, 0)
        for id_, item in self.items.items():
            self._group.addButton(item)
            column.addWidget(item)
            item.clicked.connect(lambda _on=False, wanted=id_: self.chosen.emit(wanted))
        column.addStretch(1)
        if self.items:
            self.set_current(next(iter(self.items)))

    def set_current(self, id_: str) -> None:
        for known, item in self.items.items():
            item.setChecked(known == id_)
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus if known == id_ else Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.items[id_])

    def set_rail(self, *, on: bool) -> None:
        """Show icons alone; the names are in their tooltips."""
        for item in self.items.values():
            item.set_rail(on=on)

    def show_only(self, ids: set[str]) -> None:
        for known, item in self.items.items():
            item.setVisible(known in ids)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        order = [id_ for id_, item in self.items.items() if item.isVisible()]
        if not step or not order:
            super().keyPressEvent(event)
            return
        here = next((n for n, id_ in enumerate(order) if self.items[id_].isChecked()), 0)
        target = order[(here + step) % len(order)]
        self.chosen.emit(target)
        self.items[target].setFocus()
