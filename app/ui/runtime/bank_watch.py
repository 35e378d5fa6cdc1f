"""Keeps linked banks up to date while the window is open: at the start, every six hours, and when it is asked.

Banks are fetched one after the other on the thread beside. What fails for want of a network is tried again without a
word; only what a person must do themselves is told, once, above the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.core.bank import schedule
from app.core.errors import AppError, Busy, Cancelled
from app.ui.runtime import bank_words
from app.ui.runtime.bank_port import GONE, RECONNECT, BankPort, Link, Standing, Synced
from app.ui.runtime.bank_services import Services
from app.ui.runtime.session import Session, State
from app.ui.runtime.upkeep import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.ui.runtime.tasks import Token

_WAIT_MS = 4_000
"""After the books were opened: the first page and today's backup come before."""
_ALERT_DAYS = 7
"""So near its end a permission is said on every page, and not only beside the accounts."""
_GUARD_MS = 60_000
"""The least time between two tries of a bank that left no trace in the books."""
_TELL_MS = 30_000
"""How often the words that say how long ago are made anew."""
NOTHING = Standing(None, ())


def open_in_browser(url: str) -> bool:
    return QDesktopServices.openUrl(QUrl(url))


class BankWatch(QObject):
    """Emits `changed` when any answer may be another; `synced` with (connection, Synced) after each bank."""

    changed = Signal()
    synced = Signal(int, object)
    _told = Signal(int, int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.port: BankPort = Services()
        self.open_page: Callable[[str], bool] = open_in_browser
        self.by_itself = True
        """Whether it fetches on its own; else only when asked."""
        self._begin = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._begin.timeout.connect(self.begin)
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._sync_due)
        self._clock = QTimer(self, interval=_TELL_MS)
        self._clock.timeout.connect(self.changed)
        self._told.connect(self._count, Qt.ConnectionType.QueuedConnection)
        self._forget()
        session.state_changed.connect(self._state)
        session.changed.connect(self.load)

    def _forget(self) -> None:
        self.standing = NOTHING
        self.running: int | None = None
        """The bank that is being fetched."""
        self.fetched = 0
        """How many of its rows have come so far."""
        self.troubles: dict[int, AppError] = {}
        self._token: Token | None = None
        self._looking: Token | None = None
        self._waiting: list[tuple[int, bool]] = []
        self._asked: dict[int, int] = {}
        self._has_begun = False

    def _state(self) -> None:
        for timer in (self._begin, self._next, self._clock):
            timer.stop()
        self._forget()
        self.changed.emit()
        if self.can_link:
            self.load()
            self._clock.start()
            if self.by_itself:
                self._begin.start()

    # --- what is known

    @property
    def can_link(self) -> bool:
        """Return whether these books may talk to a bank: own ones, open for work."""
        session = self._session
        return session.state is State.OPEN and not (session.is_sample or session.only_looks)

    def load(self) -> None:
        """Ask how the banks stand; an older question whose answer is still to come is called off."""
        if self._looking is not None:
            self._looking.cancel()
        if self.can_link:
            self._looking = self._session.tasks.run(
                lambda books, _token: self.port.standing(books), self._show, self._shrug
            )

    def _show(self, standing: Standing) -> None:
        self.standing = standing
        known = {link.id for link in standing.links}
        self.troubles = {id_: error for id_, error in self.troubles.items() if id_ in known}
        self.changed.emit()
        self._plan()

    def link(self, connection: int) -> Link | None:
        return next((each for each in self.standing.links if each.id == connection), None)

    def link_of(self, account: int) -> Link | None:
        """Return the bank whose rows go to an account."""
        return next((each for each in self.standing.links if account in each.accounts), None)

    def trouble_of(self, link: Link) -> AppError | None:
        return self.troubles.get(link.id)

    def now_ms(self) -> int:
        return int(self._session.wiring.clock().now().timestamp() * 1000)

    def wait_ms(self, connection: int) -> int:
        """Return how long a bank cannot be asked for again by hand; 0 when it can."""
        link = self.link(connection)
        return 0 if link is None else max(0, min(schedule.APART, schedule.may_be_asked_at(_look(link)) - self.now_ms()))

    @property
    def notice(self) -> Notice | None:
        """Return the one thing about the banks that a person must do."""
        link = next((each for each in self.standing.links if each.health == RECONNECT), None)
        if link is not None:
            title, text, action = bank_words.sign_in(link.institution)
            return Notice("warn", title, text, action, "", "accounts")
        link = next((each for each in self.standing.links if each.health == GONE), None)
        if link is not None:
            title, text, action = bank_words.ended(link.institution)
            return Notice("warn", title, text, action, "", "accounts")
        ending = [each for each in self.standing.links if each.permission_ends and each.permission_days <= _ALERT_DAYS]
        if ending:
            link = min(ending, key=lambda each: each.permission_days)
            title, text, action = bank_words.permission(link)
            return Notice("warn", title, text, action, "", "accounts")
        return None

    @property
    def asking(self) -> int:
        """Return how many banks want something of the person."""
        return sum(1 for link in self.standing.links if link.health in {RECONNECT, GONE})

    @property
    def words(self) -> str:
        """Return what the status row says: nothing where no bank is linked."""
        return bank_words.status(self.standing.links, self.running, self.troubles, self.now_ms())

    # --- fetching

    def begin(self) -> None:
        """Look how the banks stand, then fetch them."""

        def found(standing: Standing) -> None:
            self._has_begun = True
            self._show(standing)
            for link in standing.links:
                if schedule.is_due(_look(link), self.now_ms(), at_start=True):
                    self.sync(link.id, by_hand=False)

        if self.can_link:
            self._session.tasks.run(lambda books, _token: self.port.standing(books), found, self._shrug)

    def sync_all(self, *, by_hand: bool = False) -> None:
        """Fetch every bank that can be read."""
        self._begin.stop()
        for link in self.standing.links:
            if link.health not in {RECONNECT, GONE}:
                self.sync(link.id, by_hand=by_hand)

    def _sync_due(self) -> None:
        for link in self.standing.links:
            due = self._due_at(link)
            if due is not None and due <= self.now_ms():
                self.sync(link.id, by_hand=False)
        self._plan()

    def _due_at(self, link: Link) -> int | None:
        """Return when a bank is to be fetched by itself; a try that left no trace is not repeated at once."""
        due, asked = schedule.due_at(_look(link)), self._asked.get(link.id, 0)
        if due is None or (link.tried_at or 0) >= asked:
            return due
        return max(due, asked + _GUARD_MS)

    def _plan(self) -> None:
        """Wake up when the next bank is due."""
        dues = [due for link in self.standing.links if (due := self._due_at(link)) is not None]
        if not self.by_itself or not self._has_begun or not dues or self.running is not None:
            return
        self._next.start(max(1_000, min(schedule.EVERY, min(dues) - self.now_ms())))

    def sync(self, connection: int, *, by_hand: bool = True) -> bool:
        """Fetch a bank; return False when it was asked for by hand too soon."""
        if not self.can_link:
            return False
        if by_hand and self.wait_ms(connection):
            return False
        if connection == self.running or any(connection == each for each, _ in self._waiting):
            return True
        self._waiting.append((connection, by_hand))
        self._go_on()
        return True

    def cancel(self) -> None:
        """Stop fetching. Nothing of what was under way is kept."""
        self._waiting.clear()
        if self._token is not None:
            self._token.cancel()

    def _go_on(self) -> None:
        if self.running is not None or not self._waiting:
            return
        connection, by_hand = self._waiting.pop(0)
        self.running, self.fetched = connection, 0
        self._asked[connection] = self.now_ms()
        self.changed.emit()

        def work(books: Books, token: Token) -> Synced:
            return self.port.sync(
                books,
                connection,
                check=token.check,
                tell=lambda rows: self._told.emit(connection, rows),
            )

        self._token = self._session.tasks.beside(
            work, lambda found: self._done(connection, found), lambda error: self._missed(connection, error, by_hand)
        )

    def _count(self, connection: int, rows: int) -> None:
        if connection == self.running:
            self.fetched = rows
            self.changed.emit()

    def _done(self, connection: int, found: Synced) -> None:
        self.troubles.pop(connection, None)
        self._end()
        self.synced.emit(connection, found)

    def _missed(self, connection: int, error: Exception, by_hand: bool) -> None:  # noqa: FBT001 - one caller
        if not isinstance(error, AppError):
            self._end()
            raise error
        if not isinstance(error, Cancelled | Busy):  # busy: the command line reads it just now
            self.troubles[connection] = error
        self._end()
        self.synced.emit(connection, error if by_hand else None)

    def _end(self) -> None:
        self.running, self._token, self.fetched = None, None, 0
        self.load()
        self.changed.emit()
        self._go_on()

    @staticmethod
    def _shrug(error: Exception) -> None:
        """Damage and a lock are told elsewhere; what is our bug is passed on."""
        if not isinstance(error, AppError):
            raise error


def _look(link: Link) -> schedule.Look:
    return schedule.Look(link.health, link.tried_at, link.synced_at, link.failures)
