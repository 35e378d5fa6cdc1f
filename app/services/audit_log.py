"""Looking at the audit log and proving it."""

from __future__ import annotations

from dataclasses import dataclass

from app.services import anchor
from app.services.books import Books
from app.store import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditState:
    """What a walk along the chain found. `anchor_ok` is None when nothing was noted outside the books yet."""

    entries: int
    first_bad_seq: int | None
    anchor_ok: bool | None

    @property
    def ok(self) -> bool:
        return self.first_bad_seq is None and self.anchor_ok is not False

    @property
    def sentence(self) -> str:
        if self.first_bad_seq is not None:
            return f"The audit log does not hold from entry {self.first_bad_seq} of {self.entries} on: it was changed."
        if self.anchor_ok is False:
            return (
                f"All {self.entries} entries hold, but the books are older than last noted: "
                "an old file was put back, or entries were cut off."
            )
        return f"All {self.entries} entries hold."


def listed(books: Books, limit: int) -> list[audit.Entry]:
    """Return entries, newest first; 0 = all."""
    return list(audit.entries(books.connection, limit=limit))


def verify(books: Books) -> AuditState:
    """Check every entry and the note kept outside the books."""
    entries, first_bad = audit.first_bad(books.connection, books.subkey("audit-mac"))
    return AuditState(entries=entries, first_bad_seq=first_bad, anchor_ok=anchor.holds(books))
