"""F12: two programs on one home: they take turns whatever path leads there, and a dead one holds nothing."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.conftest import ROOT, Base
from faults.harness import Children, fresh, judge, may_mount

from app.adapters.home_lock import LOCK_FILE, HomeLock
from app.core.errors import InUse

HOLD = """
import sys
from pathlib import Path
from app.adapters.home_lock import HomeLock
lock = HomeLock(Path(sys.argv[1]), "the other program")
lock.acquire_exclusive()
print("READY", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(sample: Base, tmp_path: Path) -> Path:
    return fresh(sample.home, tmp_path / "home")


@pytest.fixture
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that replaces the books just now."""
    started = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert started.stdout
    assert select.select([started.stdout], [], [], 60)[0]
    assert started.stdout.readline() == "READY\n"
    yield started
    started.kill()
    started.communicate(timeout=30)


@pytest.fixture(params=["as it is", "symbolic link", "dots", "bind mount"])
def way(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Iterator[Path]:
    """Another path to the same home."""
    other = tmp_path / "other"
    if request.param == "as it is":
        yield home
    elif request.param == "symbolic link":
        other.symlink_to(home)
        yield other
    elif request.param == "dots":
        yield home / ".." / home.name
    else:
        if not may_mount():
            pytest.skip("only root may bind a folder to a second place")
        other.mkdir()
        subprocess.run(["mount", "--bind", str(home), str(other)], check=True, timeout=30)
        yield other
        subprocess.run(["umount", "-l", str(other)], check=True, timeout=30)


def test_whoever_comes_second_is_told_who_holds_the_home(
    children: Children, sample: Base, holder: subprocess.Popen[str], way: Path
) -> None:
    end = children.cli(way, "undo", key=sample.key)
    assert (end.code, end.error["code"]) == (5, "in_use")
    assert f"the other program (process {holder.pid})" in end.error["message"]


def test_a_killed_program_holds_nothing(
    children: Children, sample: Base, holder: subprocess.Popen[str], home: Path
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait(30)
    assert children.cli(home, "undo", key=sample.key).code == 0
    judge(home, sample.key)


def test_the_note_of_a_dead_program_whose_number_was_given_again_names_nobody(
    children: Children, sample: Base, home: Path
) -> None:
    """The number is that of this very process, but the note says it began at another time."""
    (home / LOCK_FILE).write_text(f"+\t{os.getpid()}\t1\tan older program\n")
    assert HomeLock(home, "").holders() == ()
    assert children.cli(home, "undo", key=sample.key).code == 0


def test_two_writers_by_two_paths_take_turns(children: Children, sample: Base, home: Path, way: Path) -> None:
    """One holds the home shared, as every open program does: the other may write, and nobody may replace the books."""
    first = HomeLock(home, "first")
    first.acquire_shared()
    try:
        assert children.cli(way, "undo", key=sample.key).code == 0
        with pytest.raises(InUse):
            HomeLock(way, "second").acquire_exclusive(wait_seconds=0)
    finally:
        first.release()
    judge(home, sample.key)


@pytest.mark.parametrize("how", ["hard link", "symbolic link"])
def test_books_that_lie_in_two_homes_at_once_are_refused(
    how: str, children: Children, sample: Base, home: Path, tmp_path: Path
) -> None:
    """Their logs would be two files, and each program would miss what the other wrote."""
    second = fresh(home, tmp_path / "second")
    (second / "books.db").unlink()
    if how == "hard link":
        (second / "books.db").hardlink_to(home / "books.db")
    else:
        (second / "books.db").symlink_to(home / "books.db")
    end = children.cli(second, "undo", key=sample.key)
    assert end.code in {3, 5}, end.out
    assert "two" in end.error["message"] or "link" in end.error["message"]
    judge(home, sample.key) if how == "symbolic link" else None
