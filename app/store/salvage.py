"""Reading what is readable of a damaged file: each table by spans of ids, halved until what cannot be read is alone.

After one page that the cipher refuses a connection reads no page any more that it does not hold yet, good ones too: so
each trouble takes a new connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2 as sqlcipher

from app.store.connection import Connection

_MOST_ROWS = 1 << 20
"""Ids that are looked for where the file does not even say how many there are."""
_IN_A_PAGE = 512
"""Rows that fit in one page: more of them that cannot be read together may hide several pages."""
_TRIED = 32


class Read(NamedTuple):
    """The rows of a table in the order of their ids, and the spans of ids that cannot be read."""

    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]
    unreadable: list[tuple[int, int]]


class Salvage:
    """Reads by connections that are made as they are needed; the caller closes the last one by `close`."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection = connect()

    def close(self) -> None:
        self._connection.close()

    def table(self, name: str) -> Read:
        """Return the readable rows of a table with an `id`. Raises: the engine's error when the schema is gone."""
        found = self._connection.execute(f"PRAGMA table_info({name})").fetchall()
        columns, types = [row[1] for row in found], [row[2] for row in found]
        return Read(columns, types, *self._spans(name, name, columns))

    def view(self, name: str, of: str, columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
        """Return columns of the readable rows of a view over a table by the id, which is the first of them."""
        rows, _ = self._spans(name, of, columns)
        return {row[0]: row for row in rows}

    def _spans(
        self, name: str, table: str, columns: Sequence[str]
    ) -> tuple[list[tuple[Any, ...]], list[tuple[int, int]]]:
        query = f"SELECT {', '.join(columns)} FROM {name} WHERE id BETWEEN ? AND ? ORDER BY id"
        rows: list[tuple[Any, ...]] = []
        bad: list[tuple[int, int]] = []
        waiting = [(1, self._last(table))]
        while waiting:
            first, last = waiting.pop()
            found = self._tried(query, (first, last))
            if found is not None:
                rows += found
            elif first < last and self._is_worth_halving(query, first, last):
                middle = (first + last) // 2
                waiting += [(middle + 1, last), (first, middle)]
            elif bad and bad[-1][1] == first - 1:
                bad[-1] = (bad[-1][0], last)
            else:
                bad.append((first, last))
        return rows, bad

    def _is_worth_halving(self, query: str, first: int, last: int) -> bool:
        """Return whether some of a span may be readable. Under a lost page high up nothing is: a million looks less."""
        if last - first < _IN_A_PAGE:
            return True
        step = (last - first) / (_TRIED - 1)
        ids = (first + round(step * number) for number in range(_TRIED))
        return any(self._tried(query, (number, number)) is not None for number in ids)

    def _tried(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]] | None:
        try:
            return list(self._connection.execute(query, values).fetchall())
        except sqlcipher.DatabaseError:
            self._connection.close()
            self._connection = self._connect()
            return None

    def _last(self, table: str) -> int:
        """Return the highest id a row may have, by whichever part of the file still tells."""
        for query in (
            f"SELECT MAX(id) FROM {table}",
            f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",
            f"SELECT MAX(last_id) FROM made WHERE table_name = '{table}'",
        ):
            found = self._tried(query)
            if found and found[0][0] is not None:
                return int(found[0][0])
            if found is not None and "MAX(id)" in query:
                return 0
        return _MOST_ROWS
