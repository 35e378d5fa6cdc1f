"""Taking the books as they are for the newest, against what is noted outside them: only a person's word does that."""

from __future__ import annotations

from typing import NamedTuple

from app.core.errors import ChainBroken
from app.core.security.audit_events import Event
from app.services.audit import anchor, audit_log
from app.services.audit.anchor import Standing
from app.services.audit.audit_notes import note
from app.services.books.open_books import Books
from app.store import audit


class Accepted(NamedTuple):
    standing: Standing
    """How the note stood that was overruled; HOLDS when there was nothing to accept."""
    seen: int | None
    """The entry the note told of, where it could be read."""
    seq: int


def accept(books: Books) -> Accepted:
    """Take the books as they are for the newest; it is logged, and all is noted afresh.

    Where no note outside contradicts them, nothing is changed.

    Raises: Refused on books that only read; KeychainLocked, NoKeychain when the keychain's note cannot be renewed;
    ChainBroken when the log itself does not hold.
    """
    state = audit_log.verify(books)
    if state.first_bad_seq is not None:
        raise ChainBroken(state.sentence, "Nothing was accepted. Restore a backup from before it was changed.")
    seen = anchor.noted_entry(books)
    standing = state.anchor if state.anchor is not Standing.HOLDS else state.keychain_anchor
    if standing in {Standing.HOLDS, Standing.UNKNOWN}:
        books.refuse_reader()
        return Accepted(Standing.HOLDS, seen, audit.head(books.connection)[0])
    note(books, Event.ACCEPTED, code=standing, seen=seen)
    return Accepted(standing, seen, anchor.begin_epoch(books))
