"""What was answered with “Always” or “Ask each time”: each can be changed, taken back or made a rule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.core.books.naming import counted
from app.ui.settings.tall_row import TallRow
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card, Row
from app.ui.widgets.fields import LineEdit

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.classify.remembered import Memory
    from app.ui.settings.section import Section

_SEARCHED_FROM = 8
"""From so many answers on there is a field to find one."""
_MOST = 100


def means(memory: Memory) -> str:
    """Return what is done with the next row: `Always Software (line 27b)`, `Asks each time`."""
    from app.services.review import questions  # noqa: PLC0415

    return (
        "Asks each time" if memory.ask else f"Always {questions.plain_name(memory.kind, memory.line, memory.percent)}"
    )


class RememberedCard(Card):
    def __init__(self, section: Section) -> None:
        super().__init__("Remembered answers", "what you said is to hold from then on")
        self._section = section
        self._memories: list[Memory] = []
        self.search = LineEdit("Find", icon="search", size=28, name="Find a remembered answer")
        self.search.textChanged.connect(lambda _text: self._fill())
        self.add_link(self.search)
        self.buttons: list[Button] = []

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "search"):
            self.search.setFixedWidth(current().dp(160))

    def show_memories(self, found: list[Memory]) -> None:
        if found == self._memories and self.buttons:
            return
        self._memories = found
        self._fill()

    def _fill(self) -> None:
        had_focus = next((at for at, button in enumerate(self.buttons) if button.hasFocus()), None)
        self.clear_rows()
        self.buttons = []
        self.setVisible(bool(self._memories))
        self.search.setVisible(len(self._memories) >= _SEARCHED_FROM)
        words = self.search.text().casefold().split()
        fitting = [memory for memory in self._memories if all(word in memory.name.casefold() for word in words)]
        for memory in fitting[:_MOST]:
            way = "Money in, " if memory.sign > 0 else ""
            row = TallRow(
                memory.name, f"{means(memory)}. {way}{memory.account}, {counted(memory.hits, 'transaction')}."
            )
            edit = Button("Edit", size="small")
            edit.setAccessibleName(f"Edit the answer for {memory.name}")
            edit.clicked.connect(partial(self._edit, memory))
            row.add_right(edit)
            button = Button("Remove", size="small")
            button.setAccessibleName(f"Forget the answer for {memory.name}")
            button.clicked.connect(partial(self._forget, memory))
            row.add_right(button)
            self.add_row(row)
            self.buttons.append(button)
        if not fitting or len(fitting) > _MOST:
            words_left = "No remembered answer fits." if not fitting else f"{len(fitting) - _MOST} more: use Find."
            self.add_row(Row("", words_left))
        if had_focus is not None and self.buttons:
            self.buttons[min(had_focus, len(self.buttons) - 1)].setFocus()

    def _edit(self, memory: Memory) -> None:
        from app.ui.sheets.learned_sheet import open_learned_sheet  # noqa: PLC0415 - only when asked for

        open_learned_sheet(self._section.page.frame, memory)

    def _forget(self, memory: Memory) -> None:
        def work(books: Books) -> Outcome:
            from app.services.classify import remembered  # noqa: PLC0415

            return remembered.forget(books, memory.merchant_key, memory.sign, memory.account_id)

        self._section.change(work, f"{memory.name} is asked about again.")
