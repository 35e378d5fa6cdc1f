"""The digest of the stored rows: a keyed hash for each block of rows, and the sum of all of them.

The cipher proves that a page of the file was written by us, not that it is the newest: an old page put back passes.
Rows are therefore hashed in blocks of neighbours, each hash bound to its table and place, and the sum of the hashes
stands in the audit entry of every change. An old page gives other rows, another hash, another sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

SIZE = 32
_MODULUS = 1 << (8 * SIZE)


def block_mac(key: bytes, table: str, block: int, text: str) -> bytes:
    """Return the hash of a block, for which nobody without the key can find other rows.

    `text` must be one that no other rows of the table give. Of a damaged file it may hold lone surrogates.
    """
    head = f"1099ops row-digest v1\0{table}\0{block}\0".encode()
    return blake2b(head + text.encode("utf-8", "surrogatepass"), key=key, digest_size=SIZE).digest()


def changed(total: int, gone: Iterable[bytes], come: Iterable[bytes]) -> int:
    """Return the sum after some hashes were taken out of it and others put in."""
    number = total + sum(map(_number, come)) - sum(map(_number, gone))
    return number % _MODULUS


def render(total: int) -> str:
    """Return the sum as the audit log holds it."""
    return f"{total:0{2 * SIZE}x}"


def parse(text: str) -> int:
    return int(text, 16)


def _number(mac: bytes) -> int:
    return int.from_bytes(mac, "big")
