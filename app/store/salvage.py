"""Reading what is readable of a damaged file: each table by spans of ids, halved until what cannot be read is alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2 as sqlcipher

from app.store.connection import Connection

_MOST_ROWS = 1 << 24
"""Ids that are looked for where the file does not even say how many there are."""


class Read(NamedTuple):
    """The rows of a table in the order of their ids, and the spans of ids that cannot be read."""

    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]
    unreadable: list[tuple[int, int]]


def table(connection: Connection, name: str) -> Read:
    """Return the readable rows of a table with an `id`. Raises the engine's error when the schema itself is gone."""
    found = connection.execute(f"PRAGMA table_info({name})").fetchall()
    columns, types = [row[1] for row in found], [row[2] for row in found]
    return Read(columns, types, *_spans(connection, name, columns))


def view(connection: Connection, name: str, columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
    """Return some columns of the readable rows of a view over transactions, by the id, which is the first of them."""
    rows, _ = _spans(connection, name, columns)
    return {row[0]: row for row in rows}


def _spans(
    connection: Connection, name: str, columns: Sequence[str]
) -> tuple[list[tuple[Any, ...]], list[tuple[int, int]]]:
    query = f"SELECT {', '.join(columns)} FROM {name} WHERE id BETWEEN ? AND ? ORDER BY id"
    rows: list[tuple[Any, ...]] = []
    bad: list[tuple[int, int]] = []
    waiting = [(1, _last(connection, name))]
    while waiting:
        first, last = waiting.pop()
        try:
            rows += connection.execute(query, (first, last)).fetchall()
        except sqlcipher.DatabaseError:
            if first < last:
                middle = (first + last) // 2
                waiting += [(middle + 1, last), (first, middle)]
            elif bad and bad[-1][1] == first - 1:
                bad[-1] = (bad[-1][0], first)
            else:
                bad.append((first, first))
    return rows, bad


def _last(connection: Connection, name: str) -> int:
    """Return the highest id a row may have, by whichever part of the file still tells."""
    source = "transactions" if name in {"effective", "lines"} else name
    for query in (
        f"SELECT MAX(id) FROM {source}",
        f"SELECT seq FROM sqlite_sequence WHERE name = '{source}'",
        f"SELECT MAX(last_id) FROM made WHERE table_name = '{source}'",
    ):
        try:
            row = connection.execute(query).fetchone()
        except sqlcipher.DatabaseError:
            continue
        return int(row[0] or 0) if row else 0
    return _MOST_ROWS
