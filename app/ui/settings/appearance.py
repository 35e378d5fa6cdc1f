"""How the window looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.settings.section import Section
from app.ui.widgets.buttons import CheckBox, DropDown, Segmented
from app.ui.widgets.card import Card, Row

if TYPE_CHECKING:
    from app.ui.page import Page

_SIZES = (90, 100, 110, 125, 150, 175, 200)


class AppearanceSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Appearance")
        preferences = page.frame.preferences
        card = Card("Colours and size")
        self.mode = Segmented([("system", "System"), ("light", "Light"), ("dark", "Dark")], name="Colours")
        self.mode.changed.connect(lambda value: preferences.set("appearance/mode", str(value)))
        row = Row("Colours", "follow the system, or always the same")
        row.add_right(self.mode)
        card.add_row(row)
        self.text_size = DropDown([(size, f"{size} %") for size in _SIZES], name="Text size")
        self.text_size.changed.connect(lambda value: preferences.set("appearance/text_percent", int(str(value))))
        row = Row("Text size", "also Ctrl + and Ctrl −")
        row.add_right(self.text_size)
        card.add_row(row)
        self.compact = self._switch(card, "Compact rows", "more transactions on the screen", "appearance/compact")
        self.motion = self._switch(card, "Reduce motion", "nothing slides", "appearance/reduce_motion")
        self.cards.addWidget(card)
        self.cards.addStretch(1)
        preferences.changed.connect(lambda _name: self.load())

    def _switch(self, card: Card, name: str, note: str, key: str) -> CheckBox:
        preferences = self.page.frame.preferences
        box = CheckBox("")
        box.setAccessibleName(name)
        box.toggled.connect(lambda on: preferences.set(key, bool(on)))
        row = Row(name, note)
        row.add_right(box)
        card.add_row(row)
        return box

    def load(self) -> None:
        preferences = self.page.frame.preferences
        self.mode.set_value(preferences.text("appearance/mode"))
        self.text_size.set_value(preferences.number("appearance/text_percent"))
        self.compact.setChecked(preferences.is_on("appearance/compact"))
        self.motion.setChecked(preferences.is_on("appearance/reduce_motion"))
