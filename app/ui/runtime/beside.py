"""The thread that talks to a bank, and the writing books it has for itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from app.core.errors import Cancelled

if TYPE_CHECKING:
    from app.core.ports import Clock
    from app.services.books.open_books import Books
    from app.ui.runtime.tasks import Token

T = TypeVar("T")


class Beside:
    """Opens its books when they are first needed, and keeps them until it is closed: own keys' relay lives as long."""

    def __init__(self, open_: Callable[[], Books] | None) -> None:
        self._open = open_
        self._pool: ThreadPoolExecutor | None = None
        self._books: Books | None = None
        self._is_over = False

    def submit(self, work: Callable[[Books, Token], T], token: Token) -> Future[T]:
        """Run work after what runs already."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "bank")

        def job() -> T:
            token.check()
            return work(self._opened(), token)

        return self._pool.submit(job)

    def _opened(self) -> Books:
        if self._books is None:
            if self._open is None:
                raise Cancelled("These books talk to no bank.", "Open your own books for that.")
            self._books = self._open()
            if self._is_over:
                self._books.hang_up()
        return self._books

    def take_clock(self, clock: Clock) -> None:
        """Let its books tell the day by another clock."""
        if self._books is not None:
            self._books.clock = clock

    def renew(self) -> None:
        """Open the books afresh with the next work: how they keep secrets has changed."""
        if self._pool is not None:
            self._pool.submit(self._shut)

    def hang_up(self) -> None:
        """Break off the call under way, so that its work ends now and lets go of the keys; any thread may say so."""
        self._is_over = True
        books = self._books
        if books is not None:
            books.hang_up()

    def close(self, *, wait: bool) -> None:
        """Close the books on their thread, after the work that runs."""
        if self._pool is None:
            return
        self._pool.submit(self._shut)
        self._pool.shutdown(wait=wait)

    def _shut(self) -> None:
        books, self._books = self._books, None
        if books is not None:
            books.close()
