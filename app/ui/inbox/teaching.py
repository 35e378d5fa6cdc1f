"""What the last answer taught, and what an answer for always would book too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books import naming
from app.ui.widgets.toast import More

if TYPE_CHECKING:
    from app.services.classify.remembered import Memory
    from app.ui.inbox.page import TodayPage


class Teaching:
    def __init__(self, page: TodayPage) -> None:
        self._page = page
        self.learned: Memory | None = None
        self.count = 0
        """How many payees the last answer taught; `learned` is it where it was one."""

    def forget(self) -> None:
        self.learned, self.count = None, 0

    def settled(self, said: str, count: int, memory: Memory | None) -> None:
        """Say what was answered, and what it taught: one thing by name, many by their count."""
        self.learned, self.count = memory, count
        if count > 1:
            self._page.frame.toast(
                f"{said} {naming.counted(count, 'payee')} will be booked so from now on.",
                more=(More("Show them", "L", self.show_learned),),
            )
        elif memory is None:
            self._page.frame.toast(said)
        else:
            from app.services.classify import remembered  # noqa: PLC0415 - after the first answer only

            self._page.frame.toast(remembered.told(memory), more=(More("Edit", "L", self.show_learned),))

    def show_learned(self) -> None:
        """Show what the last answer taught, to look through, change or take back."""
        if self.learned is not None:
            from app.ui.sheets.learned_sheet import open_learned_sheet  # noqa: PLC0415 - only when asked for

            open_learned_sheet(self._page.frame, self.learned)
        elif self.count:
            self._page.frame.go("settings", section="rules")

    def show_alike(self) -> None:
        """Show the rows that an answer for always would book too."""
        card, detail = self._page.card, self._page.current.known_detail
        if card is not None and detail is not None:
            ids = (*(row.id for row in card.item.rows), *detail.alike)
            self._page.frame.go("transactions", ids=ids, of=card.name)
