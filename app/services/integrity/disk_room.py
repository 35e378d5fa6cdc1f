"""Tells a full disk and full memory from damaged books: to the engine all are errors of the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import AppError, Conflict, DamagedFile, DiskFull, NoMemory
from app.services.vault.book_keys import BOOKS_FILE
from app.store.connection import Connection, translated

_PROBE = 128 * 1024
"""Bytes that must fit on the disk: more than the engine takes at once to open the books."""
_MEMORY = 128 << 20
"""Bytes of memory that must be had: what the engine may take for its pages, and as much again."""


@contextlib.contextmanager
def told_apart(home: Path, connection: Connection | None = None) -> Iterator[None]:
    """Translate the engine's errors.

    Raises: DiskFull where the home takes no more bytes; NoMemory; Conflict where a disk refused something once and the
    books on the open `connection` are whole all the same; else as `translated`.
    """
    try:
        with translated():
            yield
    except MemoryError as trouble:
        raise no_memory() from trouble
    except DamagedFile as trouble:
        if _is_out_of_memory():
            raise no_memory() from trouble
        if _is_full(home):
            raise DiskFull(
                "The disk of the home folder is full; nothing was changed.",
                "Make some room and try again. To read the books meanwhile: ops1099 --read-only …",
            ) from trouble
        if connection is not None and "disk I/O" in str(trouble.__cause__) and _is_whole(home, connection):
            raise Conflict(
                "The disk reported an error, so nothing was changed. The books themselves are whole.",
                "Check the disk and how much room it has, then try again.", code="not_writable",
            ) from trouble  # fmt: skip
        raise


def no_memory() -> NoMemory:
    return NoMemory("There is not enough memory for this; nothing was changed.", "Close other programs and try again.")


def _is_whole(home: Path, connection: Connection) -> bool:
    """Read every page; only after an error, as it takes a second for many rows.

    The check of the file itself knows nothing of the log, which may hold what the file lacks: it takes an empty one.
    """
    wal = home / f"{BOOKS_FILE}-wal"
    try:
        with translated():
            is_folded = not wal.exists() or not wal.stat().st_size
            pages = connection.execute("PRAGMA cipher_integrity_check").fetchall() if is_folded else []
            return not pages and connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except AppError:
        return False


def _is_out_of_memory() -> bool:
    try:
        bytearray(_MEMORY)
    except MemoryError:
        return True
    return False


def _is_full(home: Path) -> bool:
    probe = home / f".room{safe_files.PART_SUFFIX}"
    try:
        safe_files.write_atomic(probe, bytes(_PROBE))
    except DiskFull:
        return True
    except AppError:
        return False
    safe_files.remove(probe)
    return False
