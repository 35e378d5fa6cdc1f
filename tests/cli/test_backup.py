"""`backup` as a person types it, in real runs on the sample books."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.services.backup import backups

PASSPHRASE = "violet anchor harvest tundra 41"
KEYS = {"file", "rows", "totals_equal", "audit_head", "portable"}


@pytest.fixture
def made(done: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return done("backup", "create")


def test_create_says_what_it_proved(made: dict[str, Any], home: Path, done: Callable[..., dict[str, Any]]) -> None:
    assert set(made) >= KEYS | {"sha256", "opens_with", "full", "bytes", "created", "reason"}
    assert (made["totals_equal"], made["portable"], made["opens_with"]) == (True, True, ["passphrase"])
    assert made["rows"] == done("transactions", "list", "--limit", "1")["total_count"]
    assert set(made["audit_head"]) == {"seq", "mac"}
    assert stat.S_IMODE(Path(made["file"]).stat().st_mode) == 0o600
    assert Path(made["file"]).parent == home / "backups"


def test_list_needs_no_key_and_with_one_it_tells_the_rows(
    made: dict[str, Any], home: Path, run: Callable[..., Any], done: Callable[..., dict[str, Any]]
) -> None:
    (home / "backups" / "half.opsbak").write_bytes(Path(made["file"]).read_bytes()[:9000])
    without = run("--home", home, "--json", "backup", "list").body["backups"]
    assert [(each["file"], each["ok"], each["rows"]) for each in without] == [
        (made["file"], True, None), (str(home / "backups" / "half.opsbak"), False, None),
    ]  # fmt: skip
    assert set(without[0]) >= KEYS
    assert without[0]["audit_head"] == made["audit_head"]
    assert without[1]["trouble"]["code"] == "damaged"
    assert done("backup", "list")["backups"][0]["rows"] == made["rows"]
    words = run("--home", home, "backup", "list").out
    assert "passphrase" in words
    assert "damaged" in words


def test_verify_ends_with_seven_on_damage_and_four_on_a_wrong_key(
    made: dict[str, Any], home: Path, ops: Callable[..., Any], run: Callable[..., Any], tmp_path: Path
) -> None:
    good = ops("backup", "verify", made["file"])
    assert (good.code, good.body["ok"], good.body["rows"]) == (0, True, made["rows"])
    assert set(good.body) >= KEYS | {"compared", "missing_receipts"}
    assert all(each["equal"] for each in good.body["compared"])
    data = bytearray(Path(made["file"]).read_bytes())
    data[-9000] ^= 1
    (tmp_path / "bad.opsbak").write_bytes(data)
    bad = ops("backup", "verify", tmp_path / "bad.opsbak")
    assert (bad.code, bad.error) == (7, "damaged")
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text("another passphrase 12\n")
    told = run("--home", tmp_path / "no home", "--passphrase-file", wrong, "--json", "backup", "verify", made["file"])
    assert (told.code, told.error) == (4, "wrong_passphrase")
    other = ops("backup", "verify", home / "ops.keys")
    assert (other.code, other.error) == (3, "bad_file")


def test_restore_puts_back_what_was_there_and_says_where_the_rest_went(
    made: dict[str, Any], home: Path, done: Callable[..., dict[str, Any]], files: Callable[[Path], dict[str, str]]
) -> None:
    done("transactions", "set", "3", "note=after")
    before = files(home)
    would = done("backup", "restore", made["file"], "--dry-run")
    assert (would["dry_run"], would["rows"]) == (True, made["rows"])
    assert {name: value for name, value in files(home).items() if name != "home.lock"} == {
        name: value for name, value in before.items() if name != "home.lock"
    }
    answer = done("backup", "restore", made["file"])
    assert set(answer) >= KEYS | {"replaced", "backup_before", "operation", "dry_run"}
    assert Path(answer["replaced"]).is_file()
    rows = done("transactions", "list", "--limit", "0")["transactions"]
    assert next(row for row in rows if row["id"] == 3)["note"] is None
    assert done("audit", "verify")["ok"] is True
    assert done("backup", "list")["replaced"] == [answer["replaced"]]
    done("transactions", "set", "3", "note=again")


def test_a_new_computer_needs_the_file_and_the_recovery_key_only(
    home: Path, tmp_path: Path, run: Callable[..., Any], passphrase_file: Path
) -> None:
    sheet, stick = tmp_path / "sheet.txt", tmp_path / "stick"
    stick.mkdir()
    made = run("--home", home, "--passphrase-file", passphrase_file, "--json", "vault", "recovery", "--out", sheet)
    assert made.code == 0, made.out
    full = run(
        "--home", home, "--passphrase-file", passphrase_file, "--json", "backup", "create", "--full", "--out", stick
    )
    assert full.body["opens_with"] == ["passphrase", "recovery key"]
    words = [line.strip() for line in sheet.read_text().splitlines()]
    key = next(line for line in words if line.count("-") >= 7)
    shutil.rmtree(home)
    secret = tmp_path / "recovery"
    secret.touch(mode=0o600)
    secret.write_text(key + "\n")
    file, new = full.body["file"], tmp_path / "new"
    assert run("--home", tmp_path / "x", "--recovery-file", secret, "--json", "backup", "verify", file).code == 0
    into = run("--home", tmp_path / "x", "--recovery-file", secret, "--json", "backup", "restore", file, "--into", new)
    assert (into.code, into.body["home"]) == (0, str(new))
    for option, given in (("--recovery-file", secret), ("--passphrase-file", passphrase_file)):
        answer = run("--home", new, option, given, "--json", "transactions", "list", "--limit", "1")
        assert answer.body["total_count"] == full.body["rows"]
    assert run("--home", new, "--passphrase-file", passphrase_file, "--json", "audit", "verify").body["ok"] is True


def test_test_my_backup_reports_what_it_compared_in_numbers(
    made: dict[str, Any], ops: Callable[..., Any], on: Callable[..., Any], home: Path, run: Callable[..., Any],
    passphrase_file: Path,
) -> None:  # fmt: skip
    answer = ops("backup", "test").body
    assert (answer["ok"], answer["file"], answer["totals_equal"]) == (True, made["file"], True)
    compared = {each["what"]: (each["expected"], each["found"], each["equal"]) for each in answer["compared"]}
    assert compared["rows of transactions"] == (f"{made['rows']:,}", f"{made['rows']:,}", True)
    assert {"newest audit entry", "audit log", "every single row", "opening it"} <= set(compared)
    assert sum(name.startswith("total ") for name in compared) > 3
    words = run("--home", home, "--passphrase-file", passphrase_file, "backup", "drill", made["file"])
    assert words.code == 0
    assert "equal" in words.out
    assert "passphrase valid on that day" in words.out


def test_without_a_backup_the_drill_says_so(ops: Callable[..., Any]) -> None:
    answer = ops("backup", "test")
    assert (answer.code, answer.error) == (5, "not_found")


def test_out_never_writes_over_a_file(made: dict[str, Any], ops: Callable[..., Any]) -> None:
    before = Path(made["file"]).read_bytes()
    answer = ops("backup", "create", "--out", made["file"])
    assert (answer.code, answer.error) == (5, "exists")
    assert Path(made["file"]).read_bytes() == before


def test_interrupted_it_leaves_nothing_half_done(
    home: Path, start: Callable[..., subprocess.Popen[bytes]], on: Callable[..., Any]
) -> None:
    def busy() -> bool:
        return any((home / "backups").glob(".1099ops-*.part/*"))

    process = start(home, "backup", "create")
    while process.poll() is None and not busy():
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert b"Traceback" not in out + err
    left = [path.name for path in (home / "backups").iterdir()]
    if process.returncode == 130:
        assert left == []
    else:
        assert (process.returncode, len(left)) == (0, 1)
    assert on(home, "backup", "create").body["totals_equal"] is True


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
def test_on_a_full_disk_it_says_so_and_leaves_nothing(home: Path, ops: Callable[..., Any], tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        answer = ops("backup", "create", "--out", small / "mine.opsbak")
        assert (answer.code, answer.error) == (5, "disk_full")
        assert list(small.iterdir()) == []
        assert backups.listed(home) == []
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
    assert ops("backup", "create", "--out", small / "mine.opsbak").code == 0


def test_a_read_command_makes_no_backup_and_writes_none(ops: Callable[..., Any], home: Path) -> None:
    ops("transactions", "list")
    assert list((home / "backups").iterdir()) == []
    assert json.loads(ops("backup", "list").out)["backups"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("vault", "rotate"),
        ("vault", "recovery", "--out", "page.pdf"),
        ("backup", "restore", "FILE"),
        ("rescue", "restore"),
        ("rescue", "restore", "FILE"),
        ("transactions", "set", "3", "note=x"),
    ],
)
def test_read_only_means_that_nothing_is_written_or_swapped(
    made: dict[str, Any], home: Path, run: Callable[..., Any], passphrase_file: Path, words: tuple[str, ...],
    files: Callable[[Path], dict[str, str]],
) -> None:  # fmt: skip
    beside = {"books.db-wal", "books.db-shm"}  # the engine's own: a reader of books leaves them empty
    before = files(home)
    given = [made["file"] if word == "FILE" else str(home.parent / word) if "." in word else word for word in words]
    answer = run("--home", home, "--passphrase-file", passphrase_file, "--read-only", "--json", *given)
    assert (answer.code, answer.error) == (5, "not_writable")
    assert "--read-only" in answer.body["error"]["hint"]
    assert {name: what for name, what in files(home).items() if name not in beside} == before
