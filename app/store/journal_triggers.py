"""The triggers that write the change journal, generated from the tables themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable

from app.store import schema
from app.store.connection import Connection

_NEVER = 9223372036854775807


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
