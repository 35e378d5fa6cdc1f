"""The lock and the proofs: what opens the books, whether they are whole and backed up, when they lock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.core.errors import AppError
from app.ui.runtime.session import State
from app.ui.settings import key_sheets, watched
from app.ui.settings.check_row import CheckRow, Summary, Todo
from app.ui.settings.check_sheets import AcceptSheet, FindingsSheet
from app.ui.settings.locking_card import LockingCard, minutes_words
from app.ui.settings.recovery_sheet import RecoverySheet, RemoveSheet
from app.ui.settings.section import Section
from app.ui.settings.security_facts import Facts, facts
from app.ui.widgets.badge import Badge
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.integrity.health import Health
    from app.ui.frame.page import Page, Tell
    from app.ui.runtime.tasks import Token

_MODES = {
    "keychain": "whoever is logged in here can open the books",
    "both": "both are needed; elsewhere only the recovery sheet opens the books",
    "passphrase": "a forgotten one cannot be reset: keep it written down",
}
VERIFIED = "security/verified_at"
"""When the chain was last found whole, UTC; forgotten when it is not."""


class SecuritySection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Security check-up")
        self._facts: Facts | None = None
        self._wanted = ""
        self._bad_chain = ""
        self.summary = Summary()
        top = Card()
        top.add_row(self.summary)
        self.cards.addWidget(top)
        self.cards.addWidget(self._checks())
        self.locking = LockingCard(page)
        self.cards.addWidget(self.locking)
        self.cards.addStretch(1)
        page.frame.preferences.changed.connect(self._preference)
        page.frame.upkeep.changed.connect(self._upkeep)

    def _checks(self) -> Card:
        card = Card()
        go = self.page.frame.commands.trigger
        self.recovery, self.passphrase = CheckRow("Recovery sheet"), CheckRow("Passphrase")
        self.remove = self.recovery.button("Remove…", self._remove, "Remove the recovery sheet")
        self.print = self.recovery.button("Print…", self.make_recovery, "Print recovery sheet")
        self.new_passphrase = self.passphrase.button("Change…", self.change_passphrase, "Change the passphrase")
        self.opens = CheckRow("What opens the books")
        self.change_mode = self.opens.button("Change…", self._change_mode, "Change what opens the books")
        self.backup = CheckRow("Backup")
        self.test = self.backup.button("Test", lambda: go("app.test_backup"), "Test my backup")
        self.back_up = self.backup.button("Back up now", lambda: go("app.backup"))
        self.chain = CheckRow("History chain")
        self.accept = self.chain.button("Accept these books…", self._accept)
        self.verify = self.chain.button("Verify", self.verify_history, "Verify the history")
        self.books = CheckRow("Books checked")
        self.found = self.books.button("What was found…", self._show_findings)
        self.check = self.books.button("Check everything", self.check_books)
        self.file, self.key = CheckRow("Encrypted file"), CheckRow("Database key")
        self.file.add_right(Badge("AES-256", "ok", "lock"))
        self.renew = self.key.button("Renew key…", self._renew, "Renew the database key")
        self.idle, self.network = CheckRow("Locking"), CheckRow("What left this computer")
        self.network.add_right(Badge("nothing", "ok", "check"))
        self.checks = (
            self.recovery, self.passphrase, self.opens, self.backup, self.chain, self.books, self.file, self.key,
            self.idle, self.network,
        )  # fmt: skip
        for row in self.checks:
            card.add_row(row)
        return card

    # --- what it shows

    def load(self) -> None:
        self.locking.load()
        preferences, checked = self.page.frame.preferences, self.page.frame.upkeep.checked
        ask = partial(facts, preferences.text(VERIFIED), checked.stamp if checked is not None else "")
        self.page.fetch(ask, self._show, name="security", failed=self._not_read)

    def _preference(self, name: str) -> None:
        if name.startswith("lock/"):
            self.load()

    def _upkeep(self) -> None:
        if self._facts is not None and self.page.frame.session.state is State.OPEN:
            self.load()

    def do(self, what: str) -> None:
        """Begin something once the facts are there."""
        self._wanted = what
        if self._facts is not None:
            self._begin()

    def _begin(self) -> None:
        wanted, self._wanted = self._wanted, ""
        begins = {
            "recovery": self.make_recovery, "passphrase": self.change_passphrase, "verify": self.verify_history,
            "check": self.check_books,
        }  # fmt: skip
        if wanted in begins:
            begins[wanted]()

    def _show(self, found: Facts) -> None:
        self._facts = found
        self._show_keys(found)
        self._show_backup(found)
        self._show_chain(found)
        self._show_check(found.checked)
        self.file.tell(f"SQLCipher, {found.size / 1_048_576:.1f} MB on this computer", good=True)
        minutes = self.page.frame.preferences.number("lock/minutes")
        self.idle.tell(
            f"after {minutes_words(minutes)} without use"
            if minutes
            else "never: whoever comes to this computer sees the books",
            good=minutes > 0,
            todo=None if minutes else Todo(
                "let the books lock when nobody uses them.", "Lock after 10 minutes",
                lambda: self.page.frame.preferences.set("lock/minutes", 10),
            ),
        )  # fmt: skip
        linked = self.page.frame.bank.standing.way is not None
        self.network.tell(
            "only the bank link you set up, each time listed under Privacy; no telemetry, no update check"
            if linked
            else "the program makes no connections: no account, no telemetry, no update check",
            good=True,
        )
        shown = [row for row in self.checks if not row.isHidden()]
        self.summary.show_rows(shown, [self.books, self.chain, self.recovery, self.backup, self.idle])
        self._begin()

    def _show_keys(self, found: Facts) -> None:
        status = found.status
        self.recovery.name.setText("Recovery sheet" if status.recovery_key else "Recovery sheet not printed")
        if status.recovery_key:
            since = f"in force since {found.recovery_changed}" if found.recovery_changed else "in force"
            self.recovery.tell(f"{since}; opens the books and their backups anywhere", good=True)
        else:
            lost = "a forgotten passphrase" if status.portable else "a lost computer"
            todo = Todo(
                "print the recovery sheet and keep it away from this computer.", "Print recovery sheet",
                self.make_recovery,
            )  # fmt: skip
            self.recovery.tell(f"Without it {lost} means the books are lost", good=False, todo=todo)
        self.print.set_words("New sheet…" if status.recovery_key else "Print…")
        self.remove.setVisible(status.recovery_key)
        changed = f"changed {found.passphrase_changed}" if found.passphrase_changed else f"since {found.made}"
        self.passphrase.setVisible(status.mode != "keychain")
        self.passphrase.tell(changed, good=True)
        self.opens.tell(f"{key_sheets.NAMES.get(status.mode, status.mode)}: {_MODES.get(status.mode, '')}", good=True)
        age = f"renewed {found.renewed}" if found.renewed else f"since {found.made}"
        self.key.tell(f"number {status.generation}, {age}", good=not status.pending)
        is_sample = self.page.frame.session.is_sample
        for button in (self.print, self.new_passphrase, self.change_mode, self.renew):
            button.setEnabled(not is_sample)

    def _show_backup(self, found: Facts) -> None:
        backup, trouble = found.backup, self.page.frame.upkeep.backup_trouble
        todo = Todo("make a backup.", "Back up now", lambda: self.page.frame.commands.trigger("app.backup"))
        if trouble is not None:
            self.backup.tell(f"today’s could not be made: {trouble.message}", good=False, todo=todo)
        elif not backup.created:
            self.backup.tell("none yet", good=False, todo=todo)
        else:
            tested = f"test restore passed {found.tested}" if found.tested else "never tested"
            place = "" if backup.portable else "; opens only on this computer"
            self.backup.tell(f"{found.backed_up}, {tested}{place}", good=True)
        self.test.setEnabled(bool(backup.created))

    def _show_chain(self, found: Facts) -> None:
        self.accept.setVisible(bool(found.trouble) or bool(self._bad_chain and "older" in self._bad_chain))
        if self._bad_chain or found.trouble:
            todo = Todo(
                "find out why the history does not fit the books. Keep a copy before you go on.", "Look at it",
                self.check_books,
            )  # fmt: skip
            self.chain.tell(self._bad_chain or found.trouble, good=False, todo=todo)
            return
        said = f"verified {found.verified}" if found.verified else "not verified yet"
        todo = Todo("verify the history chain. It takes a moment.", "Verify", self.verify_history)
        done = bool(found.verified)
        self.chain.tell(f"{found.entries:,} entries, {said}", good=done or None, todo=None if done else todo)

    def _show_check(self, when: str) -> None:
        upkeep = self.page.frame.upkeep
        checked = upkeep.checked
        self.found.setVisible(checked is not None)
        if checked is None:
            said = upkeep.damage.message if upkeep.damage is not None else "not yet since they were opened"
            todo = Todo("check the books.", "Check everything", self.check_books)
            self.books.tell(said, good=None if upkeep.damage is None else False, todo=todo)
            return
        if checked.health.ok:
            how = "everything checked" if checked.deep else "checked"
            self.books.tell(f"all whole, {how} {when}".rstrip(), good=True)
            return
        todo = Todo("the check of the books found something.", "See what can be done", self._show_findings)
        self.books.tell(checked.health.troubles[0].said, good=False, todo=todo)

    def _not_read(self, error: Exception) -> None:
        """Say what is wrong where the facts would stand, and what to do; what stood there may not hold any more."""
        self._facts = None
        for row in self.checks:
            row.tell("could not be read", good=None)
        checked = self.page.frame.upkeep.checked
        if checked is not None and not checked.health.ok:
            self._show_check("")
        elif isinstance(error, AppError):
            todo = Todo("check the books: they cannot all be read.", "Check everything", self.check_books)
            self.books.tell(error.message, good=False, todo=todo)
        self.summary.show_rows([row for row in self.checks if not row.isHidden()], [self.books])
        if self._wanted in {"verify", "check"}:
            self._begin()
        self.page.frame.fail(error)

    # --- what it does

    def make_recovery(self) -> None:
        has_one = self._facts is not None and self._facts.status.recovery_key
        if not self.page.frame.session.is_sample:
            RecoverySheet(self.page, replaces=has_one, done=self.load).open_box()

    def _remove(self) -> None:
        RemoveSheet(self.page, self.load).open_box()

    def change_passphrase(self) -> None:
        if self._facts is None or self.page.frame.session.is_sample:
            return
        if self._facts.status.mode == "keychain":
            self._change_mode()
        else:
            has_one = self._facts.status.recovery_key
            key_sheets.PassphraseSheet(self.page, self.load, recovery_key=has_one).open_box()

    def _change_mode(self) -> None:
        if self._facts is not None:
            status = self._facts.status
            key_sheets.ModeSheet(self.page, status.mode, self.load, recovery_key=status.recovery_key).open_box()

    def _renew(self) -> None:
        if self._facts is not None:
            key_sheets.RenewSheet(self.page, self._facts.status.mode).open_box()

    def _accept(self) -> None:
        said = self._bad_chain or (self._facts.trouble if self._facts is not None else "")
        checked = self.page.frame.upkeep.checked
        if not said and checked is not None and not checked.health.ok:
            said = checked.health.troubles[0].said
        AcceptSheet(self.page, said, self._accepted).open_box()

    def _accepted(self) -> None:
        self._bad_chain = ""
        self.verify_history()

    def verify_history(self) -> None:
        self.chain.tell("Checking every entry", good=None)

        def work(books: Books, _token: Token) -> Any:  # noqa: ANN401 - AuditState, loaded late
            from app.services.audit import audit_log  # noqa: PLC0415

            return audit_log.verify(books), books.stamp()

        def done(found: Any) -> None:  # noqa: ANN401 - as above
            state, stamp = found
            self.page.frame.preferences.set(VERIFIED, stamp if state.ok else "")
            self._bad_chain = "" if state.ok else state.sentence
            self.load()
            if state.ok:
                self.page.frame.toast(state.sentence, undo=False)

        def failed(error: Exception) -> None:
            self.load()
            self.page.frame.fail(error)

        self.page.fetch(work, done, name="verify", failed=failed)

    def check_books(self) -> None:
        """Check everything, with progress and Cancel, and tell what was found."""

        def work(books: Books, token: Token, tell: Tell) -> tuple[Health, str]:
            from app.services.integrity import health  # noqa: PLC0415

            return health.check(books, deep=True, tell=tell, cancel=token.check), books.stamp()

        def done(found: tuple[Health, str]) -> None:
            self.page.frame.upkeep.take(found[0], found[1], deep=True)
            self._show_findings()

        # Every page can be looked at only once the log is folded in, which the writing connection does.
        def begin(_folded: bool) -> None:  # noqa: FBT001 - the writer's answer
            watched.run(self.page.frame, "Checking the books", work, done)

        self.page.frame.tasks.write(_fold, begin, self.page.frame.fail)

    def _show_findings(self) -> None:
        checked = self.page.frame.upkeep.checked
        if checked is not None:
            FindingsSheet(
                self.page, checked.health, restore=lambda: self.page.frame.go("settings", section="backups"),
                accept=self._accept,
            ).open_box()  # fmt: skip


def _fold(books: Books) -> bool:
    from app.services.integrity import health  # noqa: PLC0415

    return health.fold(books)
