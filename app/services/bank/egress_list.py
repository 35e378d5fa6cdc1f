"""What left this machine, for a person to read: to whom, what for, how much, when, and what let it happen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.store import egress

if TYPE_CHECKING:
    from app.services.books.open_books import Books


class Entry(NamedTuple):
    """One errand: all its calls to one host for one purpose. `bytes` are those of the calls' contents, both ways."""

    at: str
    host: str
    purpose: str
    bytes: int
    sent: int
    received: int
    allowed_by: str


class Egress(NamedTuple):
    rows: list[Entry]
    entries: int
    sent: int
    received: int


def listed(books: Books, *, limit: int = 0) -> Egress:
    """Return the newest entries, and the sums of all; 0 = all entries."""
    with books.reading():
        entries, sent, received = egress.totals(books.connection)
        return Egress([_entry(row) for row in egress.newest(books.connection, limit)], entries, sent, received)


def _entry(row: egress.Sent) -> Entry:
    moment = datetime.fromtimestamp(row.at / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Entry(moment, row.host, row.purpose, row.sent + row.received, row.sent, row.received, row.allowed_by)
