"""Settings: a list of sections on the left, one section on the right. There is no Save: every change is made at once."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.ui.page import Frame, Page
from app.ui.settings.appearance import AppearanceSection
from app.ui.settings.keys import KeysSection
from app.ui.settings.profile import ProfileSection
from app.ui.settings.rules import RulesSection
from app.ui.settings.section import Section
from app.ui.settings.security import SecuritySection
from app.ui.theme import theme
from app.ui.widgets.card import Divider
from app.ui.widgets.header import PageHeader
from app.ui.widgets.nav_item import NavItem
from app.ui.widgets.scroll import ScrollArea

NAV_WIDTH, COLUMN_WIDTH = 204, 760


class Entry(NamedTuple):
    id: str
    title: str
    icon: str
    make: type[Section]


SECTIONS = (
    Entry("profile", "Profile and tax", "person", ProfileSection),
    Entry("rules", "Your rules", "tag", RulesSection),
    Entry("appearance", "Appearance", "eye", AppearanceSection),
    Entry("keys", "Keys", "command", KeysSection),
    Entry("security", "Security", "shield", SecuritySection),
)


class SettingsNav(QWidget):
    """One stop for Tab; arrow keys move. Emits `chosen`."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sections of the settings")
        self.items = {entry.id: NavItem(entry.title, entry.icon) for entry in SECTIONS}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setSpacing(theme.current().dp(2))
        column.setContentsMargins(0, 0, 0, 0)
        for id_, item in self.items.items():
            self._group.addButton(item)
            column.addWidget(item)
            item.clicked.connect(lambda _on=False, wanted=id_: self.chosen.emit(wanted))
        column.addStretch(1)
        self.set_current(SECTIONS[0].id)

    def set_current(self, id_: str) -> None:
        for known, item in self.items.items():
            item.setChecked(known == id_)
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus if known == id_ else Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.items[id_])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        order = list(self.items)
        here = next(n for n, id_ in enumerate(order) if self.items[id_].isChecked())
        target = order[(here + step) % len(order)]
        self.chosen.emit(target)
        self.items[target].setFocus()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(theme.current().dp(NAV_WIDTH - 32), super().sizeHint().height())


class SettingsPage(Page):
    id, title = "settings", "Settings"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.nav = SettingsNav()
        self.nav.chosen.connect(self.open_section)
        self._header = PageHeader("Settings")
        self._left = QWidget()
        self._left.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._header)
        self._nav_holder = QHBoxLayout()
        self._nav_holder.addWidget(self.nav)
        left.addLayout(self._nav_holder, 1)
        self.stack = QStackedWidget()
        self.sections: dict[str, Section] = {}
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._left)
        across.addWidget(Divider(upright=True))
        across.addWidget(self.stack, 1)
        self.column.addLayout(across, 1)
        theme.current().changed.connect(self._resize)
        self._resize()
        self.open_section(SECTIONS[0].id)

    def _resize(self) -> None:
        dp = theme.current().dp
        self._left.setFixedWidth(dp(NAV_WIDTH))
        self._nav_holder.setContentsMargins(dp(10), 0, dp(10), dp(12))

    def main_widget(self) -> QWidget:
        return self.nav

    def open_section(self, id_: str) -> None:
        self.nav.set_current(id_)
        if id_ not in self.sections:
            entry = next(entry for entry in SECTIONS if entry.id == id_)
            section = self.sections[id_] = entry.make(self)
            area = ScrollArea()
            area.setWidget(section)
            area.setWidgetResizable(True)
            self.stack.addWidget(area)
            section.setProperty("area", area)
        section = self.sections[id_]
        self.stack.setCurrentWidget(section.property("area"))
        section.load()

    def load(self) -> None:
        for section in self.sections.values():
            section.load()

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - section
        if what.get("section"):
            self.open_section(str(what["section"]))


PAGE = SettingsPage
