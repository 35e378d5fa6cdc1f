"""How the window looks. Each choice is seen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.runtime.preferences import TEXT_SIZES
from app.ui.settings.section import Section
from app.ui.settings.switch_row import SwitchRow
from app.ui.widgets.buttons import CheckBox, DropDown, Segmented
from app.ui.widgets.card import Card, Row

if TYPE_CHECKING:
    from app.ui.frame.page import Page


class AppearanceSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Appearance", "For this window only; nothing of it is written into the books.")
        preferences = page.frame.preferences
        card = Card("Colors and size")
        self.mode = Segmented([("system", "System"), ("light", "Light"), ("dark", "Dark")], name="Colors")
        self.mode.changed.connect(lambda value: preferences.set("appearance/mode", str(value)))
        row = Row("Colors", "as the system has them, or always the same")
        row.add_right(self.mode)
        card.add_row(row)
        self.text_size = DropDown([(size, f"{size} %") for size in TEXT_SIZES], name="Text size")
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
        row = SwitchRow(name, note)
        row.box.clicked.connect(lambda on: self.page.frame.preferences.set(key, bool(on)))
        card.add_row(row)
        return row.box

    def load(self) -> None:
        preferences = self.page.frame.preferences
        self.mode.set_value(preferences.text("appearance/mode"))
        size = preferences.number("appearance/text_percent")
        if size not in TEXT_SIZES:
            self.text_size.set_choices([(each, f"{each} %") for each in sorted({*TEXT_SIZES, size})], size)
        self.text_size.set_value(size)
        self.compact.setChecked(preferences.is_on("appearance/compact"))
        self.motion.setChecked(preferences.is_on("appearance/reduce_motion"))
