"""The newest change, noted beside the books at once: it shows that changes which were made are no longer there.

When the program is killed, its last changes stand in the write-ahead log. If that file is damaged or cut before the
next start, the database drops what it cannot read and says nothing. The note is written after every change without
waiting for the disk, so a power cut may leave it newer than the books: it also says which run of the computer it is of,
and up to which change the books themselves were on the disk. After another start of the computer only that counts.

The file has three places. The first is written only together with the anchor, as a new file that waits for the disk;
the others in turn, in place. So whatever a kill or a power cut tears, the first is whole, and the anchor can say that
there is a note: one that is missing since, or of which no place can be read, was taken away or damaged.
"""

from __future__ import annotations

import contextlib
import hmac
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from app.adapters import safe_files
from app.adapters.boot import boot_id
from app.core.errors import AppError, DamagedBooks, KeysDamaged
from app.services.books.open_books import Books, Entry

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_FILE = "books.head"
_PLACE = 512
"""Bytes of one place: a disk writes as many at once or none of them."""
_IN_TURN = 2
_LONGEST = _PLACE * (1 + _IN_TURN)
_NONE = "-"
_LAST = (1 << 63) - 1
"""No entry has a number beyond it."""


NOTHING = Entry(0, _NONE)


class Note(NamedTuple):
    """What is noted: the newest entry, the run of the computer it was made in, and the newest that was synced.

    `turn` counts the notes, so that of several the last one written is known.
    """

    turn: int
    newest: Entry
    boot: str
    synced: Entry


def write(books: Books, *, synced: bool) -> None:
    """Note the newest entry of the audit log; `synced` when it is on the disk.

    A disk that refuses the note takes nothing from the change that was made.
    """
    before = _last(books)
    if synced:
        books.synced = _newest(books)
    elif books.synced is None:
        books.synced = before.synced if before else NOTHING
    if before is None:
        keep(books)
        return
    note = _note(books, before.turn + 1)
    with contextlib.suppress(OSError):
        at = _PLACE * (1 + note.turn % _IN_TURN)
        safe_files.overwrite(books.home / HEAD_FILE, _placed(books, note), at=at)


def keep(books: Books) -> bool:
    """Note the newest entry in all places, as a new file that is on the disk; return whether the disk took it."""
    before = _last(books)
    note = _note(books, before.turn + 1 if before else 1)
    try:
        safe_files.write_atomic(books.home / HEAD_FILE, _placed(books, note) * (1 + _IN_TURN))
    except (AppError, OSError):
        return False
    return True


def begin_anew(books: Books) -> None:
    """Note the books as they are, because a person accepts them: what was noted before says nothing any more."""
    books.synced = NOTHING
    keep(books)


def forget(home: Path) -> None:
    """Take the note away: the books were put back on purpose."""
    safe_files.remove(home / HEAD_FILE)


def agrees(books: Books) -> bool:
    """Return whether the note says the same as the books: that needs no proof, and proving loads much."""
    found = _found(books)
    return bool(found) and _agrees(books, max(found)[0])


def refuse_gap(
    books: Books, *, is_expected: Callable[[Books], bool], stands: Callable[[Books, int, str], bool]
) -> None:
    """Compare the books with the note. Raises: DamagedBooks when its change is missing, or the note itself is damaged.

    `is_expected` says whether there has to be a note, `stands` whether an entry is in the log: the anchor knows both.
    """
    found = _found(books)
    proved = [note for note, seal in found if _is_sealed(books, note, seal)]
    if not proved:
        if is_expected(books):
            _refuse_damaged(books)
        return
    newest = _counting(max(proved))
    if not stands(books, newest.seq, newest.mac):
        _refuse(books, newest.seq)


def _agrees(books: Books, note: Note) -> bool:
    from app.store import audit  # noqa: PLC0415 - as in `_newest`

    seq, mac = _counting(note)
    return not seq or audit.mac_at(books.connection, seq) == mac


def _counting(note: Note) -> Entry:
    return note.newest if note.boot == boot_id() else note.synced


def _refuse(books: Books, seq: int) -> NoReturn:
    count = seq - _newest(books).seq
    if count > 0:
        raise DamagedBooks(
            f"The newest {count} changes to these books are missing." if count > 1
            else "The newest change to these books is missing.",
            _ADVICE,
        )  # fmt: skip
    raise DamagedBooks("Changes that were made to these books are missing, and others stand in their place.", _ADVICE)


def _refuse_damaged(books: Books) -> NoReturn:
    state = "cannot be read" if (books.home / HEAD_FILE).exists() else "is missing"
    raise DamagedBooks(
        f"The note of the newest change beside the books, {HEAD_FILE}, {state}, so changes may be missing too.",
        "Look whether what you last entered is there: ops1099 --read-only … If it is, `ops1099 rescue accept` goes on; "
        "if not, `ops1099 rescue status` says what can be done.",
    )


_ADVICE = (
    "An older copy of the file was put back, or the file books.db-wal was damaged or removed. "
    "`ops1099 rescue status` says what can be done."
)


def _newest(books: Books) -> Entry:
    from app.store import audit  # noqa: PLC0415 - only after a change

    return Entry(*audit.head(books.connection))


def _note(books: Books, turn: int) -> Note:
    return Note(turn, _newest(books), boot_id() or _NONE, books.synced or NOTHING)


def _line(note: Note) -> str:
    # The same length for every entry: what is overwritten never shows behind it.
    return (
        f"{note.turn:020d} {note.newest.seq:020d} {note.newest.mac:64} {note.boot:36} {note.synced.seq:020d} "
        f"{note.synced.mac:64}"
    )


def _placed(books: Books, note: Note) -> bytes:
    return f"{_line(note)} {_seal(books.keys.dbk, books, note)}".ljust(_PLACE - 1).encode("ascii") + b"\n"


def _last(books: Books) -> Note | None:
    """Return the note that was written last, of those that are sealed with the present key."""
    sealed = (note for note, seal in _found(books) if hmac.compare_digest(seal, _seal(books.keys.dbk, books, note)))
    return max(sealed, default=None)


def _found(books: Books) -> list[tuple[Note, str]]:
    """Return what the places say that can be read, with their seals, not yet compared."""
    try:
        data = safe_files.read_limited(books.home / HEAD_FILE, _LONGEST)
    except (AppError, OSError):
        return []
    found = []
    for start in range(0, len(data), _PLACE):
        with contextlib.suppress(ValueError, IndexError):
            words = data[start : start + _PLACE].decode("ascii").split()
            newest, synced = Entry(int(words[1]), words[2]), Entry(int(words[4]), words[5])
            if max(newest.seq, synced.seq) <= _LAST:
                found.append((Note(int(words[0]), newest, words[3], synced), words[6]))
    return found


def _is_sealed(books: Books, note: Note, seal: str) -> bool:
    """Return whether these books wrote a note, under this database key or one before it."""
    keys = [books.keys.dbk]
    with contextlib.suppress(KeysDamaged):
        keys += books.keys.older().values()
    return any(hmac.compare_digest(seal, _seal(key, books, note)) for key in keys)


def _seal(dbk: bytes, books: Books, note: Note) -> str:
    """Seal under the database key, not the root secret: unsealing that loads the cipher, at every reading command."""
    from app.core.security.key_derivation import hkdf  # noqa: PLC0415 - loaded with the keys

    key = hkdf(dbk, b"1099ops head-note v2")
    return hmac.digest(key, f"{books.uuid} {_line(note)}".encode("ascii"), "sha256").hex()
