"""What must hold for every table, now and in every migration to come."""

from __future__ import annotations

from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import NewerSchema
from app.store import journal, journal_triggers, migrate, schema
from app.store.connection import guard, translated

LISTS = {"books": schema.BOOKS, "derived": schema.DERIVED, "records": schema.RECORDS, "secret": schema.SECRET}


def tables(connection: Any) -> set[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    return {row[0] for row in rows}


def test_every_table_stands_in_exactly_one_list(connection: Any) -> None:
    listed = [name for names in LISTS.values() for name in names]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == tables(connection)


@pytest.mark.parametrize("table", schema.BOOKS)
def test_books_tables_keep_their_rules(connection: Any, table: str) -> None:
    sql = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    types = {row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
    assert "STRICT" in sql
    assert "id INTEGER PRIMARY KEY AUTOINCREMENT" in sql
    assert types <= {"INTEGER", "TEXT"}
    assert "ON DELETE" not in sql.upper()
    assert sql.upper().count("REFERENCES") == sql.upper().count("DEFERRABLE INITIALLY DEFERRED")


@pytest.mark.parametrize("table", schema.BOOKS)
def test_journal_triggers_hold_every_column(connection: Any, table: str) -> None:
    columns = journal_triggers.columns_of(connection, table)
    wanted = journal_triggers.trigger_sql(table, columns)
    found = [
        connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", (name,)).fetchone()[0]
        for name in journal_triggers.trigger_names(table)
    ]
    assert list(wanted) == found


@pytest.mark.parametrize("table", schema.BOOKS)
def test_no_write_without_an_open_operation(connection: Any, table: str) -> None:
    columns = journal_triggers.columns_of(connection, table)
    with pytest.raises(sqlcipher.IntegrityError):
        connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('1' for _ in columns)})")
    assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] == 0


def test_audit_rows_cannot_be_changed_or_replaced(connection: Any) -> None:
    row = (1, "t", 0, "e", "a", "o", None, "ok", "{}", "0", "0")
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO audit VALUES ({marks})", row)
    for statement in (
        "UPDATE audit SET event = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT 1, 'x', 0, 'e', 'a', 'o', NULL, 'ok', '{}', '0', '0'",
        "INSERT INTO audit SELECT 3, 'x', 0, 'e', 'a', 'o', NULL, 'ok', '{}', '0', '0'",
    ):
        with pytest.raises(sqlcipher.IntegrityError, match="audit_append_only"):
            connection.execute(statement)
    assert connection.execute("SELECT event FROM audit").fetchall() == [("e",)]


def test_the_guard_refuses_what_no_use_case_needs(connection: Any) -> None:
    guard(connection)
    for statement in (
        "ATTACH DATABASE ':memory:' AS other",
        "DROP TABLE audit",
        "DROP TRIGGER audit_no_update",
        "ALTER TABLE audit RENAME TO old",
        "PRAGMA writable_schema = ON",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA key = 'x'",
        "PRAGMA rekey = 'x'",
    ):
        with pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
            connection.execute(statement)
    assert connection.execute("SELECT COUNT(*) FROM audit").fetchone()[0] == 0


def test_ctrl_c_in_the_guard_is_no_damage(connection: Any) -> None:
    def struck(*_what: object) -> int:
        raise KeyboardInterrupt

    connection.set_authorizer(struck)
    # the engine takes the exception of its guard for a no and says nothing of where it came from
    with pytest.raises(sqlcipher.DatabaseError, match="not authorized"), translated():
        connection.execute("SELECT COUNT(*) FROM audit")
    guard(connection)
    assert connection.execute("SELECT COUNT(*) FROM audit").fetchone()[0] == 0


def test_books_of_a_newer_program_are_refused(connection: Any) -> None:
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchema) as caught:
        migrate.migrate(connection, at="t", before=lambda _v: None)
    assert caught.value.code == "newer_schema"
    assert "99" in caught.value.message


def test_a_sealed_year_refuses_every_change(connection: Any) -> None:
    def operation(*statements: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        number = journal.begin(connection, at="t", actor="test", code="x", undoes=None, schema_version=migrate.CURRENT)
        try:
            for statement in statements:
                connection.execute(statement)
            journal.close(connection, number, {})
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    row = (
        "INSERT INTO transactions (business_id, account_id, descriptor_id, tax_date, posted_date, cents) "
        "VALUES (1, 1, 1, {d}, {d}, 5)"
    )
    operation(
        "INSERT INTO business (name) VALUES ('b')",
        "INSERT INTO account (business_id, name, kind) VALUES (1, 'a', 'checking')",
        row.format(d=100),
        row.format(d=500),
        "INSERT INTO decision (transaction_id, note) VALUES (1, 'n')",
        "INSERT INTO sealed_year (year, first_day, last_day) VALUES (1970, 0, 364)",
    )
    for statement in (
        row.format(d=100),
        "UPDATE transactions SET cents = 6 WHERE id = 1",
        "UPDATE transactions SET tax_date = 200 WHERE id = 2",
        "DELETE FROM transactions WHERE id = 1",
        "UPDATE decision SET note = 'x'",
        "DELETE FROM decision",
        "INSERT INTO link (type, first_id, second_id, cents) VALUES ('transfer', 1, 2, 5)",
        "INSERT INTO part (transaction_id, ordinal, cents, kind, line, percent) VALUES (1, 1, 5, 'k', 'l', 0)",
    ):
        with pytest.raises(sqlcipher.IntegrityError, match="sealed_year"):
            operation(statement)
    operation("UPDATE transactions SET cents = 7 WHERE id = 2")
    assert connection.execute("SELECT cents FROM transactions ORDER BY id").fetchall() == [(5,), (7,)]
