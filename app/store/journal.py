"""The change journal: undo is a property of the store, not of each feature.

Inserts leave one range of ids a table (`made`); updates, deletes and re-inserts leave a before-image each (`journal`),
written by triggers that are generated from the tables themselves. With no operation open the triggers abort the write,
so a change that could not be undone does not exist.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import Conflict
from app.store import schema
from app.store.connection import Connection

_NEVER = 9223372036854775807

ERASE = "erase"
"""The operation that nothing takes back: what it removed is nowhere any more."""

FINAL = (ERASE, "bank_link", "bank_disconnect")
"""What undo leaves alone: what was done outside the books with it cannot be taken back by them."""
_NOT_FINAL = "code NOT IN ('erase', 'bank_link', 'bank_disconnect')"


# --- triggers ---------------------------------------------------------------------------------------------------------


def columns_of(connection: Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def trigger_names(table: str) -> tuple[str, str, str]:
    return f"journal_{table}_insert", f"journal_{table}_update", f"journal_{table}_delete"


def trigger_sql(table: str, columns: Iterable[str]) -> tuple[str, str, str]:
    """Return the three journal triggers of a books table."""
    image = "json_array(" + ", ".join(f"OLD.{column}" for column in columns) + ")"
    open_operation = "(SELECT operation_id FROM op_now)"
    insert, update, delete = trigger_names(table)
    into = "INSERT INTO journal (operation_id, table_name, row_id, before) VALUES"
    last_known = f"COALESCE((SELECT seq FROM op_start WHERE table_name = '{table}'), {_NEVER})"
    note_new = f"{into} ({open_operation}, '{table}', NEW.id, NULL);"
    note_old = f"{into} ({open_operation}, '{table}', OLD.id, {image});"
    return (
        f"CREATE TRIGGER {insert} AFTER INSERT ON {table} WHEN NEW.id <= {last_known} BEGIN {note_new} END",
        f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} BEGIN {note_old} END",
        f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} BEGIN {note_old} END",
    )


def drop_triggers(connection: Connection) -> None:
    """Remove all journal triggers: the first step of a migration, inside its transaction."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'journal\\_%' ESCAPE '\\'"
    )
    for (name,) in names.fetchall():
        connection.execute(f"DROP TRIGGER {name}")


def make_triggers(connection: Connection, schema_version: int) -> None:
    """Generate all journal triggers and note what the positions of an image mean: the last step of a migration."""
    for table in schema.BOOKS:
        columns = columns_of(connection, table)
        if not columns:
            continue  # a later step of the format makes this table, and its triggers
        for sql in trigger_sql(table, columns):
            connection.execute(sql)
        connection.execute(
            "INSERT INTO image_columns (schema_version, table_name, columns) VALUES (?, ?, ?)",
            (schema_version, table, json.dumps(columns)),
        )


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


