"""When the books lock by themselves, and what is hidden meanwhile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.settings.switch_row import SwitchRow
from app.ui.widgets.buttons import Button, CheckBox, DropDown
from app.ui.widgets.card import Card, Row

if TYPE_CHECKING:
    from app.ui.frame.page import Page

_MINUTES = ((2, "2 minutes"), (5, "5 minutes"), (10, "10 minutes"), (30, "30 minutes"), (60, "1 hour"), (0, "never"))
_SWITCHES = (
    ("lock/when_away", "Lock when the computer sleeps", "or locks its screen"),
    ("lock/when_minimised", "Lock when the window is minimised", ""),
    ("lock/hide_amounts_unfocused", "Hide amounts when the window loses focus", ""),
    ("lock/clear_clipboard", "Clear copied amounts", "after 30 seconds, and when the books lock"),
)


def minutes_words(minutes: int) -> str:
    return dict(_MINUTES).get(minutes, f"{minutes} minutes")


class LockingCard(Card):
    def __init__(self, page: Page) -> None:
        super().__init__("Locking")
        self._page = page
        preferences = page.frame.preferences
        self.minutes = DropDown(list(_MINUTES), name="Lock after")
        self.minutes.changed.connect(lambda value: preferences.set("lock/minutes", int(str(value))))
        row = Row("Lock after", "without use")
        row.add_right(self.minutes)
        self.add_row(row)
        self.switches: dict[str, CheckBox] = {}
        for name, title, note in _SWITCHES:
            row = SwitchRow(title, note)
            row.box.clicked.connect(partial(self._switch, name))
            self.switches[name] = row.box
            self.add_row(row)
        self.lock_now = Button("Lock now", icon="lock", key="Ctrl L")
        self.lock_now.clicked.connect(lambda: page.frame.commands.trigger("app.lock"))
        row = Row("Lock the books", "and forget the key")
        row.add_right(self.lock_now)
        self.add_row(row)

    def load(self) -> None:
        preferences = self._page.frame.preferences
        minutes = preferences.number("lock/minutes")
        if minutes not in dict(_MINUTES):
            self.minutes.set_choices([*_MINUTES, (minutes, minutes_words(minutes))], minutes)
        self.minutes.set_value(minutes)
        for name, box in self.switches.items():
            box.setChecked(preferences.is_on(name))
        self.lock_now.setEnabled(self._page.frame.commands.can("app.lock"))

    def _switch(self, name: str, on: object) -> None:
        self._page.frame.preferences.set(name, bool(on))
