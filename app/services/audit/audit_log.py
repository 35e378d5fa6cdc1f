"""Looking at the audit log, proving it, and handing it out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.security.audit_events import Event
from app.services.audit import anchor, audit_chain, audit_sealed
from app.services.audit.anchor import Standing
from app.services.audit.audit_archive import VIEW_DAYS
from app.services.audit.audit_notes import note
from app.services.books.open_books import Books
from app.store import audit, audit_segments

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditState:
    """What a walk along the chain found, sealed months first, and how the notes outside stand to it."""

    entries: int
    segments: int
    first_bad_seq: int | None
    anchor: Standing
    keychain_anchor: Standing

    @property
    def anchor_ok(self) -> bool:
        return self.anchor is Standing.HOLDS

    @property
    def keychain_anchor_ok(self) -> bool | None:
        """Return None where no keychain could be asked, or none of these books' notes is there yet."""
        return None if self.keychain_anchor is Standing.UNKNOWN else self.keychain_anchor is Standing.HOLDS

    @property
    def ok(self) -> bool:
        return self.first_bad_seq is None and self.anchor_ok and self.keychain_anchor_ok is not False

    @property
    def sentence(self) -> str:
        if self.first_bad_seq is not None:
            return f"The audit log does not hold from entry {self.first_bad_seq} of {self.entries} on: it was changed."
        whole = f"All {self.entries} entries hold"
        for standing, words in ((self.anchor, _BESIDE), (self.keychain_anchor, _IN_KEYCHAIN)):
            if standing in words:
                return f"{whole}, but {words[standing]}"
        return f"{whole}."


_BESIDE = {
    Standing.OLDER: "the books are older than last noted: an old file was put back, or entries were cut off.",
    Standing.CHANGED: "the note of the newest entry beside the books (audit.anchor) was changed or cannot be read.",
    Standing.MISSING: "the note of the newest entry beside the books (audit.anchor) is missing.",
}
_IN_KEYCHAIN = {
    Standing.OLDER: "the books are older than the keychain last noted: an old folder was put back.",
    Standing.CHANGED: "the keychain's note of the newest entry is not one of these books.",
    Standing.MISSING: "the keychain's note of the newest entry was removed.",
}


def listed(books: Books, limit: int, *, days: int | None = None) -> list[audit.Entry]:
    """Return entries, newest first; `limit` 0 = all. Without `days` the sealed months are there too.

    Raises: ChainBroken when a sealed month cannot be opened.
    """
    if days is not None:
        since = (books.clock.now() - timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return list(audit.entries(books.connection, limit=limit, since=since))
    found = list(audit.entries(books.connection, limit=limit))
    left = limit - len(found)
    if limit and left <= 0:
        return found
    older = (
        audit.Entry(*row)
        for sealed in audit_segments.all_of(books.connection, newest_first=True)
        for row in reversed(audit_sealed.opened(books, sealed))
    )
    return found + list(islice(older, left if limit else None))


def in_view(books: Books, limit: int) -> list[audit.Entry]:
    """Return the entries of the last ninety days, newest first; 0 = all of them."""
    return listed(books, limit, days=VIEW_DAYS)


def verify(books: Books) -> AuditState:
    """Check every entry, sealed and not, and the notes kept outside the books. Raises: DamagedFile."""
    with books.reading():
        bad, entries = audit_chain.walked(
            books.connection, books.uuid, books.subkey("audit-mac"), books.subkey("audit-segment")
        )
        segments = audit_segments.count(books.connection)
        beside = anchor.look(books)
    return AuditState(
        entries=entries, segments=segments, first_bad_seq=bad, anchor=beside,
        keychain_anchor=anchor.look_in_keychain(books),
    )  # fmt: skip


def save(books: Books, path: Path) -> int:
    """Write every entry as one line of JSON, oldest first, to a new file; note it; return how many.

    Raises: Exists, BadFile, ChainBroken.
    """
    from hashlib import sha256  # noqa: PLC0415 - only here

    with books.reading():
        lines = [json.dumps(entry_body(entry)) + "\n" for entry in reversed(listed(books, 0))]
    data = "".join(lines).encode("ascii")
    safe_files.write_atomic(path, data, replace=False)
    if not books.reads_only:
        note(books, Event.LOG_EXPORTED, entries=len(lines), sha256=sha256(data).hexdigest())
    return len(lines)


def entry_body(entry: audit.Entry) -> dict[str, object]:
    """Return an entry as the command line and exports show it."""
    return {
        "seq": entry.seq, "at": entry.at, "monotonic_ms": entry.monotonic_ms, "event": entry.event,
        "actor": entry.actor, "object_kind": entry.object_kind, "object_id": entry.object_id, "result": entry.result,
        "body": json.loads(entry.body), "prev": entry.prev, "mac": entry.mac,
    }  # fmt: skip
