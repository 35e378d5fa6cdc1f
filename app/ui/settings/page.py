"""Settings: a list of sections on the left, one section on the right. Every change is made at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.ui.frame.page import Frame, Page
from app.ui.settings.about import AboutSection
from app.ui.settings.appearance import AppearanceSection
from app.ui.settings.backups import BackupsSection
from app.ui.settings.keys import KeysSection
from app.ui.settings.privacy import PrivacySection
from app.ui.settings.profile import ProfileSection
from app.ui.settings.rules import RulesSection
from app.ui.settings.section import Section
from app.ui.settings.sections import SECTIONS
from app.ui.settings.security import SecuritySection
from app.ui.theme import theme
from app.ui.widgets.card import Divider
from app.ui.widgets.header import PageHeader
from app.ui.widgets.nav_list import NavList
from app.ui.widgets.scroll import ScrollArea

NAV_WIDTH, RAIL_WIDTH = 212, 56
RAIL_UNDER = 640
"""Width of the page (at 100 %) below which the list of sections shows icons alone: large text needs the room."""


MAKERS: dict[str, Callable[[Page], Section]] = {
    "profile": ProfileSection, "rules": RulesSection, "appearance": AppearanceSection, "keys": KeysSection,
    "security": SecuritySection, "backups": BackupsSection, "privacy": PrivacySection, "about": AboutSection,
}  # fmt: skip


class SettingsPage(Page):
    id, title = "settings", "Settings"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.nav = NavList([(entry.id, entry.title, entry.icon) for entry in SECTIONS], "Sections of the settings")
        self.nav.chosen.connect(self.open_section)
        self._header = PageHeader("Settings", inset=20)
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
        is_rail = self.width() < dp(RAIL_UNDER)
        self.nav.set_rail(on=is_rail)
        self._header.setVisible(not is_rail)
        self._left.setFixedWidth(dp(RAIL_WIDTH if is_rail else NAV_WIDTH))
        self._nav_holder.setContentsMargins(dp(10), dp(12 if is_rail else 0), dp(10), dp(12))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._resize()

    def main_widget(self) -> QWidget:
        return self.nav

    def open_section(self, id_: str) -> None:
        self.nav.set_current(id_)
        if id_ not in self.sections:
            section = self.sections[id_] = MAKERS[id_](self)
            area = ScrollArea(section)
            self.stack.addWidget(area)
            section.setProperty("area", area)
        section = self.sections[id_]
        self.stack.setCurrentWidget(section.property("area"))
        section.load()

    def load(self) -> None:
        for section in self.sections.values():
            section.load()

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - section, and perhaps what to begin there
        if what.get("section") in {entry.id for entry in SECTIONS}:
            self.open_section(str(what["section"]))
            self.nav.setFocus()
            if what.get("do"):
                self.sections[str(what["section"])].do(str(what["do"]))


PAGE = SettingsPage
