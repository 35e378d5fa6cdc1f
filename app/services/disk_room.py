"""Tells a full disk from damaged books: to the engine both are an error of the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import AppError, DamagedFile, DiskFull
from app.store.connection import translated

_PROBE = 128 * 1024
"""Bytes that must fit: more than the engine takes at once to open the books."""


@contextlib.contextmanager
def told_apart(home: Path) -> Iterator[None]:
    """Translate the engine's errors. Raises: DiskFull where the home takes no more bytes, else as `translated`."""
    try:
        with translated():
            yield
    except DamagedFile as trouble:
        if _is_full(home):
            raise DiskFull(
                "The disk of the home folder is full; nothing was changed.", "Make some room and try again."
            ) from trouble
        raise


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
