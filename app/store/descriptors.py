"""Distinct texts of bank rows: interned once, so that they are classified, searched and stored once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from app.store.connection import Connection
from app.store.statements import blocks, marks_of

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


def _checksum(text: Text) -> int:
    return crc32("\x1f".join((text[0], text[1] or "", text[2] or "")).encode())


class Descriptors:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def intern(self, texts: Iterable[Text]) -> dict[Text, int]:
        """Return the id of each text, making the new ones. Runs inside a write transaction, so none is made twice."""
        sums, found, new = self._numbered(texts)
        self._connection.executemany(
            "INSERT INTO descriptor VALUES (?, ?, ?, ?, ?)", [(found[text], sums[text], *text) for text in new]
        )
        return found

    def known(self, texts: Iterable[Text]) -> dict[Text, int]:
        """Return the ids of those texts that are there."""
        return self._known({text: _checksum(text) for text in texts})

    def planned(self, texts: Iterable[Text]) -> dict[Text, int]:
        """Return the ids that `intern` would give now, without making any."""
        return self._numbered(texts)[1]

    def _numbered(self, texts: Iterable[Text]) -> tuple[dict[Text, int], dict[Text, int], list[Text]]:
        """Return the checksum of each text, the id of each, and those that have no row yet."""
        sums = {text: _checksum(text) for text in texts}
        found = self._known(sums)
        last = self._connection.execute("SELECT COALESCE(MAX(id), 0) FROM descriptor").fetchone()[0]
        new = [text for text in sums if text not in found]
        found.update(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
        return sums, found, new

    def _known(self, sums: Mapping[Text, int]) -> dict[Text, int]:
        select = "SELECT text, type_word, memo, id FROM descriptor"
        if len(sums) > _MANY:
            rows = self._connection.execute(select)
        else:
            wanted = sorted(set(sums.values()))
            rows = self._connection.execute(f"{select} WHERE crc IN ({marks_of(wanted)})", wanted)
        held = {Text(text, word, memo): number for text, word, memo, number in rows}
        return {text: held[text] for text in sums if text in held} if held else {}

    def rewrite(self, number: int, text: Text) -> None:
        """Put another text in place of one, for good. Only erasure does."""
        self._connection.execute(
            "UPDATE descriptor SET crc = ?, text = ?, type_word = ?, memo = ? WHERE id = ?",
            (_checksum(text), *text, number),
        )

    def texts(self, ids: Iterable[int]) -> Mapping[int, Text]:
        """Return the texts of some ids."""
        wanted = sorted(set(ids))
        found: dict[int, Text] = {}
        for block in blocks(wanted):
            rows = self._connection.execute(
                f"SELECT id, text, type_word, memo FROM descriptor WHERE id IN ({marks_of(block)})", block
            )
            found.update((number, Text(text, word, memo)) for number, text, word, memo in rows)
        return found
