"""What each import brought, also when it was undone: the journal keeps the images of what an undo removed."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from app.store import journal, journal_triggers
from app.store.connection import Connection


class ImportRecord(NamedTuple):
    """One account of one imported file."""

    operation: int
    at: str
    file: str
    account: str
    account_id: int
    row_count: int
    added: int
    duplicates: int
    troubles: str
    """JSON with the rows that were skipped and rejected."""
    undone_by: int | None
    reachable: bool
    """Whether undo still understands the operation."""


def newest(connection: Connection, limit: int) -> list[ImportRecord]:
    """Return the records of the newest imports, newest first; `limit` counts operations, 0 = all."""
    rows = connection.execute(
        "SELECT o.id, o.at, m.first_id, m.last_id FROM operation o "
        "JOIN made m ON m.operation_id = o.id AND m.table_name = 'imported_file' "
        "WHERE o.code = 'import' ORDER BY o.id DESC LIMIT ?",
        (limit or -1,),
    ).fetchall()
    gone, horizon = journal.undone(connection), journal.horizon(connection)
    found = []
    for operation, at, first, last in rows:
        for number in range(first, last + 1):
            file = _row(connection, "imported_file", number)
            if file is None:
                continue
            account = _row(connection, "account", file["account_id"]) or {"name": ""}
            found.append(
                ImportRecord(
                    operation=operation, at=at, file=file["name"], account=account["name"],
                    account_id=file["account_id"], row_count=file["row_count"], added=file["added"],
                    duplicates=file["duplicates"], troubles=file["troubles"], undone_by=gone.get(operation),
                    reachable=operation > horizon,
                )
            )  # fmt: skip
    return found


def _row(connection: Connection, table: str, number: int) -> dict[str, Any] | None:
    """Return a row of a table, or its newest image when it is gone. The table's name comes from this module."""
    columns = journal_triggers.columns_of(connection, table)
    row = connection.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (number,)).fetchone()
    if row is not None:
        return dict(zip(columns, row, strict=True))
    image = connection.execute(
        "SELECT j.before, i.columns FROM journal j JOIN operation o ON o.id = j.operation_id "
        "JOIN image_columns i ON i.schema_version = o.schema_version AND i.table_name = j.table_name "
        "WHERE j.table_name = ? AND j.row_id = ? AND j.before IS NOT NULL ORDER BY j.id DESC LIMIT 1",
        (table, number),
    ).fetchone()
    return None if image is None else dict(zip(json.loads(image[1]), json.loads(image[0]), strict=True))
