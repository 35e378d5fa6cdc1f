from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest

import app
from app.adapters import safe_files
from app.core.errors import BadFile, DiskFull, Exists, Locked

ROOT = Path(app.__file__).parents[1]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_written_file_is_private_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "ops.keys"
    safe_files.write_atomic(path, b"one")
    safe_files.write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert mode_of(path) == 0o600
    assert names(tmp_path) == ["ops.keys"]


def test_a_loose_umask_changes_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        safe_files.write_atomic(tmp_path / "a", b"")
        safe_files.private_folder(tmp_path / "one" / "two")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "a") == 0o600
    assert mode_of(tmp_path / "one" / "two") == 0o700


def test_an_existing_file_is_kept_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "ops.keys"
    safe_files.write_atomic(path, b"first", replace=False)
    with pytest.raises(Exists) as caught:
        safe_files.write_atomic(path, b"second", replace=False)
    assert caught.value.code == "exists"
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["ops.keys"]
    assert path.stat().st_nlink == 1


def test_of_many_writers_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "ops.keys"
    lost: list[int] = []
    gate = threading.Barrier(8)

    def write(number: int) -> None:
        gate.wait()
        try:
            safe_files.write_atomic(path, str(number).encode(), replace=False)
        except Exists:
            lost.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 7
    assert int(path.read_bytes()) not in lost
    assert names(tmp_path) == ["ops.keys"]


def test_a_link_at_the_target_is_replaced_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    path = tmp_path / "ops.keys"
    path.symlink_to(elsewhere)
    safe_files.write_atomic(path, b"new")
    assert elsewhere.read_bytes() == b"precious"
    assert not path.is_symlink()
    assert path.read_bytes() == b"new"


def test_a_dangling_link_counts_as_existing(tmp_path: Path) -> None:
    path = tmp_path / "ops.keys"
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Exists):
        safe_files.write_atomic(path, b"new", replace=False)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("target", ["missing/ops.keys", "file/ops.keys", "folder", "x" * 300])
def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    before = names(tmp_path)
    with pytest.raises(BadFile) as caught:
        safe_files.write_atomic(tmp_path / target, b"data")
    assert caught.value.code == "bad_file"
    assert caught.value.hint
    assert names(tmp_path) == before


SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
from app.adapters import safe_files
from app.core.errors import BadFile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    safe_files.write_atomic(Path(sys.argv[1]), b"x" * 100_000)
except BadFile as error:
    print(error.code)
"""

ENDLESS = """
import sys
from pathlib import Path
from app.adapters import safe_files
number = 0
while True:
    number += 1
    safe_files.write_atomic(Path(sys.argv[1]), bytes([97 + number % 2]) * 300_000)
    print(number, flush=True)
