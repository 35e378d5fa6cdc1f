"""Noticing that the books file is damaged, and keeping everything away from it that would write.

One unreadable page does not stop the database from answering other questions, so the first such error is remembered: by
the open books and all their readers, and in a file beside the books, so that the next start knows it too. It is taken
away when a full check finds nothing, when the books were restored, or when a person accepts what is there.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.errors import AppError, DamagedBooks, KeysDamaged
from app.services.books import head_note
from app.services.vault import book_keys

if TYPE_CHECKING:
    from app.services.books.open_books import Books

MARKER_FILE = "books.damage"
_LONGEST = 4096


def look(books: Books) -> None:
    """Look at freshly opened books for what costs next to nothing to see. Raises: DamagedBooks."""
    _refuse_marked(books.home)
    refuse_wrong_size(books)
    refuse_gap(books)


def refuse_gap(books: Books) -> None:
    """Raises: DamagedBooks when the newest change that was noted beside the books is not in them."""
    if head_note.agrees(books):
        return
    from app.services.audit import anchor  # noqa: PLC0415 - hardly ever

    head_note.refuse_gap(books, is_expected=anchor.tells_of_head, stands=anchor.stands)


def mark(books: Books, trouble: DamagedBooks) -> None:
    """Remember it. Where even the marker cannot be written, the next start finds the damage as this one did."""
    books.shared.damage = trouble
    if not (books.home / MARKER_FILE).exists():
        body = {"at": books.stamp(), "message": trouble.message}
        with contextlib.suppress(AppError, OSError):
            safe_files.write_atomic(books.home / MARKER_FILE, json.dumps(body).encode())


def of_keys(trouble: KeysDamaged) -> DamagedBooks:
    """Return what closes books to writing whose key file is damaged, though a part of it still opened them."""
    return DamagedBooks(
        f"{trouble.message} The books themselves were opened by a part of it that is whole, and are only read.",
        "`ops1099 rescue keys` puts ops.keys back from a backup, and no change is lost.", code=trouble.code,
    )  # fmt: skip


def clear(home: Path) -> None:
    """Forget the damage: the books were proved whole, restored, or accepted as they are."""
    safe_files.remove(home / MARKER_FILE)


def is_marked(home: Path) -> bool:
    return (home / MARKER_FILE).exists()


def told(books: Books | None, error: Exception) -> Exception:
    """Return what a front end shows for an error of the database that reached it as it was; damage is remembered."""
    from app.services.integrity.disk_room import told_apart  # noqa: PLC0415 - rare
    from app.store.connection import named  # noqa: PLC0415 - same

    if books is None or named(error) is None:
        return named(error) or error
    try:
        with told_apart(books.home, books.connection):
            raise error
    except DamagedBooks as known:
        mark(books, known)
        return known
    except AppError as known:
        return known


def _refuse_marked(home: Path) -> None:
    if is_marked(home):
        raise DamagedBooks(
            "These books were found damaged, so they are only read.",
            "`ops1099 doctor` checks them in full; `ops1099 rescue status` says what can be done.",
        )


def refuse_wrong_size(books: Books) -> None:
    """Compare the file with the size its first page states; while a log is still to be folded in, they may differ."""
    path = books.home / book_keys.BOOKS_FILE
    for _ in range(2):  # twice, as another program may fold its log in between
        if _size(path.with_name(path.name + "-wal")):
            return
        pages, page = (
            int(books.connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size")
        )
        if _size(path) == pages * page:
            return
    raise DamagedBooks(
        "The books file is longer or shorter than it should be: it was cut off, or something was added to it.",
        "Nothing was changed. `ops1099 rescue status` says what can be done.",
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
