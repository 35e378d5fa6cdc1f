"""Reading the record of operations."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from app.core.dates import Day
from app.store import journal, journal_triggers
from app.store.connection import Connection
from app.store.statements import blocks, marks_of


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


def wrote(connection: Connection, table: str, key: str, value: int) -> OperationRow | None:
    """Return the newest standing operation that made or changed a row of a journalled table."""
    rows = connection.execute(
        f"WITH own AS (SELECT id FROM {table} WHERE {key} = ?1) "  # table and key are names of the program's own
        "SELECT operation_id FROM journal WHERE table_name = ?2 AND row_id IN own UNION "
        "SELECT m.operation_id FROM made m, own WHERE m.table_name = ?2 AND own.id BETWEEN m.first_id AND m.last_id "
        "ORDER BY 1 DESC",
        (value, table),
    )
    gone = journal.undone(connection)
    number = next((row[0] for row in rows.fetchall() if row[0] not in gone), None)
    return None if number is None else get(connection, number)


_SAID = ("kind", "line", "is_split")


def booked(connection: Connection, transaction_id: int) -> OperationRow | None:
    """Return the operation that gave a row what a person booked it as; what changed its note only is passed over."""
    row = connection.execute(
        f"SELECT id, {', '.join(_SAID)} FROM decision WHERE transaction_id = ?", (transaction_id,)
    ).fetchone()
    if row is None:
        return None
    images = connection.execute(
        "SELECT j.operation_id, j.before, i.columns FROM journal j JOIN operation o ON o.id = j.operation_id "
        "JOIN image_columns i ON i.schema_version = o.schema_version AND i.table_name = 'decision' "
        "WHERE j.table_name = 'decision' AND j.row_id = ? ORDER BY j.id DESC",
        (row[0],),
    )
    for operation, before, columns in images.fetchall():
        held = dict(zip(json.loads(columns), json.loads(before), strict=True)) if before else {}
        if [held.get(name) for name in _SAID] != list(row[1:]):
            return get(connection, operation)
    made = connection.execute(
        "SELECT MAX(operation_id) FROM made WHERE table_name = 'decision' AND ? BETWEEN first_id AND last_id", (row[0],)
    ).fetchone()[0]
    return get(connection, made) if made is not None else None


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
    for block in blocks(ids):
        marks = marks_of(block)
        groups = connection.execute(
            f"SELECT DISTINCT descriptor_id, account_id, cents >= 0 FROM transactions WHERE id IN ({marks})", block
        ).fetchall()
        first_day, last_day = connection.execute(
            f"SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id IN ({marks})", block
        ).fetchone()
        yield groups, None if first_day is None else (first_day, last_day)


def transactions_made(connection: Connection, operation: int) -> int:
    """Return how many transactions an operation brought in."""
    row = connection.execute(
        "SELECT SUM(last_id - first_id + 1) FROM made WHERE operation_id = ? AND table_name = 'transactions'",
        (operation,),
    ).fetchone()
    return int(row[0] or 0)


def transactions_in(connection: Connection, operation: int, limit: int) -> tuple[list[int], int]:
    """Return some of the transactions an operation was about, and how many there are."""
    own = (
        "SELECT d.transaction_id AS id FROM made m JOIN decision d ON d.id BETWEEN m.first_id AND m.last_id "
        "WHERE m.operation_id = ?1 AND m.table_name = 'decision' "
        "UNION SELECT COALESCE((SELECT transaction_id FROM decision WHERE id = j.row_id), j.before ->> 1) "
        "FROM journal j WHERE j.operation_id = ?1 AND j.table_name = 'decision' "
        "UNION SELECT j.before ->> 1 FROM made m JOIN journal j ON j.table_name = m.table_name "
        "AND j.row_id BETWEEN m.first_id AND m.last_id "
        "WHERE m.operation_id = ?1 AND m.table_name = 'decision' AND j.before IS NOT NULL "
        "UNION SELECT row_id FROM journal WHERE operation_id = ?1 AND table_name = 'transactions' "
        "UNION SELECT t.id FROM made m JOIN transactions t ON t.id BETWEEN m.first_id AND m.last_id "
        "WHERE m.operation_id = ?1 AND m.table_name = 'transactions' "
        "UNION SELECT k.first_id FROM made m JOIN link k ON k.id BETWEEN m.first_id AND m.last_id "
        "WHERE m.operation_id = ?1 AND m.table_name = 'link'"
    )
    rows = connection.execute(f"SELECT id, COUNT(*) OVER () FROM ({own}) ORDER BY id LIMIT ?2", (operation, limit))
    found = rows.fetchall()
    return [row[0] for row in found], found[0][1] if found else 0


def names_in(connection: Connection, operation: int, table: str, column: str) -> list[str]:
    """Return the names of the rows of a books table that an operation made or changed, those gone included."""
    place = journal_triggers.columns_of(connection, table).index(column)
    numbers = connection.execute(
        f"SELECT r.id FROM made m JOIN {table} r ON r.id BETWEEN m.first_id AND m.last_id "
        "WHERE m.operation_id = ?1 AND m.table_name = ?2 "
        "UNION SELECT row_id FROM journal WHERE operation_id = ?1 AND table_name = ?2 "
        "UNION SELECT j.row_id FROM made m JOIN journal j ON j.table_name = m.table_name "
        "AND j.row_id BETWEEN m.first_id AND m.last_id WHERE m.operation_id = ?1 AND m.table_name = ?2",
        (operation, table),
    )
    found = []
    for (number,) in numbers.fetchall():
        # columns are only ever added at the end, so a place in an image means the same in every format
        row = connection.execute(
            f"SELECT COALESCE((SELECT {column} FROM {table} WHERE id = ?1), (SELECT before ->> ?3 FROM journal "
            "WHERE table_name = ?2 AND row_id = ?1 AND before IS NOT NULL ORDER BY id DESC LIMIT 1))",
            (number, table, place),
        ).fetchone()
        if row[0]:
            found.append(str(row[0]))
    return list(dict.fromkeys(found))
