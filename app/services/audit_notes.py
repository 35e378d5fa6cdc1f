"""Entries of the audit log for what is no operation: keys, backups, packs, damage. Operations write their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.store import audit

if TYPE_CHECKING:
    from app.services.books import Books


def note(books: Books, event: str, **fields: int | str | None) -> None:
    """Write one entry: in the transaction that is open, else in a short one of its own."""
    connection = books.connection
    own = not connection.in_transaction
    with books.noticing():
        if own:
            connection.execute("BEGIN IMMEDIATE")
        try:
            audit.append(
                connection, books.subkey("audit-mac"), at=books.stamp(), monotonic_ms=books.clock.monotonic_ms(),
                event=event, actor="user", object_kind="books", object_id=None, body=fields,
            )  # fmt: skip
            if own:
                connection.execute("COMMIT")
        except BaseException:
            if own and connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    if own:
        books.committed()
    else:
        books.changed = True
