from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from app.adapters import home_lock
from app.adapters.home_lock import HomeLock
from app.core.errors import BadFile, InUse

CHILD = """
import sys
from pathlib import Path
from app.adapters.home_lock import HomeLock
lock = HomeLock(Path(sys.argv[1]), sys.argv[3])
getattr(lock, "acquire_" + sys.argv[2])()
print("held", flush=True)
sys.stdin.readline()
lock.release()
print("released", flush=True)
sys.stdin.readline()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start another process that takes the lock; it holds it until it is told to go on, or dies."""
    children: list[subprocess.Popen[str]] = []

    def begin(home: Path, kind: str, program: str = "other window") -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(home), kind, program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(app.__file__).parents[1],
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        return child

    yield begin
    for child in children:
        child.kill()
        child.communicate()


def tell(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "released\n"


def test_many_hold_it_together(tmp_path: Path, start: Start) -> None:
    children = [start(tmp_path, "shared", f"program {number}") for number in range(3)]
    lock = HomeLock(tmp_path, "this")
    lock.acquire_shared()
    found = {(holder.program, holder.pid) for holder in lock.holders()}
    assert found == {(f"program {number}", child.pid) for number, child in enumerate(children)}
    lock.release()
    assert (tmp_path / "home.lock").stat().st_mode & 0o777 == 0o600


def test_who_replaces_the_books_is_alone(tmp_path: Path, start: Start) -> None:
    child = start(tmp_path, "exclusive", "restore")
    for kind in ("acquire_shared", "acquire_exclusive"):
        with pytest.raises(InUse) as caught:
            getattr(HomeLock(tmp_path, "this"), kind)(0.05)
        assert caught.value.code == "in_use"
        assert f"restore (process {child.pid})" in caught.value.message


def test_a_reader_keeps_replacers_out_and_is_named(tmp_path: Path, start: Start) -> None:
    child = start(tmp_path, "shared")
    with pytest.raises(InUse) as caught:
        HomeLock(tmp_path, "this").acquire_exclusive(0.05)
    assert f"other window (process {child.pid})" in caught.value.message


def test_a_dead_holder_frees_it(tmp_path: Path, start: Start) -> None:
    child = start(tmp_path, "exclusive")
    child.send_signal(signal.SIGKILL)
    child.wait()
    lock = HomeLock(tmp_path, "this")
    lock.acquire_exclusive()
    assert lock.holders() == ()
    lock.release()


def test_a_program_that_closed_its_books_is_not_blamed(tmp_path: Path, start: Start) -> None:
    closed = start(tmp_path, "shared", "closed")
    tell(closed)
    still = start(tmp_path, "shared", "still open")
    with pytest.raises(InUse) as caught:
        HomeLock(tmp_path, "this").acquire_exclusive(0.05)
    assert "closed" not in caught.value.message
    assert str(still.pid) in caught.value.message


def test_a_process_number_used_again_is_not_blamed(tmp_path: Path) -> None:
    (tmp_path / "home.lock").write_text(f"+\t{os.getppid()}\t1\tlong gone\n+\tnonsense\n\n+\t1\n")
    assert HomeLock(tmp_path, "this").holders() == ()


def test_a_reader_becomes_the_only_one_and_a_reader_again(tmp_path: Path, start: Start) -> None:
    lock = HomeLock(tmp_path, "this")
    lock.acquire_shared()
    with lock.exclusive(), pytest.raises(InUse):
        HomeLock(tmp_path, "second").acquire_shared(0.05)
    start(tmp_path, "shared")
    with pytest.raises(InUse), lock.exclusive(0.05):
        pytest.fail("held alone beside another")
    with pytest.raises(InUse):
        HomeLock(tmp_path, "third").acquire_exclusive(0.05)
    lock.release()


def test_an_error_while_alone_gives_the_others_way(tmp_path: Path, start: Start) -> None:
    lock = HomeLock(tmp_path, "this")
    lock.acquire_shared()
    with pytest.raises(ZeroDivisionError), lock.exclusive():
        _ = 1 // 0
    start(tmp_path, "shared")
    lock.release()


def test_links_to_a_home_lead_to_the_same_lock(tmp_path: Path, start: Start) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "link").symlink_to(home)
    start(home, "exclusive")
    with pytest.raises(InUse):
        HomeLock(tmp_path / "link", "this").acquire_shared(0.05)


def test_it_waits_for_one_that_is_about_to_end(tmp_path: Path, start: Start) -> None:
    child = start(tmp_path, "exclusive")
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()
    lock = HomeLock(tmp_path, "this")
    lock.acquire_shared(30.0)
    lock.release()


def test_the_list_of_holders_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "home.lock"
    path.write_text("+\t99999999\t1\tlong gone\n" * 2000)
    for kind in ("acquire_shared", "acquire_exclusive"):
        lock = HomeLock(tmp_path, "this")
        getattr(lock, kind)()
        lock.release()
        assert path.stat().st_size < 500


def test_a_long_list_is_kept_while_others_are_in_it(tmp_path: Path, start: Start) -> None:
    (tmp_path / "home.lock").write_text("+\t99999999\t1\tlong gone\n" * 2000)
    child = start(tmp_path, "shared")
    with (tmp_path / "home.lock").open("a") as stream:
        stream.write("+\t99999999\t1\tlong gone\n" * 2000)
    lock = HomeLock(tmp_path, "this")
    lock.acquire_shared()
    assert [holder.pid for holder in lock.holders()] == [child.pid]
    lock.release()


def test_programs_names_cannot_forge_the_list(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path, "bad\n+\t1\t\tforged")
    lock.acquire_shared()
    assert len((tmp_path / "home.lock").read_text().splitlines()) == 1
    lock.release()
    lock.release()


def test_it_is_taken_once(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path, "this")
    with pytest.raises(ValueError), lock.exclusive():
        pytest.fail("nothing is held yet")
    lock.acquire_shared()
    with pytest.raises(ValueError):
        lock.acquire_shared()
    lock.release()


def test_a_home_that_is_not_there_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "home.lock").symlink_to(tmp_path / "real")
    for home in (tmp_path / "missing", tmp_path / "real", tmp_path / "linked"):
        with pytest.raises(BadFile):
            HomeLock(home, "this").acquire_shared()
    assert (tmp_path / "real").read_bytes() == b""


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /home nfs4 rw 0 0
/dev/sdb1 /home/local xfs rw 0 0
//server/share /mnt/my\\040share cifs rw 0 0
someone@host: /mnt/remote fuse.sshfs rw 0 0
/dev/fuse /run/user/1000/doc fuse.portal rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
server:/a /mnt/covered nfs rw 0 0
tmpfs /mnt/covered tmpfs rw 0 0
malformed
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/var/lib/books", None),
        ("/", None),
        ("/home", "nfs4"),
        ("/home/me/books", "nfs4"),
        ("/homes/me", None),
        ("/home/local/books", None),
        ("/home/locality", "nfs4"),
        ("/mnt/my share/books", "cifs"),
        ("/mnt/remote", "fuse.sshfs"),
        ("/run/user/1000/doc/x", None),
        ("/run/user/1000/gvfs/smb", "fuse.gvfsd-fuse"),
        ("/mnt/covered/books", None),
    ],
)
def test_network_file_systems_are_known_by_the_table_of_mounts(path: str, expected: str | None) -> None:
    assert home_lock.network_type(path, MOUNTS) == expected


def test_a_local_home_is_accepted(tmp_path: Path) -> None:
    outcome: Any = home_lock.refuse_network_home(tmp_path)
    assert outcome is None