class Reversal:
    """What it takes to put back one operation; made and judged before anything is written."""

    def __init__(self, connection: Connection, operation: int) -> None:
        self._connection = connection
        self.operation = operation
        self.made: dict[str, tuple[int, int]] = {
            table: (first, last)
            for table, first, last in connection.execute(
                "SELECT table_name, first_id, last_id FROM made WHERE operation_id = ?", (operation,)
            )
        }
        self._columns = {table: columns_of(connection, table) for table in schema.BOOKS}

    def touched_transactions(self) -> set[int]:
        """Return every transaction whose standing may change, by the rows of the operation that name one."""
        found: set[int] = set()
        for table, columns in schema.TRANSACTION_COLUMNS.items():
            names = ", ".join(columns)
            if table in self.made:
                rows = self._connection.execute(
                    f"SELECT {names} FROM {table} WHERE id BETWEEN ? AND ?", self.made[table]
                )
                found.update(number for row in rows for number in row)
            for row_id, before, version in self._connection.execute(
                "SELECT j.row_id, j.before, o.schema_version FROM journal j JOIN operation o ON o.id = j.operation_id "
                "WHERE j.operation_id = ? AND j.table_name = ?",
                (self.operation, table),
            ).fetchall():
                if before is not None:
                    image = dict(zip(self._image_columns(table, version), json.loads(before), strict=True))
                    found.update(image[column] for column in columns)
                now = self._connection.execute(f"SELECT {names} FROM {table} WHERE id = ?", (row_id,)).fetchone()
                found.update(now or ())
        return found

    def tables(self) -> set[str]:
        """Return the books tables the operation touched."""
        rows = self._connection.execute(
            "SELECT DISTINCT table_name FROM journal WHERE operation_id = ?", (self.operation,)
        )
        return set(self.made) | {row[0] for row in rows}

    def changes(self, table: str) -> set[str]:
        """Return the columns of a table that are otherwise now than before the operation; all where rows came or went.

        What later operations changed counts too, so it may be more than the operation's own.
        """
        found: set[str] = set()
        columns = self._columns[table]
        if table in self.made:
            return set(columns)
        for row_id, before, version in self._connection.execute(
            "SELECT j.row_id, j.before, o.schema_version FROM journal j JOIN operation o ON o.id = j.operation_id "
            "WHERE j.operation_id = ? AND j.table_name = ?",
            (self.operation, table),
        ).fetchall():
            now = self._connection.execute(
                f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (row_id,)
            ).fetchone()
            if before is None or now is None:
                return set(columns)
            image = dict(zip(self._image_columns(table, version), json.loads(before), strict=True))
            found.update(name for name, value in zip(columns, now, strict=True) if image.get(name, value) != value)
        return found

    def in_the_way(self) -> list[int]:
        """Return the operations that changed a row since, so that it is no longer as this operation left it."""
        blocking: set[int] = set()
        for table, row_id, last in self._own_rows():
            following = self._connection.execute(
                "SELECT j.before, o.schema_version FROM journal j JOIN operation o ON o.id = j.operation_id "
                "WHERE j.table_name = ? AND j.row_id = ? AND j.id > ? ORDER BY j.id LIMIT 1",
                (table, row_id, last),
            ).fetchone()
            if following is not None and not self._same(table, row_id, *following):
                blocking.update(
                    row[0]
                    for row in self._connection.execute(
                        "SELECT DISTINCT operation_id FROM journal WHERE table_name = ? AND row_id = ? AND id > ?",
                        (table, row_id, last),
                    )
                )
        gone = undone(self._connection) if blocking else {}
        return sorted(blocking - set(gone)) or sorted(blocking)

    def _own_rows(self) -> Iterator[tuple[str, int, int]]:
        """Each row this operation touched and somebody else may have, with the id of its own last journal entry."""
        own: dict[tuple[str, int], int] = {}
        for table, row_id, last in self._connection.execute(
            "SELECT table_name, row_id, MAX(id) FROM journal WHERE operation_id = ? GROUP BY table_name, row_id",
            (self.operation,),
        ):
            own[table, row_id] = last
        for table, (first, last) in self.made.items():
            for (row_id,) in self._connection.execute(
                "SELECT DISTINCT row_id FROM journal WHERE table_name = ? AND row_id BETWEEN ? AND ?",
                (table, first, last),
            ):
                own.setdefault((table, row_id), 0)
        for (table, row_id), last in own.items():
            yield table, row_id, last

    def _same(self, table: str, row_id: int, image: str | None, version: int) -> bool:
        """Whether the row now equals an image; columns that came after the image do not count."""
        known = self._image_columns(table, version)
        columns = [name for name in known if name in self._columns[table]]
        row = self._connection.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
        if row is None or image is None:
            return row is None and image is None
        values = dict(zip(known, json.loads(image), strict=True))
        return [values[name] for name in columns] == list(row)

    def apply(self) -> None:
        """Delete what the operation made and put back the oldest image of every other row it touched.

        Raises: Conflict naming the operations that made what takes a row's place, or rests on an account that goes.
        """
        oldest = self._connection.execute(
            "SELECT j.table_name, j.row_id, j.before, o.schema_version FROM journal j "
            "JOIN operation o ON o.id = j.operation_id WHERE j.id IN ("
            "SELECT MIN(id) FROM journal WHERE operation_id = ? GROUP BY table_name, row_id) ORDER BY j.id DESC",
            (self.operation,),
        ).fetchall()
        restored: dict[str, list[tuple[int, list[Any], int]]] = {}
        for table, row_id, before, version in oldest:
            first, last = self.made.get(table, (0, -1))
            if before is None or first <= row_id <= last:
                self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
            else:
                restored.setdefault(table, []).append((row_id, json.loads(before), version))
        for table, (first, last) in self.made.items():
            self._connection.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (first, last))
        for table, images in restored.items():
            self._put_back(table, images)
        # Rows without their account mean nothing to what is derived next, so this is not left to the commit.
        if {"account", "business"} & set(self.made):
            now = self._connection.execute("SELECT operation_id FROM op_now").fetchone()[0]
            blocking = _violators(self._connection, now)
            if blocking:
                raise conflict(blocking)

    def _put_back(self, table: str, images: list[tuple[int, list[Any], int]]) -> None:
        by_version: dict[int, list[list[Any]]] = {}
        for _, values, version in images:
            by_version.setdefault(version, []).append(values)
        for version, rows in by_version.items():
            names = self._image_columns(table, version)
            keep = [name for name in names if name in self._columns[table]]
            take = [names.index(name) for name in keep]
            updates = ", ".join(f"{name} = excluded.{name}" for name in keep if name != "id")
            insert = (
                f"INSERT INTO {table} ({', '.join(keep)}) VALUES ({', '.join('?' * len(keep))}) "
                f"ON CONFLICT (id) DO UPDATE SET {updates}"
            )
            for row in rows:
                values = [row[i] for i in take]
                try:
                    self._connection.execute(insert, values)
                except sqlcipher.IntegrityError as trouble:
                    if "UNIQUE" not in str(trouble):
                        raise
                    taken = re.findall(rf"\b{table}\.(\w+)", str(trouble))
                    holder = self._holder(table, {name: values[keep.index(name)] for name in taken})
                    raise conflict(_last_writer(self._connection, table, holder)) from trouble

    def _holder(self, table: str, key: dict[str, Any]) -> int:
        """Return the row that has a key which a row to be put back needs."""
        tests = " AND ".join(f"{name} IS ?" for name in key)
        row = self._connection.execute(f"SELECT id FROM {table} WHERE {tests}", list(key.values())).fetchone()
        return int(row[0])

    def _image_columns(self, table: str, version: int) -> list[str]:
        row = self._connection.execute(
            "SELECT columns FROM image_columns WHERE schema_version = ? AND table_name = ?", (version, table)
        ).fetchone()
        if row is None:
            return self._columns[table]
        return list(json.loads(row[0]))


def commit(connection: Connection, operation: int) -> None:
    """Commit, or name what stands in the way. Raises: Conflict; the transaction is rolled back then."""
    try:
        connection.execute("COMMIT")
    except sqlcipher.IntegrityError as trouble:
        blocking = _violators(connection, operation)
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


def _violators(connection: Connection, operation: int) -> set[int]:
    """Return the operations that made or last changed the rows which now point to nothing."""
    found: set[int] = set()
    for table, row_id, _, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(200):
        found |= _last_writer(connection, table, row_id, operation)
    return found


def _last_writer(connection: Connection, table: str, row_id: int, but: int = 0) -> set[int]:
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
