"""Work off the GUI thread: one writer, two readers; results come back on the GUI thread.

The GUI thread never waits for a sum, a file, a key derivation or the disk. Every change goes through the one writer
thread, which owns the write connection; each pool thread has a read-only connection of its own, because a scan on a
shared connection makes a point read wait for it (measured: 153 ms median against 0.3).

What talks to a bank waits for the network in the middle of its work. It has a thread and writing books of its own, so
that neither a change nor a read ever waits for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.core.errors import Cancelled, FaultError
from app.services.program import program_log
from app.ui.runtime.beside import Beside
from app.ui.runtime.pauses import NoSearch

if TYPE_CHECKING:
    from app.core.ports import Clock
    from app.services.books.open_books import Books

_READERS = 2

T = TypeVar("T")
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Token:
    """Lets the GUI thread call off work that runs elsewhere."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raises: Cancelled, between two steps of the work."""
        if self._cancelled.is_set():
            raise Cancelled("Stopped.", "Nothing was changed.")


class Tasks(QObject):
    """Runs service calls on worker threads. All callbacks arrive on the GUI thread, in the order the work ended."""

    _landed = Signal(object)
    _came_back = Signal(object)
    written = Signal()
    """A write has ended, well or badly, and its callback has been called."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, "db-writer")
        self._pool = ThreadPoolExecutor(_READERS, "pool")
        self._local = threading.local()
        self._readers: list[Books] = []
        self._readers_lock = threading.Lock()
        self._books: Books | None = None
        self._beside = Beside(None)
        self._generation = 0
        self._tokens: set[Token] = set()
        self._waiting = 0
        self._no_search = NoSearch()
        self._has_stopped = False
        self.unexpected: Failed = _raise
        """What happens to an error for which a caller gave no `failed`."""
        self._landed.connect(self._land, Qt.ConnectionType.QueuedConnection)
        self._came_back.connect(self._land_beside, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Return whether nothing runs and no result is on its way."""
        return self._waiting == 0

    def adopt(self, books: Books, open_beside: Callable[[], Books] | None = None) -> None:
        """Take the open books; they were opened on the writer thread by `on_writer`.

        `open_beside` opens second writing books, for what talks to a bank.
        """
        self._books = books
        self._beside = Beside(open_beside)

    def take_clock(self, clock: Clock) -> None:
        """Let every reader tell the day by another clock."""
        with self._readers_lock:
            for reader in self._readers:
                reader.clock = clock
        self._beside.take_clock(clock)

    def on_writer(self, work: Callable[[], T], done: Done | None = None, failed: Failed | None = None) -> None:
        """Run work without books on the writer thread: opening, making and closing them."""
        self._submit(self._writer, work, done, failed, written=True)

    def write(
        self, work: Callable[[Books], T], done: Done | None = None, failed: Failed | None = None,
        token: Token | None = None,
    ) -> None:  # fmt: skip
        """Run a change on the writer thread; it gets the writing books."""
        books = self._need()
        if token is not None:
            self._tokens.add(token)
        self._submit(self._writer, lambda: work(books), done, failed, written=True)

    def run(self, work: Callable[[Books, Token], T], done: Done | None = None, failed: Failed | None = None) -> Token:
        """Run a read in the pool; it gets read-only books of its thread. Its result is dropped once cancelled."""
        books, token, local = self._need(), Token(), self._local
        self._tokens.add(token)

        def job() -> T:
            token.check()
            return work(self._reader(books, local), token)

        self._submit(self._pool, job, done, failed, token=token)
        return token

    def free(self, work: Callable[[Token], T], done: Done | None = None, failed: Failed | None = None) -> Token:
        """Run work that needs no books in the pool. When the window ends it is told to stop."""
        token = Token()
        self._tokens.add(token)
        self._submit(self._pool, lambda: work(token), done, failed, token=token)
        return token

    def beside(
        self, work: Callable[[Books, Token], T], done: Done | None = None, failed: Failed | None = None
    ) -> Token:
        """Run work that waits for the network, on its own thread with writing books of its own, one after the other.

        It must check its token wherever it waits. It does not count as work for `is_idle`: it may take minutes.
        """
        self._need()
        token, generation = Token(), self._generation
        self._tokens.add(token)

        def ended(future: Future[T]) -> None:
            self._came_back.emit((generation, done, failed, token, future))

        self._beside.submit(work, token).add_done_callback(ended)
        return token

    def renew_beside(self) -> None:
        """Let what talks to a bank open its books afresh: what opens them, or keeps their secrets, has changed."""
        self._beside.renew()

    def release(
        self, done: Callable[[], None] | None = None, close: Callable[[], None] | None = None, *, wait: bool = False
    ) -> None:
        """Cancel what runs, let the writer finish, close every connection. Results still on their way are dropped.

        `close` closes the writing books in place of their own `close`; it runs on the writer thread. What talks to a
        bank is hung up on, and closes its own books then: with `wait` nothing goes on before that.
        """
        books, self._books = self._books, None
        aside, self._beside = self._beside, Beside(None)
        self._generation += 1
        for token in self._tokens:
            token.cancel()
        self._tokens.clear()
        aside.hang_up()
        with self._readers_lock:
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.interrupt()
        pool, self._pool = self._pool, ThreadPoolExecutor(_READERS, "pool")
        local, self._local = self._local, threading.local()
        # A connection is closed on the thread that opened it: each thread of the old pool takes one of these, because
        # nobody passes the barrier before all have come.
        together = threading.Barrier(_READERS)
        for _ in range(_READERS):
            pool.submit(_close_reader, local, together)
        if close is None and books is not None:
            close = books.close

        def released(_none: None) -> None:
            self._no_search.thaw()
            if done is not None:
                done()

        self._submit(self._writer, partial(_close_books, pool, close, aside, wait=wait), released, None)

    def set_aside(self) -> Books:
        """Close every reader and hand out the writing books, which stay open; only the writer thread may use them."""
        books = self._need()
        self.release(close=lambda: None, wait=True)
        return books

    def stop(self) -> None:
        """End the threads when the program ends."""
        self.release()
        self._has_stopped = True
        self._writer.shutdown(wait=True)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _need(self) -> Books:
        if self._books is None:
            raise Cancelled("The books are locked.", "Unlock them first.")
        return self._books

    def _reader(self, books: Books, local: threading.local) -> Books:
        """Return the calling thread's read-only books; `local` is the pool's own, renewed when the books are closed."""
        held: Books | None = getattr(local, "held", None)
        if held is None:
            held = local.held = books.reader()
            with self._readers_lock:
                self._readers.append(held)
        return held

    def _submit(
        self, pool: ThreadPoolExecutor, job: Callable[[], T], done: Done | None, failed: Failed | None, *,
        token: Token | None = None, written: bool = False,
    ) -> None:  # fmt: skip
        if self._has_stopped:
            return  # a timer that fired while the program ends
        generation = self._generation
        self._waiting += 1
        self._no_search.begin()
        thread = "writer" if written else "reader"

        def timed() -> T:
            begun = time.monotonic()
            try:
                return job()
            finally:
                took = int((time.monotonic() - begun) * 1000)
                if took > program_log.SLOW_MS:
                    program_log.note(program_log.Event.TASK_SLOW, thread=thread, took=took)

        def ended(future: Future[T]) -> None:
            self._landed.emit((generation, done, failed, token, future, written))

        pool.submit(timed).add_done_callback(ended)

    def _land(self, packet: tuple[int, Done | None, Failed | None, Token | None, Future[Any], bool]) -> None:
        generation, done, failed, token, future, written = packet
        self._waiting -= 1
        self._no_search.end()
        if token is not None:
            self._tokens.discard(token)
        if generation == self._generation and not (token is not None and token.is_cancelled):
            self._call_back(future, done, failed)
        if written:
            self.written.emit()

    def _land_beside(self, packet: tuple[int, Done | None, Failed | None, Token, Future[Any]]) -> None:
        generation, done, failed, token, future = packet
        self._tokens.discard(token)
        if generation == self._generation and not future.cancelled():
            self._call_back(future, done, failed)
            self.written.emit()

    def _call_back(self, future: Future[Any], done: Done | None, failed: Failed | None) -> None:
        """Hand over what came of a piece of work; one that was called off before it began came to nothing."""
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            if done is not None:
                done(future.result())
        elif not isinstance(error, Exception):
            raise error
        else:
            told = self.told(error)
            if isinstance(told, FaultError):
                program_log.task_failed(told)
            (failed or self.unexpected)(told)

    def told(self, error: Exception) -> Exception:
        """Return what a person is told of an error that no service translated: the database's own, of a bad page."""
        if type(error).__module__.split(".", 1)[0] != "sqlcipher3":
            return error
        from app.services.integrity import damage  # noqa: PLC0415 - rare

        return damage.told(self._books, error)


def _close_reader(local: threading.local, together: threading.Barrier) -> None:
    together.wait()
    held: Books | None = getattr(local, "held", None)
    if held is not None:
        held.close()


def _close_books(pool: ThreadPoolExecutor, close: Callable[[], None] | None, aside: Beside, *, wait: bool) -> None:
    pool.shutdown(wait=True)
    aside.close(wait=wait)
    if close is not None:
        close()


def _raise(error: Exception) -> None:
    raise error
