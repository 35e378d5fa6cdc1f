"""A new recovery key, shown once: printed or saved, and put into force when its last letters were read from the paper.

Until then it opens nothing: whoever closes the sheet loses no way in, and leaves none behind.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QHBoxLayout
from shiboken6 import isValid

from app.core.dates import date_of
from app.core.security import recovery
from app.services import recovery_sheet
from app.ui.places import Places
from app.ui.settings.form import Form
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.fields import Field, LineEdit
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtPrintSupport import QPrinter

    from app.services.books import Books
    from app.ui.page import Page
    from app.ui.runtime.tasks import Token

_ASKED = 6
"""Letters at the end that are asked for."""
_ACROSS = 3
_FORMER = (
    "The sheet you have stops opening these books the moment this one is in force. Backups made before still open with "
    "the old one."
)


class RecoverySheet(Form):
    """`replaces`: whether there is a sheet in force already. `done` is called when the new one is."""

    def __init__(self, page: Page, *, replaces: bool, done: Callable[[], None]) -> None:
        super().__init__(page, "Recovery sheet", "Put it into force", width=560)
        self._done = done
        self._secret = self.frame.session.wiring.randomness().token(recovery_sheet.SECRET_SIZE)
        self._places = Places(self)
        key = recovery.render(self._secret)
        self.say(recovery_sheet.WHAT)
        self.body.addWidget(self._shown(key))
        self.print = Button("Print…", icon="reports")
        self.print.clicked.connect(self._print)
        self.save = Button("Save as PDF…", icon="export")
        self.save.clicked.connect(self._ask)
        across = QHBoxLayout()
        across.addWidget(self.print)
        across.addWidget(self.save)
        across.addStretch(1)
        self.body.addLayout(across)
        self.say(
            "Or write it down. It is shown this once and kept nowhere: put it where you keep passports and contracts, "
            "not with the computer.",
            "muted",
        )
        if replaces:
            self.say(_FORMER, "warn")
        self.last = LineEdit(name="Its last six letters")
        self.last.returnPressed.connect(self.finish)
        self.field = Field("Its last six letters", self.last, "From the paper. Until then this key opens nothing.")
        self.body.addWidget(self.field)

    @staticmethod
    def _shown(key: str) -> Card:
        groups = key.split("-")
        card = Card()
        grid = QGridLayout()
        dp = current().dp
        grid.setContentsMargins(dp(16), dp(14), dp(16), dp(14))
        grid.setVerticalSpacing(dp(6))
        grid.setHorizontalSpacing(dp(24))
        for number, group in enumerate(groups):
            label = Label(group, Role.FIGURE_M)
            label.setAccessibleName(" ".join(group))
            grid.addWidget(label, number // _ACROSS, 1 + number % _ACROSS)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1 + _ACROSS, 1)
        card.body.addLayout(grid)
        return card

    @property
    def _key(self) -> str:
        return recovery.render(self._secret)

    @property
    def _day(self) -> date:
        return date_of(self.frame.session.today)

    def _ask(self) -> None:
        self._places.ask_new("Save the recovery sheet", "1099 Ops recovery.pdf", self.write, suffix="pdf", kind="PDF")

    def write(self, path: Path) -> None:
        """Write the page as a PDF."""
        key, day = self._key, self._day

        def work(_token: Token) -> None:
            from app.services import saving  # noqa: PLC0415 - only where it is wanted

            saving.write_file(path, recovery_sheet.as_pdf(key, day))

        self.frame.tasks.free(work, lambda _none: self._saved(path), self.refuse)

    def _saved(self, path: Path) -> None:
        self.frame.toast(f"Saved as {path.name}. Print it, lay it away, and delete the file.", undo=False)

    def _print(self) -> None:
        from app.ui import printing  # noqa: PLC0415 - print support loads when somebody prints

        key, day = self._key, self._day

        def chosen(printer: QPrinter) -> None:
            work = partial(recovery_sheet.as_images, key, day, printing.DPI)
            self.frame.tasks.free(lambda _token: work(), lambda pages: sent(printer, pages), self.refuse)

        def sent(printer: QPrinter, pages: list[bytes]) -> None:
            took = printing.print_pages(printer, pages)
            if isValid(self) and not took:
                self.note.say("The printer did not take it. Save it as a PDF and print that, or write it down.")

        printing.ask_printer(self.window(), "Recovery sheet", chosen)

    def finish(self) -> None:
        typed = "".join(letter for letter in self.last.text().upper() if letter.isalnum())
        if typed != self._key.replace("-", "")[-_ASKED:]:
            self.field.set_error("These are not its last six letters. Read them from what you printed or wrote down.")
            self.last.setFocus()
            self.last.selectAll()
            self.place_box()
            return
        self.field.set_error("")
        secret, wiring = self._secret, self.frame.session.wiring

        def work(books: Books) -> None:
            from app.services import key_changes  # noqa: PLC0415 - rare

            key_changes.set_recovery_key(books, secret, randomness=wiring.randomness())

        def made(_none: None) -> None:
            self.frame.toast("The recovery sheet is in force.", undo=False)
            self._done()

        self.run(work, made, "Putting it into force")


class RemoveSheet(Form):
    """Takes the recovery key out of force."""

    def __init__(self, page: Page, done: Callable[[], None]) -> None:
        super().__init__(page, "Remove the recovery sheet", "Remove", kind="danger")
        self._done = done
        self.say("The sheet you have opens these books no more. Backups made before still open with it.")
        self.say("Without one, what opens the books today must never be lost.", "muted")

    def finish(self) -> None:
        def work(books: Books) -> None:
            from app.services import key_changes  # noqa: PLC0415 - rare

            key_changes.remove_recovery_key(books)

        def made(_none: None) -> None:
            self.frame.toast("The recovery sheet opens the books no more.", undo=False)
            self._done()

        self.run(work, made, "Removing")
