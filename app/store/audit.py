"""The audit log: who did what kind of thing when, chained by a keyed hash, with no contents.

Each entry is written in the same transaction as the change it tells of. The key is a subkey of the books' root secret,
so nobody without the keys can write a chain that verifies; whoever holds the keys can, which is why the newest entry is
also noted outside the file (the anchor). What an entry may hold is a closed list, see `audit_events`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from app.store.connection import Connection

if TYPE_CHECKING:
    from app.core.security.hash_chain import Row

START = bytes(32).hex()
"""What the first entry chains to."""


class Entry(NamedTuple):
    seq: int
    at: str
    monotonic_ms: int
    event: str
    actor: str
    object_kind: str
    object_id: int | None
    result: str
    body: str
    prev: str
    mac: str


_COLUMNS = ", ".join(Entry._fields)


def append(
    connection: Connection,
    key: bytes,
    *,
    at: str,
    monotonic_ms: int,
    event: str,
    actor: str,
    object_kind: str,
    object_id: int | None,
    body: Mapping[str, int | str | None],
    result: str = "ok",
) -> Entry:
    """Write the next entry. Raises: ValueError for anything the catalogue of events does not allow."""
    from app.core.security.audit_events import check  # noqa: PLC0415 - reading needs no catalogue
    from app.core.security.hash_chain import entry_mac  # noqa: PLC0415 - nor the chain

    known = check(event, actor=actor, object_kind=object_kind, result=result, fields=body)
    last = connection.execute("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").fetchone() or (0, START)
    text = json.dumps(dict(body), sort_keys=True, separators=(",", ":"))
    bare = Entry(last[0] + 1, at, monotonic_ms, str(known), actor, object_kind, object_id, result, text, last[1], "")
    entry = bare._replace(mac=entry_mac(key, bare[:9], bytes.fromhex(bare.prev)).hex())
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
    return entry


def head(connection: Connection) -> tuple[int, str]:
    """Return the number and the mac of the newest entry."""
    row = connection.execute("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, START)


def head_of_changes(connection: Connection) -> tuple[int, str]:
    """Return the newest entry that tells of a change: what a pack states, so that looking changes no pack.

    It is never sealed, so it is always found here.
    """
    row = connection.execute(
        "SELECT seq, mac FROM audit WHERE event IN ('change', 'undo', 'migration', 'erasure') ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, START)


def mac_at(connection: Connection, seq: int) -> str | None:
    """Return the mac of an entry that is not sealed yet."""
    row = connection.execute("SELECT mac FROM audit WHERE seq = ?", (seq,)).fetchone()
    return str(row[0]) if row else None


def first_at(connection: Connection) -> str | None:
    """Return when the oldest entry that is not sealed was written."""
    row = connection.execute("SELECT at FROM audit ORDER BY seq LIMIT 1").fetchone()
    return str(row[0]) if row else None


def count(connection: Connection) -> int:
    return int(connection.execute("SELECT COUNT(*) FROM audit").fetchone()[0])


def entries(connection: Connection, *, limit: int = 0, since: str = "") -> Iterator[Entry]:
    """Yield entries that are not sealed, newest first; `limit` 0 = all, `since` a moment as the entries state it."""
    rows: Iterator[tuple[Any, ...]] = connection.execute(
        f"SELECT {_COLUMNS} FROM audit WHERE at >= ? ORDER BY seq DESC LIMIT ?", (since, limit or -1)
    )
    return (Entry(*row) for row in rows)


def rows(connection: Connection, *, through: int | None = None) -> Iterator[Row]:
    """Yield the stored entries as they are, oldest first."""
    found: Iterator[Row] = connection.execute(
        f"SELECT {_COLUMNS} FROM audit WHERE seq <= ? ORDER BY seq", ((1 << 62) if through is None else through,)
    )
    return found


def of_event(connection: Connection, event: str) -> Iterator[Entry]:
    found = connection.execute(f"SELECT {_COLUMNS} FROM audit WHERE event = ?", (str(event),))
    return (Entry(*row) for row in found)


def remove_sealed(connection: Connection, first: int, last: int) -> None:
    """Let entries go that lie in a sealed month; a trigger refuses every other one."""
    connection.execute("DELETE FROM audit WHERE seq BETWEEN ? AND ?", (first, last))


def seal_anchor(key: bytes, body: Mapping[str, int | str]) -> str:
    """Return the seal of the note that is kept outside the books."""
    from app.core.security.hash_chain import GENESIS, entry_mac  # noqa: PLC0415 - as above

    return entry_mac(key, [f"{name}={body[name]}" for name in sorted(body)], GENESIS).hex()
