"""Entries of the audit log for what is no operation: keys, backups, packs, opening. Operations write their own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.security.audit_events import ANCHORED, SHAPES, Event
from app.services.audit import anchor
from app.store import audit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.books.open_books import Books


def note(
    books: Books, event: str, *, actor: str = "user", result: str = "ok", object_id: int | None = None,
    **fields: int | str | None,
) -> None:  # fmt: skip
    """Write one entry: in the transaction that is open, else in a short one of its own.

    Raises: ValueError for what the catalogue does not allow; Refused on books that only read; Busy.
    """
    books.refuse_reader()
    known = Event(event)
    with contextlib.nullcontext() if books.connection.in_transaction else noting(books):
        _append(books, known, actor, result, object_id, fields)
        books.changed = True
        books.anchor_in_keychain |= known in ANCHORED


@contextlib.contextmanager
def noting(books: Books, *, durable: bool = False) -> Iterator[None]:
    """Write a record and its note in one transaction; then note the newest entry outside where that is due at once.

    `durable` waits for the disk.
    """
    connection = books.connection
    with books.noticing():
        if durable:
            connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            if durable:
                connection.execute("PRAGMA synchronous = NORMAL")
    books.committed(synced=durable)
    if books.anchor_in_keychain:
        # What was done stands, whatever becomes of the note: the next one, or closing, writes it.
        with contextlib.suppress(AppError):
            anchor.write(books)


def _append(
    books: Books, event: Event, actor: str, result: str, object_id: int | None, fields: dict[str, int | str | None]
) -> None:
    audit.append(
        books.connection, books.subkey("audit-mac"), at=books.stamp(), monotonic_ms=books.clock.monotonic_ms(),
        event=event, actor=actor, object_kind=SHAPES[event].object_kind, object_id=object_id, body=fields,
        result=result,
    )  # fmt: skip


def note_failed_unlocks(books: Books, count: int) -> None:
    """Note how often unlocking failed since the books were last open: it could not be written while they were locked.

    `count` is what the file beside the keys counted; the caller sets it back to nothing once this returned.
    """
    if count > 0:
        note(books, Event.UNLOCK_FAILED, actor="system", result="failed", count=count)
