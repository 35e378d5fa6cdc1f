"""The pages of an encrypted books file: what each belongs to, and what it holds in clear.

A second reader of the format, made from its description, so that a test can damage a page of every kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
_RESERVED = 80
"""Bytes at the end of each page: 16 of the vector, 64 of the keyed hash."""
_SALT = 16
_INTERIOR = {0x02, 0x05}


class Page(NamedTuple):
    """A page of a tree: the table or index it belongs to (`freelist` for none), and what it is there."""

    number: int
    owner: str
    kind: str


class File:
    """The pages of a file of which nothing is in a log any more."""

    def __init__(self, path: Path, key_hex: str) -> None:
        self._raw = path.read_bytes()
        self._key = bytes.fromhex(key_hex)
        self.count = len(self._raw) // PAGE

    def raw(self, number: int) -> bytes:
        return self._raw[(number - 1) * PAGE : number * PAGE]

    def clear(self, number: int) -> bytes:
        """Return what a page holds; of the first, the salt stands where the engine's own header begins."""
        raw = self.raw(number)
        start = _SALT if number == 1 else 0
        vector = raw[PAGE - _RESERVED : PAGE - _RESERVED + 16]
        decryptor = Cipher(algorithms.AES256(self._key), modes.CBC(vector)).decryptor()
        return bytes(start) + decryptor.update(raw[start : PAGE - _RESERVED]) + decryptor.finalize()

    def pages(self, roots: dict[str, int]) -> list[Page]:
        """Return every page; `roots` are the first pages of the trees, by their names."""
        found = {1: Page(1, "sqlite_schema", "first page")}
        for owner, root in {**roots, "sqlite_schema": 1}.items():
            for page in self._tree(owner, root):
                found.setdefault(page.number, page)
        for number in self._free():
            found[number] = Page(number, "freelist", "free")
        return [found.get(number, Page(number, "overflow", "overflow")) for number in range(1, self.count + 1)]

    def _tree(self, owner: str, root: int) -> Iterator[Page]:
        content = self.clear(root)
        header = 100 if root == 1 else 0
        kind = content[header]
        is_interior = kind in _INTERIOR
        yield Page(root, owner, "interior" if is_interior else "leaf")
        if is_interior:
            cells = int.from_bytes(content[header + 3 : header + 5], "big")
            children = [int.from_bytes(content[header + 8 : header + 12], "big")]
            for cell in range(cells):
                at = header + 12 + 2 * cell
                place = int.from_bytes(content[at : at + 2], "big")
                children.append(int.from_bytes(content[place : place + 4], "big"))
            for child in children:
                yield from self._tree(owner, child)

    def _free(self) -> Iterator[int]:
        trunk = int.from_bytes(self.clear(1)[32:36], "big")
        while trunk:
            yield trunk
            content = self.clear(trunk)
            leaves = int.from_bytes(content[4:8], "big")
            yield from (int.from_bytes(content[8 + 4 * n : 12 + 4 * n], "big") for n in range(leaves))
            trunk = int.from_bytes(content[:4], "big")
