"""What an open operation wrote into derived tables: their digest follows from it."""

from __future__ import annotations

from collections.abc import Iterable


class Written:
    """The keys of written rows, by table. One for all repositories of derived rows over a connection."""

    def __init__(self) -> None:
        self.keys: dict[str, set[int]] = {}

    def add(self, table: str, keys: Iterable[int]) -> None:
        self.keys.setdefault(table, set()).update(keys)

    def clear(self) -> None:
        self.keys.clear()
