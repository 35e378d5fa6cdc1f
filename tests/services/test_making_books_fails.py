"""Books that cannot be made leave nothing behind: no keys without books, no half a database, no lock."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.adapters.home_lock import HomeLock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, Exists
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books

CHILD = """
import json, resource, sys
from datetime import date
from pathlib import Path
from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError
from app.core.security.envelope import Mode
from app.services.books import opening
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    made, _ = opening.create(
        Path(sys.argv[1]), mode=Mode.PASSPHRASE, passphrase="violet anchor harvest tundra 41", keychain=None,
        randomness=OsRandomness(), clock=SystemClock("UTC", date(2026, 11, 20)), kdf_memory_mib=64,
    )
    made.close()
    print(json.dumps({"made": True}))
except AppError as error:
    print(json.dumps({"made": False, "message": error.message, "code": error.code}))
"""


def left(home: Path) -> list[str]:
    """Return what lies in a home; the empty lock file is no part of any books."""
    return sorted(
        str(path.relative_to(home)) for path in home.rglob("*") if not path.name.startswith("home.lock")
    ) if home.exists() else []  # fmt: skip


def make(home: Path) -> Books:
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase="violet anchor harvest tundra 41", keychain=None,
        randomness=OsRandomness(), clock=SystemClock("UTC"), kdf_memory_mib=64,
    )  # fmt: skip
    return made


@pytest.mark.parametrize("limit", [0, 100, 5_000, 40_000, 120_000])
def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, limit: int) -> None:
    home = tmp_path / "home"
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), str(limit)], capture_output=True, text=True, timeout=60, check=False
    )
    answer = json.loads(run.stdout)
    assert answer["made"] is False, run.stderr
    assert answer["message"]
    assert left(home) == []
    make(home).close()


@pytest.mark.parametrize("name", ["backups", "receipts", "exports"])
def test_a_home_in_whose_way_something_lies_stays_as_it_was(tmp_path: Path, name: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / name).write_text("a file where a folder must be", "utf-8")
    with pytest.raises((AppError, OSError)):
        make(home)
    assert not {"books.db", "ops.keys", "books.db.new"} & set(left(home))
    assert (home / name).read_text("utf-8") == "a file where a folder must be"


def test_a_home_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(AppError):
        make(tmp_path / "file" / "home")
    assert (tmp_path / "file").read_text("utf-8") == ""


def test_existing_books_are_never_made_anew(tmp_path: Path) -> None:
    make(tmp_path / "home").close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "home").iterdir() if path.is_file()}
    with pytest.raises(Exists):
        make(tmp_path / "home")
    assert {path.name: path.read_bytes() for path in (tmp_path / "home").iterdir() if path.is_file()} == before


def test_what_a_killed_writer_left_is_gone_after_the_next_close(make_books: Callable[..., Books]) -> None:
    books = make_books()
    leftover = books.home / ".audit.anchor.x1.part"
    leftover.write_bytes(b"half")
    other = HomeLock(books.home, "another program")
    other.acquire_shared()
    books.close()
    assert leftover.exists()
    other.release()
    books.close()
    assert not leftover.exists()
    assert (books.home / "books.db").stat().st_size > 0
