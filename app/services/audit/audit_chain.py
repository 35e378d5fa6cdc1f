"""The chain of the audit log as a whole: sealed months first, then what is not sealed, in any copy of the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.core.errors import ChainBroken
from app.core.security import audit_segment
from app.core.security.audit_events import Event
from app.core.security.hash_chain import GENESIS, ChainState, Row, walk
from app.core.security.key_derivation import Purpose, subkey
from app.store import audit, audit_segments

if TYPE_CHECKING:
    from app.core.security.envelope import Keys
    from app.store.audit_segments import Sealed
    from app.store.connection import Connection


def walked(connection: Connection, uuid: str, key: bytes, segment_key: bytes) -> tuple[int | None, int]:
    """Walk sealed months and what is not sealed as one chain; return the first entry that does not hold, and how many.

    They are counted on the way: to count them by themselves would read and decrypt the whole log once more. Books of a
    format before 3, which old backups hold, have no sealed months.
    """
    has_segments = audit_segments.are_there(connection)
    segments = _Segments(connection, uuid, key, segment_key) if has_segments else None
    bad, entries, state = segments.walked() if segments else (None, 0, ChainState(None, 0, 0, GENESIS))
    if bad is None:
        hot = walk(key, audit.rows(connection), after_seq=state.head_seq, after_mac=state.head_mac)
        bad, entries = hot.first_bad_seq, entries + hot.entries
    if bad is not None:
        return bad, audit.count(connection) + (audit_segments.entries(connection) if has_segments else 0)
    return (None if segments is None or segments.begin_where_they_may() else 1), entries


def holds(connection: Connection, keys: Keys) -> bool:
    """Return whether every entry in a copy of the books verifies."""
    mac_key, segment_key = (subkey(keys.brs, each) for each in (Purpose.AUDIT_MAC, Purpose.AUDIT_SEGMENT))
    return walked(connection, keys.uuid, mac_key, segment_key)[0] is None


class _Segments:
    """The sealed months of one copy of the books."""

    def __init__(self, connection: Connection, uuid: str, key: bytes, segment_key: bytes) -> None:
        self._connection, self._uuid, self._key, self._segment_key = connection, uuid, key, segment_key

    def walked(self) -> tuple[int | None, int, ChainState]:
        """Return the first entry that does not hold, how many do, and where the log goes on."""
        state, entries = ChainState(None, 0, 0, GENESIS), 0
        for sealed in audit_segments.all_of(self._connection):
            label = sealed.label
            if not entries:
                state = ChainState(None, 0, label.first_seq - 1, _bytes(label.prev))
            try:
                rows = self._opened(sealed)
            except ChainBroken:
                return state.head_seq + 1, entries, state
            state = walk(self._key, rows, after_seq=state.head_seq, after_mac=state.head_mac)
            if state.first_bad_seq is not None or not _is_as_labelled(sealed, state):
                return state.first_bad_seq or label.first_seq, entries, state
            entries += state.entries
        return None, entries, state

    def begin_where_they_may(self) -> bool:
        """Return whether the log tells of letting go everything before the first of them."""
        first = next(audit_segments.all_of(self._connection), None)
        if first is None or first.label.first_seq == 1:
            return True
        gone = (first.label.first_seq - 1, first.label.prev)
        if any(_dropped(entry.body) == gone for entry in audit.of_event(self._connection, Event.DROPPED)):
            return True
        sealed = audit_segments.all_of(self._connection, newest_first=True)
        return any(_dropped(row[8]) == gone for each in sealed for row in self._opened(each) if row[3] == Event.DROPPED)

    def _opened(self, sealed: Sealed) -> list[Row]:
        return audit_segment.unseal(self._segment_key, self._uuid, sealed.label, sealed.body)


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
