"""A new recovery key on its way to paper: shown, printed, saved as a PDF, and its end asked for from what was printed.

Whoever shows it puts the key into force; until then it opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.dates import date_of
from app.core.security import recovery
from app.ui.runtime.places import Places
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import Field, LineEdit
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from app.services.books.open_books import Books
    from app.ui.runtime.session import Session
    from app.ui.runtime.tasks import Token

_ASKED = 6
"""Letters at the end that are asked for."""
_IN_A_LINE = 3


class RecoveryPaper(Themed, QWidget):
    """The key and the ways to paper. `field` is for whoever shows it to place; `submitted` is Enter in it.

    Emits `told` with what was done, `refused` with what a printer did not do, `failed` with an error.
    """

    submitted = Signal()
    told = Signal(str)
    refused = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, *, size: str = "normal") -> None:
        super().__init__()
        self._session = session
        self._secret = session.wiring.randomness().token(recovery.SIZE)
        self._places = Places(self)
        self.print = Button("Print…", icon="reports", size=size)
        self.print.clicked.connect(self._print)
        self.save = Button("Save as PDF…", icon="export", size=size)
        self.save.clicked.connect(self._ask)
        self.last = LineEdit(name="Its last six letters")
        self.last.returnPressed.connect(self.submitted)
        self.field = Field("Its last six letters", self.last, "From the paper: until then this key opens nothing.")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._shown())
        self._ways = QHBoxLayout()
        self._ways.addWidget(self.print)
        self._ways.addWidget(self.save)
        self._ways.addStretch(1)
        self._column.addLayout(self._ways)
        self.follow_theme()

    def _shown(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        self._lines = QVBoxLayout(card)
        groups = self.key.split("-")
        for start in range(0, len(groups), _IN_A_LINE):
            row = groups[start : start + _IN_A_LINE]
            line = Label("   ".join(row), Role.FIGURE_M)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line.setAccessibleName(" ".join(" ".join(group) for group in row))
            self._lines.addWidget(line)
        return card

    def restyle(self) -> None:
        dp = current().dp
        pad(self._lines, 16, 12, 16, 12)
        self._lines.setSpacing(dp(4))
        self._column.setSpacing(dp(12))
        self._ways.setSpacing(dp(10))

    @property
    def key(self) -> str:
        return recovery.render(self._secret)

    def is_read(self) -> bool:
        """Return whether its end was typed from the paper; else say so at the field."""
        typed = "".join(letter for letter in self.last.text().upper() if letter.isalnum())
        is_read = typed == self.key.replace("-", "")[-_ASKED:]
        self.field.set_error(
            "" if is_read else "These are not its last six letters. Read them from what you printed or wrote down."
        )
        if not is_read:
            self.last.setFocus()
            self.last.selectAll()
        return is_read

    def into_force(self) -> Callable[[Books], None]:
        """Return the work that lets the key open the books."""
        secret, wiring = self._secret, self._session.wiring

        def work(books: Books) -> None:
            from app.services.vault import key_changes  # noqa: PLC0415 - rare

            key_changes.set_recovery_key(books, secret, randomness=wiring.randomness())

        return work

    # --- on paper

    def _ask(self) -> None:
        self._places.ask_new("Save the recovery sheet", "1099 Ops recovery.pdf", self.write, suffix="pdf", kind="PDF")

    def write(self, path: Path) -> None:
        """Write the page as a PDF."""
        key, day = self.key, date_of(self._session.today)

        def work(_token: Token) -> None:
            from app.services.program import saving  # noqa: PLC0415 - only where it is wanted
            from app.services.vault import recovery_sheet  # noqa: PLC0415 - only where it is wanted

            saving.write_file(path, recovery_sheet.as_pdf(key, day))

        words = f"Saved as {path.name}. Print it, lay it away, and delete the file."
        self._session.tasks.free(
            work, self._if_here(lambda _none: self.told.emit(words)), self._if_here(self.failed.emit)
        )

    def _print(self) -> None:
        from app.ui.runtime import printing  # noqa: PLC0415 - print support loads when somebody prints

        key, day = self.key, date_of(self._session.today)

        def chosen(printer: QPrinter) -> None:
            def draw(_token: Token) -> list[bytes]:
                from app.services.vault import recovery_sheet  # noqa: PLC0415 - only where it is wanted

                return recovery_sheet.as_images(key, day, printing.DPI)

            self._session.tasks.free(draw, self._if_here(partial(sent, printer)), self._if_here(self.failed.emit))

        def sent(printer: QPrinter, pages: list[bytes]) -> None:
            if printing.print_pages(printer, pages):
                self.told.emit("Sent to the printer.")
            else:
                self.refused.emit("The printer did not take it. Save it as a PDF and print that, or write it down.")

        printing.ask_printer(self.window(), "Recovery sheet", chosen)

    def _if_here(self, do: Callable[..., None]) -> Callable[..., None]:
        """Drop a result that comes after the window was locked."""
        return lambda *found: do(*found) if isValid(self) else None
