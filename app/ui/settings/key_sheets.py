"""Changing what opens the books: the passphrase, the way, the database key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError, TooSoon, WrongPassphrase
from app.ui.settings.form import Form, words_of
from app.ui.sheets.new_passphrase import NewPassphrase
from app.ui.sheets.secret_entry import SecretEntry
from app.ui.theme.fonts import Role
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.fields import PasswordEdit
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.services.vault.rotation import Rotated
    from app.ui.frame.page import Frame, Page, Tell
    from app.ui.runtime.tasks import Token

MODES = ("keychain", "both", "passphrase")
NAMES = {
    "keychain": "This computer’s keychain", "both": "Passphrase and keychain", "passphrase": "Passphrase alone",
}  # fmt: skip
MEANING = {
    "keychain": "The books open without asking. Whoever is logged in here can open them, and no other computer can, "
    "unless you have a recovery sheet.",
    "both": "Opening takes your passphrase on this computer. Whoever steals the file cannot even try passphrases. On "
    "another computer only the recovery sheet opens them.",
    "passphrase": "Opening takes your passphrase, on any computer that has the file. A forgotten one cannot be reset.",
}
_STEPS = ("backed up", "both keys written", "re-encrypted", "read back", "one key written", "done")


class _Asking(Form):
    """A form that first asks for what opens the books now: they may have been left open."""

    def ask(self, *, recovery_key: bool) -> None:
        """Add the field; a recovery key may be given in its place where there is one."""
        self.present = SecretEntry("Present passphrase")
        self.wrong = Note()
        self.body.addWidget(self.present)
        self.body.addWidget(self.wrong)
        self.present.set_ways(passphrase=True, recovery_key=recovery_key)
        self.present.edited.connect(lambda: self._mark(""))
        self.present.switched.connect(lambda: self._mark(""))

    def is_given(self) -> bool:
        """Return whether something was typed; else say what to type."""
        self._mark(self.present.problem())
        return not self.wrong.said

    def refuse(self, error: Exception) -> None:
        if isinstance(error, WrongPassphrase | TooSoon):
            self._mark(words_of(error))
        else:
            super().refuse(error)

    def _mark(self, problem: str) -> None:
        """Say at the field what is wrong with what stands in it; nothing when it may be right."""
        self.wrong.say(problem)
        if not self.present.by_recovery:
            self.present.password.set_wrong(wrong=bool(problem))
        if problem:
            self.present.focus_first()
        if self.isVisible():
            self.place_box()


class PassphraseSheet(_Asking):
    def __init__(self, page: Page, done: Callable[[], None], *, recovery_key: bool) -> None:
        super().__init__(page, "Change the passphrase", "Change")
        self._done = done
        self.ask(recovery_key=recovery_key)
        self.say("Four or more unrelated words are long enough and easy to remember. Nobody can reset it for you.")
        self.new = NewPassphrase()
        self.new.submitted.connect(self.finish)
        self.body.addWidget(self.new)
        self.say("Backups made before still open with the old one.", "muted")

    def finish(self) -> None:
        if not self.is_given() or not self.new.check():
            return
        new, wiring, present = self.new.secret(), self.frame.session.wiring, self.present.secret().unlock()

        def work(books: Books) -> None:
            from app.services.vault import key_changes  # noqa: PLC0415 - rare

            key_changes.change_passphrase(
                books, new, keychain=wiring.keychain(), randomness=wiring.randomness(), present=present
            )

        def made(_none: None) -> None:
            self.new.clear()
            self.present.clear()
            self.frame.toast("The passphrase is changed.", undo=False)
            self._done()

        self.run(work, made, "Changing")

    def refuse(self, error: Exception) -> None:
        if isinstance(error, AppError) and error.code == "invalid_value":
            self.new.refuse(words_of(error))
            self.place_box()
        else:
            super().refuse(error)


class ModeSheet(_Asking):
    """Asks for a passphrase where the way that is chosen takes one, and for the present one where there is one."""

    def __init__(self, page: Page, mode: str, done: Callable[[], None], *, recovery_key: bool) -> None:
        super().__init__(page, "What opens the books", "Change", width=520)
        self._mode, self._done = mode, done
        self.choices = ChoiceList("What opens the books")
        self.choices.set_choices(
            [(n, NAMES[each], "now" if each == mode else "", "") for n, each in enumerate(MODES, 1)],
            MODES.index(mode) + 1,
        )
        self.choices.changed.connect(lambda _n: self._show())
        self.body.addWidget(self.choices)
        self.meaning = self.say("", "muted")
        self.ask(recovery_key=recovery_key)
        self.new = NewPassphrase("Passphrase from now on")
        self.new.submitted.connect(self.finish)
        self.body.addWidget(self.new)
        self._show()

    @property
    def chosen(self) -> str:
        return MODES[(self.choices.chosen() or 1) - 1]

    def _show(self) -> None:
        self.meaning.setText(MEANING[self.chosen])
        self.present.setVisible(self._is_asked())
        self._mark("")
        self.new.setVisible(self.chosen not in {"keychain", self._mode})
        self.send.setEnabled(self.chosen != self._mode)
        if not self.isHidden():
            self.place_box()

    def _is_asked(self) -> bool:
        return self._mode not in {"keychain", self.chosen}

    def finish(self) -> None:
        chosen = self.chosen
        if chosen == self._mode or (self._is_asked() and not self.is_given()):
            return
        if chosen != "keychain" and not self.new.check():
            return
        new, wiring = self.new.secret() if chosen != "keychain" else None, self.frame.session.wiring
        present = self.present.secret().unlock() if self._is_asked() else None

        def work(books: Books) -> None:
            from app.core.security.envelope import Mode  # noqa: PLC0415 - rare
            from app.services.vault import key_changes  # noqa: PLC0415 - same

            key_changes.change_mode(
                books, Mode(chosen), passphrase=new, keychain=wiring.keychain(), randomness=wiring.randomness(),
                present=present,
            )  # fmt: skip

        def made(_none: None) -> None:
            self.new.clear()
            self.present.clear()
            self.frame.session.needs_passphrase = chosen != "keychain"
            self.frame.tasks.renew_beside()
            self.frame.toast(f"The books are opened by: {NAMES[chosen].lower()}.", undo=False)
            self._done()

        self.run(work, made, "Changing")


class RenewSheet(Form):
    """Renews the database key; the passphrase is proved before everything is closed for it."""

    def __init__(self, page: Page, mode: str) -> None:
        super().__init__(page, "Renew the database key", "Renew the key")
        self._mode = mode
        self.say(
            "Every page of the books is encrypted afresh under a new key. Do it when somebody may have had a copy of "
            "your keys. What opens the books stays the same."
        )
        self.say(
            "A backup is made first. The books close meanwhile and come back by themselves; should the computer stop "
            "on the way, they open with the old key or the new one.", "muted",
        )  # fmt: skip
        self.passphrase = PasswordEdit(name="Passphrase")
        self.passphrase.submitted.connect(self.finish)
        if mode != "keychain":
            label = Label("Passphrase", Role.SMALL_STRONG)
            label.setBuddy(self.passphrase.edit)
            self.body.addWidget(label)
            self.body.addWidget(self.passphrase)

    def finish(self) -> None:
        given = self.passphrase.text() if self._mode != "keychain" else None
        if given == "":
            self.passphrase.set_wrong(wrong=True)
            self.note.say("Type the passphrase of these books: the new key is locked with it, too.")
            self.place_box()
            return
        frame, home, wiring = self.frame, self.frame.session.home, self.frame.session.wiring
        self.set_busy(busy=True, words="Checking")

        def prove(_token: Token) -> None:
            from app.services.books.open_books import Unlock  # noqa: PLC0415 - same
            from app.services.vault import unlocking  # noqa: PLC0415 - rare

            unlocking.unlocked(home, Unlock(passphrase=given), wiring.keychain, wiring.clock())

        def proved(_none: None) -> None:
            self.set_busy(busy=False)
            self.close_box()
            renew(frame, given)

        def missed(error: Exception) -> None:
            self.set_busy(busy=False)
            self.passphrase.set_wrong(wrong=True)
            self.refuse(error)

        frame.tasks.free(prove, proved, missed)


def renew(frame: Frame, passphrase: str | None) -> None:
    """Renew the key with the books closed to all else."""
    wiring = frame.session.wiring

    def work(books: Books, _token: Token, tell: Tell) -> Rotated:
        from app.services.vault import rotation  # noqa: PLC0415 - rare

        def told(step: str) -> None:
            tell(_STEPS.index(step) + 1 if step in _STEPS else 0, len(_STEPS))

        return rotation.rotate(
            books, passphrase=passphrase, keychain=wiring.keychain(), randomness=wiring.randomness(), told=told
        )

    def done(rotated: Rotated) -> None:
        frame.go("settings", section="security")
        frame.toast(f"The database key is renewed, and {rotated.rows:,} rows were read back with it.", undo=False)

    frame.work_alone(
        "Renewing the database key", "A backup first, then every page is encrypted afresh and read back.", work, done
    )
