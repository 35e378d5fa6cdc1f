"""Distinct texts of bank rows: interned once, so that they are classified, searched and stored once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple

from app.store.connection import Connection

_MANY = 400


class Text(NamedTuple):
    """What a source said about a row, already masked."""

    text: str
    type_word: str | None
    memo: str | None


def short_hash(key: bytes, data: str) -> int:
    """Return a keyed 63-bit hash: small enough for an index entry, useless without the books' key."""
    digest = blake2b(data.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big") >> 1


class Descriptors:
    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def intern(self, texts: Iterable[Text]) -> dict[Text, int]:
        """Return the id of each text, making those that are new."""
        keys = {
            text: short_hash(self._key, "\x1f".join((text.text, text.type_word or "", text.memo or "")))
            for text in texts
        }
        known = self._known(list(keys.values()))
        last = self._connection.execute("SELECT COALESCE(MAX(id), 0) FROM descriptor").fetchone()[0]
        new: list[tuple[int, int, str, str | None, str | None]] = []
        found: dict[Text, int] = {}
        for text, key in keys.items():
            number = known.get(key)
            if number is None:
                last += 1
                number = known[key] = last
                new.append((number, key, text.text, text.type_word, text.memo))
            found[text] = number
        self._connection.executemany("INSERT INTO descriptor VALUES (?, ?, ?, ?, ?)", new)
        return found

    def _known(self, keys: list[int]) -> dict[int, int]:
        if len(keys) > _MANY:
            return dict(self._connection.execute("SELECT key, id FROM descriptor").fetchall())
        marks = ",".join("?" * len(keys))
        return dict(self._connection.execute(f"SELECT key, id FROM descriptor WHERE key IN ({marks})", keys).fetchall())

    def texts(self, ids: Iterable[int]) -> Mapping[int, Text]:
        """Return the texts of some ids."""
        wanted = sorted(set(ids))
        found: dict[int, Text] = {}
        for start in range(0, len(wanted), 5000):
            block = wanted[start : start + 5000]
            rows = self._connection.execute(
                f"SELECT id, text, type_word, memo FROM descriptor WHERE id IN ({','.join('?' * len(block))})", block
            )
            found.update((number, Text(text, word, memo)) for number, text, word, memo in rows)
        return found
