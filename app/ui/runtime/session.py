"""The books as the window holds them: none yet, locked, or open; with the GUI thread's own read connection."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import AppError, Busy, Cancelled, NoBooks
from app.services.program import program_log
from app.ui.runtime.running_alone import Ended, run_alone
from app.ui.runtime.tasks import Failed, T, Tasks
from app.ui.runtime.wiring import How, Secret, Wiring

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books

_WATCH_MS = 1000
"""How often the window asks whether another program has changed the books (it costs 3.5 µs)."""


class State(StrEnum):
    NONE = "none"
    LOCKED = "locked"
    OPEN = "open"
    ALONE = "alone"
    """Work runs that must have the books to itself: nothing of them is shown, and they come back by themselves."""


class Shut(StrEnum):
    """Why books that were open are locked."""

    ASKED = "asked"
    IDLE = "idle"
    AWAY = "away"
    """The computer was locked, put to sleep, or given to another user."""
    DAMAGED = "damaged"
    """Damage was met, and the person wants to see what can be done."""


class Session(QObject):
    """One home. Opening, making, locking run on the writer thread; signals say when they are done."""

    state_changed = Signal()
    changed = Signal()
    """What the books hold may be different now: visible pages load again, hidden ones when shown."""

    def __init__(self, home: Path, wiring: Wiring, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self.wiring = wiring
        self.tasks = Tasks(self)
        self.is_sample = False
        self.needs_passphrase = True
        self.has_recovery_key = False
        self.by_recovery_key = False
        """Whether the open books were opened by their recovery key: a new passphrase may be wanted."""
        self.only_looks = False
        """Whether the open books are damaged ones that are only looked at."""
        self.trouble: AppError | None = None
        """Why the home cannot be opened at all, where its files say so already."""
        self.state = State.NONE
        self.shut: Shut | None = None
        """Why the books of this home were locked; None when they were not open yet."""
        self._is_opening = self._has_ended = False
        self._lock_after: Shut | None = None
        """Why the books are to be locked once the work that has them to itself has ended."""
        self._unclaimed: Callable[[], None] | None = None
        """Closes books that were opened on the writer thread and have not arrived here yet."""
        self._gui: Books | None = None
        self._cleanup: Callable[[], None] | None = None
        self._version = 0
        self._zone = ""
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look)
        self.look_at_home()

    @property
    def gui(self) -> Books:
        """The books on the GUI thread's own connection: point and block reads only. Raises: Cancelled when locked."""
        if self._gui is None:
            raise Cancelled("The books are locked.", "Unlock them first.")
        return self._gui

    @property
    def today(self) -> Day:
        from app.core.dates import day_of  # noqa: PLC0415 - not needed to paint the first window

        return day_of(self.wiring.today())

    def look_at_home(self) -> None:
        """Find out whether there are books and what opens them, without opening anything."""
        from app.services.vault import book_keys  # noqa: PLC0415 - reads only the key file

        self.trouble, self.has_recovery_key = None, False
        try:
            self.needs_passphrase = book_keys.mode_of(self.home).value != "keychain"
            self.has_recovery_key = book_keys.has_recovery_key(self.home)
            self.state = State.LOCKED
        except NoBooks:
            self.state = State.NONE
        except AppError as error:
            self.state, self.trouble = State.LOCKED, error

    def use_home(self, home: Path) -> None:
        """Turn to another home while no books are open."""
        self.home, self.shut = home, None
        self.look_at_home()
        self.state_changed.emit()

    def wait_seconds(self) -> int:
        """Return how long the next passphrase has to wait after wrong ones; the books' folder remembers."""
        from app.services.vault import attempts  # noqa: PLC0415 - reads a line

        return attempts.wait_seconds(self.home, self.wiring.clock().now())

    def unlock(
        self, passphrase: str | None, done: Callable[[], None], failed: Failed, *, recovery_key: str | None = None,
        only_look: bool = False,
    ) -> None:  # fmt: skip
        """Open the books with a passphrase, a recovery key, or the keychain alone; damaged ones only to look at."""
        home, secret = self.home, Secret(passphrase, recovery_key)

        def work() -> Books:
            if recovery_key is None and not only_look:
                return self.wiring.open_books(home, passphrase)
            return self.wiring.open_otherwise(home, secret.unlock(), How.LOOK if only_look else How.WORK)

        def opened(books: Books) -> None:
            self.by_recovery_key, self.only_looks = recovery_key is not None and not only_look, only_look
            self._adopt(books)
            done()

        self._on_writer(work, lambda books: books.close, opened, failed)

    def create(
        self, mode: str, passphrase: str | None, done: Callable[[], None], failed: Failed,
        begin: Callable[[Books], object] | None = None,
    ) -> None:  # fmt: skip
        """Make new books in this home and open them; `begin` writes what comes first, on the writer thread."""
        home = self.home

        def make() -> Books:
            books = self.wiring.create_books(home, mode, passphrase)
            try:
                if begin is not None:
                    begin(books)
                    self.wiring.adopt(books)
            except BaseException:
                books.close()
                raise
            return books

        self._open(make, done, failed)

    def _open(self, work: Callable[[], Books], done: Callable[[], None], failed: Failed) -> None:
        def opened(books: Books) -> None:
            self._adopt(books)
            done()

        self._on_writer(work, lambda books: books.close, opened, failed)

    def open_sample(
        self, done: Callable[[], None], failed: Failed, tell: Callable[[int, int], None] | None = None
    ) -> None:
        """Open the sample books: real, encrypted, thrown away when left. `tell` is called on the writer thread."""
        from app.services.program import sample_books  # noqa: PLC0415 - only when it is wanted

        def opened(sample: sample_books.SampleBooks) -> None:
            self.is_sample, self._cleanup = True, sample.close
            self._adopt(sample.books)
            done()

        self._on_writer(
            lambda: sample_books.open_sample(self.wiring.create_throwaway, tell), lambda sample: sample.close, opened,
            failed,
        )  # fmt: skip

    def _on_writer(
        self, work: Callable[[], T], closing: Callable[[T], Callable[[], None]], opened: Callable[[T], None],
        failed: Failed,
    ) -> None:  # fmt: skip
        """Open something on the writer thread, one at a time. Should the window close first, it is closed again."""
        if self._is_opening:
            failed(Busy("Books are being opened just now.", "Try again in a moment."))
            return
        self._is_opening = True

        def job() -> T:
            found = work()
            self._unclaimed = closing(found)
            return found

        def arrived(found: T) -> None:
            self._is_opening = False
            opened(found)

        def missed(error: Exception) -> None:
            self._is_opening = False
            failed(error)

        self.tasks.on_writer(job, arrived, missed)

    def _adopt(self, books: Books) -> None:
        self._unclaimed = None
        home, key = self.home, books.key_hex()
        may_talk = not (self.is_sample or self.only_looks)
        self.tasks.adopt(books, (lambda: self.wiring.open_beside(home, key)) if may_talk else None)
        self._gui = books.reader()
        self._version = self._gui.data_version()
        self._zone = self._zone_of(self._gui)
        self.state = State.OPEN
        self._watch.start()
        self.tasks.written.connect(self._look)
        self.state_changed.emit()

    def _zone_of(self, books: Books) -> str:
        """Return the time zone of the profile; of damaged books what can be had."""
        try:
            return books.settings.profile(books.clock.today().year)[0].get("time_zone", "")
        except Exception as error:  # noqa: BLE001 - the raw error of a page that cannot be read
            self.tasks.told(error)
            return ""

    def lock(self, done: Callable[[], None] | None = None, *, shut: Shut = Shut.ASKED) -> None:
        """Close every connection and forget the keys; the sample is removed."""
        if self.state is State.ALONE:
            self._lock_after = shut
        if self.state is not State.OPEN:
            return
        self.shut = None if self.is_sample else shut
        self._let_go()
        cleanup, self._cleanup = self._cleanup, None
        self.is_sample = self.by_recovery_key = self.only_looks = False

        def released() -> None:
            program_log.forget_secrets()  # not before: closing still uses them
            if done is not None:
                done()

        self.tasks.release(released, cleanup)
        program_log.note(program_log.Event.BOOKS_LOCKED, why=shut.value)
        self.look_at_home()
        self.state_changed.emit()

    def _let_go(self) -> None:
        """Close the GUI thread's own connection."""
        self._watch.stop()
        self.tasks.written.disconnect(self._look)
        if self._gui is not None:
            self._gui.close()
            self._gui = None

    def alone(
        self, work: Callable[[Books], T], done: Callable[[T], None], failed: Failed, *, closed: bool = False
    ) -> None:  # fmt: skip
        """Run work that needs the books to itself, on the writer thread, and open them for the window again.

        It gets the writing books with every other connection closed; with `closed` they are closed too, and opened
        again with the key they had. Should it leave them closed, what is in the home now decides what is shown.
        """
        books = self.tasks.set_aside()
        self._let_go()
        self.state, self._lock_after = State.ALONE, None
        self._unclaimed = books.close

        def job() -> Ended:
            ended = run_alone(books, work, self.wiring.open_with_key if closed else None)
            self._unclaimed = ended.books.close if ended.books is not None else None
            return ended

        def arrived(ended: Ended) -> None:
            self._come_back(ended.books)
            if ended.error is not None:
                failed(ended.error)
            else:
                done(ended.result)
            shut, self._lock_after = self._lock_after, None
            if shut is not None:
                self.lock(shut=shut)

        def missed(error: Exception) -> None:
            self._come_back(None)
            failed(error)

        self.state_changed.emit()
        self.tasks.on_writer(job, arrived, missed)

    def _come_back(self, books: Books | None) -> None:
        if books is None:
            self._cleanup, self.is_sample, self.shut = None, False, None
            program_log.forget_secrets()
            self.look_at_home()
            self.state_changed.emit()
            return
        self._adopt(books)

    def end(self) -> None:
        """Close what is open, also books that have only just been opened, and end the threads."""
        if self._has_ended:
            return
        self._has_ended = True
        self.lock()
        self.tasks.on_writer(self._close_unclaimed)
        self.tasks.stop()

    def _close_unclaimed(self) -> None:
        close, self._unclaimed = self._unclaimed, None
        if close is not None:
            close()

    def _look(self) -> None:
        if self._gui is None:
            return
        version = self._gui.data_version()
        if version != self._version:
            self._version = version
            self._follow_zone()
            self.changed.emit()

    def _follow_zone(self) -> None:
        """Take a new time zone of the profile for every connection: it decides which day it is."""
        from app.services.tax import profile  # noqa: PLC0415 - pulls in services

        books = self._gui
        if books is None or self.is_sample or profile.time_zone(books) == self._zone:
            return
        self._zone = profile.time_zone(books)

        def adopted(now: Books) -> None:
            if self._gui is books:
                self.tasks.take_clock(now.clock)
                books.clock = now.clock
                self.changed.emit()

        def adopt(writing: Books) -> Books:
            self.wiring.adopt(writing)
            return writing

        self.tasks.write(adopt, adopted)
