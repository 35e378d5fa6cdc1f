"""Putting a backup back where no books are open: choose it, open it, see what it holds, then let it take the place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout
from shiboken6 import isValid

from app.core.dates import day_of
from app.core.errors import AppError, Cancelled, Locked, TooSoon
from app.ui.runtime.places import Places
from app.ui.runtime.tasks import Token
from app.ui.runtime.when import when_words
from app.ui.runtime.wiring import Secret
from app.ui.sheets import restore_words
from app.ui.sheets.secret_entry import SecretEntry
from app.ui.theme.fonts import Role
from app.ui.widgets.busy import Busy
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card, Fact
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.backup.restore_choice import Offer, Offers
    from app.services.backup.restores import Restored
    from app.ui.frame.main_window import MainWindow

    Check = Callable[[], None]

_SHOWN = 6
"""Backups in the list; older ones are chosen as files."""


class RestoreSheet(Sheet):
    """`secret` is what was typed already for the books that lie there; `file` a backup that was chosen already."""

    def __init__(self, window: MainWindow, *, secret: Secret | None = None, file: Path | None = None) -> None:
        super().__init__(window, "Restore a backup", width=520)
        self._window, self._session = window, window.session
        self._into_new = self._session.state.value == "none"
        self._given = secret or Secret()
        self._offers: list[Offer] = []
        self._offer: Offer | None = None
        self._found: Restored | None = None
        self._token: Token | None = None
        self._is_final = False
        self._places = Places(self)
        self.lead = Label("", Role.BODY, "muted", wrap=True)
        self.choices = ChoiceList("Backups in this folder")
        self.choices.changed.connect(lambda number: self._take(self._offers[number - 1]))
        self.choose = Button("Choose a file…", icon="import")
        self.choose.clicked.connect(self.ask_file)
        self.facts = Card()
        self.entry = SecretEntry()
        self.entry.submitted.connect(self._go)
        self.entry.edited.connect(lambda: self._say(""))
        self.entry.switched.connect(self._fit)
        self.note, self.busy = Note(), Busy()
        self.busy.cancelled.connect(self._stop)
        line = QHBoxLayout()
        line.addWidget(self.choose)
        line.addStretch(1)
        for each in (self.lead, self.choices):
            self.body.addWidget(each)
        self.body.addLayout(line)
        for below in (self.facts, self.entry, self.note, self.busy):
            self.body.addWidget(below)
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self.close_box)
        self.act = Button("Look into it", kind="primary")
        self.act.clicked.connect(self._go)
        self.add_button(self.cancel)
        self.add_button(self.act)
        self.closed.connect(self._leave)
        self.facts.hide()
        self.entry.hide()
        self.choices.hide()
        self._tell()
        if file is not None:
            self.take_file(file)
        elif not self._into_new:
            self._list()

    # --- which backup

    def _list(self) -> None:
        home = self._session.home

        def work(_check: Check) -> Offers:
            from app.services.backup import restore_choice  # noqa: PLC0415 - rare

            return restore_choice.of_home(home)

        self._run(work, self._show_offers, "Looking for backups")

    def _show_offers(self, found: Offers) -> None:
        self._offers = found.whole[:_SHOWN]
        rows = [
            (number, self._when(offer), restore_words.size(offer.size), restore_words.WHY.get(offer.reason, ""))
            for number, offer in enumerate(self._offers, 1)
        ]
        self.choices.set_choices(rows)
        self.choices.setVisible(bool(rows))
        self.lead.setText(restore_words.lead(len(found.whole), found.damaged))
        if self._offers and self._offer is None:
            self.choices.select(1)
            self._take(self._offers[0])
        self._tell()
        if not self.entry.isVisible():
            (self.act if self._offers else self.choose).setFocus()

    def ask_file(self) -> None:
        """Ask for a backup anywhere on this computer."""
        self._places.ask_file("Choose a backup", "Backups of 1099 Ops", "opsbak", self.take_file)

    def take_file(self, path: Path) -> None:
        """Look at what a file says of itself."""

        def work(_check: Check) -> Offer:
            from app.services.backup import restore_choice  # noqa: PLC0415 - rare

            return restore_choice.look_at(path)

        def seen(offer: Offer) -> None:
            if offer not in self._offers:
                self.choices.hide()
            self._take(offer)

        self._run(work, seen, "Reading the backup")

    def _take(self, offer: Offer) -> None:
        self._offer, self._found = offer, None
        self._say("")
        self._show_facts()
        needs = self._given == Secret() or not self._is_of_this_home()
        self.entry.set_ways(passphrase=needs and offer.by_passphrase, recovery_key=needs and offer.by_recovery_key)
        self._tell()
        if self.isVisible() and self.entry.isVisible():
            self.entry.focus_first()

    def _is_of_this_home(self) -> bool:
        return self._offer is not None and self._offer.file.parent.parent == self._session.home

    def _show_facts(self) -> None:
        offer, found = self._offer, self._found
        if offer is None:
            return
        self.facts.clear_rows()
        facts = [("Made", self._when(offer)), ("Why", restore_words.WHY.get(offer.reason, offer.reason))]
        if found is None:
            facts += [("Opens with", restore_words.ways(offer)), ("Size", restore_words.size(offer.size))]
        else:
            facts += [
                ("Transactions in it", f"{found.rows:,}"),
                ("Comparisons that are equal", f"{sum(each.equal for each in found.compared)}"),
            ]
        for number, (label, value) in enumerate(facts):
            self.facts.add_inset(Fact(label, value), 10 if number == 0 else 2, 10 if number == len(facts) - 1 else 2)
        self.facts.show()

    def _when(self, offer: Offer) -> str:
        zone = datetime.fromisoformat(offer.created).astimezone().tzinfo
        assert zone is not None
        return when_words(offer.created, zone, day_of(self._session.wiring.today()))

    # --- what is done with it

    def _secret(self) -> Secret:
        return self.entry.secret() if self.entry.isVisible() else self._given

    def _go(self) -> None:
        if self._token is not None or self._offer is None:
            return
        problem = self.entry.problem() if self.entry.isVisible() else ""
        if problem:
            self._say(problem)
            self.entry.focus_first()
        elif self._found is None:
            self._run(self._work(dry_run=True), self._proved, "Reading every page of it", failed=self._not_opened)
        else:
            self._is_final = True
            self._run(self._work(dry_run=False), self._restored, "Restoring")

    def _work(self, *, dry_run: bool) -> Callable[[Check], Restored]:
        offer, home, wiring, secret = self._offer, self._session.home, self._session.wiring, self._secret()
        assert offer is not None
        busy, into_new = self.busy, self._into_new

        def work(check: Check) -> Restored:
            from app.services.backup import restores  # noqa: PLC0415 - rare

            def step(done: int, whole: int) -> None:
                check()
                busy.tell(done, whole)

            return restores.restore(
                offer.file, home, secret.unlock(), keychain=wiring.keychain, clock=wiring.clock(), into_new=into_new,
                dry_run=dry_run, step=step,
            )  # fmt: skip

        return work

    def _proved(self, found: Restored) -> None:
        self._found = found
        self._show_facts()
        self.lead.setText(restore_words.what_happens(into_new=self._into_new))
        self.choices.hide()
        self._given = self._secret()
        self.entry.hide()
        self._tell()
        self.act.setFocus()

    def _not_opened(self, error: Exception) -> None:
        """Ask for what opens the backup where what was typed for the books does not."""
        offer = self._offer
        if isinstance(error, Locked) and not isinstance(error, TooSoon) and offer and not self.entry.isVisible():
            self._given = Secret()
            self.entry.set_ways(passphrase=offer.by_passphrase, recovery_key=offer.by_recovery_key)
            self._tell()
        self._failed(error)
        if self.entry.isVisible():
            self.entry.focus_first()

    def _restored(self, found: Restored) -> None:
        """Open the books that are there now with what opened the backup."""
        window, session, secret = self._window, self._session, self._given
        words = restore_words.done(found)
        self.busy.begin("Opening the books")
        self._set_enabled(on=False)

        def opened() -> None:
            self.close_box()
            window.toast(words, undo=False)

        def failed(error: Exception) -> None:
            session.use_home(session.home)
            window.fail(error)

        session.unlock(secret.passphrase, opened, failed, recovery_key=secret.recovery_key)

    # --- work and words

    def _run(
        self, work: Callable[[Check], object], done: Callable[..., None], words: str,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:  # fmt: skip
        self._say("")
        self.busy.begin(words, can_cancel=True)
        self._set_enabled(on=False)
        self._fit()

        def ended(result: object) -> None:
            if isValid(self):
                self._over()
                done(result)
                self._fit()

        def missed(error: Exception) -> None:
            if isValid(self):
                self._over()
                (failed or self._failed)(error)
                self._fit()

        self._token = asked = Token()

        def job(ending: Token) -> object:
            def check() -> None:
                asked.check()
                ending.check()

            return work(check)

        self._session.tasks.free(job, ended, missed)

    def _over(self) -> None:
        self._token, self._is_final = None, False
        self.busy.end()
        self._set_enabled(on=True)

    def _set_enabled(self, *, on: bool) -> None:
        for each in (self.choices, self.choose, self.entry, self.act):
            each.setEnabled(on)
        if on:
            self._tell()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._say("")
        elif isinstance(error, AppError):
            self._say(restore_words.trouble(error))
        else:
            self._window.fail(error)

    def _say(self, text: str) -> None:
        self.note.say(text)
        self.entry.recovery.words.setVisible(not text)  # one of the two says what is wrong
        self._fit()

    def _tell(self) -> None:
        self.act.set_words("Look into it" if self._found is None else "Restore")
        self.act.setEnabled(self._offer is not None)
        self.choose.setVisible(self._found is None)
        self._fit()

    def _fit(self) -> None:
        """Take as much room as there is to say, once more when the layouts have heard of it."""
        self.lead.setVisible(bool(self.lead.text()))
        if not self.isHidden():
            self.place_box()
            QTimer.singleShot(0, self, self._place)

    def _place(self) -> None:
        if not self.isHidden():
            self.place_box()

    def _stop(self) -> None:
        """The work asks the token between two pages, and takes back what it began; so long the sheet waits."""
        if self._token is not None:
            self._token.cancel()
            self.busy.stopping()

    def close_box(self) -> None:
        """Stop what runs; while a backup takes the place of the books the sheet stays until that is called off."""
        if self._token is not None:
            self._stop()
            if self._is_final:
                return
        super().close_box()

    def _leave(self) -> None:
        self.entry.clear()
        self._given = Secret()
        self.deleteLater()
