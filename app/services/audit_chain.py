"""The chain of the audit log as a whole: sealed months first, then what is not sealed, in any copy of the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.core.errors import ChainBroken
from app.core.security import audit_segment
from app.core.security.audit_events import Event
from app.core.security.hash_chain import GENESIS, ChainState, walk
from app.core.security.key_derivation import Purpose, subkey
from app.store import audit, audit_segments

if TYPE_CHECKING:
    from app.core.security.envelope import Keys
    from app.store.audit_segments import Sealed
    from app.store.connection import Connection


def first_bad(connection: Connection, uuid: str, key: bytes, segment_key: bytes) -> int | None:
    """Walk sealed months and what is not sealed as one chain; return the first entry that does not hold.

    Books of a format before 3, which old backups hold, have no sealed months.
    """
    state, dropped = ChainState(None, 0, 0, GENESIS), set()
    first: tuple[int, str] | None = None
    for sealed in audit_segments.all_of(connection) if audit_segments.are_there(connection) else ():
        label = sealed.label
        if first is None:
            first = (label.first_seq - 1, label.prev)
            state = ChainState(None, 0, first[0], _bytes(label.prev))
        try:
            rows = audit_segment.unseal(segment_key, uuid, label, sealed.body)
        except ChainBroken:
            return state.head_seq + 1
        state = walk(key, rows, after_seq=state.head_seq, after_mac=state.head_mac)
        if state.first_bad_seq is not None or not _is_as_labelled(sealed, state):
            return state.first_bad_seq or label.first_seq
        dropped |= {_dropped(row[8]) for row in rows if row[3] == Event.DROPPED}
    state = walk(key, audit.rows(connection), after_seq=state.head_seq, after_mac=state.head_mac)
    if state.first_bad_seq is not None:
        return state.first_bad_seq
    dropped |= {_dropped(entry.body) for entry in audit.of_event(connection, Event.DROPPED)}
    return 1 if first is not None and first[0] and first not in dropped else None


def holds(connection: Connection, keys: Keys) -> bool:
    """Return whether every entry in a copy of the books verifies."""
    mac_key, segment_key = (subkey(keys.brs, each) for each in (Purpose.AUDIT_MAC, Purpose.AUDIT_SEGMENT))
    return first_bad(connection, keys.uuid, mac_key, segment_key) is None


def _is_as_labelled(sealed: Sealed, state: ChainState) -> bool:
    label = sealed.label
    return (
        sealed.is_whole
        and (label.last_seq, label.mac) == (state.head_seq, state.head_mac.hex())
        and label.entries == state.entries == label.last_seq - label.first_seq + 1
    )


def _dropped(body: str) -> tuple[int, str]:
    """Return the last entry of a month that was let go, as the log tells it."""
    fields: Iterator[object] = (json.loads(body).get(name) for name in ("last", "mac"))
    return tuple(fields)  # type: ignore[return-value] # compared, never used


def _bytes(text: str) -> bytes:
    """Return a stored hash; one that is no hash any more cannot equal anything."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
