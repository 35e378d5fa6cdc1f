"""Looking into the sealed months of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import ChainBroken
from app.core.security import audit_segment
from app.store import audit_segments

if TYPE_CHECKING:
    from app.core.security.hash_chain import Row
    from app.services.books.open_books import Books
    from app.store.audit_segments import Sealed


def opened(books: Books, sealed: Sealed) -> list[Row]:
    """Return the entries of a sealed month, oldest first. Raises: ChainBroken."""
    return audit_segment.unseal(books.subkey("audit-segment"), books.uuid, sealed.label, sealed.body)


def mac_at(books: Books, seq: int) -> str | None:
    """Return the mac of an entry of a sealed month; None when there is no such entry, or its month does not open."""
    sealed = audit_segments.at(books.connection, seq)
    if sealed is None:
        return None
    try:
        return next((row[10] for row in opened(books, sealed) if row[0] == seq), None)
    except ChainBroken:
        return None
