"""Putting one operation back by its journal: what it takes is judged before anything is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from app.store import schema
from app.store.connection import Connection
from app.store.journal import conflict, last_writer, undone, violators
from app.store.journal_triggers import columns_of
from app.store.statements import marks_of


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
            blocking = violators(self._connection, now)
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
                f"INSERT INTO {table} ({', '.join(keep)}) VALUES ({marks_of(keep)}) "
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
                    raise conflict(last_writer(self._connection, table, holder)) from trouble

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
