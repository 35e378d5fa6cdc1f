"""The log only grows: by its own triggers, and on the connections the program works with by what they forbid."""

from __future__ import annotations

from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from app.core.security.audit_segment import Label
from app.store import audit, audit_segments
from app.store.connection import guard, removing_sealed

KEY = b"k" * 32


def write(connection: Any, count: int) -> None:
    for number in range(count):
        audit.append(
            connection, KEY, at=f"2026-01-{number + 1:02d}T00:00:00.000Z", monotonic_ms=number, event="change",
            actor="user", object_kind="operation", object_id=number, body={"code": "set"},
        )  # fmt: skip


def seal(connection: Any, first: int, last: int, month: int = 202601) -> Label:
    label = Label(month, first, last, last - first + 1, "00" * 32, "ab" * 32)
    audit_segments.add(connection, label, b"body")
    return label


def rows(connection: Any) -> list[Any]:
    return list(audit.rows(connection))


def test_only_what_the_catalogue_allows_is_appended(connection: Any) -> None:
    for wrong in ({"note": "lunch"}, {"code": "Two words"}, {"rows": -1}):
        with pytest.raises(ValueError, match="audit log"):
            audit.append(
                connection, KEY, at="t", monotonic_ms=0, event="change", actor="user", object_kind="operation",
                object_id=1, body=wrong,
            )  # fmt: skip
    assert rows(connection) == []


@pytest.mark.parametrize("triggers", ["ON", "OFF"])
def test_replacing_an_entry_is_refused_however_triggers_are_set(connection: Any, triggers: str) -> None:
    """With recursive triggers off, REPLACE removes the old row past the trigger on DELETE: measured."""
    write(connection, 5)
    before = rows(connection)
    connection.execute(f"PRAGMA recursive_triggers = {triggers}")
    for verb in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
        with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
            connection.execute(
                f"{verb} INTO audit SELECT 3, at, 0, event, actor, object_kind, 9, result, body, prev, mac "
                "FROM audit WHERE seq = 3"
            )
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        connection.execute("UPDATE OR REPLACE audit SET seq = 3 WHERE seq = 4")
    assert rows(connection) == before


def test_only_sealed_entries_can_leave(connection: Any) -> None:
    write(connection, 6)
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        connection.execute("DELETE FROM audit WHERE seq = 1")
    seal(connection, 1, 3)
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        connection.execute("DELETE FROM audit WHERE seq <= 4")
    connection.execute("DELETE FROM audit WHERE seq <= 3")
    assert [row[0] for row in rows(connection)] == [4, 5, 6]
    write(connection, 1)
    assert audit.head(connection)[0] == 7


def test_segments_stand_in_order_and_never_hold_the_newest_entry(connection: Any) -> None:
    write(connection, 6)
    for first, last in ((2, 3), (1, 6), (1, 9), (3, 1), (0, 2)):
        with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
            seal(connection, first, last)
    seal(connection, 1, 2)
    for first, last in ((1, 2), (2, 4), (4, 5)):
        with pytest.raises(sqlcipher.IntegrityError):
            seal(connection, first, last)
    seal(connection, 3, 4)
    assert [sealed.label.first_seq for sealed in audit_segments.all_of(connection)] == [1, 3]


def test_a_segment_never_changes_and_leaves_only_after_seven_years(connection: Any) -> None:
    write(connection, 6)
    oldest, middle = seal(connection, 1, 1, 201901), seal(connection, 2, 2, 201902)
    seal(connection, 3, 3, 202512)
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        connection.execute("UPDATE audit_segment SET body = x'00'")
    assert audit_segments.too_old(connection) == []
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        audit_segments.drop(connection, oldest)
    seal(connection, 4, 4, 202601)
    assert audit_segments.too_old(connection) == [oldest]
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        audit_segments.drop(connection, middle)
    audit_segments.drop(connection, oldest)
    with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
        audit_segments.drop(connection, middle)
    assert [sealed.label.first_seq for sealed in audit_segments.all_of(connection)] == [2, 3, 4]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET event = 'x'",
        "UPDATE AUDIT SET mac = 'x' WHERE seq = 1",
        "DELETE FROM audit",
        "DELETE FROM main.audit WHERE seq = 1",
        "UPDATE audit_segment SET month = 1",
        "DELETE FROM audit_segment",
        "DROP TABLE audit",
        "DROP TABLE audit_segment",
        "DROP TRIGGER audit_no_update",
        "DROP TRIGGER audit_gap_free",
        "ALTER TABLE audit RENAME TO old",
        "ALTER TABLE audit DROP COLUMN body",
        "ALTER TABLE audit ADD COLUMN more TEXT",
        "CREATE TRIGGER mine AFTER INSERT ON audit BEGIN SELECT 1; END",
        "CREATE TEMP TRIGGER mine AFTER INSERT ON main.audit BEGIN SELECT 1; END",
        "CREATE TRIGGER mine BEFORE DELETE ON operation BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TEMP TABLE audit (seq INTEGER)",
        "CREATE TABLE other (seq INTEGER)",
        "CREATE TEMP VIEW audit AS SELECT 1 AS seq, 'x' AS mac",
        "CREATE VIEW other AS SELECT 1",
        "CREATE VIRTUAL TABLE other USING fts5(x)",
        "CREATE INDEX other ON audit (event)",
        "DROP VIEW lines",
        "DROP INDEX journal_row",
        "ATTACH DATABASE ':memory:' AS other",
        "DETACH DATABASE main",
        "PRAGMA writable_schema = ON",
        "PRAGMA Writable_Schema = ON",
        "PRAGMA main.WRITABLE_SCHEMA(1)",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA RECURSIVE_TRIGGERS = OFF",
        "PRAGMA trusted_schema = ON",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA ignore_check_constraints = ON",
        "PRAGMA schema_version = 1",
        "PRAGMA user_version = 1",
        "PRAGMA query_only = OFF",
        "PRAGMA key = 'x'",
        "PRAGMA Rekey = 'x'",
        "PRAGMA hexrekey = '00'",
        "VACUUM",
    ],
)
def test_the_connections_of_the_program_refuse(connection: Any, statement: str) -> None:
    write(connection, 3)
    seal(connection, 1, 1)
    before = rows(connection)
    guard(connection)
    with pytest.raises(sqlcipher.DatabaseError, match=r"not authorized|authorization denied"):
        connection.execute(statement)
    assert rows(connection) == before
    write(connection, 1)
    assert audit.head(connection)[0] == 4


def test_the_archive_may_remove_and_only_while_it_does(connection: Any) -> None:
    write(connection, 4)
    seal(connection, 1, 2)
    guard(connection)
    with removing_sealed(connection):
        audit.remove_sealed(connection, 1, 2)
        with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
            audit.remove_sealed(connection, 3, 3)
        with pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
            connection.execute("UPDATE audit SET event = 'x'")
    with pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
        audit.remove_sealed(connection, 3, 3)
    assert [row[0] for row in rows(connection)] == [3, 4]
