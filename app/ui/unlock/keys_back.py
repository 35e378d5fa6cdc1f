"""Putting back only the key file: the books stay as they are, and open with what opened them on a backup's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shiboken6 import isValid

from app.core.errors import AppError, Cancelled, Locked
from app.ui.runtime.wiring import Secret
from app.ui.sheets import restore_words
from app.ui.sheets.secret_entry import SecretEntry
from app.ui.theme.fonts import Role
from app.ui.widgets.busy import Busy
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.backup.restore_choice import Offer
    from app.ui.frame.main_window import MainWindow
    from app.ui.runtime.tasks import Token

_WHAT = (
    "The newest backup whose keys open these books gives them back. The books stay as they are, and no change is lost."
)
_THAT_DAY = "Type what opened the books on the day of the backup."


class KeysSheet(Sheet):
    """`offers` are the backups in the folder of the books, for what may open them."""

    def __init__(self, window: MainWindow, offers: list[Offer]) -> None:
        super().__init__(window, "Put back only the keys")
        self._window, self._session = window, window.session
        self._is_busy = False
        self.body.addWidget(Label(_WHAT, Role.BODY, wrap=True))
        self.that_day = Label(_THAT_DAY, Role.BODY, "muted", wrap=True)
        self.entry, self.note, self.busy = SecretEntry(), Note(), Busy()
        for each in (self.that_day, self.entry, self.note, self.busy):
            self.body.addWidget(each)
        by_passphrase = any(offer.by_passphrase for offer in offers)
        # Where a keychain opens them alone, nothing is asked; it may still be the recovery key that does.
        self.entry.set_ways(
            passphrase=by_passphrase, recovery_key=by_passphrase and any(offer.by_recovery_key for offer in offers)
        )
        self._by_recovery_key = any(offer.by_recovery_key for offer in offers)
        self.that_day.setVisible(by_passphrase)
        self.entry.submitted.connect(self.go)
        self.entry.edited.connect(lambda: self._say(""))
        self.entry.switched.connect(lambda: self._say(""))
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self.close_box)
        self.act = Button("Put the keys back", kind="primary")
        self.act.clicked.connect(self.go)
        self.add_button(self.cancel)
        self.add_button(self.act)
        self.closed.connect(self._leave)

    def go(self) -> None:
        """Put the keys back and open the books with what was typed."""
        if self._is_busy:
            return
        problem = self.entry.problem()
        if problem:
            self._say(problem)
            self.entry.focus_first()
            return
        home, wiring, secret = self._session.home, self._session.wiring, self.entry.secret()

        def work(_token: Token) -> Path:
            from app.services.integrity import rescue  # noqa: PLC0415 - rare

            return rescue.restore_keys(home, secret.unlock(), keychain=wiring.keychain, clock=wiring.clock())

        self._set_busy("Looking for keys that open these books")
        self._session.tasks.free(work, lambda _file: self._put_back(secret), self._failed)

    def close_box(self) -> None:
        """Stay while the key file is being written."""
        if not self._is_busy:
            super().close_box()

    def _put_back(self, secret: Secret) -> None:
        window, session = self._window, self._session

        def opened() -> None:
            if isValid(self):
                self._set_busy("")
                self.close_box()
            window.toast("The keys are back, and the books are as they were.", undo=False)

        def failed(error: Exception) -> None:
            if isValid(self):
                self._set_busy("")
                self.close_box()
            session.use_home(session.home)
            window.fail(error)

        session.look_at_home()
        session.unlock(secret.passphrase, opened, failed, recovery_key=secret.recovery_key)

    def _failed(self, error: Exception) -> None:
        if not isValid(self):
            return
        self._set_busy("")
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, AppError):
            self._window.fail(error)
            return
        if isinstance(error, Locked) and self.entry.isHidden() and self._by_recovery_key:
            self.entry.set_ways(passphrase=False, recovery_key=True)
        self._say(restore_words.trouble(error))
        if self.entry.isVisible():
            self.entry.focus_first()

    def _set_busy(self, words: str) -> None:
        self._is_busy = bool(words)
        for each in (self.entry, self.cancel, self.act):
            each.setEnabled(not words)
        self.busy.begin(words) if words else self.busy.end()
        self._say("")

    def _say(self, text: str) -> None:
        self.note.say(text)
        self.entry.recovery.words.setVisible(not text)  # one of the two says what is wrong
        if self.isVisible():
            self.place_box()

    def _leave(self) -> None:
        self.entry.clear()
        self.deleteLater()
