"""The anchor of the audit log: its newest entry, noted outside the books. It shows that an old file was put back.

The note lies beside the books (`audit.anchor`) and, where the keys use the keychain, there too: whoever puts back a
whole old home folder puts back its file, not the keychain. A note is never written over while it contradicts the
books; only a person's word does that, `accepting` or a restore. Each of them begins a new epoch, and a note of an
earlier epoch gives way to one of a later. The keychain is asked where it costs nothing that is waited for: when the
window opens and closes, after packs, backups and changes of keys, and every hundred entries. A call takes 100 to 200
ms, so a single command makes none.
"""

from __future__ import annotations

import hmac
import json
from enum import StrEnum
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.errors import AppError, Locked
from app.services.books import head_note

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.services.books.open_books import Books

ANCHOR_FILE = "audit.anchor"
EVERY = 100
"""Entries after which the keychain's note is brought up to date by whatever command comes next."""
_MAX_BYTES = 4096
_EPOCH = "epoch"
_HEAD = "head"
"""Whether the note of the newest change lay beside the books, on the disk, when this one was written."""
_ALWAYS_SINCE = 3
"""The format of books from which on there is always a note beside them."""

Body = dict[str, int | str]


class Standing(StrEnum):
    """How a note outside stands to the books."""

    HOLDS = "holds"
    OLDER = "older"
    """The books are older than the note, or went another way since: an old file was put back, or entries were cut."""
    CHANGED = "changed"
    """The note is not one that these books wrote."""
    MISSING = "missing"
    UNKNOWN = "unknown"
    """The keychain could not be asked, or nothing was noted there yet."""


def holds(books: Books) -> bool:
    """Return whether the books are at least as new as last noted beside them."""
    return look(books) is Standing.HOLDS


def look(books: Books) -> Standing:
    """Compare the books with the note beside them."""
    standing = _standing(books, _read(books))
    if standing is not Standing.OLDER or not books.connection.in_transaction:
        return standing
    # These books are read as of a moment; another program may have changed them, and the note, since.
    now = books.reader()
    try:
        return _standing(now, _read(now))
    finally:
        now.close()


def tells_of_head(books: Books) -> bool:
    """Return whether the note beside the books says that one of their newest change lies there too."""
    beside = _read(books)
    return isinstance(beside, dict) and beside.get(_HEAD, 0) == 1


def stands(books: Books, seq: int, mac: str) -> bool:
    """Return whether an entry is in the log, be it sealed by now or gone with its month after seven years."""
    found = mac if seq == 0 else _mac_at(books, seq)
    return found == mac or (found is None and _let_go(books, seq))


def look_in_keychain(books: Books) -> Standing:
    """Compare the books with the keychain's note; takes as long as the keychain does."""
    if books.keychain is None:
        return Standing.UNKNOWN
    try:
        text = books.keychain.get(_entry(books))
    except Locked:
        return Standing.UNKNOWN
    beside = _read(books)
    if text is not None:
        noted = _proved(books, text)
        return Standing.HOLDS if _gives_way(noted, beside) else _standing(books, noted)
    was_there = isinstance(beside, dict) and beside.get("in_keychain", 0) != 0
    return Standing.MISSING if was_there else Standing.UNKNOWN


def write(books: Books, *, closing: bool = False) -> None:
    """Note the newest entry outside the books, unless what is noted contradicts them: that waits for a person."""
    beside = _read(books)
    if _standing(books, beside) is not Standing.HOLDS or not isinstance(beside, dict):
        return
    body = {**_body(books), _EPOCH: _epoch(beside)}
    kept = int(beside.get("in_keychain", 0))
    is_due = books.anchor_in_keychain or (closing and books.in_window) or int(body["seq"]) - kept >= EVERY
    if books.keychain is not None and is_due:
        found = _renew(books, body, beside, was_there=kept != 0)
        if isinstance(found, dict):
            _write(books, found, int(found["seq"]))
            return
        kept = found or kept
    elif books.keychain is None:
        books.anchor_in_keychain = False
    _write(books, body, kept)


def begin(books: Books) -> None:
    """Note the newest entry of new books, whatever lies there; the keychain's note follows later."""
    _write(books, _body(books), 0)


def after_migration(books: Books, found: int) -> None:
    """Note that the format is newer now. Programs before format 3 did not mind a note that is not there."""
    if found < _ALWAYS_SINCE and look(books) is Standing.MISSING:
        begin(books)
    books.changed = True


def heed_keychain(books: Books) -> None:
    """Take the keychain's note for the one beside the books where it tells of a later entry than these have.

    So a whole old home folder that was put back is noticed from here on by whoever looks, without a keychain too.
    """
    if books.keychain is None or books.reads_only or not holds(books):
        return
    try:
        text = books.keychain.get(_entry(books))
    except Locked:
        return
    note = Standing.UNKNOWN if text is None else _proved(books, text)
    if _gives_way(note, _read(books)):
        return
    if isinstance(note, dict) and _standing(books, note) is Standing.OLDER:
        # The files beside these books are as old as they are: of those the keychain's note says nothing.
        _write(books, {**note, _HEAD: 0}, int(note["seq"]))


