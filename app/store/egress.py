"""The list of what left this machine: a record, so nothing takes an entry back."""

from __future__ import annotations

from typing import NamedTuple

from app.store.connection import Connection


class Sent(NamedTuple):
    """Calls to one host for one purpose: when the first of them was, and their bytes together."""

    id: int
    at: int
    host: str
    purpose: str
    sent: int
    received: int
    allowed_by: str


_COLUMNS = ", ".join(Sent._fields)


def add(connection: Connection, *, at: int, host: str, purpose: str, sent: int, received: int, allowed_by: str) -> int:
    """Write an entry and return its number."""
    cursor = connection.execute(
        "INSERT INTO egress (at, host, purpose, sent, received, allowed_by) VALUES (?, ?, ?, ?, ?, ?)",
        (at, host, purpose, sent, received, allowed_by),
    )
    return int(cursor.lastrowid)


def count_in(connection: Connection, number: int, *, sent: int, received: int) -> None:
    """Add another call to an entry of the same errand."""
    connection.execute(
        "UPDATE egress SET sent = sent + ?, received = received + ? WHERE id = ?", (sent, received, number)
    )


def newest(connection: Connection, limit: int) -> list[Sent]:
    """Return entries, newest first; 0 = all."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM egress ORDER BY id DESC LIMIT ?", (limit or -1,))
    return [Sent._make(row) for row in rows.fetchall()]


def totals(connection: Connection) -> tuple[int, int, int]:
    """Return how many entries there are, and the bytes of all."""
    row = connection.execute(
        "SELECT COUNT(*), COALESCE(SUM(sent), 0), COALESCE(SUM(received), 0) FROM egress"
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])
