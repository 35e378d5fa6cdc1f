"""What is removed from a home when its books are closed: what writers that were killed left half written."""

from __future__ import annotations

import contextlib
from pathlib import Path

from app.adapters import safe_files
from app.adapters.home_lock import HomeLock
from app.core.errors import InUse
from app.services.vault import book_keys


def after_closing(home: Path, lock: HomeLock) -> None:
    """Remove it, unless another program may be writing just now."""
    for name in ("backups", "receipts"):
        safe_files.tidy(home / name)
    journal = home / f"{book_keys.BOOKS_FILE}-journal"
    if _is_empty(journal) or _has_parts(home):
        with contextlib.suppress(InUse):
            lock.acquire_exclusive(wait_seconds=0)
            try:
                if _is_empty(journal):
                    safe_files.remove(journal)
                safe_files.remove_parts(home)
            finally:
                lock.release()


def _has_parts(home: Path) -> bool:
    try:
        return any(file.name.startswith(".") and file.name.endswith(safe_files.PART_SUFFIX) for file in home.iterdir())
    except OSError:
        return False


def _is_empty(journal: Path) -> bool:
    """Return whether a rotation was killed before its journal held anything: the engine takes that for none."""
    try:
        return journal.stat().st_size == 0
    except OSError:
        return False
