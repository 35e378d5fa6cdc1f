"""The chain of the audit log: each entry's MAC covers the entry and the MAC before it.

Keyed, because anyone who can edit a file can recompute plain hashes. It shows changed, removed, swapped and inserted
entries; it cannot show that the newest ones were cut off: the anchor outside the books does.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
    return hmac.digest(key, _text(fields) + b"b" + len(prev).to_bytes(8, "big") + prev, "sha256")


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


# --- the same chain, walked fast over entries as they are stored ------------------------------------------------------

Row = tuple[int, str, int, str, str, str, int | None, str, str, str, str]
"""A stored entry: seq, at, monotonic_ms, event, actor, object kind and id, result, body; then prev and mac in hex."""

_SHORT = 128
"""Below this a length is one byte that text can carry unchanged; longer fields go the slow way."""
_LENGTHS = [number.to_bytes(8, "big").decode("latin-1") for number in range(_SHORT)]
_INT = [f"i{length}" for length in _LENGTHS]
_STR = [f"s{length}" for length in _LENGTHS]
_NONE = f"n{_LENGTHS[0]}"
_BEGIN = "1099ops audit v1" + _LENGTHS[9]
_PREV = b"b" + (32).to_bytes(8, "big")


def walk(key: bytes, rows: Iterable[Row], *, after_seq: int = 0, after_mac: bytes = GENESIS) -> ChainState:
    """Walk stored entries like `verify`, more than twice as fast: the key is hashed once, an entry is one text.

    An entry that holds something else than such entries hold is a bad one, not an error.
    """
    inner, outer = _keyed(key)
    seq, mac, last, count = after_seq, after_mac, after_mac.hex(), 0
    for row in rows:
        if row[0] != seq + 1 or row[9] != last:
            return ChainState(seq + 1, count, seq, mac)
        try:
            text = _stored_text(row)
        except (TypeError, ValueError, AttributeError):
            return ChainState(seq + 1, count, seq, mac)
        state = inner.copy()
        state.update(text + _PREV + mac)
        sealed = outer.copy()
        sealed.update(state.digest())
        found = sealed.digest()
        last = found.hex()
        if last != row[10]:
            return ChainState(seq + 1, count, seq, mac)
        seq, mac, count = seq + 1, found, count + 1
    return ChainState(None, count, seq, mac)


def _keyed(key: bytes) -> tuple[Any, Any]:
    """Return the two hashes of HMAC with the key taken in. Source: RFC 2104, section 4."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in block)), hashlib.sha256(bytes(b ^ 0x5C for b in block))


def _stored_text(row: Row) -> bytes:
    """Return what the MAC is made of, up to the MAC before. Raises: TypeError, ValueError for what is no entry."""
    seq, at, clock, event, actor, kind, number, result, body, _, _ = row
    first, second = f"{seq:d}", f"{clock:d}"
    third = "" if number is None else f"{number:d}"
    content = body.encode("utf-8", "surrogatepass")
    try:
        text = (
            f"{_BEGIN}{_INT[len(first)]}{first}{_STR[len(at)]}{at}{_INT[len(second)]}{second}"
            f"{_STR[len(event)]}{event}{_STR[len(actor)]}{actor}{_STR[len(kind)]}{kind}"
            f"{_NONE if number is None else _INT[len(third)]}{third}{_STR[len(result)]}{result}s"
        )
        plain = text.encode("ascii")
    except (IndexError, UnicodeEncodeError):
        return _text(row[:9])
    return plain + len(content).to_bytes(8, "big") + content


def _text(fields: Sequence[Field]) -> bytes:
    parts = [b"1099ops audit v1", len(fields).to_bytes(8, "big")]
    for value in fields:
        kind, content = _encoded(value)
        parts += (kind, len(content).to_bytes(8, "big"), content)
    return b"".join(parts)


def _encoded(value: Field) -> tuple[bytes, bytes]:
    if value is None:
        return b"n", b""
    if isinstance(value, bytes):
        return b"b", value
    if isinstance(value, str):
        # Text of a damaged database may hold lone surrogates; they must give a MAC that differs, not an error.
        return b"s", value.encode("utf-8", "surrogatepass")
    return b"i", str(int(value)).encode("ascii")
