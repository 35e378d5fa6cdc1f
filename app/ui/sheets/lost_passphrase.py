"""After books were opened by their recovery key: a new passphrase, for whoever lost the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError, Cancelled
from app.ui.sheets.new_passphrase import NewPassphrase
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.ui.frame.main_window import MainWindow


class LostPassphrase(Sheet):
    """Can be left: the recovery key opens the books the next time, too."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, "Choose a new passphrase?")
        self._window = window
        self._is_busy = False
        for text, color in (
            ("The recovery key opened your books. If the passphrase is lost, choose a new one now.", "text"),
            ("The recovery key stays as it is, so keep the sheet.", "muted"),
        ):
            self.body.addWidget(Label(text, Role.BODY, color, wrap=True))
        self.new = NewPassphrase()
        self.new.submitted.connect(self._choose)
        self.note = Note()
        self.body.addWidget(self.new)
        self.body.addWidget(self.note)
        self.later = Button("Not now")
        self.later.clicked.connect(self.close_box)
        self.choose = Button("Choose it", kind="primary")
        self.choose.clicked.connect(self._choose)
        self.add_button(self.later)
        self.add_button(self.choose)
        self.closed.connect(self.deleteLater)

    def close_box(self) -> None:
        """Stay while the keys are being written: that takes a second and cannot be called off."""
        if not self._is_busy:
            self.new.clear()
            super().close_box()

    def _choose(self) -> None:
        if self._is_busy or not self.new.check():
            self.place_box()
            return
        passphrase, wiring = self.new.secret(), self._window.session.wiring
        self._set_busy(on=True)

        def work(books: Books) -> str:
            from app.services.vault import new_way  # noqa: PLC0415 - rare

            chosen = new_way.choose(books, passphrase, keychain=wiring.keychain(), randomness=wiring.randomness())
            return chosen.value

        def chosen(mode: str) -> None:
            self._set_busy(on=False)
            self.close_box()
            alone = " It opens them without this computer’s keychain." if mode == "passphrase" else ""
            self._window.toast(f"The new passphrase is in force.{alone}", undo=False)

        def missed(error: Exception) -> None:
            self._set_busy(on=False)
            if isinstance(error, AppError) and not isinstance(error, Cancelled):
                self.note.say(f"{error.message} {error.hint}".strip())
                self.place_box()
            else:
                self._window.fail(error)

        self._window.tasks.write(work, chosen, missed)

    def _set_busy(self, *, on: bool) -> None:
        self._is_busy = on
        for each in (self.new, self.later, self.choose):
            each.setEnabled(not on)
        self.choose.set_words("Changing…" if on else "Choose it")
