"""Every command with its key, and the switch for single letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.frame.actions import SPECS, Actions
from app.ui.frame.pages import PAGES
from app.ui.settings.section import Section
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import CheckBox
from app.ui.widgets.card import Card, Row
from app.ui.widgets.key_cap import KeyCapLabel

if TYPE_CHECKING:
    from app.ui.frame.page import Page


class KeysSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Keys", "Every command is in the menu and in the palette (Ctrl K) as well.")
        preferences = page.frame.preferences
        card = Card("Single letters")
        self.letters = CheckBox("")
        self.letters.setAccessibleName("Single letters act in lists")
        self.letters.toggled.connect(lambda on: preferences.set("keys/letters", bool(on)))
        row = Row("Letters act in lists", "J, K, E, 1 to 9 and the like, only while a list has the focus")
        row.add_right(self.letters)
        card.add_row(row)
        self.cards.addWidget(card)
        for page_id, title in [(None, "Everywhere"), *((entry.id, entry.title) for entry in PAGES)]:
            rows = [spec for spec in SPECS if spec.page == page_id and spec.keys]
            if rows:
                self.cards.addWidget(self._card(title, rows))
        self.cards.addStretch(1)

    @staticmethod
    def _card(title: str, rows: list) -> Card:  # type: ignore[type-arg]
        card = Card(title)
        choices = [spec for spec in rows if ".choose" in spec.id]
        for spec in rows:
            if spec in choices[1:]:
                continue
            one = Row("Take choice 1 to 9" if spec in choices else spec.text, height=36, role=Role.BODY)
            one.add_right(KeyCapLabel("1–9" if spec in choices else Actions.key_text(spec)))
            card.add_row(one)
        return card

    def load(self) -> None:
        self.letters.setChecked(self.page.frame.preferences.is_on("keys/letters"))
