"""The audit log: who did what kind of thing when, chained by a keyed hash, with no contents.

Each entry is written in the same transaction as the change it tells of. The key is a subkey of the books' root secret,
so nobody without the keys can write a chain that verifies; whoever holds the keys can, which is why the newest entry is
also noted outside the file (the anchor). Fields are fixed: an event code, an actor, an id, a result, and a body of
allow-listed numbers and codes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.core.security.hash_chain import GENESIS, ChainEntry, Field, entry_mac, verify
from app.store.connection import Connection

START = GENESIS.hex()
"""What the first entry chains to."""

ALLOWED = frozenset({
    "operation", "code", "undoes", "rows", "files", "added", "duplicates", "rejected", "masked", "sha256", "format",
    "schema_version", "mode", "generation", "year", "count", "entries", "digest",
})  # fmt: skip
"""Body fields: numbers and codes only, never text from data."""


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


def _fields(entry: Entry) -> tuple[Field, ...]:
    return tuple(entry[:9])


def _mac(key: bytes, entry: Entry) -> str:
    return str(entry_mac(key, _fields(entry), bytes.fromhex(entry.prev)).hex())


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
    """Write the next entry. Raises: ValueError for a body field that is not on the list."""
    strange = set(body) - ALLOWED
    if strange:
        raise ValueError(f"not for the audit log: {sorted(strange)}")
    last = connection.execute("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").fetchone() or (0, START)
    text = json.dumps(dict(body), sort_keys=True, separators=(",", ":"))
    bare = Entry(last[0] + 1, at, monotonic_ms, event, actor, object_kind, object_id, result, text, last[1], "")
    entry = bare._replace(mac=_mac(key, bare))
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
    return entry


def head(connection: Connection) -> tuple[int, str]:
    """Return the number and the mac of the newest entry."""
    row = connection.execute("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, START)


def head_of_changes(connection: Connection) -> tuple[int, str]:
    """Return the newest entry that tells of a change: what a pack states, so that looking changes no pack."""
    row = connection.execute(
        "SELECT seq, mac FROM audit WHERE event IN ('change', 'undo', 'migration') ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, START)


def mac_at(connection: Connection, seq: int) -> str | None:
    row = connection.execute("SELECT mac FROM audit WHERE seq = ?", (seq,)).fetchone()
    return str(row[0]) if row else None


def entries(connection: Connection, *, limit: int = 0) -> Iterator[Entry]:
    """Yield entries, newest first; 0 = all."""
    rows: Iterator[tuple[Any, ...]] = connection.execute(
        f"SELECT {', '.join(Entry._fields)} FROM audit ORDER BY seq DESC LIMIT ?", (limit or -1,)
    )
    return (Entry(*row) for row in rows)


def first_bad(connection: Connection, key: bytes) -> tuple[int, int | None]:
    """Return how many entries there are and the number of the first that does not verify, None when all do."""
    rows = connection.execute(f"SELECT {', '.join(Entry._fields)} FROM audit ORDER BY seq")
    chain = (ChainEntry(e.seq, _fields(e), _bytes(e.prev), _bytes(e.mac)) for e in map(Entry._make, rows))
    state = verify(key, chain)
    count = connection.execute("SELECT COUNT(*) FROM audit").fetchone()[0]
    return int(count), state.first_bad_seq


def _bytes(text: str) -> bytes:
    """Return a stored hash; one that is no hash any more cannot equal anything."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def seal_anchor(key: bytes, body: Mapping[str, int | str]) -> str:
    """Return the seal of the note that is kept outside the books."""
    return str(entry_mac(key, [f"{name}={body[name]}" for name in sorted(body)], GENESIS).hex())
