"""One run of the command line: the options before the noun, and the books, opened when first needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.cli import output
from app.core.errors import AppError, Conflict

if TYPE_CHECKING:
    import argparse

    from app.core.ports import Clock, Keychain, Randomness
    from app.services.books.open_books import Books, Unlock


class Wiring(NamedTuple):
    """What the bootstrap hands to the front end, so that it never touches store or adapters."""

    open_books: Callable[[Path, Options], Books]
    open_for_keys: Callable[[Path, Options], tuple[Books, str | None]]
    """Opens the books and gives the passphrase they were opened with, for what wraps the keys anew."""
    open_rescue: Callable[[Path, Options], Books]
    """Opens damaged books too: what is wrong stands in `damaged`, and nothing is written."""
    create_books: Callable[[Path, Options, str | None, int | None], tuple[Books, str]]
    create_throwaway: Callable[[Path, Options], Books]
    """Makes books that are deleted in a moment, with the cheapest key stretching."""
    new_passphrase: Callable[[int | None, str | None], str | None]
    """Reads a passphrase to come from a descriptor or a file, or asks for it twice."""
    keychain: Callable[[], Keychain]
    randomness: Callable[[], Randomness]
    default_home: Callable[[], Path]
    clock: Callable[[date | None, str], Clock]
    prove_window: Callable[[], str]
    """Draws a widget without a screen and returns Qt's version. Raises whatever Qt lacks."""
    unlock: Callable[[Options], Unlock]
    """Reads what was given to unlock with, without opening anything."""
    open_browser: Callable[[str], bool]
    """Opens a page in the person's own browser."""


class Options(NamedTuple):
    """The options before the noun."""

    home: str | None = None
    passphrase_fd: int | None = None
    passphrase_file: str | None = None
    key_fd: int | None = None
    recovery_fd: int | None = None
    recovery_file: str | None = None
    today: date | None = None
    json: bool = False
    quiet: bool = False
    verbose: bool = False
    read_only: bool = False


class Session:
    def __init__(self, options: Options, wiring: Wiring) -> None:
        self.options = options
        self.wiring = wiring
        self._books: Books | None = None

    @property
    def home(self) -> Path:
        # straight, without links and dots: folders below it are only made where no part of the way is a link
        given = Path(self.options.home).expanduser() if self.options.home else self.wiring.default_home()
        return Path(os.path.realpath(given))

    @property
    def gave_a_way_to_unlock(self) -> bool:
        given = self.options
        ways = (given.passphrase_fd, given.passphrase_file, given.key_fd, given.recovery_fd, given.recovery_file)
        return any(way is not None for way in ways)

    @property
    def books(self) -> Books:
        """The open books; opened on first use. Raises: every opening error of the contract."""
        if self._books is None:
            self._books = self.wiring.open_books(self.home, self.options)
        return self._books

    def open_for_keys(self) -> tuple[Books, str | None]:
        """Return the open books and the passphrase that was given for them, if one was."""
        self._books, passphrase = self.wiring.open_for_keys(self.home, self.options)
        return self._books, passphrase

    @property
    def rescued(self) -> Books:
        """The open books, damaged or not. Raises: as `books`, damage only where nothing can be read."""
        if self._books is None:
            self._books = self.wiring.open_rescue(self.home, self.options)
        return self._books

    def refuse_read_only(self) -> None:
        """Raises: Conflict under --read-only, for what changes the home without opening its books."""
        if self.options.read_only:
            raise Conflict(
                "With --read-only nothing is put in the place of books.", "Leave out --read-only.", code="not_writable"
            )

    def told(self, error: Exception) -> Exception:
        """Return what a person is told of an error that no service translated: the database's own, of a bad page."""
        if type(error).__module__.split(".", 1)[0] != "sqlcipher3":
            return error
        from app.services.integrity import damage  # noqa: PLC0415 - rare

        return damage.told(self._books, error)

    def year(self, arguments: argparse.Namespace) -> int:
        """Return the year that was asked for, this one where none was."""
        return int(arguments.year or self.books.clock.today().year)

    def adopt(self, books: Books) -> None:
        self._books = books

    def close(self) -> None:
        """Close the books. What fails then comes after the answer and takes nothing back: it is told beside it."""
        books, self._books = self._books, None
        if books is not None:
            try:
                try:
                    if books.changed:
                        self._back_up(books)
                finally:
                    books.close()
            except AppError as error:
                output.say(f"The books could not be closed as they should be. {error.message} {error.hint}".rstrip())

    def _back_up(self, books: Books) -> None:
        """Make today's backup after the first change of the day. The change stands, whatever comes of this."""
        from app.services.backup import safety  # noqa: PLC0415 - only after a change

        try:
            safety.daily_after_change(books, self.progress)
        except AppError as error:
            self.note(f"Today's backup could not be made: {error.message} {error.hint}".rstrip())

    def emit(self, body: dict[str, Any], text: str = "") -> None:
        output.emit(body, as_json=self.options.json, text="" if self.options.quiet else text)

    def emit_rows(self, name: str, rows: Iterable[dict[str, Any]], rest: Callable[[], dict[str, Any]]) -> None:
        """Print one object whose rows are written as they come; `rest` is asked behind the last one."""
        output.emit_rows(name, rows, rest)

    def note(self, text: str) -> None:
        if not self.options.quiet:
            output.say(text)

    def progress(self, done: int, total: int) -> None:
        """Show how far a long job is, only on a terminal."""
        if total > 1 and sys.stderr.isatty() and not self.options.quiet:
            sys.stderr.write(f"\r{done}/{total}\x1b[K" if done < total else "\r\x1b[K")
            sys.stderr.flush()
