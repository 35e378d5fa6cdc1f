"""What erasure does to the tables: requests with their codes, and the washing of rows and of their old images."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from app.store import journal_triggers
from app.store.connection import Connection
from app.store.joins import OF_ITS_GROUP
from app.store.statements import marks_of, update_of

Row = dict[str, Any]
WASHED = (
    "decision", "rule", "answer", "tax_payment", "vehicle", "asset", "home_office", "tax_override", "payer",
    "expected_payment", "form_1099",
)  # fmt: skip
"""Books tables whose rows may name a payer. Names of accounts, businesses and files are the owner's own."""


class Request(NamedTuple):
    id: int
    until: str
    digest: str
    tries: int


# --- requests


def ask(connection: Connection, until: str, digest: str) -> None:
    """Keep a request; one that was open before is void."""
    connection.execute("DELETE FROM erasure_request")
    connection.execute("INSERT INTO erasure_request (until, digest) VALUES (?, ?)", (until, digest))


def request(connection: Connection) -> Request | None:
    row = connection.execute("SELECT id, until, digest, tries FROM erasure_request ORDER BY id DESC LIMIT 1").fetchone()
    return Request(*row) if row else None


def count_try(connection: Connection) -> None:
    connection.execute("UPDATE erasure_request SET tries = tries + 1")


def forget_requests(connection: Connection) -> None:
    connection.execute("DELETE FROM erasure_request")


# --- the record, and what is still to be cleaned


def begin(connection: Connection, number: int, at: str) -> None:
    connection.execute("INSERT INTO erasure (id, at, state) VALUES (?, ?, 'cleaning')", (number, at))


def is_unfinished(connection: Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM erasure WHERE state = 'cleaning')").fetchone()[0])


def clean(connection: Connection) -> None:
    """Write the file anew without its free pages, and empty the write-ahead log: both hold what was there before."""
    connection.execute("VACUUM")
    blocked = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if not blocked:
        connection.execute("UPDATE erasure SET state = 'done' WHERE state = 'cleaning'")


# --- rows


@contextmanager
def unsealed(connection: Connection) -> Iterator[None]:
    """Lift the seals of years for what runs inside, in the transaction that is open: words go, amounts stay."""
    seals = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'sealed!_%' ESCAPE '!' ORDER BY rowid"
    ).fetchall()
    for name, _ in seals:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in seals:
        connection.execute(sql)


def wash(connection: Connection, table: str, change: Callable[[Row], Row | None]) -> int:
    """Put every row of a table through a change, None = remove it; returns how many were changed."""
    columns = journal_triggers.columns_of(connection, table)
    changed = 0
    for values in connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall():
        row = dict(zip(columns, values, strict=True))
        new = change(row)
        if new == row:
            continue
        changed += 1
        if new is None:
            connection.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))
            continue
        names = [name for name in columns if new[name] != row[name]]
        connection.execute(
            update_of(table, names),
            [*(new[name] for name in names), row["id"]],
        )
    return changed


def wash_images(connection: Connection, changes: Mapping[str, Callable[[Row], Row | None]]) -> None:
    """Put the before-images of rows through the same changes as the rows, so that states that were equal stay so."""
    rows = connection.execute(
        "SELECT j.id, j.table_name, j.before, i.columns FROM journal j JOIN operation o ON o.id = j.operation_id "
        "JOIN image_columns i ON i.schema_version = o.schema_version AND i.table_name = j.table_name "
        f"WHERE j.before IS NOT NULL AND j.table_name IN ({marks_of(changes)})",
        list(changes),
    )
    for number, table, before, columns in rows.fetchall():
        row = dict(zip(json.loads(columns), json.loads(before), strict=True))
        new = changes[table](row)
        if new is not None and new != row:
            image = json.dumps(list(new.values()), ensure_ascii=False, separators=(",", ":"))
            connection.execute("UPDATE journal SET before = ? WHERE id = ?", (image, number))


def drop_unused(connection: Connection) -> None:
    """Remove sayings and merchants that no label uses any more: they may repeat a name."""
    connection.execute("DELETE FROM outcome WHERE id NOT IN (SELECT outcome_id FROM label)")
    connection.execute("DELETE FROM merchant WHERE id NOT IN (SELECT merchant_id FROM label)")


class Standing(NamedTuple):
    """How a row counts."""

    kind: str
    line: str
    percent: int
    status: str
    is_split: int


def standing(connection: Connection) -> dict[int, Standing]:
    rows = connection.execute("SELECT id, kind, line, percent, status, is_split FROM effective")
    return {row[0]: Standing(*row[1:]) for row in rows}


class Named(NamedTuple):
    """A row with the names it goes by."""

    id: int
    descriptor_id: int
    key: str | None
    name: str | None
    override: str | None


def named(connection: Connection) -> Iterator[Named]:
    """Yield every row with the merchant its text was read as, and the name a person gave it."""
    rows = connection.execute(
        "SELECT t.id, t.descriptor_id, m.key, m.name, d.merchant FROM transactions t "
        "LEFT JOIN decision d ON d.transaction_id = t.id "
        f"LEFT JOIN label l ON {OF_ITS_GROUP} LEFT JOIN merchant m ON m.id = l.merchant_id"
    )
    return map(Named._make, rows)


def key_of(connection: Connection, merchant: int) -> str | None:
    row = connection.execute("SELECT key FROM merchant WHERE id = ?", (merchant,)).fetchone()
    return str(row[0]) if row else None


def known_places(connection: Connection) -> list[str]:
    """Return where backups were written, as far as the books know."""
    return [row[0] for row in connection.execute("SELECT DISTINCT place FROM backup_made ORDER BY place")]
