"""The newest change, noted beside the books at once: it shows that changes which were made are no longer there.

When the program is killed, its last changes stand in the write-ahead log. If that file is damaged or cut before the
next start, the database drops what it cannot read and says nothing. The note is written after every change without
waiting for the disk, so a power cut may leave it newer than the books: it also says which run of the computer it is of,
and up to which change the books themselves were on the disk. After another start of the computer only that counts.
"""

from __future__ import annotations

import contextlib
import hmac
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files
from app.adapters.boot import boot_id
from app.core.errors import AppError, DamagedBooks

if TYPE_CHECKING:
    from app.services.books import Books

HEAD_FILE = "books.head"
_LONGEST = 512
_NONE = "-"


class Entry(NamedTuple):
    """An entry of the audit log."""

    seq: int
    mac: str


NOTHING = Entry(0, _NONE)


class Note(NamedTuple):
    """What is noted: the newest entry, the run of the computer it was made in, and the newest that was synced."""

    newest: Entry
    boot: str
    synced: Entry


def write(books: Books, *, synced: bool) -> None:
    """Note the newest entry of the audit log; `synced` when it is on the disk.

    A disk that refuses the note takes nothing from the change that was made.
    """
    from app.store import audit  # noqa: PLC0415 - only after a change

    newest = Entry(*audit.head(books.connection))
    if synced:
        books.synced = newest
    elif books.synced is None:
        before = _read(books)
        books.synced = before.synced if before else NOTHING
    note = Note(newest, boot_id() or _NONE, books.synced)
    with contextlib.suppress(OSError):
        safe_files.overwrite(books.home / HEAD_FILE, f"{_line(note)} {_seal(books, note)}\n".encode())


def _line(note: Note) -> str:
    # The same length for every entry: what is overwritten never shows behind it.
    return f"{note.newest.seq:020d} {note.newest.mac:64} {note.boot:36} {note.synced.seq:020d} {note.synced.mac:64}"


def forget(home: Path) -> None:
    """Take the note away: the books were put back on purpose."""
    safe_files.remove(home / HEAD_FILE)


def refuse_gap(books: Books) -> None:
    """Raises: DamagedBooks when the newest change that was noted is not in the books."""
    from app.store import audit  # noqa: PLC0415

    note, seal = _words(books)
    if note is None:
        return
    seq, mac = note.newest if note.boot == boot_id() else note.synced
    head = audit.head(books.connection)[0]
    # What agrees with the books needs no proof, and proving loads much that reading does without.
    if not seq or audit.mac_at(books.connection, seq) == mac or not hmac.compare_digest(seal, _seal(books, note)):
        return
    if head < seq:
        count = seq - head
        raise DamagedBooks(
            f"The newest {count} changes to these books are missing." if count > 1
            else "The newest change to these books is missing.",
            _ADVICE,
        )  # fmt: skip
    raise DamagedBooks("Changes that were made to these books are missing, and others stand in their place.", _ADVICE)


_ADVICE = (
    "An older copy of the file was put back, or the file books.db-wal was damaged or removed. "
    "`ops1099 rescue status` says what can be done."
)


def _read(books: Books) -> Note | None:
    note, seal = _words(books)
    return note if note and hmac.compare_digest(seal, _seal(books, note)) else None


def _words(books: Books) -> tuple[Note | None, str]:
    """Return what the note says and its seal, not yet compared."""
    try:
        words = safe_files.read_limited(books.home / HEAD_FILE, _LONGEST).decode("ascii").split()
        return Note(Entry(int(words[0]), words[1]), words[2], Entry(int(words[3]), words[4])), words[5]
    except (AppError, OSError, ValueError, IndexError):
        return None, ""


def _seal(books: Books, note: Note) -> str:
    """Seal under the database key, not the root secret: unsealing that loads the cipher, at every reading command.

    A note from before the key was renewed does not count any more; renewing it writes the next one.
    """
    from app.core.security.key_derivation import hkdf  # noqa: PLC0415 - loaded with the keys

    key = hkdf(books.keys.dbk, b"1099ops head-note v1")
    return hmac.digest(key, f"{books.uuid} {_line(note)}".encode("ascii"), "sha256").hex()
