"""Reading the record of operations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from app.core.dates import Day
from app.store import journal
from app.store.connection import Connection


class OperationRow(NamedTuple):
    id: int
    at: str
    actor: str
    code: str
    row_count: int
    undoes: int | None
    undone_by: int | None


_SELECT = "SELECT o.id, o.at, o.actor, o.code, o.row_count, o.undoes FROM operation o"


def get(connection: Connection, operation: int) -> OperationRow | None:
    row = connection.execute(f"{_SELECT} WHERE o.id = ?", (operation,)).fetchone()
    return OperationRow._make((*row, journal.undone(connection).get(operation))) if row else None


def first(connection: Connection) -> int:
    return int(connection.execute("SELECT COALESCE(MIN(id), 0) FROM operation").fetchone()[0])


def newest(connection: Connection, limit: int, wanted: Collection[int] | None = None) -> list[OperationRow]:
    """Return operations, newest first; 0 = all; `wanted` = only these."""
    rows = connection.execute(f"{_SELECT} ORDER BY o.id DESC LIMIT ?", (limit or -1,))
    gone = journal.undone(connection)
    found = (OperationRow._make((*row, gone.get(row[0]))) for row in rows)
    return [row for row in found if wanted is None or row.id in wanted]


def standing(
    connection: Connection, ids: Sequence[int]
) -> Iterator[tuple[list[tuple[int, int, int]], tuple[Day, Day] | None]]:
    """Yield, in blocks, the groups and the days of transactions as they stand now."""
    for start in range(0, len(ids), 5000):
        block = list(ids[start : start + 5000])
        marks = ",".join("?" * len(block))
        groups = connection.execute(
            f"SELECT DISTINCT descriptor_id, account_id, cents >= 0 FROM transactions WHERE id IN ({marks})", block
        ).fetchall()
        first_day, last_day = connection.execute(
            f"SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id IN ({marks})", block
        ).fetchone()
        yield groups, None if first_day is None else (first_day, last_day)
