"""Taking the link to a bank off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError, Cancelled
from app.ui.runtime import bank_words
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.books.open_books import Books
    from app.ui.frame.page import Frame
    from app.ui.runtime.bank_port import Link
    from app.ui.runtime.tasks import Token

KEEP, REMOVE = 1, 2


class DisconnectSheet(Sheet):
    """Asks what becomes of the rows. The bank is told first; where it cannot be, nothing is changed here."""

    def __init__(self, window: QWidget, frame: Frame, link: Link) -> None:
        super().__init__(window, f"Disconnect {link.institution}", width=520)
        self.frame, self._link = frame, link
        self._token: Token | None = None
        self.body.addWidget(
            Label("The link is ended at Plaid first, then here. This cannot be undone: to fetch again you connect the "
                  "bank anew and sign in there.", Role.BODY, "text", wrap=True)
        )  # fmt: skip
        self.body.addWidget(Label("What was fetched", Role.SMALL_TITLE))
        self.choices = ChoiceList("What was fetched")
        self.choices.set_choices(
            [(KEEP, "Keep its transactions", "", ""), (REMOVE, "Remove its transactions", "", "")], KEEP,
            {KEEP: "They stay in the books as they are.", REMOVE: "One step that Undo can take back."},
        )  # fmt: skip
        self.body.addWidget(self.choices)
        self.body.addWidget(
            Label("Rows that a file brought too stay in every case. Your bank may go on listing Plaid among the apps "
                  "you let in; you can take it off there.", Role.CAPTION, "muted", wrap=True)
        )  # fmt: skip
        self.note = Note()
        self.body.addWidget(self.note)
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self.close_box)
        self.send = Button("Disconnect", kind="danger")
        self.send.clicked.connect(self._disconnect)
        self.add_button(self.cancel)
        self.add_button(self.send)
        self.closed.connect(self.deleteLater)

    def close_box(self) -> None:
        """Stay while the bank is told: it cannot be called off."""
        if self._token is None:
            super().close_box()

    def _disconnect(self) -> None:
        keep, number, port = self.choices.chosen() != REMOVE, self._link.id, self.frame.bank.port
        self.note.say("")
        self._set_busy(busy=True)

        def work(books: Books, _token: Token) -> None:
            port.disconnect(books, number, keep_rows=keep)

        def done(_none: None) -> None:
            self._token = None
            self.close_box()
            self.frame.bank.load()
            self.frame.toast(f"{self._link.institution} is disconnected.", undo=not keep)

        self._token = self.frame.tasks.beside(work, done, self._missed)

    def _missed(self, error: Exception) -> None:
        self._token = None
        self._set_busy(busy=False)
        if not isinstance(error, AppError) or isinstance(error, Cancelled):
            self.close_box()
            self.frame.fail(error)
            return
        self.note.say(f"{bank_words.error_words(error)} Nothing was changed.")
        self.place_box()

    def _set_busy(self, *, busy: bool) -> None:
        for button in (self.send, self.cancel):
            button.setEnabled(not busy)
        self.send.set_words("Disconnecting" if busy else "Disconnect")