def restored(home: Path, key: bytes, uuid: str, seq: int, mac: str) -> bytes:
    """Return the note for books that are put back into a home on purpose: it begins the next epoch there."""
    from app.store import audit  # noqa: PLC0415 - only after a restore

    try:
        before = json.loads(safe_files.read_limited(home / ANCHOR_FILE, _MAX_BYTES))
    except (AppError, OSError, ValueError, RecursionError):
        before = {}
    epoch = before.get(_EPOCH, 0) if isinstance(before, dict) else 0
    body: Body = {"uuid": uuid, "seq": seq, "mac": mac, _EPOCH: 1 + (epoch if type(epoch) is int else 0)}
    return json.dumps({**body, "seal": audit.seal_anchor(key, body)}).encode()


def noted_entry(books: Books) -> int | None:
    """Return the number of the entry that the note beside the books tells of, where it can be read."""
    beside = _read(books)
    return int(beside["seq"]) if isinstance(beside, dict) else None


def begin_epoch(books: Books) -> int:
    """Note the books as they are, whatever was noted before, and return their newest entry: a person says so.

    Raises: KeychainLocked, NoKeychain when the keychain's note cannot be renewed.
    """
    body = {**_body(books), _EPOCH: _epoch(_read(books)) + 1}
    _write(books, body, 0 if books.keychain is None else _keep(books, body))
    return int(body["seq"])


def _body(books: Books) -> Body:
    from app.store import audit  # noqa: PLC0415 - only after a change

    # What is noted must outlast a power cut together with the note: this waits for the write-ahead log to be on disk.
    with books.noticing():
        if not books.connection.in_transaction:
            books.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        seq, mac = audit.head(books.connection)
    about: Body = {"uuid": books.uuid, "generation": books.generation, "at": books.stamp()}
    return {**about, "seq": seq, "mac": mac, _HEAD: int(head_note.keep(books))}


def _sealed(books: Books, body: Mapping[str, int | str]) -> Body:
    from app.store import audit  # noqa: PLC0415 - only after a change

    return {**body, "seal": audit.seal_anchor(books.subkey("audit-mac"), body)}


def _write(books: Books, body: Body, kept: int) -> None:
    sealed = _sealed(books, {**body, "in_keychain": kept})
    safe_files.write_atomic(books.home / ANCHOR_FILE, json.dumps(sealed).encode())


def _read(books: Books) -> Body | Standing:
    """Return the note beside the books; where there is none that holds, how it stands."""
    path = books.home / ANCHOR_FILE
    try:
        text = safe_files.read_limited(path, _MAX_BYTES)
    except (AppError, OSError):
        return Standing.CHANGED if path.is_symlink() or path.exists() else Standing.MISSING
    return _proved(books, text)


def _proved(books: Books, text: bytes | str) -> Body | Standing:
    """Return what a note says if these books wrote it."""
    from app.store import audit  # noqa: PLC0415 - small, but not for every command

    try:
        data = json.loads(text)
        seal = data.pop("seal")
        body: Body = {str(name): value for name, value in data.items()}
        good = (
            all(type(body.get(name, 0)) is int for name in ("seq", "in_keychain", _EPOCH))
            and "seq" in body and isinstance(body["mac"], str)
            and hmac.compare_digest(audit.seal_anchor(books.subkey("audit-mac"), body), seal)
            and body["uuid"] == books.uuid
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Standing.CHANGED
    return body if good else Standing.CHANGED


def _standing(books: Books, note: Body | Standing) -> Standing:
    if isinstance(note, Standing):
        return note
    return Standing.HOLDS if stands(books, int(note["seq"]), str(note["mac"])) else Standing.OLDER


def _mac_at(books: Books, seq: int) -> str | None:
    from app.store import audit  # noqa: PLC0415 - small, but not for every command

    found = audit.mac_at(books.connection, seq)
    if found is not None:
        return found
    from app.services.audit import audit_sealed  # noqa: PLC0415 - only for a note that is months old

    return audit_sealed.mac_at(books, seq)


def _let_go(books: Books, seq: int) -> bool:
    """Return whether an entry lay in a month that left after seven years: the log goes on behind it, as it proves."""
    from app.store import audit_segments  # noqa: PLC0415 - only for a note that is years old

    return seq < (audit_segments.first_seq(books.connection) or 0)


def _entry(books: Books) -> str:
    return f"{books.uuid}.anchor"


def _epoch(note: Body | Standing) -> int:
    return int(note.get(_EPOCH, 0)) if isinstance(note, dict) else 0


def _gives_way(note: Body | Standing, beside: Body | Standing) -> bool:
    """Return whether a person put the books back, or accepted them, since a note was written."""
    return isinstance(note, dict) and isinstance(beside, dict) and _epoch(note) < _epoch(beside)


def _renew(books: Books, body: Body, beside: Body, *, was_there: bool) -> int | Body | None:
    """Bring the keychain's note up to date and return its entry number.

    A note that tells of later books is returned instead. None: the keychain is locked, and the next one tries; or what
    is there is not to be written over.
    """
    assert books.keychain is not None
    try:
        text = books.keychain.get(_entry(books))
        if text is None and was_there:
            return None
        if text is not None:
            noted = _proved(books, text)
            standing = _standing(books, noted)
            if standing is not Standing.HOLDS and not _gives_way(noted, beside):
                return noted if isinstance(noted, dict) else None
        return _keep(books, body)
    except Locked:
        return None


def _keep(books: Books, body: Body) -> int:
    """Put the note into the keychain and return its entry number. Raises: KeychainLocked, NoKeychain."""
    assert books.keychain is not None
    books.keychain.set(_entry(books), json.dumps(_sealed(books, body)))
    books.anchor_in_keychain = False
    return int(body["seq"])
