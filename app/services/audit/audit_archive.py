"""Old entries of the audit log are sealed by months, and whole months leave after seven years.

An entry leaves the log only in the transaction that wrote the sealed month it lies in, and triggers refuse any other
way. Time is what the log itself shows: an entry whose clock ran ahead or back counts to the month before it.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.security import audit_segment
from app.core.security.audit_events import Event
from app.core.security.audit_segment import Label
from app.core.security.hash_chain import GENESIS, Row, walk
from app.services.audit import anchor
from app.services.audit.audit_notes import note, noting
from app.store import audit, audit_segments
from app.store.connection import removing_sealed

if TYPE_CHECKING:
    from app.services.books.open_books import Books

VIEW_DAYS = 90
"""What the list shows; a month is sealed when its last day is longer ago."""


def window_opened(books: Books) -> None:
    """Note that a person opened the books in the window, look at the keychain's note, seal what is old by now.

    Commands note no opening: reading writes nothing. What cannot be written now must not keep anybody from their books.
    """
    books.in_window = True
    try:
        anchor.heed_keychain(books)
        note(books, Event.OPENED)
        archive_due(books)
    except AppError:
        # A full disk or a busy file: the entry is missing, the books are whole and can be read.
        return


def archive_due(books: Books) -> int:
    """Seal every month that is due, let go what is older than seven years; return how many months were sealed.

    Costs one look at the oldest entry while nothing is due. A log that does not hold is left as it is.
    """
    oldest = audit.first_at(books.connection)
    limit = _due_before(books)
    if books.reads_only or oldest is None or _month(oldest) >= limit:
        return 0
    with noting(books):
        sealed = _seal_due(books, limit)
        _drop_old(books)
    return sealed


def _due_before(books: Books) -> int:
    """Return the first month that is not due."""
    then = books.clock.now() - timedelta(days=VIEW_DAYS)
    return then.year * 100 + then.month


def _month(at: str) -> int:
    """Return the month of a moment; 0 for what is none."""
    text = at[:4] + at[5:7]
    return int(text) if text.isascii() and text.isdecimal() else 0


def _seal_due(books: Books, limit: int) -> int:
    connection, key = books.connection, books.subkey("audit-mac")
    before = audit_segments.last(connection)
    months = _months(books, limit, before.month if before else 0)
    rows = [row for _, group in months for row in group]
    after_seq, after_mac = (before.last_seq, bytes.fromhex(before.mac)) if before else (0, GENESIS)
    if walk(key, rows, after_seq=after_seq, after_mac=after_mac).first_bad_seq is not None:
        return 0
    for month, group in months:
        _seal(books, month, group)
    return len(months)


def _months(books: Books, limit: int, month: int) -> list[tuple[int, list[Row]]]:
    """Return the entries that are due, by month.

    They end before the newest entry that tells of a change, which packs and the digest of the books look up.
    """
    newest_change, _ = audit.head_of_changes(books.connection)
    now = books.stamp()
    due: list[tuple[int, Row]] = []
    for row in audit.rows(books.connection, through=newest_change - 1):
        own = _month(row[1])
        if limit <= own and row[1] <= now:
            break
        # A month at or past the limit here is one of a clock that ran ahead of now.
        month = own if month <= own < limit else month or own
        due.append((month, row))
    return [(number, [row for _, row in group]) for number, group in groupby(due, key=lambda each: each[0])]


def _seal(books: Books, month: int, rows: list[Row]) -> None:
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415 - once a month

    label = Label(
        month=month, first_seq=rows[0][0], last_seq=rows[-1][0], entries=len(rows), prev=rows[0][9], mac=rows[-1][10]
    )
    key, nonce = books.subkey("audit-segment"), OsRandomness().token(audit_segment.NONCE_SIZE)
    body = audit_segment.seal(key, books.uuid, label, rows, nonce)
    if list(map(tuple, audit_segment.unseal(key, books.uuid, label, body))) != rows:
        raise AssertionError("a sealed month does not give back its entries")
    sha256 = audit_segments.add(books.connection, label, body)
    note(
        books, Event.ARCHIVED, actor="system", month=month, first=label.first_seq, last=label.last_seq,
        entries=label.entries, sha256=sha256, mac=label.mac,
    )  # fmt: skip
    with removing_sealed(books.connection):
        audit.remove_sealed(books.connection, label.first_seq, label.last_seq)


def _drop_old(books: Books) -> None:
    for label in audit_segments.too_old(books.connection):
        note(
            books, Event.DROPPED, actor="system", month=label.month, first=label.first_seq, last=label.last_seq,
            entries=label.entries, mac=label.mac,
        )  # fmt: skip
        with removing_sealed(books.connection):
            audit_segments.drop(books.connection, label)
