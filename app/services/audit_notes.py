"""Notes of the audit log that belong to no operation: a backup made, a key changed, a pack handed out."""

from __future__ import annotations

from app.services.books import Books
from app.store import audit
from app.store.connection import translated


def note(books: Books, event: str, **fields: int | str | None) -> None:
    """Write one entry; in a transaction of its own unless one is open."""
    connection = books.connection
    books.refuse_reader()
    with translated():
        own = not connection.in_transaction
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
    books.changed = True
