"""Sealed months of the audit log, as they lie in the books."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from app.core.security.audit_segment import Label
from app.store.connection import Connection

KEPT_MONTHS = 700
"""Seven years, in numbers of the form 202611."""

_LABEL = ", ".join(Label._fields)


class Sealed(NamedTuple):
    label: Label
    sha256: str
    body: bytes

    @property
    def is_whole(self) -> bool:
        return hashlib.sha256(self.body).hexdigest() == self.sha256


def are_there(connection: Connection) -> bool:
    """Return whether the books are of a format that seals months."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit_segment'")
    return found.fetchone() is not None


def add(connection: Connection, label: Label, body: bytes) -> str:
    """Write a segment and return its hash. Its entries may leave the log now, and only now."""
    sha256 = hashlib.sha256(body).hexdigest()
    connection.execute(
        f"INSERT INTO audit_segment ({_LABEL}, sha256, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*label, sha256, body),
    )
    return sha256


def last(connection: Connection) -> Label | None:
    """Return what the newest segment says about itself."""
    row = connection.execute(f"SELECT {_LABEL} FROM audit_segment ORDER BY first_seq DESC LIMIT 1").fetchone()
    return Label(*row) if row else None


def first_seq(connection: Connection) -> int | None:
    """Return the oldest entry that is kept, None while none was sealed."""
    found = connection.execute("SELECT MIN(first_seq) FROM audit_segment").fetchone()[0]
    return None if found is None else int(found)


def count(connection: Connection) -> int:
    return int(connection.execute("SELECT COUNT(*) FROM audit_segment").fetchone()[0])


def entries(connection: Connection) -> int:
    """Return how many entries the segments say they hold."""
    return int(connection.execute("SELECT COALESCE(SUM(entries), 0) FROM audit_segment").fetchone()[0])


def all_of(connection: Connection, *, newest_first: bool = False) -> Iterator[Sealed]:
    order = "DESC" if newest_first else "ASC"
    # The numbers first, then each body alone: seven years of them need not be in memory together.
    firsts = [row[0] for row in connection.execute(f"SELECT first_seq FROM audit_segment ORDER BY first_seq {order}")]
    return (found for first in firsts if (found := at(connection, first)) is not None)


def at(connection: Connection, seq: int) -> Sealed | None:
    """Return the segment that holds an entry."""
    row = connection.execute(
        f"SELECT {_LABEL}, sha256, body FROM audit_segment WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1",
        (seq,),
    ).fetchone()
    if row is None or row[2] < seq:
        return None
    return Sealed(Label(*row[: len(Label._fields)]), row[-2], bytes(row[-1]))


def too_old(connection: Connection) -> list[Label]:
    """Return the segments, oldest first, after which a sealed month stands seven years later."""
    rows = connection.execute(
        f"SELECT {_LABEL} FROM audit_segment WHERE month + {KEPT_MONTHS} <= (SELECT MAX(month) FROM audit_segment) "
        "ORDER BY first_seq"
    )
    return [Label(*row) for row in rows]


def drop(connection: Connection, label: Label) -> None:
    """Let a whole segment go; a trigger refuses one that is not the oldest, or too young."""
    connection.execute("DELETE FROM audit_segment WHERE first_seq = ?", (label.first_seq,))
