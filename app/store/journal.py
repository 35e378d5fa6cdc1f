"""The change journal: undo is a property of the store, not of each feature.

Inserts leave one range of ids a table (`made`); updates, deletes and re-inserts leave a before-image each (`journal`),
written by triggers that are generated from the tables themselves. With no operation open the triggers abort the write,
so a change that could not be undone does not exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Conflict
from app.store import schema
from app.store.connection import Connection

ERASE = "erase"
"""The operation that nothing takes back: what it removed is nowhere any more."""

FINAL = (ERASE, "bank_link", "bank_disconnect")
"""What undo leaves alone: what was done outside the books with it cannot be taken back by them."""
_NOT_FINAL = "code NOT IN ('erase', 'bank_link', 'bank_disconnect')"


# --- an operation -----------------------------------------------------------------------------------------------------


def begin(connection: Connection, *, at: str, actor: str, code: str, undoes: int | None, schema_version: int) -> int:
    """Open an operation inside the running transaction and return its id."""
    cursor = connection.execute(
        "INSERT INTO operation (at, actor, code, undoes, schema_version) VALUES (?, ?, ?, ?, ?)",
        (at, actor, code, undoes, schema_version),
    )
    operation = int(cursor.lastrowid)
    connection.execute("INSERT INTO op_now (operation_id) VALUES (?)", (operation,))
    known = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    connection.executemany(
        "INSERT INTO op_start (table_name, seq) VALUES (?, ?)", [(table, known.get(table, 0)) for table in schema.BOOKS]
    )
    return operation


def has_changes(connection: Connection, operation: int) -> bool:
    """Say whether the open operation made or changed a row so far."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM journal WHERE operation_id = ?) OR EXISTS (SELECT 1 FROM op_start s "
        "JOIN sqlite_sequence q ON q.name = s.table_name WHERE q.seq > s.seq)",
        (operation,),
    )
    return bool(found.fetchone()[0])


def close(connection: Connection, operation: int, refs: dict[str, Any]) -> int:
    """End the open operation: note what it made, count its rows, empty the working tables. Returns the row count."""
    connection.execute(
        "INSERT INTO made (operation_id, table_name, first_id, last_id) "
        "SELECT ?, s.table_name, s.seq + 1, q.seq FROM op_start s JOIN sqlite_sequence q ON q.name = s.table_name "
        "WHERE q.seq > s.seq",
        (operation,),
    )
    made = connection.execute(
        "SELECT COALESCE(SUM(last_id - first_id + 1), 0) FROM made WHERE operation_id = ?", (operation,)
    ).fetchone()[0]
    changed = connection.execute(
        "SELECT COUNT(*) FROM (SELECT DISTINCT table_name, row_id FROM journal WHERE operation_id = ?)", (operation,)
    ).fetchone()[0]
    connection.execute("DELETE FROM op_now")
    connection.execute("DELETE FROM op_start")
    if made + changed:
        connection.execute(
            "UPDATE operation SET row_count = ?, refs = ? WHERE id = ?",
            (made + changed, json.dumps(refs, sort_keys=True), operation),
        )
    return int(made + changed)


# --- undo -------------------------------------------------------------------------------------------------------------


def undone(connection: Connection) -> dict[int, int]:
    """Return, for each operation that is undone, the undo that stands; an undo may itself be undone, to any depth."""
    found: dict[int, int] = {}
    # An undo is newer than what it undoes, so walking back every undo is known to stand or not when it is met.
    for number, target in connection.execute(
        "SELECT id, undoes FROM operation WHERE undoes IS NOT NULL ORDER BY id DESC"
    ):
        if number not in found:
            found[target] = number
    return found


def newest_to_undo(connection: Connection) -> int | None:
    """Return the newest operation that is neither undone nor itself an undo; an erasure is never taken back."""
    gone = undone(connection)
    rows = connection.execute(f"SELECT id FROM operation WHERE undoes IS NULL AND {_NOT_FINAL} ORDER BY id DESC")
    return next((int(number) for (number,) in rows if number not in gone), None)


def count_to_undo(connection: Connection, after: int, cap: int) -> int:
    """Return how many operations behind one stand and are no undo themselves; at most `cap`."""
    gone = undone(connection)
    rows = connection.execute(
        f"SELECT id FROM operation WHERE undoes IS NULL AND id > ? AND {_NOT_FINAL} ORDER BY id DESC", (after,)
    )
    return sum(1 for _ in islice((number for (number,) in rows if number not in gone), cap))


def newest_to_redo(connection: Connection) -> int | None:
    """Return the newest undo that still stands, if no change was made since."""
    gone = undone(connection)
    rows = connection.execute(
        "SELECT u.id FROM operation u JOIN operation o ON o.id = u.undoes AND o.undoes IS NULL "
        "WHERE u.id > (SELECT COALESCE(MAX(id), 0) FROM operation WHERE undoes IS NULL) ORDER BY u.id DESC"
    )
    return next((int(number) for (number,) in rows if number not in gone), None)


def horizon(connection: Connection) -> int:
    """Return the last operation that a migration put out of reach of undo; 0 when none did."""
    row = connection.execute("SELECT COALESCE(MAX(undo_horizon), 0) FROM migration").fetchone()
    return int(row[0])


def commit(connection: Connection, operation: int) -> None:
    """Commit, or name what stands in the way. Raises: Conflict; the transaction is rolled back then."""
    try:
        connection.execute("COMMIT")
    except sqlcipher.IntegrityError as trouble:
        blocking = violators(connection, operation)
        connection.execute("ROLLBACK")
        raise conflict(blocking) from trouble


def conflict(operations: Iterable[int]) -> Conflict:
    numbers = tuple(sorted(operations))
    named = ", ".join(str(number) for number in numbers)
    return Conflict(
        "Later changes rest on this one, so it cannot be undone by itself.",
        f"Undo these first: {named}." if named else "Undo the later changes first.",
        operations=numbers,
    )


def violators(connection: Connection, operation: int) -> set[int]:
    """Return the operations that made or last changed the rows which now point to nothing."""
    found: set[int] = set()
    for table, row_id, _, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(200):
        found |= last_writer(connection, table, row_id, operation)
    return found


def last_writer(connection: Connection, table: str, row_id: int, but: int = 0) -> set[int]:
    """Return the operation that last changed a row, else the one that made it; `but` is left out."""
    row = (
        connection.execute(
            "SELECT operation_id FROM journal WHERE table_name = ? AND row_id = ? AND operation_id <> ? "
            "ORDER BY id DESC LIMIT 1",
            (table, row_id, but),
        ).fetchone()
        or connection.execute(
            "SELECT operation_id FROM made WHERE table_name = ? AND ? BETWEEN first_id AND last_id", (table, row_id)
        ).fetchone()
    )
    return {int(row[0])} if row else set()
