"""Work on the writer thread that has the books to itself, and the books to go on with however it ends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.errors import AppError

if TYPE_CHECKING:
    from app.services.books.open_books import Books


class Ended(NamedTuple):
    """How work that had the books to itself ended, and the books to go on with; None when they are closed."""

    books: Books | None
    result: Any = None
    error: Exception | None = None


def run_alone(
    books: Books, work: Callable[[Books], Any], open_again: Callable[[Path, str], Books] | None
) -> Ended:  # fmt: skip
    """Run it; with `open_again` the books are closed first, and opened with the key they had afterwards."""
    home, key, keychain = books.home, books.key_hex(), books.keychain
    result: Any = None
    error: Exception | None = None
    try:
        if open_again is not None:
            with contextlib.suppress(AppError):  # damaged books close without a note of their newest change
                books.close()
        result = work(books)
    except Exception as found:  # noqa: BLE001 - it is told on the GUI thread, once the books are open again
        error = found
    if open_again is None:
        return Ended(books if _is_open(books) else None, result, error)
    try:
        books = open_again(home, key)
        books.keychain = keychain
    except AppError as found:
        return Ended(None, result, error or found)
    return Ended(books, result, error)


def _is_open(books: Books) -> bool:
    try:
        books.data_version()
    except Exception:  # noqa: BLE001 - whatever a closed connection says
        with contextlib.suppress(Exception):
            books.close()  # gives the hold on the home up
        return False
    return True
