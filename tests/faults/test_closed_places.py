"""F13, F14 and F21: places that cannot be written, books that vanish, newer books, a program nobody listens to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults.conftest import ROOT, Base
from faults.harness import Children, files_of, fresh, judge, may_mount, opened, small_disk

from app.core.errors import AppError
from app.services.books.open_books import Unlock
from app.services.ledger import transactions
from app.store import migrate
from app.store.connection import open_connection


@pytest.mark.parametrize("what", ["folder", "file", "both"])
def test_what_may_not_be_written_is_said_and_nothing_new_is_made(
    what: str, children: Children, sample: Base, tmp_path: Path
) -> None:
    home = fresh(sample.home, tmp_path / "home")
    who = {"limits": {"powerless": 1}}
    before = files_of(home)
    if what in {"file", "both"}:
        (home / "books.db").chmod(0o400)
    if what in {"folder", "both"}:
        home.chmod(0o500)
    end = children.cli(home, "transactions", "set", "3", "note=lamp", key=sample.key, **who)
    assert end.code in {3, 5}, end
    assert end.error["message"]
    assert end.error["hint"]
    reading = children.cli(home, "--read-only", "transactions", "list", "--limit", "1", key=sample.key, **who)
    assert reading.code == 0, reading
    home.chmod(0o700)
    (home / "books.db").chmod(0o600)
    assert {name: value for name, value in files_of(home).items() if not name.endswith(("-shm", "-wal"))} == before
    assert children.cli(home, "transactions", "set", "3", "note=lamp", key=sample.key, **who).code == 0


def test_a_disk_that_turns_read_only_is_said(children: Children, sample: Base, tmp_path: Path) -> None:
    if not may_mount():
        pytest.skip("only root may mount a disk")
    with small_disk(tmp_path / "disk", 24) as disk:
        home = fresh(sample.home, disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, timeout=30)
        end = children.cli(home, "transactions", "set", "3", "note=lamp", key=sample.key)
        assert end.code in {3, 5}, end
        assert end.error["hint"]
        reading = children.cli(home, "--read-only", "transactions", "list", "--limit", "1", key=sample.key)
        assert reading.code == 0, reading
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True, timeout=30)
        assert children.cli(home, "transactions", "set", "3", "note=lamp", key=sample.key).code == 0


def test_a_change_to_books_whose_folder_is_gone_is_refused_and_makes_no_new_ones(sample: Base, tmp_path: Path) -> None:
    home = fresh(sample.home, tmp_path / "home")
    books = opened(home, Unlock(key_hex=sample.key))
    transactions.set_values(books, 3, {"note": "before"})
    shutil.rmtree(home)
    with pytest.raises(AppError) as told:
        transactions.set_values(books, 3, {"note": "after"})
    assert told.value.exit_code in {3, 5}
    books.close()
    assert not home.exists()


def test_a_change_to_books_that_were_exchanged_is_refused(sample: Base, tmp_path: Path) -> None:
    """Somebody copied another file over the open one."""
    home = fresh(sample.home, tmp_path / "home")
    books = opened(home, Unlock(key_hex=sample.key))
    shutil.copyfile(sample.home / "books.db", home / "other.db")
    (home / "other.db").rename(home / "books.db")
    with pytest.raises(AppError) as told:
        transactions.set_values(books, 3, {"note": "after"})
    assert told.value.exit_code in {3, 5}
    books.close()
    judge(home, sample.key)


@pytest.mark.parametrize("home_is", ["no folder", "empty folder", "a file"])
def test_where_no_books_are_none_appear(home_is: str, children: Children, sample: Base, tmp_path: Path) -> None:
    home = tmp_path / "nothing"
    if home_is == "empty folder":
        home.mkdir()
    elif home_is == "a file":
        home.write_text("words")
    end = children.cli(home, "transactions", "list", key=sample.key)
    assert end.code in {3, 5}, end
    assert not home.is_dir() or list(home.iterdir()) == []


def test_newer_books_and_newer_keys_stay_byte_for_byte(children: Children, sample: Base, tmp_path: Path) -> None:
    home = fresh(sample.home, tmp_path / "home")
    connection = open_connection(home / "books.db", sample.key)
    connection.execute(f"PRAGMA user_version = {migrate.CURRENT + 1}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()
    before = files_of(home)
    for words in (("undo",), ("transactions", "list"), ("import", str(ROOT / "pyproject.toml"))):
        end = children.cli(home, *words, key=sample.key)
        assert (end.code, end.error["code"]) == (7, "newer_schema"), end
        assert str(migrate.CURRENT + 1) in end.error["message"]
        assert files_of(home) == before
    home = fresh(sample.home, tmp_path / "keys")
    body = json.loads((home / "ops.keys").read_text())
    body["version"] = 99
    (home / "ops.keys").write_text(json.dumps(body))
    before = files_of(home)
    end = children.cli(home, "undo", key=sample.key)
    assert (end.code, end.error["code"]) in {(7, "newer_schema"), (7, "keys_damaged")}, end
    assert files_of(home) == before


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-", "1>/dev/full", "2>/dev/full"])
def test_a_program_nobody_listens_to_still_does_its_work(closed: str, sample: Base, tmp_path: Path) -> None:
    home = fresh(sample.home, tmp_path / "home")
    old = judge(home, sample.key)
    key = tmp_path / "key"
    key.write_text(sample.key + "\n")
    command = f'exec "$1" -m app --home "$2" --key-fd 9 --json transactions set 3 note=lamp 9<"$3" {closed}'
    run = subprocess.run(
        ["bash", "-c", command, "sh", sys.executable, str(home), str(key)], cwd=ROOT, check=False, timeout=60,
        capture_output=True,
    )  # fmt: skip
    assert run.returncode in ({5} if "1>/dev/full" in closed else {0}), run
    assert b"Traceback" not in run.stderr
    assert judge(home, sample.key).operations == old.operations + 1
