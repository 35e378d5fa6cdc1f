"""Write down in the audit log what is no change of rows: keys, backups, exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.store import audit
from app.store.connection import translated

if TYPE_CHECKING:
    from app.services.books import Books


def note(books: Books, event: str, **fields: int | str | None) -> None:
    """Add one entry: within the transaction that is open, else in a short one of its own. Raises: Refused, Busy."""
    books.refuse_reader()
    with translated():
        own = not books.connection.in_transaction
        if own:
            books.connection.execute("BEGIN IMMEDIATE")
        try:
            audit.append(
                books.connection, books.subkey("audit-mac"), at=books.stamp(), monotonic_ms=books.clock.monotonic_ms(),
                event=str(event), actor="user", object_kind="books", object_id=None, body=fields,
            )  # fmt: skip
            if own:
                books.connection.execute("COMMIT")
        except BaseException:
            if own and books.connection.in_transaction:
                books.connection.execute("ROLLBACK")
            raise
    books.changed = True
