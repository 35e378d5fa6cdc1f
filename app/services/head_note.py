"""The newest change, noted beside the books at once: it shows that changes which were made are no longer there.

When the program is killed, its last changes stand in the write-ahead log. If that file is damaged or cut before the
next start, the database drops what it cannot read and says nothing. The note is written after every change without
waiting for the disk: after a power cut it may be older than the books, which means nothing; never newer by our doing.
"""

from __future__ import annotations

import contextlib
import hmac
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.errors import AppError, DamagedBooks

if TYPE_CHECKING:
    from app.services.books import Books

HEAD_FILE = "books.head"
_LONGEST = 256


def write(books: Books) -> None:
    """Note the newest entry of the audit log. A disk that refuses it takes nothing from the change that was made."""
    from app.store import audit  # noqa: PLC0415 - only after a change

    seq, mac = audit.head(books.connection)
    # The same length for every entry: what is overwritten never shows behind it.
    line = f"{seq:020d} {mac} {_seal(books, seq, mac)}\n"
    with contextlib.suppress(OSError):
        safe_files.overwrite(books.home / HEAD_FILE, line.encode())


def forget(home: Path) -> None:
    """Take the note away: the books were put back on purpose."""
    safe_files.remove(home / HEAD_FILE)


def refuse_gap(books: Books) -> None:
    """Raises: DamagedBooks when the newest change that was noted is not in the books."""
    from app.store import audit  # noqa: PLC0415

    noted = _read(books)
    if noted is None:
        return
    seq, mac = noted
    head = audit.head(books.connection)[0]
    if head < seq:
        count = seq - head
        raise DamagedBooks(
            f"The newest {count} changes to these books are missing." if count > 1
            else "The newest change to these books is missing.",
            _ADVICE,
        )  # fmt: skip
    if audit.mac_at(books.connection, seq) != mac:
        raise DamagedBooks(
            "Changes that were made to these books are missing, and others stand in their place.", _ADVICE
        )


_ADVICE = (
    "An older copy of the file was put back, or the file books.db-wal was damaged or removed. "
    "`ops1099 rescue status` says what can be done."
)


def _read(books: Books) -> tuple[int, str] | None:
    try:
        words = safe_files.read_limited(books.home / HEAD_FILE, _LONGEST).decode("ascii").split()
        seq, mac, seal = int(words[0]), words[1], words[2]
    except (AppError, OSError, ValueError, IndexError):
        return None
    return (seq, mac) if hmac.compare_digest(seal, _seal(books, seq, mac)) else None


def _seal(books: Books, seq: int, mac: str) -> str:
    from app.store import audit  # noqa: PLC0415

    return audit.seal_anchor(books.subkey("audit-mac"), {"uuid": books.uuid, "seq": seq, "mac": mac, "note": "head"})
