"""A new recovery key, shown once: printed or saved, and put into force when its last letters were read from the paper.

Until then it opens nothing: whoever closes the sheet loses no way in, and leaves none behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.vault import recovery_sheet
from app.ui.settings.form import Form
from app.ui.sheets.recovery_paper import RecoveryPaper

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.ui.frame.page import Page

_FORMER = (
    "The sheet you have stops opening these books the moment this one is in force. Backups made before still open with "
    "the old one."
)


class RecoverySheet(Form):
    """`replaces`: whether there is a sheet in force already. `done` is called when the new one is."""

    def __init__(self, page: Page, *, replaces: bool, done: Callable[[], None]) -> None:
        super().__init__(page, "Recovery sheet", "Put it into force", width=560)
        self._done = done
        self.paper = RecoveryPaper(self.frame.session)
        self.paper.submitted.connect(self.finish)
        self.paper.told.connect(lambda words: self.frame.toast(words, undo=False))
        self.paper.refused.connect(self.note.say)
        self.paper.failed.connect(self.refuse)
        self.say(recovery_sheet.WHAT)
        self.body.addWidget(self.paper)
        self.say(
            "Or write it down. It is shown this once and kept nowhere: put it where you keep passports and contracts, "
            "not with the computer.",
            "muted",
        )
        if replaces:
            self.say(_FORMER, "warn")
        self.body.addWidget(self.paper.field)

    def finish(self) -> None:
        if not self.paper.is_read():
            self.place_box()
            return

        def made(_none: None) -> None:
            self.frame.toast("The recovery sheet is in force.", undo=False)
            self._done()

        self.run(self.paper.into_force(), made, "Putting it into force")


class RemoveSheet(Form):
    """Takes the recovery key out of force."""

    def __init__(self, page: Page, done: Callable[[], None]) -> None:
        super().__init__(page, "Remove the recovery sheet", "Remove", kind="danger")
        self._done = done
        self.say("The sheet you have opens these books no more. Backups made before still open with it.")
        self.say("Without one, what opens the books today must never be lost.", "muted")

    def finish(self) -> None:
        def work(books: Books) -> None:
            from app.services.vault import key_changes  # noqa: PLC0415 - rare

            key_changes.remove_recovery_key(books)

        def made(_none: None) -> None:
            self.frame.toast("The recovery sheet opens the books no more.", undo=False)
            self._done()

        self.run(work, made, "Removing")
