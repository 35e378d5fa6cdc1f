"""What the sheets of the settings share: a note for what is wrong, Cancel, and the one answer that acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError, Cancelled
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.ui.frame.page import Page, T


def words_of(error: AppError) -> str:
    """Return an error for a sheet: hints that name commands are for the command line."""
    is_command = "ops1099" in error.hint or "--" in error.hint
    return error.message if is_command or not error.hint else f"{error.message} {error.hint}"


class Form(Sheet):
    """Subclasses fill `body` and write `finish`; `run` does a change and closes, or says what is wrong."""

    def __init__(self, page: Page, title: str, send: str, *, kind: str = "primary", width: int = 480) -> None:
        super().__init__(page.window(), title, width=width)
        self.frame = page.frame
        self.note = Note()
        self._cancel = Button("Cancel")
        self._cancel.clicked.connect(self.close_box)
        self.send = Button(send, kind=kind)
        self.send.clicked.connect(self.finish)
        self._words = send
        self.is_busy = False
        self.closed.connect(self.deleteLater)

    def open_box(self) -> None:
        self.body.addWidget(self.note)
        self.add_button(self._cancel)
        self.add_button(self.send)
        super().open_box()

    def say(self, text: str, color: str = "text") -> Label:
        """Add a paragraph."""
        label = Label(text, Role.BODY, color, wrap=True)
        self.body.addWidget(label)
        return label

    def finish(self) -> None:
        """Take what was typed, or say what is wrong with it."""

    def close_box(self) -> None:
        """Stay while a change is being made: it cannot be called off."""
        if not self.is_busy:
            super().close_box()

    def set_busy(self, *, busy: bool, words: str = "") -> None:
        self.is_busy = busy
        for button in (self.send, self._cancel):
            button.setEnabled(not busy)
        self.send.set_words(words or self._words)

    def run(self, work: Callable[[Books], T], done: Callable[[T], None], words: str) -> None:
        """Make a change on the writer thread, with words on the button meanwhile."""
        self.note.say("")
        self.set_busy(busy=True, words=words)

        def made(result: T) -> None:
            self.set_busy(busy=False)
            self.close_box()
            done(result)

        def missed(error: Exception) -> None:
            self.set_busy(busy=False)
            self.refuse(error)

        self.frame.tasks.write(work, made, missed)

    def refuse(self, error: Exception) -> None:
        """Say at its place what went wrong."""
        if isinstance(error, AppError) and not isinstance(error, Cancelled):
            self.note.say(words_of(error))
            self.place_box()
        else:
            self.frame.fail(error)
