"""A sealed month of the audit log: its entries as canonical JSON lines, compressed, encrypted under a key of its own.

The MAC before an entry is that of the line before, so the lines leave it out; the whole chain is there again when they
are read. What the segment says about itself (month, numbers, final MAC) is bound to its content.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from app.core.errors import ChainBroken
from app.core.security.hash_chain import Row
from app.core.security.key_derivation import hkdf

NONCE_SIZE = 12
_MAX_BYTES = 1 << 30
"""Of the lines of one month. A year of a very busy log has a hundredth of it."""
_FIELDS = 11


class Label(NamedTuple):
    """What a segment says about itself; `prev` is the MAC before its first entry, `mac` that of its last."""

    month: int
    first_seq: int
    last_seq: int
    entries: int
    prev: str
    mac: str


def seal(key: bytes, uuid: str, label: Label, rows: Sequence[Row], nonce: bytes) -> bytes:
    """Return the body of a segment. `key` is that of all segments; each is encrypted under one made of it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - most commands run no cipher

    lines = "".join(json.dumps([*row[:9], row[10]], separators=(",", ":"), ensure_ascii=True) + "\n" for row in rows)
    sealed = AESGCM(_key(key, label)).encrypt(nonce, zlib.compress(lines.encode("ascii"), 9), _binding(uuid, label))
    return nonce + bytes(sealed)


def unseal(key: bytes, uuid: str, label: Label, body: bytes) -> list[Row]:
    """Return the entries of a segment, the MACs before them put back. Raises: ChainBroken."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - with the cipher below
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - most commands run no cipher

    try:
        packed = AESGCM(_key(key, label)).decrypt(body[:NONCE_SIZE], body[NONCE_SIZE:], _binding(uuid, label))
        opener = zlib.decompressobj()
        lines = opener.decompress(packed, _MAX_BYTES)
        found = json.loads(b"[" + lines.rstrip(b"\n").replace(b"\n", b",") + b"]")
        return _chained(found, label.prev)
    except (InvalidTag, ValueError, TypeError, zlib.error) as trouble:
        raise ChainBroken(
            f"The sealed part of the audit log from entry {label.first_seq} to {label.last_seq} was changed.",
            "Restore the newest backup, or keep these books as they are for whoever must look into it.",
        ) from trouble


def _chained(found: list[list[Any]], prev: str) -> list[Row]:
    for line in found:
        if len(line) != _FIELDS - 1:
            raise ValueError("no entry")
        mac = line[-1]
        line[-1] = prev
        line.append(mac)
        prev = str(mac)
    # Lists in place of tuples, as they were read: to make those would take a tenth of all the time.
    return found  # type: ignore[return-value] # the walk along the chain proves what the fields are


def _key(key: bytes, label: Label) -> bytes:
    return hkdf(key, f"1099ops audit-segment {label.month} {label.first_seq} v1".encode("ascii"))


def _binding(uuid: str, label: Label) -> bytes:
    return json.dumps(["1099ops audit-segment v1", uuid, *label], separators=(",", ":")).encode("ascii")
