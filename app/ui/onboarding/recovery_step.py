"""The third step: the recovery key, shown once, printed or saved, in force when its end was read from the paper.

Until then it opens nothing: whoever closes the window here has sound books without one, and is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.dates import date_of
from app.core.errors import AppError
from app.core.security import recovery
from app.ui.places import Places
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.fields import Field, LineEdit
from app.ui.widgets.gap import Gap
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from app.services.books import Books
    from app.ui.main_window import MainWindow
    from app.ui.runtime.tasks import Token

_WIDTH = 420
_ASKED = 6
"""Letters at the end that are asked for."""
_WHY = {
    True: "With a keychain in play, this key is the only way in on another computer, and if this one is lost.",
    False: "It opens the books if the passphrase is forgotten, here and on any other computer.",
}
_WITHOUT = "Without one, a forgotten passphrase means the books are lost. You can make one later under Settings."


class RecoveryStep(Themed, QWidget):
    """Emits `done` when the key is in force, or was left for later where that is allowed."""

    done = Signal()

    def __init__(self, window: MainWindow, *, required: bool) -> None:
        super().__init__()
        self._window, self.required = window, required
        self._secret = window.session.wiring.randomness().token(recovery.SIZE)
        self._places = Places(window)
        self.print = Button("Print…", icon="reports", size="foot")
        self.print.clicked.connect(self._print)
        self.save = Button("Save as PDF…", icon="export", size="foot")
        self.save.clicked.connect(self._ask)
        self.saved = Label("", Role.SMALL, "money_in", wrap=True)
        self.last = LineEdit(name="Its last six letters")
        self.last.returnPressed.connect(self.finish)
        self.field = Field("Its last six letters", self.last, "From the paper: until then this key opens nothing.")
        self.next = Button("Continue", kind="primary", size="foot")
        self.next.clicked.connect(self.finish)
        self.skip = LinkButton("Do it later")
        self.skip.clicked.connect(self.done)
        self.note = Note()
        self._lay_out()
        self.follow_theme()

    def _lay_out(self) -> None:
        self._holder = QWidget()
        self._form = QVBoxLayout(self._holder)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addWidget(self._shown())
        self._ways = QHBoxLayout()
        self._ways.addWidget(self.print)
        self._ways.addWidget(self.save)
        self._ways.addStretch(1)
        self._form.addLayout(self._ways)
        for each in (self.saved, self.field, self.note):
            self._form.addWidget(each)
        self.saved.hide()
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.next)
        self._buttons.addWidget(self.skip)
        self._buttons.addStretch(1)
        self._form.addLayout(self._buttons)
        if not self.required:
            self._form.addWidget(Label(_WITHOUT, Role.SMALL, "muted", wrap=True))
        self.skip.setVisible(not self.required)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(Label("Keep the recovery key", Role.UNLOCK))
        text = (
            f"{_WHY[self.required]} Print it or write it down: it is shown this once and kept nowhere. Put it where "
            "you keep passports, not with the computer."
        )
        self._column.addWidget(Label(text, Role.BODY, "muted", wrap=True))
        self._column.addWidget(Gap(10))
        across = QHBoxLayout()
        across.addWidget(self._holder)
        across.addStretch(1)
        self._column.addLayout(across)

    def _shown(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        self._lines = QVBoxLayout(card)
        groups = self.key.split("-")
        for row in (groups[:3], groups[3:6], groups[6:]):
            line = Label("   ".join(row), Role.FIGURE_M)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line.setAccessibleName(" ".join(" ".join(group) for group in row))
            self._lines.addWidget(line)
        return card

    def restyle(self) -> None:
        dp = current().dp
        pad(self._lines, 16, 12, 16, 12)
        self._lines.setSpacing(dp(4))
        self._column.setSpacing(dp(6))
        self._form.setSpacing(dp(12))
        self._ways.setSpacing(dp(10))
        self._buttons.setSpacing(dp(16))
        self._holder.setFixedWidth(dp(_WIDTH))

    @property
    def key(self) -> str:
        return recovery.render(self._secret)

    @property
    def _day(self) -> date:
        return date_of(self._window.session.today)

    def focus_first(self) -> None:
        self.print.setFocus()

    # --- on paper

    def _ask(self) -> None:
        self._places.ask_new("Save the recovery sheet", "1099 Ops recovery.pdf", self.write, suffix="pdf", kind="PDF")

    def write(self, path: Path) -> None:
        """Write the page as a PDF."""
        key, day = self.key, self._day

        def work(_token: Token) -> None:
            from app.services import recovery_sheet, saving  # noqa: PLC0415 - only where it is wanted

            saving.write_file(path, recovery_sheet.as_pdf(key, day))

        self._window.tasks.free(work, self._if_here(lambda _none: self._say_saved(path)), self._if_here(self._failed))

    def _say_saved(self, path: Path) -> None:
        self.saved.setText(f"Saved as {path.name}. Print it, lay it away, and delete the file.")
        self.saved.show()
        self.last.setFocus()

    def _print(self) -> None:
        from app.ui import printing  # noqa: PLC0415 - print support loads when somebody prints

        key, day = self.key, self._day

        def chosen(printer: QPrinter) -> None:
            def draw(_token: Token) -> list[bytes]:
                from app.services import recovery_sheet  # noqa: PLC0415 - same

                return recovery_sheet.as_images(key, day, printing.DPI)

            self._window.tasks.free(draw, self._if_here(partial(sent, printer)), self._if_here(self._failed))

        def sent(printer: QPrinter, pages: list[bytes]) -> None:
            if printing.print_pages(printer, pages):
                self.saved.setText("Sent to the printer.")
                self.saved.show()
            else:
                self.note.say("The printer did not take it. Save it as a PDF and print that, or write it down.")

        printing.ask_printer(self.window(), "Recovery sheet", chosen)

    def _if_here(self, do: Callable[..., None]) -> Callable[..., None]:
        """Drop a result that comes after the window was locked."""
        return lambda *found: do(*found) if isValid(self) else None

    # --- into force

    def finish(self) -> None:
        """Put the key into force once its end was typed from the paper."""
        if not self.next.isEnabled():
            return
        typed = "".join(letter for letter in self.last.text().upper() if letter.isalnum())
        if typed != self.key.replace("-", "")[-_ASKED:]:
            self.field.set_error("These are not its last six letters. Read them from what you printed or wrote down.")
            self.last.setFocus()
            self.last.selectAll()
            return
        self.field.set_error("")
        self._set_busy(busy=True)
        secret, wiring = self._secret, self._window.session.wiring

        def work(books: Books) -> None:
            from app.services import key_changes  # noqa: PLC0415 - once

            key_changes.set_recovery_key(books, secret, randomness=wiring.randomness())

        self._window.tasks.write(work, self._if_here(lambda _none: self.done.emit()), self._if_here(self._failed))

    def _failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        if isinstance(error, AppError):
            self.note.say(f"{error.message} {error.hint}".strip())
        else:
            self._window.fail(error)

    def _set_busy(self, *, busy: bool) -> None:
        self.note.say("")
        for widget in (self.print, self.save, self.last, self.next, self.skip):
            widget.setEnabled(not busy)
