"""Putting a backup back, writing one to another place, and what a test of one compared."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.books import naming
from app.core.errors import AppError
from app.services.books.open_books import Unlock
from app.ui.settings import backup_words, watched
from app.ui.settings.form import Form, words_of
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card, Fact
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import ElidedLabel, Label

if TYPE_CHECKING:
    from app.core.security.backup_facts import Compared
    from app.services.backup.backup_page import Row
    from app.services.backup.backups import Verified
    from app.services.backup.drills import Drill
    from app.services.backup.restores import Restored
    from app.services.books.open_books import Books
    from app.ui.frame.page import Frame, Page, Tell
    from app.ui.runtime.tasks import Token

_TABLES = {
    "rows of transactions": "transactions", "rows of account": "accounts", "rows of business": "businesses",
    "rows of imported_file": "imported files", "rows of decision": "your decisions", "rows of part": "split parts",
    "rows of rule": "your rules", "rows of answer": "remembered answers", "rows of tax_payment": "tax payments",
    "rows of operation": "steps of the history", "audit log": "audit log", "every single row": "every single row",
    "opening it": "opening it",
}  # fmt: skip
"""What of it a person knows by name."""


class RestoreSheet(Form):
    """Reads the whole backup first; only what was proved can be put back."""

    def __init__(self, page: Page, row: Row, when: str) -> None:
        super().__init__(page, "Restore a backup", "Restore", kind="danger", width=520)
        self._row, self._when = row, when
        self._reading: Token | None = None
        self.say(f"The books become what they were {when}. What was changed since then is not in them.")
        facts = Card()
        self.inside, self.now, self.equal = (ElidedLabel("…", Role.SMALL) for _ in range(3))
        for name, value in (
            ("Transactions in it", self.inside), ("Transactions in the books of now", self.now),
            ("Opens with", ElidedLabel(backup_words.ways(row), Role.SMALL)), ("Comparisons", self.equal),
        ):  # fmt: skip
            facts.add_inset(Fact(name, value), 2, 2)
        self.body.addWidget(facts)
        self.state = self.say("Reading every page of it…", "muted")
        self.say(
            "The books of now are backed up first, and kept beside the new ones for 30 days. The books close "
            "meanwhile and come back by themselves.", "muted",
        )  # fmt: skip
        self.send.setEnabled(False)
        self.closed.connect(self._stop)

    def open_box(self) -> None:
        super().open_box()
        file = self._row.file

        def verify(books: Books, _token: Token, tell: Tell) -> tuple[Verified, int | None]:
            from app.services.backup import backup_page, backups  # noqa: PLC0415 - rare

            unlock = Unlock(key_hex=books.key_hex())
            found = backups.verify(file, unlock, keychain=lambda: None, home=books.home, step=tell)
            return found, backup_page.row_count(books)

        self._reading = watched.run(self.frame, "Reading the backup", verify, self._proved, self._missed)

    def _stop(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    def _proved(self, answer: tuple[Verified, int | None]) -> None:
        self._reading = None
        found, now = answer
        compared = (*found.compared, *found.sound)
        self.inside.setText(f"{found.rows:,}")
        self.now.setText("cannot be read" if now is None else f"{now:,}")
        self.equal.setText(f"{sum(each.equal for each in compared)} of {len(compared)} equal")
        if found.ok:
            self.state.setText("It is whole: every page, every total, every entry of its history.")
            self.send.setEnabled(True)
            self.send.setFocus()
        else:
            self.state.setText("")
            self.note.say("It does not hold what was written down when it was made. Choose another one.")
        self.place_box()

    def _missed(self, error: Exception) -> None:
        self._reading = None
        self.state.setText("")
        if isinstance(error, AppError) and error.code == "cancelled":
            self.close_box()
            return
        self.refuse(error)

    def finish(self) -> None:
        if self.send.isEnabled():
            self.close_box()
            restore(self.frame, self._row.file)


def restore(frame: Frame, file: Path) -> None:
    """Put a backup into the place of the open books, which are closed meanwhile."""

    def work(books: Books, token: Token, tell: Tell) -> Restored:
        from app.services.backup import restores  # noqa: PLC0415 - rare

        def step(count: int, whole: int) -> None:
            token.check()
            tell(count, whole)

        return restores.restore(
            file, books.home, Unlock(key_hex=books.key_hex()), keychain=lambda: None, clock=books.clock, step=step
        )

    def done(restored: Restored) -> None:
        frame.go("settings", section="backups")
        missing = len(restored.missing_receipts)
        more = f" {missing} receipt files were not found." if missing else ""
        frame.toast(f"Restored {restored.rows:,} transactions.{more} What was there is kept for 30 days.", undo=False)

    frame.work_alone(
        "Restoring a backup", "The books of now are backed up first; then the others are proved and take their place.",
        work, done, closed=True, can_cancel=True,
    )  # fmt: skip


def try_out(page: Page, file: Path | None = None) -> None:
    """Restore a backup beside the books, compare it, remove it again, and show what was compared."""
    frame, keychain = page.frame, page.frame.session.wiring.keychain

    def work(books: Books, _token: Token, tell: Tell) -> Drill:
        from app.services.backup import drills  # noqa: PLC0415 - rare

        unlock = Unlock(key_hex=books.key_hex())
        return drills.drill(books.home, file, unlock, keychain=keychain, clock=books.clock, books=books, step=tell)

    def tested(result: Drill) -> None:
        if result.ok:
            frame.tasks.write(partial(_record, result), lambda _none: frame.upkeep.backed_up(), frame.fail)
        DrillSheet(page, result).open_box()

    def missed(error: Exception) -> None:
        if isinstance(error, AppError) and error.code == "not_found":
            frame.toast("There is no backup to test yet. Make one first.", undo=False)
        else:
            frame.fail(error)

    watched.run(frame, "Testing the backup", work, tested, missed)


def _record(result: Drill, books: Books) -> None:
    from app.services.backup import drills  # noqa: PLC0415 - loaded already

    drills.record(books, result)


class DrillSheet(Sheet):
    """What a test compared, with what differs first."""

    def __init__(self, page: Page, result: Drill) -> None:
        super().__init__(page.window(), "The backup holds" if result.ok else "The backup does not hold", width=600)
        unequal = [each for each in result.compared if not each.equal]
        good = len(result.compared) - len(unequal)
        self.body.addWidget(
            Label(
                f"It was restored into a folder of its own, opened, compared, and removed again: {good} of "
                f"{len(result.compared)} comparisons are equal, {result.rows:,} transactions.",
                Role.BODY, "text" if result.ok else "danger", wrap=True,
            )
        )  # fmt: skip
        ways = " or the ".join(result.opens_with)
        travel = (
            f"It opens on any computer with the {ways} of that day."
            if result.portable
            else ("It opens only on this computer: print the recovery sheet, then back up again.")
        )
        self.body.addWidget(Label(travel, Role.BODY, "muted", wrap=True))
        order = list(_TABLES)
        known = [each for each in result.compared if each.equal and each.what in _TABLES]
        rest = [each for each in result.compared if each.equal and each.what not in _TABLES]
        known.sort(key=lambda each: order.index(each.what))
        self.body.addWidget(_table([*unequal, *known, *rest]))
        if result.missing_receipts:
            said = f"{len(result.missing_receipts)} receipt files are missing or damaged."
            self.body.addWidget(Label(said, Role.BODY, "danger", wrap=True))
        if result.since:
            changed = [name for each in result.since if (name := _TABLES.get(each.what))]
            if changed:
                words = f"Changed in the books since it was made: {', '.join(changed)}."
                self.body.addWidget(Label(words, Role.SMALL, "muted", wrap=True))
        close = Button("Close", kind="primary")
        close.clicked.connect(self.close_box)
        self.add_button(close)
        self.closed.connect(self.deleteLater)


def _table(compared: list[Compared]) -> Card:
    """List what differs, then what a person knows by name; the rest in one line."""
    card = Card("Compared", "written down when it was made, and found after restoring")
    rest = 0
    for each in compared:
        name = _TABLES.get(each.what, "" if each.equal else each.what)
        if not name:
            rest += 1
            continue
        value = each.found if each.equal else f"{each.expected} written down, {each.found} found"
        fact = Fact(naming.capital(name), _short(value))
        if not each.equal:
            fact.label.set_color("danger")
        card.add_inset(fact, 0, 0)
    card.add_inset(Fact("All other tables, and each total of an account and year", f"{rest} equal"), 0, 0)
    card.body.addSpacing(current().dp(8))
    return card


def _short(value: str) -> str:
    return " ".join(f"{word[:12]}…" if len(word) > 20 else word for word in value.split(" "))


def chosen(page: Page, path: Path) -> None:
    """Offer to restore a backup file from anywhere. One of other books is refused, with a way."""

    def look(books: Books, _token: Token) -> tuple[Row, str]:
        from app.services.backup import backup_page  # noqa: PLC0415 - rare

        row = backup_page.of_file(books, path)
        return row, backup_words.moment(row.created, books)

    def looked(answer: tuple[Row, str]) -> None:
        row, when = answer
        if row.is_own:
            RestoreSheet(page, row, when).open_box()
        else:
            _refuse_other(page)

    def missed(error: Exception) -> None:
        if isinstance(error, AppError):
            _say(page, "That file cannot be restored", words_of(error))
        else:
            page.frame.fail(error)

    page.fetch(look, looked, name="backup file", failed=missed)


def _refuse_other(page: Page) -> None:
    _say(
        page, "That is a backup of other books",
        "It would take the place of these. Restore it into a folder without books instead: lock these, choose another "
        "folder on the page that opens them, and restore it there.",
    )  # fmt: skip


def _say(page: Page, title: str, words: str) -> None:
    sheet = Sheet(page.window(), title)
    sheet.body.addWidget(Label(words, Role.BODY, "text", wrap=True))
    close = Button("Close", kind="primary")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(close)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
