"""What commands leave in the program's log, and that they work without one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.adapters import logs
from app.core.log_events import Event, Recorded, read

ROOT = Path(__file__).parents[2]
BANK = ("2026-03-01", "NORTHWIND 4111 1111 1111 1111", "-1.00")
LATE = {"logging", "cryptography", "app.core.log_events", "app.core.faults", "app.services.program.program_log"}
"""What a command that reads must not load for the sake of the log."""


def told(home: Path) -> list[Recorded]:
    found = [read(line) for path in logs.files(home / "logs") for line in path.read_text("ascii").splitlines()]
    assert None not in found
    return [each for each in found if each is not None]


def test_an_import_is_told_by_format_and_ranges(on: Any, bare: Path, bank: Callable[..., Path]) -> None:
    assert on(bare, "import", bank("Northwind.csv", BANK)).code == 0
    done, closed = told(bare)
    assert (done.event, closed.event) == (Event.IMPORT_DONE, Event.BOOKS_CLOSED)
    took = done.fields.pop("took")
    assert str(took).startswith("under_")
    assert done.fields == {
        "format": "csv", "layout": "mapping", "size": "under_1kb", "rows": "1-9", "rejected": 0, "first_bad": 0,
        "masked": 1,
    }  # fmt: skip


def test_a_refusal_is_told_by_command_and_code(on: Any, run: Any, bare: Path, tmp_path: Path) -> None:
    on(bare, "accounts", "set", "999", "name=Northwind")
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase of these\n")
    wrong.chmod(0o600)
    run("--home", bare, "--passphrase-file", wrong, "reserve")
    assert [(each.event, each.fields) for each in told(bare)] == [
        (Event.COMMAND_REFUSED, {"command": "accounts", "error": "not_found"}),
        (Event.COMMAND_REFUSED, {"command": "reserve", "error": "wrong_passphrase"}),
    ]


def test_reading_leaves_no_trace_and_a_dry_run_neither(on: Any, home: Path, bank: Callable[..., Path]) -> None:
    before = sorted((home / "logs").iterdir())
    for command in (("accounts", "list"), ("reserve",), ("import", bank("x.csv", BANK), "--dry-run")):
        assert on(home, *command).code == 0
    assert on(home, "--read-only", "transactions", "set", "1", "note=x").code != 0
    assert sorted((home / "logs").iterdir()) == before


def test_where_there_are_no_books_no_log_begins(run: Any, tmp_path: Path) -> None:
    assert run("--home", tmp_path / "none", "accounts", "list").code == 5
    (tmp_path / "empty").mkdir()
    assert run("--home", tmp_path / "empty", "accounts", "list").code == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty"]
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("obstacle", ["file", "link", "full"])
def test_without_a_log_everything_works_and_the_audit_log_has_it(
    on: Any, bare: Path, bank: Callable[..., Path], obstacle: str, tmp_path: Path
) -> None:
    """F21. A folder nobody may write to is the same to the program as one that is no folder."""
    shutil.rmtree(bare / "logs")
    if obstacle == "file":
        (bare / "logs").write_text("")
    elif obstacle == "link":
        (tmp_path / "elsewhere").mkdir()
        (bare / "logs").symlink_to(tmp_path / "elsewhere")
    else:
        (bare / "logs").mkdir()
        day = logs.datetime.now(logs.UTC).date().isoformat()
        for number in range(logs.FILES_A_DAY):
            name = f"ops1099-{day}.{number}.jsonl" if number else f"ops1099-{day}.jsonl"
            with (bare / "logs" / name).open("wb") as file:
                file.truncate(logs.FULL)
    answer = on(bare, "import", bank("x.csv", BANK))
    assert (answer.code, answer.err) == (0, "")
    assert on(bare, "audit", "verify").body["ok"] is True
    assert on(bare, "transactions", "list").body["total_count"] == 1
    if obstacle == "link":
        assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_command_that_reads_loads_nothing_for_the_log(real: Any, home: Path, template: Any) -> None:
    reading, writing = os.pipe()
    os.write(writing, template.key.encode() + b"\n")
    os.close(writing)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app", "--home", home, "--key-fd", str(reading), "accounts", "list"],
        cwd=ROOT, pass_fds=(reading,), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    os.close(reading)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "app.adapters.logs" in loaded
    assert LATE & loaded == set()


def test_a_bug_of_ours_is_told_without_its_data(on: Any, run: Any, bare: Path, raw: Any, template: Any) -> None:
    connection = raw(bare)
    connection.execute("DROP TABLE label")
    connection.close()
    answer = on(bare, "transactions", "list")
    assert (answer.code, answer.error) == (70, "internal")
    faults = [each for each in told(bare) if each.event is Event.FAULT]
    assert [each.fields["kind"] for each in faults] == ["OperationalError"]
    assert all(str(place).startswith("app.") for place in faults[0].fields["places"])  # type: ignore[union-attr]
    assert "label" not in "".join(path.read_text() for path in logs.files(bare / "logs"))
