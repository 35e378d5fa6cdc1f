"""Books of an older format are brought up once, after a copy that opens with the same key; newer ones stay alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import DamagedFile, NewerSchema
from app.store import backup, journal, migrate, operations
from app.store.connection import open_connection
from app.store.migrate import Migration
from app.store.reversal import Reversal

KEY = "5a" * 32
STAMP = "2026-11-20T00:00:00.000Z"
STARS = Migration(migrate.CURRENT + 1, "ALTER TABLE business ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;")
BROKEN = STARS._replace(sql="ALTER TABLE business ADD COLUMN starred INTEGER; INSERT INTO no_such_table VALUES (1);")


def change(connection: Any, sql: str, version: int, undoes: int | None = None) -> int:
    connection.execute("BEGIN IMMEDIATE")
    number = journal.begin(connection, at=STAMP, actor="test", code="set", undoes=undoes, schema_version=version)
    connection.execute(sql)
    journal.close(connection, number, {})
    connection.execute("COMMIT")
    return number


@pytest.fixture
def old_books(connection: Any) -> Any:
    change(connection, "INSERT INTO business (name) VALUES ('Wren Studio')", migrate.CURRENT)
    return connection


def dump(connection: Any) -> list[Any]:
    return connection.execute("SELECT * FROM business").fetchall()


def test_a_migration_is_run_once_after_a_copy_that_opens(old_books: Any, tmp_path: Path) -> None:
    copies: list[tuple[int, Path]] = []

    def before(version: int) -> None:
        copies.append((version, tmp_path / f"before-{version + 1}.db"))
        backup.copy(old_books, copies[-1][1], KEY)

    seen: list[int] = []
    known = [*migrate.shipped(), STARS]
    newest = known[-2].version
    done = migrate.migrate(old_books, at=STAMP, before=before, after_each=seen.append, migrations=known)
    assert (done, seen, [version for version, _ in copies]) == ([STARS.version], [STARS.version], [newest])
    assert dump(old_books)[0][-1] == 0
    held = open_connection(copies[0][1], KEY, read_only=True)
    try:
        assert migrate.version_of(held) == newest
        assert held.execute("SELECT name FROM business").fetchall() == [("Wren Studio",)]
    finally:
        held.close()
    with pytest.raises(DamagedFile):
        open_connection(copies[0][1], "a5" * 32)
    assert b"Wren Studio" not in copies[0][1].read_bytes()
    assert migrate.migrate(old_books, at=STAMP, before=before, migrations=known) == []
    assert len(copies) == 1


def test_a_migration_that_fails_leaves_the_books_as_they_were(old_books: Any) -> None:
    schema = old_books.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
    rows = dump(old_books)
    with pytest.raises(Exception, match="no_such_table"):
        migrate.migrate(old_books, at=STAMP, before=lambda _version: None, migrations=[*migrate.shipped(), BROKEN])
    assert old_books.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall() == schema
    assert (dump(old_books), migrate.version_of(old_books)) == (rows, migrate.CURRENT)
    change(old_books, "UPDATE business SET name = 'Still undoable'", migrate.CURRENT)


def test_a_change_from_before_the_migration_can_be_undone_after_it(old_books: Any) -> None:
    renamed = change(old_books, "UPDATE business SET name = 'Other'", migrate.CURRENT)
    migrate.migrate(old_books, at=STAMP, before=lambda _v: None, migrations=[*migrate.shipped(), STARS])
    old_books.execute("BEGIN IMMEDIATE")
    number = journal.begin(old_books, at=STAMP, actor="test", code="undo", undoes=renamed, schema_version=STARS.version)
    reversal = Reversal(old_books, renamed)
    assert reversal.in_the_way() == []
    reversal.apply()
    journal.close(old_books, number, {})
    journal.commit(old_books, number)
    assert old_books.execute("SELECT name, starred FROM business").fetchall() == [("Wren Studio", 0)]
    row = operations.get(old_books, renamed)
    assert row is not None
    assert row.undone_by == number


def test_a_change_of_meaning_puts_older_operations_out_of_reach(old_books: Any) -> None:
    last = operations.newest(old_books, 1)[0].id
    meaning = STARS._replace(changes_meaning=True)
    migrate.migrate(old_books, at=STAMP, before=lambda _v: None, migrations=[*migrate.shipped(), meaning])
    assert journal.horizon(old_books) == last


def test_a_step_whose_text_is_another_now_is_refused(old_books: Any) -> None:
    changed = [step._replace(sql=step.sql + "-- another\n") for step in migrate.shipped()]
    with pytest.raises(DamagedFile):
        migrate.migrate(old_books, at=STAMP, before=lambda _v: None, migrations=changed)


def test_books_of_a_newer_program_are_refused_untouched(
    old_books: Any, reopen: Callable[[], Any], tmp_path: Path
) -> None:
    migrate.migrate(old_books, at=STAMP, before=lambda _v: None, migrations=[*migrate.shipped(), STARS])
    old_books.close()
    before = (tmp_path / "books.db").read_bytes()
    again = open_connection(tmp_path / "books.db", KEY)
    with pytest.raises(NewerSchema) as caught:
        migrate.migrate(again, at=STAMP, before=lambda _v: None)
    assert caught.value.code == "newer_schema"
    again.close()
    assert (tmp_path / "books.db").read_bytes() == before
