"""What the window does for the books by itself once they are open: today's backup, and a check that they are whole.

It begins a moment after the first page is painted, one step after the other, in the pool; only the record of a backup
is written, on the writer thread. Locking stops it wherever it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import AppError, Cancelled, DamagedBooks
from app.ui.runtime.session import Session, State
from app.ui.runtime.tasks import Token
from app.ui.runtime.when import when_words

if TYPE_CHECKING:
    from app.services.backup.backup_page import Standing
    from app.services.backup.backups import Made
    from app.services.books.open_books import Books
    from app.services.integrity.health import Health

_WAIT_MS = 1500
"""After which it begins: the first page has loaded by then."""
_AGAIN_MS = 3_600_000
"""How often a window that stays open looks whether another day has begun."""
OLDER = "newest changes"
_SUMS = "month totals"


class Notice(NamedTuple):
    """What is said above every page; `section` of the settings shows what can be done, or another `page`."""

    kind: str
    title: str
    text: str
    action: str
    section: str
    page: str = "settings"


class Checked(NamedTuple):
    """A check of the books in this session."""

    health: Health
    stamp: str
    deep: bool


class Upkeep(QObject):
    """Emits `changed` when any of its answers did."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.by_itself = True
        """Whether it begins when books are opened; else somebody calls `begin`."""
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self.begin)
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self._look_for_backup)
        self._forget()
        session.state_changed.connect(self._state)
        session.tasks.written.connect(self._notice_damage)

    def _forget(self) -> None:
        self.checked: Checked | None = None
        self.backup_trouble: AppError | None = None
        self.backup_words = ""
        self.damage: DamagedBooks | None = None

    def _state(self) -> None:
        self._timer.stop()
        self._again.stop()
        self._forget()
        self.changed.emit()
        may = not (self._session.is_sample or self._session.only_looks)
        if self._session.state is State.OPEN and may and self.by_itself:
            self._timer.start()

    def begin(self) -> None:
        """Look after the books that are open now."""
        if self._session.state is State.OPEN:
            self._again.start()
            self._look_for_backup(then_check=True)

    @property
    def notice(self) -> Notice | None:
        """Return the one thing that must not stay unseen."""
        if self.checked is not None and not self.checked.health.ok:
            return self._of_health(self.checked.health)
        if self.damage is not None:
            return _damaged(self.damage.message)
        if self.backup_trouble is not None:
            text = self.backup_trouble.message
            return Notice("warn", "Today’s backup could not be made.", text, "See what can be done", "backups")
        return None

    @staticmethod
    def _of_health(health: Health) -> Notice:
        names = {finding.name for finding in health.troubles}
        if names == {_SUMS}:
            return Notice("warn", "The month totals do not add up.", "They can be added up again.", "Look", "security")
        if names <= {OLDER, _SUMS}:
            title = "These books are older than the ones you last used."
            return Notice("danger", title, "Until you decide, they are only read.", "See what can be done", "security")
        return _damaged(health.troubles[0].said)

    def take(self, health: Health, stamp: str, *, deep: bool) -> None:
        """Keep what a check found, whoever asked for it."""
        self.checked = Checked(health, stamp, deep)
        if health.ok:
            self.damage = None
        self.changed.emit()

    def backed_up(self) -> None:
        """Tell anew when the last backup was made; today's may have been made by hand."""
        self.backup_trouble = None
        self._session.tasks.run(_standing, self._show_standing, self._shrug)

    # --- the steps

    def _look_for_backup(self, *, then_check: bool = False) -> None:
        def found(answer: tuple[Standing, str]) -> None:
            self._show_standing(answer)
            if answer[0].is_due:
                self._back_up(then_check=then_check)
            elif then_check:
                self._check()

        def missed(error: Exception) -> None:
            self._shrug(error)
            if then_check:
                self._check()

        if self._session.state is State.OPEN:
            self._session.tasks.run(_standing, found, missed)

    def _show_standing(self, answer: tuple[Standing, str]) -> None:
        standing, words = answer
        self.backup_words = f"Backed up {words}" if standing.created else "No backup yet"
        self.changed.emit()

    def _back_up(self, *, then_check: bool) -> None:
        def write(books: Books, token: Token) -> Made:
            from app.services.backup import backup_page  # noqa: PLC0415 - after the first page

            return backup_page.write_daily(books, lambda _done, _all: token.check())

        def record(made: Made) -> None:
            self._session.tasks.write(lambda books: _record(books, made), lambda _none: recorded(), missed)

        def recorded() -> None:
            self.backed_up()
            if then_check:
                self._check()

        def missed(error: Exception) -> None:
            self._shrug(error)
            if isinstance(error, AppError) and not isinstance(error, Cancelled):
                self.backup_trouble = error
                self.backup_words = "Not backed up today"
                self.changed.emit()
            if then_check and not isinstance(error, Cancelled):
                self._check()

        self._session.tasks.run(write, record, missed)

    def _check(self) -> None:
        def work(books: Books, token: Token) -> tuple[Health, str]:
            from app.services.integrity import health  # noqa: PLC0415 - after the first page

            return health.check(books, deep=False, cancel=token.check), books.stamp()

        self._session.tasks.run(work, lambda found: self.take(found[0], found[1], deep=False), self._shrug)

    def _shrug(self, error: Exception) -> None:
        """Pass on what is our bug; all else is told by what was found, or by what the person does next."""
        if not isinstance(error, AppError):
            raise error
        self._notice_damage()

    def _notice_damage(self) -> None:
        """Tell of damage that any connection has met meanwhile."""
        met = self._session.gui.damaged if self._session.state is State.OPEN else None
        if met is not self.damage:
            self.damage = met
            self.changed.emit()


def _damaged(text: str) -> Notice:
    title = "These books are damaged, so they are only read."
    return Notice("danger", title, text, "See what can be done", "security")


def _standing(books: Books, _token: Token) -> tuple[Standing, str]:
    from app.core.dates import day_of  # noqa: PLC0415 - after the first page
    from app.services.backup import backup_page  # noqa: PLC0415 - same

    standing = backup_page.standing(books)
    when = when_words(standing.created, books.zone(), day_of(books.clock.today())) if standing.created else ""
    return standing, when


def _record(books: Books, made: Made) -> None:
    from app.services.backup import backups  # noqa: PLC0415 - loaded already

    backups.record(books, made)
    backups.prune(books)