"""


def test_a_write_that_ends_in_the_middle_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "ops.keys"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "bad_file\n"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["ops.keys"]


@pytest.mark.parametrize("rounds", range(1, 9))
def test_a_killed_writer_leaves_the_old_content_or_the_new(tmp_path: Path, rounds: int) -> None:
    path = tmp_path / "ops.keys"
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(rounds):
            child.stdout.readline()
        child.kill()
    data = path.read_bytes()
    assert len(data) == 300_000
    assert len(set(data)) == 1
    safe_files.remove_parts(tmp_path)
    assert names(tmp_path) == ["ops.keys"]


def test_a_full_disk_is_called_so() -> None:
    """The device that is always full stands for the disk."""
    with (
        pytest.raises(DiskFull) as caught,
        safe_files.plain_errors(Path("ops.keys"), "written"),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert "disk is full" in caught.value.message


def test_left_parts_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".ops.keys.abc.part", "ops.keys", "mine.part"):
        (tmp_path / name).touch()
    assert safe_files.remove_parts(tmp_path) == 1
    assert names(tmp_path) == ["mine.part", "ops.keys"]


def test_an_open_folder_is_closed_to_others(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    safe_files.private_folder(home)
    assert mode_of(home) == 0o700


def test_shared_folders_and_files_are_no_home(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    with pytest.raises(BadFile) as caught:
        safe_files.private_folder(shared)
    assert "shared" in caught.value.message
    assert mode_of(shared) == 0o1777
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(BadFile):
            safe_files.private_folder(path)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    path.write_bytes(b"x" * 100)
    assert safe_files.read_limited(path, 100) == b"x" * 100
    with pytest.raises(BadFile) as caught:
        safe_files.read_limited(path, 99)
    assert "99" in caught.value.message
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    assert safe_files.read_limited(link, 100) == b"x" * 100


def test_only_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "pipe-link").symlink_to(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(tmp_path)
        listener.bind("socket")
        os.chdir(here)
        expected = {
            tmp_path: "a folder",
            tmp_path / "pipe": "a pipe",
            tmp_path / "pipe-link": "a pipe",
            tmp_path / "socket": "a socket",
            Path("/dev/zero"): "a device",
            tmp_path / "missing": "no such file",
            tmp_path / "pipe" / "below": "not a folder",
            tmp_path / "loop": "leads back",
            tmp_path / "nul\x00byte": "cannot be read",
        }
        for path, words in expected.items():
            with pytest.raises(BadFile) as caught:
                safe_files.read_limited(path, 1000)
            assert words in caught.value.message, path


def test_names_cannot_disguise_a_sentence(tmp_path: Path) -> None:
    shown = safe_files.shown(tmp_path / "a\x1b[31m\n\u202efdp.exe")
    assert shown == "a\\u001b[31m\\u000a\\u202efdp.exe"
    assert safe_files.shown(Path(os.fsdecode(b"bad\xff.csv"))) == "bad?.csv"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"correct horse battery", "correct horse battery"),
        (b"correct horse battery\nsecond line", "correct horse battery"),
        (b"correct horse battery\r\n", "correct horse battery"),
        (b" spaces stay \n", " spaces stay "),
        (unicodedata.normalize("NFD", "crème brûlée").encode() + b"\n", unicodedata.normalize("NFC", "crème brûlée")),
    ],
)
def test_a_passphrase_is_the_first_line(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "words"
    path.write_bytes(content)
    path.chmod(0o600)
    assert safe_files.read_passphrase_file(path) == expected
    reader, writer = os.pipe()
    os.write(writer, content)
    os.close(writer)
    assert safe_files.read_fd(reader) == expected
    os.close(reader)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o700, 0o601])
def test_a_passphrase_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "words"
    path.write_bytes(b"correct horse battery")
    path.chmod(mode)
    with pytest.raises(BadFile) as caught:
        safe_files.read_passphrase_file(path)
    assert "chmod 600" in caught.value.hint
    assert "horse" not in caught.value.message


def test_lines_that_are_no_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "words"
    for content, kind in ((b"", Locked), (b"\nlater", Locked), (b"\xff\xfe", BadFile), (b"x" * 9000, BadFile)):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(kind):
            safe_files.read_passphrase_file(path)
    with pytest.raises(BadFile):
        safe_files.read_passphrase_file(tmp_path)


def test_a_descriptor_keeps_what_follows_its_line() -> None:
    """The writer may keep its end open, and the same descriptor may carry more."""
    reader, writer = os.pipe()
    os.write(writer, b"correct horse battery\nrest")
    assert safe_files.read_fd(reader) == "correct horse battery"
    assert os.read(reader, 10) == b"rest"
    os.close(writer)
    with pytest.raises(Locked):
        safe_files.read_fd(reader)
    os.close(reader)


@pytest.mark.parametrize("descriptor", [-1, 999_999, 2**40])
def test_a_descriptor_nobody_opened(descriptor: int) -> None:
    with pytest.raises(BadFile) as caught:
        safe_files.read_fd(descriptor)
    assert str(descriptor) in caught.value.message
