"""The report of a problem: nothing of the books can be in it, whatever the books hold."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlcipher

from app.adapters import logs
from app.core.diagnostics.leaves import Unfit
from app.core.diagnostics.scan import findings
from app.core.errors import Exists, Refused
from app.core.log_events import Event
from app.services.books.open_books import Books
from app.services.program import diagnostics
from app.services.program.diagnostics_sections import SECTIONS, json_schema
from app.store import schema
from app.store.connection import open_connection

TODAY = date(2026, 11, 20)


def body(bundle: diagnostics.Bundle, name: str) -> Any:
    data = next(file.data for file in bundle.files if file.name == name)
    return [json.loads(line) for line in data.splitlines()] if name.endswith("l") else json.loads(data)


# --- what can be in it


def leaves(node: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if node.get("type") == "object":
        assert node["additionalProperties"] is False, where
        assert sorted(node["properties"]) == node["required"], where
        for name, inner in node["properties"].items():
            yield from leaves(inner, f"{where}.{name}")
    elif node.get("type") == "array":
        assert node["maxItems"] < 1000, where
        yield from leaves(node["items"], where + "[]")
    else:
        yield where, node


@pytest.mark.parametrize("file", json_schema())
def test_every_leaf_of_every_file_is_a_closed_list_a_bounded_number_or_a_short_pattern(file: str) -> None:
    found = dict(leaves(json_schema()[file], file))
    assert found
    for where, leaf in found.items():
        if "enum" in leaf:
            assert leaf["enum"], where
            assert all(isinstance(value, str) and len(value) < 64 for value in leaf["enum"]), where
        elif leaf["type"] == "integer":
            assert leaf["minimum"] >= 0, where
            assert leaf["maximum"] <= 9_999_999, where
        else:
            assert leaf["type"] == "string", where
            assert leaf["maxLength"] <= 160, where
            assert leaf["pattern"].startswith("^("), where
            assert ".*" not in leaf["pattern"], where


def test_the_files_are_those_of_the_shapes_and_secret_tables_are_not_even_named(sample: Books) -> None:
    bundle = diagnostics.preview(sample, sample.home, TODAY)
    assert [file.name for file in bundle.files] == [
        "manifest.json", *(file for file, _ in SECTIONS.values()), "README.txt",
    ]  # fmt: skip
    rows = body(bundle, "database.json")["rows"]
    assert set(rows) == {*schema.BOOKS, *schema.DERIVED, *schema.RECORDS}
    assert not set(rows) & set(schema.SECRET)
    assert rows["transactions"] == "1000-9999"
    database = body(bundle, "database.json")
    assert {name: database[name] for name in ("state", "integrity_check", "cipher_integrity_check", "audit_chain")} == {
        "state": "open", "integrity_check": "ok", "cipher_integrity_check": "ok", "audit_chain": "ok",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("sync", {"connections": [], "institution": "Harbor Bank"}),
        ("sync", {}),
        ("sync", {"connections": ["Harbor Bank"]}),
        ("app", {"version": "Harbor", "commit": "unknown", "install": "source", "unlocked_by": "both",
                 "books_format_known": 3}),
        ("app", {"version": "0.1.0", "commit": "unknown", "install": "source", "unlocked_by": "both",
                 "books_format_known": True}),
        ("app", {"version": "0.1.0", "commit": "unknown", "install": "source", "unlocked_by": "both",
                 "books_format_known": 4_111_111_111}),
        ("events", [{"day": "2026-11-20", "hour": 1, "event": "Harbor", "command": "none", "result": "ok",
                     "took": "none"}]),
    ],
)  # fmt: skip
def test_a_value_without_room_in_its_shape_stops_the_report(section: str, value: Any) -> None:
    with pytest.raises(Unfit) as refused:
        diagnostics.section_file(section, value)
    assert "Harbor" not in str(refused.value)


def test_a_section_of_a_later_program_is_refused_not_passed_through(sample: Books) -> None:
    with pytest.raises(Refused):
        diagnostics.preview(sample, sample.home, TODAY, sections=["system", "contacts"])
    with pytest.raises(Refused):
        diagnostics.section_file("contacts", {"name": "Ann"})


def test_only_what_was_chosen_is_in_it(sample: Books) -> None:
    bundle = diagnostics.preview(sample, sample.home, TODAY, sections=["errors", "app"])
    assert [file.name for file in bundle.files] == ["manifest.json", "app.json", "errors.jsonl", "README.txt"]
    assert body(bundle, "manifest.json")["sections"] == ["app", "errors"]


# --- the same state, the same bytes


def test_equal_states_give_equal_bytes_and_the_manifest_tells_each_file(sample: Books) -> None:
    first = diagnostics.preview(sample, sample.home, TODAY)
    second = diagnostics.preview(sample, sample.home, TODAY)
    assert first.zipped() == second.zipped()
    with zipfile.ZipFile(io.BytesIO(first.zipped())) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {file.name: file.data for file in first.files}
    told = {entry["name"]: (entry["bytes"], entry["sha256"]) for entry in body(first, "manifest.json")["files"]}
    assert told == {file.name: (len(file.data), file.sha256) for file in first.files[1:]}


def test_what_was_shown_is_what_is_saved_and_a_file_that_is_there_stays(sample: Books, tmp_path: Path) -> None:
    bundle = diagnostics.preview(sample, sample.home, TODAY)
    entries = sample.state()
    saved = diagnostics.save(bundle, tmp_path, sample)
    assert saved == tmp_path / "ops1099-diagnostics-20261120.zip"
    assert saved.read_bytes() == bundle.zipped()
    assert sample.state() == entries + 1
    with pytest.raises(Exists):
        diagnostics.save(bundle, saved, sample)


def test_looking_changes_nothing_in_the_home(sample: Books) -> None:
    before = {path: path.read_bytes() for path in sample.home.rglob("*") if path.is_file()}
    diagnostics.preview(sample, sample.home, TODAY)
    assert {path: path.read_bytes() for path in sample.home.rglob("*") if path.is_file()} == before


# --- non-interference


@pytest.fixture
def loose(sample: Books) -> Iterator[Callable[..., diagnostics.Bundle]]:
    """Gives a report on the sample books with a text put into every column that takes one; then takes it out again."""
    connection = open_connection(sample.home / "books.db", sample.key_hex())
    held = Books(sample.home, connection, sample._keys, sample.clock, None)

    def report(text: str, skip: frozenset[str]) -> diagnostics.Bundle:
        connection.execute("BEGIN")
        try:
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            report.columns = fill(connection, text, skip)
            return diagnostics.preview(held, sample.home, TODAY)
        finally:
            connection.execute("ROLLBACK")

    yield report
    connection.close()


def fill(connection: Any, text: str, skip: frozenset[str]) -> int:
    """Put a text in front of every stored one, where the table allows it; return how many columns took it."""
    columns = connection.execute(
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' "
        "AND c.type = 'TEXT' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    ).fetchall()
    took = 0
    for table, column in columns:
        if table in skip:
            continue
        for value in (f"? || COALESCE({column}, '')", f"? || COALESCE({column}, rowid)"):
            connection.execute("SAVEPOINT one")
            try:
                connection.execute(f"UPDATE {table} SET {column} = {value}", (text,))
            except (sqlcipher.IntegrityError, sqlcipher.OperationalError):  # an allowed word, or unique, or no rowid
                connection.execute("ROLLBACK TO one")
                continue
            took += 1
            break
    return took


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60))
def test_any_text_in_every_column_of_the_books_leaves_the_report_as_it_is(loose: Any, sample: Books, text: str) -> None:
    untouched = diagnostics.preview(sample, sample.home, TODAY).zipped()
    assert loose(text, frozenset({"audit"})).zipped() == untouched
    assert loose.columns > 60


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_any_text_in_the_audit_log_too_says_only_that_it_does_not_hold(loose: Any, one: str, two: str) -> None:
    first, second = loose(one, frozenset()), loose(two, frozenset())
    assert first.zipped() == second.zipped()
    assert body(first, "database.json")["audit_chain"] == "bad"


# --- books that do not open


@pytest.mark.parametrize("trouble", ["locked", "wrong_passphrase", "damaged", "keys_missing", "no_books", "in_use"])
def test_without_open_books_the_report_says_why_by_a_code(sample: Books, trouble: str) -> None:
    database = body(diagnostics.preview(None, sample.home, TODAY, trouble=trouble), "database.json")
    assert database["state"] == trouble
    assert set(database["rows"].values()) == {"not_checked"}
    assert database["has_keys"] == "yes"


def test_a_code_that_is_none_is_not_passed_through(sample: Books) -> None:
    bundle = diagnostics.preview(None, sample.home, TODAY, trouble="Northwind owes 4,800.00")
    assert body(bundle, "database.json")["state"] == "other"


def test_where_there_is_nothing_there_is_still_a_report(tmp_path: Path) -> None:
    bundle = diagnostics.preview(None, tmp_path / "nothing", TODAY, trouble="no_books")
    database = body(bundle, "database.json")
    assert (database["has_keys"], database["file_size"], database["backups"]) == ("no", "empty", "0")
    assert not (tmp_path / "nothing").exists()


def test_pages_that_cannot_be_read_are_said_to_be_bad_and_the_rest_goes_on(sample: Books) -> None:
    sample.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    path = sample.home / "books.db"
    data = bytearray(path.read_bytes())
    for page in range(len(data) // 4096 * 2 // 3, len(data) // 4096):
        data[page * 4096 + 100] ^= 1
    path.write_bytes(data)
    connection = open_connection(path, sample.key_hex())
    try:
        held = Books(sample.home, connection, sample._keys, sample.clock, None)
        database = body(diagnostics.preview(held, sample.home, TODAY), "database.json")
    finally:
        connection.close()
    assert database["cipher_integrity_check"] == "bad"
    assert "bad" in database["rows"].values()
    assert database["state"] == "open"


# --- the log as its source


@pytest.fixture
def logged(sample: Books) -> Iterator[logs.LogFiles]:
    log = logs.LogFiles(sample.home / "logs")
    yield log
    log.close()


def test_errors_are_counted_once_by_class_and_way(sample: Books, logged: logs.LogFiles) -> None:
    way = ["app.services.ingest.imports:import_files:53", "app.core.nothing:x:1"]
    for _ in range(12):
        logged.note(Event.FAULT, thread="main", kind="ValueError", places=way)
    logged.note(Event.TASK_FAILED, error="damaged", kind="DamagedFile", places=[])
    errors = body(diagnostics.preview(sample, sample.home, TODAY), "errors.jsonl")
    assert [(e["kind"], e["places"], e["times"]) for e in errors] == [
        ("ValueError", ["app.services.ingest.imports:import_files:53"], "10-99"), ("DamagedFile", [], "1-9"),
    ]  # fmt: skip


def test_what_somebody_else_wrote_into_the_log_is_not_taken(sample: Books, logged: logs.LogFiles) -> None:
    before = diagnostics.preview(sample, sample.home, TODAY)
    folder = sample.home / "logs"
    at = "2026-11-20T12:00:00.000Z"
    (folder / "ops1099-2026-11-20.jsonl").write_text(
        "Northwind Studio 4111111111111111\n"
        + json.dumps({"at": at, "event": "books.refused", "error": "northwind"}) + "\n"
        + json.dumps({"at": at, "event": "books.refused", "error": "locked", "note": "northwind"}) + "\n"
        + json.dumps({"at": "2026-99-99T99:99:99.999Z", "event": "books.refused", "error": "locked"}) + "\n"
        + json.dumps({"at": at, "event": "migration.done", "format": 123456789}) + "\n"
    )  # fmt: skip
    (folder / "ops1099-2026-11-19.jsonl").symlink_to("/etc/hostname")
    (folder / "northwind.jsonl").write_text(json.dumps({"at": at, "event": "log.blocked"}))
    assert diagnostics.preview(sample, sample.home, TODAY).zipped() == before.zipped()


def test_a_log_of_another_kind_of_file_stops_nothing(sample: Books) -> None:
    shutil.rmtree(sample.home / "logs")
    (sample.home / "logs").write_bytes(b"\xff\xfe")
    assert body(diagnostics.preview(sample, sample.home, TODAY), "events.jsonl") == []


# --- the last look


@pytest.mark.parametrize(
    "text",
    [
        "123-45-6789", "123 45 6789", "12-3456789", "125000105", "4111111111111111", "4111 1111 1111 1111",
        "ann@example.com", "(415) 555-0142", "+1 415-555-0142", "192.168.0.12", "/home/ann/books", "C:\\Users\\ann",
        "access-production-8ab976e6-64bc-4b38-98f7-731e7a349970", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "-----BEGIN PRIVATE KEY-----", "0f" * 16, "k7Q2mZ81vWc4TbX9pLr3", "00:1a:2b:3c:4d:5e", "002481630497",
    ],
)  # fmt: skip
def test_the_last_look_finds_what_must_not_be_there(text: str) -> None:
    assert findings(f'{{"place":"x {text} y"}}')


def test_the_last_look_finds_nothing_in_a_report(sample: Books, logged: logs.LogFiles) -> None:
    logged.note(Event.FAULT, thread="main", kind="ValueError", places=["app.services.ingest.imports:import_files:53"])
    for file in diagnostics.preview(sample, sample.home, TODAY).files[1:]:
        assert findings(file.data.decode()) == [], file.name
    assert findings(json.dumps(json_schema()["database.json"])) == []
