"""Tells a full disk and full memory from damaged books: to the engine all are errors of the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import AppError, DamagedFile, DiskFull, NoMemory
from app.store.connection import translated

_PROBE = 128 * 1024
"""Bytes that must fit on the disk: more than the engine takes at once to open the books."""
_MEMORY = 128 << 20
"""Bytes of memory that must be had: what the engine may take for its pages, and as much again."""


@contextlib.contextmanager
def told_apart(home: Path) -> Iterator[None]:
    """Translate the engine's errors. Raises: DiskFull where the home takes no more bytes, NoMemory, as `translated`."""
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
                "The disk of the home folder is full; nothing was changed.", "Make some room and try again."
            ) from trouble
        raise


def no_memory() -> NoMemory:
    return NoMemory(
        "There is not enough memory for this; nothing was changed.", "Close other programs and try again."
    )


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
