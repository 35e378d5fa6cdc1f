"""What is done for damaged books from the locked window: look, save what can be read, go on, put a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from shiboken6 import isValid

from app.core.errors import AppError, Cancelled, DamagedFile, Locked
from app.ui.runtime.places import Places
from app.ui.runtime.wiring import How, Secret
from app.ui.theme.fonts import Role
from app.ui.unlock.keys_back import KeysSheet
from app.ui.unlock.view_model import Way
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.backup.restore_choice import Offer, Offers
    from app.services.integrity.rescue import Written
    from app.ui.frame.main_window import MainWindow
    from app.ui.runtime.tasks import Token
    from app.ui.unlock.trouble import TroubleCard

_GOES_ON = (
    "Going on means doing without that. Nothing else is wrong: every other row, total and entry of the history holds."
)
_NOTHING = "The damage lies where the file says how it is to be read, so nothing of it can be. A backup is the way on."
_MISSES_NOTHING = "Nothing is missing: every row, total and entry of the history holds. The books can be used again."


class Rescue:
    """Holds what the person typed, so that nothing is asked twice, until the card it belongs to is gone."""

    def __init__(self, window: MainWindow, card: TroubleCard) -> None:
        self._window, self._session, self._card = window, window.session, card
        self._places = Places(window)
        self._secret = Secret()
        self._offers: list[Offer] = []
        """Backups whose keys may be put back alone."""
        self._token: Token | None = None
        card.stopped.connect(self._stop)

    def take(self, secret: Secret) -> None:
        self._secret = secret

    def go(self, way: str) -> None:
        if way == Way.RESTORE:
            self._restore()
        elif way == Way.KEYS:
            KeysSheet(self._window, self._offers).open_box()
        elif way == Way.LOOK:
            self._look()
        elif way == Way.SAVE:
            self._places.ask_new("Save what can be read as a new folder", "1099 Ops rescued", self.save)
        else:
            self._ask_to_go_on()

    def look_for_keys(self, found: Callable[[], None]) -> None:
        """Call back when a backup in the folder of the books has a copy of their keys."""
        home = self._session.home

        def work(_token: Token) -> Offers:
            from app.services.backup import restore_choice  # noqa: PLC0415 - rare

            return restore_choice.of_home(home)

        def seen(offers: Offers) -> None:
            if isValid(self._card) and offers.whole:
                self._offers = offers.whole
                found()

        # What cannot be looked at offers nothing: the card says what is wrong without it.
        self._session.tasks.free(work, seen, lambda _error: None)

    def _restore(self) -> None:
        from app.ui.sheets.restore_sheet import RestoreSheet  # noqa: PLC0415 - rare

        RestoreSheet(self._window, secret=self._secret).open_box()

    def _look(self) -> None:
        self._card.set_busy("Opening the books to look only")
        secret = self._secret
        self._session.unlock(
            secret.passphrase, lambda: None, self._failed, recovery_key=secret.recovery_key, only_look=True
        )

    # --- saving what can be read

    def save(self, folder: Path) -> None:
        """Write what is readable into a new folder, then say what is not in it."""
        home, secret, wiring = self._session.home, self._secret, self._session.wiring
        self._card.set_busy("Saving what can be read")

        def work(_token: Token) -> list[Written]:
            from app.services.integrity import rescue  # noqa: PLC0415 - rare

            books = wiring.open_otherwise(home, secret.unlock(), How.LOOK)
            try:
                return rescue.export(books, folder)
            finally:
                books.close()

        self._session.tasks.free(work, lambda written: self._saved(folder, written), self._failed)

    def _saved(self, folder: Path, written: list[Written]) -> None:
        self._over()
        rows = sum(each.rows for each in written if each.name.endswith(".csv"))
        lost = sum(last - first + 1 for each in written for first, last in each.unreadable)
        sheet = Sheet(self._window, "What could be read is saved")
        told = f"{rows:,} rows of {len(written):,} tables are in the folder {folder.name}, as CSV files."
        sheet.body.addWidget(Label(told, Role.BODY, wrap=True))
        left_out = (
            f"Up to {lost:,} rows could not be read. The file what-could-not-be-read.txt names them." if lost
            else "Every row could be read."
        )  # fmt: skip
        sheet.body.addWidget(Label(left_out, Role.BODY, "warn" if lost else "muted", wrap=True))
        sheet.body.addWidget(
            Label("These files are not encrypted: keep them where only you can read them.", Role.BODY, "muted",
                  wrap=True)
        )  # fmt: skip
        show = Button("Show the folder")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        close = Button("Close", kind="primary")
        close.clicked.connect(sheet.close_box)
        sheet.add_button(show)
        sheet.add_button(close)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open_box()
        close.setFocus()

    # --- going on with what is there

    def _ask_to_go_on(self) -> None:
        """Check everything first: only where nothing but the newest changes is gone can a person go on."""
        home, secret, wiring = self._session.home, self._secret, self._session.wiring
        busy = self._card.busy
        self._card.set_busy("Checking everything that is there")
        busy.begin("Checking everything that is there", can_cancel=True)

        def work(token: Token) -> list[tuple[str, str]]:
            from app.services.integrity import health  # noqa: PLC0415 - rare

            books = wiring.open_otherwise(home, secret.unlock(), How.LOOK)
            try:
                found = health.check(books, deep=True, tell=busy.tell, cancel=token.check)
            finally:
                books.close()
            return [(each.name, each.said) for each in found.troubles]

        self._token = self._session.tasks.free(work, self._checked, self._failed)

    def _checked(self, troubles: list[tuple[str, str]]) -> None:
        self._over()
        worse = [said for name, said in troubles if name != "newest changes"]
        if worse:
            self._card.note.say(f"That does not go. {worse[0]} Restore a backup, or save what can be read.")
            return
        sheet = Sheet(self._window, "Go on with what is there?" if troubles else "The books hold")
        for text in [troubles[0][1], _GOES_ON] if troubles else [_MISSES_NOTHING]:
            sheet.body.addWidget(Label(text, Role.BODY, wrap=True))
        cancel = Button("Cancel")
        cancel.clicked.connect(sheet.close_box)
        go_on = Button("Go on without them" if troubles else "Open the books", kind="danger" if troubles else "primary")

        def agreed() -> None:
            sheet.close_box()
            self._accept()

        go_on.clicked.connect(agreed)
        sheet.add_button(cancel)
        sheet.add_button(go_on)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open_box()
        cancel.setFocus()

    def _accept(self) -> None:
        home, secret, wiring = self._session.home, self._secret, self._session.wiring
        self._card.set_busy("Taking what is there as it is")

        def work() -> None:
            from app.services.integrity import rescue  # noqa: PLC0415 - rare

            books = wiring.open_otherwise(home, secret.unlock(), How.MEND)
            try:
                rescue.accept(books)
            finally:
                books.close()

        def accepted(_none: None) -> None:
            self._session.unlock(secret.passphrase, lambda: None, self._failed, recovery_key=secret.recovery_key)

        self._session.tasks.on_writer(work, accepted, self._failed)

    # --- what all of them share

    def _stop(self) -> None:
        """The check asks the token; its result is dropped then."""
        if self._token is not None:
            self._token.cancel()
            self._over()

    def _over(self) -> None:
        self._token = None
        if isValid(self._card):
            self._card.set_busy("")

    def _failed(self, error: Exception) -> None:
        self._over()
        if isinstance(error, Cancelled):
            return
        if isinstance(error, DamagedFile):  # not even the rescue opens them
            for way in (Way.LOOK, Way.SAVE, Way.GO_ON):
                if way in self._card.ways:
                    self._card.ways[way].setEnabled(False)
            self._card.note.say(_NOTHING)
        elif isinstance(error, Locked):
            self._card.note.say(error.message)
        elif isinstance(error, AppError):
            self._card.note.say(f"{error.message} {_plain(error.hint)}".strip())
        else:
            self._window.fail(error)


def _plain(hint: str) -> str:
    """Return a hint that is not for the command line."""
    return "" if "ops1099" in hint or "--" in hint else hint
