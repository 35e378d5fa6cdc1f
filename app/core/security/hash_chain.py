"""The chain of the audit log: each entry's MAC covers the entry and the MAC before it.

Keyed, because anyone who can edit a file can recompute plain hashes. It shows changed, removed, swapped and inserted
entries; it cannot show that the newest ones were cut off: the anchor outside the books does.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from typing import NamedTuple

GENESIS = bytes(32)
"""What stands before the first entry."""

Field = bytes | str | int | None


class ChainEntry(NamedTuple):
    """One stored entry. `fields` are all that was written, and begin with `seq`."""

    seq: int
    fields: Sequence[Field]
    prev: bytes
    mac: bytes


class ChainState(NamedTuple):
    """What a walk along the chain found; `first_bad_seq` is None when every entry holds."""

    first_bad_seq: int | None
    entries: int
    head_seq: int
    head_mac: bytes


def entry_mac(key: bytes, fields: Sequence[Field], prev: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA256 of one entry.

    Each field is written as one letter for its kind, eight bytes of length, and its bytes: no two lists of fields give
    the same text, whatever they hold.
    """
    parts = [b"1099ops audit v1", len(fields).to_bytes(8, "big")]
    for value in (*fields, prev):
        kind, content = _encoded(value)
        parts += (kind, len(content).to_bytes(8, "big"), content)
    return hmac.digest(key, b"".join(parts), "sha256")


def verify(key: bytes, entries: Iterable[ChainEntry], *, after_seq: int = 0, after_mac: bytes = GENESIS) -> ChainState:
    """Walk entries in the order of `seq` and stop at the first that does not hold.

    `after_seq` and `after_mac` are the entry before the first one given (of an archived part, or of an earlier walk).
    """
    seq, mac, count = after_seq, after_mac, 0
    for entry in entries:
        expected = seq + 1
        if entry.seq != expected or not entry.fields or entry.fields[0] != entry.seq or entry.prev != mac:
            return ChainState(expected, count, seq, mac)
        if not hmac.compare_digest(entry_mac(key, entry.fields, mac), entry.mac):
            return ChainState(expected, count, seq, mac)
        seq, mac, count = expected, entry.mac, count + 1
    return ChainState(None, count, seq, mac)


def _encoded(value: Field) -> tuple[bytes, bytes]:
    if value is None:
        return b"n", b""
    if isinstance(value, bytes):
        return b"b", value
    if isinstance(value, str):
        # Text of a damaged database may hold lone surrogates; they must give a MAC that differs, not an error.
        return b"s", value.encode("utf-8", "surrogatepass")
    return b"i", str(int(value)).encode("ascii")
