"""The swap at the end of a restore, in steps that can be gone on with after a kill or a power cut.

Everything new lies in the folder `restoring` before the file `ready` is written into it. Killed before that, the next
opening removes the folder and the old books stand; killed after it, the next opening goes on to the end. The old
database moves away together with its write-ahead log before the new one gets its name, so the two never meet.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from app.adapters import safe_files
from app.adapters.safe_files import moving
from app.core.security.backup_generations import REPLACED_DAYS
from app.services.audit import anchor
from app.services.books import head_note
from app.services.integrity import damage
from app.services.vault import book_keys

BACKUPS = "backups"
STAGING = book_keys.RESTORING
READY = "ready"
REPLACED = "pre-restore-"
_REPLACED_NAME = re.compile(REPLACED + r"(\d{4}-\d\d-\d\d)-\d{6}\.(db|db-wal|keys)")


def commit(home: Path, stamp: str) -> Path | None:
    """Say that everything new is there, put it into its place, and return the database it replaced, if any."""
    safe_files.write_atomic(home / STAGING / READY, json.dumps({"at": stamp}).encode())
    return finish(home)


def finish(home: Path) -> Path | None:
    """Go on with a restore that was cut off, or remove its beginnings; return the database it replaced, if any.

    Only with the home lock held exclusively.
    """
    staging = home / STAGING
    if not staging.exists():
        return None
    if not (staging / READY).exists():
        safe_files.remove_folder(staging)
        return None
    stamp = str(json.loads(safe_files.read_limited(staging / READY, 4096))["at"])
    kept = home / BACKUPS / (REPLACED + stamp[:19].replace(":", "").replace("T", "-") + ".db")
    new, place = staging / book_keys.BOOKS_FILE, home / book_keys.BOOKS_FILE
    # What was noted of the old books, their newest change and their damage, says nothing about the new ones. It is
    # moved and not just removed: a disk that refuses must stop the swap, or the new books would pass for damaged.
    for noted in (head_note.HEAD_FILE, damage.MARKER_FILE):
        moving.move(home / noted, staging / f"old-{noted}")
    if new.exists():
        moving.move(place, kept)
        wal = place.with_name(place.name + "-wal")
        if wal.exists() and not wal.stat().st_size:
            safe_files.remove(wal)
        moving.move(wal, kept.with_name(kept.name + "-wal"))
        safe_files.remove(place.with_name(place.name + "-shm"))
        moving.move(new, place)
    if (staging / book_keys.KEYS_FILE).exists():
        moving.move(home / book_keys.KEYS_FILE, kept.with_suffix(".keys"))
        moving.move(staging / book_keys.KEYS_FILE, home / book_keys.KEYS_FILE)
    moving.move(staging / anchor.ANCHOR_FILE, home / anchor.ANCHOR_FILE)
    safe_files.remove(staging / READY)
    safe_files.remove_folder(staging)
    return kept if kept.exists() else None


def forget_replaced(home: Path, today: date) -> None:
    """Remove databases that restores replaced more than 30 days ago."""
    for path in (home / BACKUPS).glob(REPLACED + "*"):
        match = _REPLACED_NAME.fullmatch(path.name)
        if match is not None and (today - date.fromisoformat(match[1])).days > REPLACED_DAYS:
            safe_files.remove(path)
