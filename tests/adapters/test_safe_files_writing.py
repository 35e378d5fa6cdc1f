"""Big files, folders that appear whole, links planted in the way, and what killed writers leave."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.adapters import safe_files
from app.adapters.safe_files import troubles
from app.core.errors import AppError, BadFile, DiskFull, Exists, Refused

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- streams


def test_a_stream_becomes_the_file_only_when_it_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"old")
    with safe_files.writing(path) as stream:
        for _ in range(300):
            stream.write(b"x" * 10_000)
        assert path.read_bytes() == b"old"
    assert path.stat().st_size == 3_000_000
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyError), safe_files.writing(path) as stream:
        stream.write(b"half")
        raise KeyError("the caller's own trouble passes through")
    assert path.stat().st_size == 3_000_000
    assert names(tmp_path) == ["export.csv"]


def test_a_text_is_written_as_it_comes_even_with_half_a_character(tmp_path: Path) -> None:
    with safe_files.writing_text(tmp_path / "a.csv") as text:
        text.write("one\r\ntwo\ud800\n")
    assert (tmp_path / "a.csv").read_bytes() == b"one\r\ntwo?\n"


def test_a_new_file_that_came_up_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with pytest.raises(Exists), safe_files.writing(path, replace=False) as stream:
        stream.write(b"mine")
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == ["export.csv"]


def test_a_file_that_would_not_fit_says_how_much_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DiskFull) as caught, safe_files.writing(tmp_path / "a", size=1 << 60):
        pass
    assert "MB left" in caught.value.message
    assert caught.value.exit_code == 5
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_trouble_in_the_middle_of_a_stream_is_a_sentence_about_its_file(tmp_path: Path, number: int) -> None:
    with pytest.raises(DiskFull) as caught, safe_files.writing(tmp_path / "pack.zip") as stream:
        stream.write(b"x")
        raise OSError(number, "no room")
    assert caught.value.message.startswith("pack.zip cannot be written")
    assert names(tmp_path) == []


def test_every_trouble_of_a_disk_has_its_own_sentence() -> None:
    told = set()
    for number in (errno.EIO, errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENODEV, errno.EFBIG):
        with pytest.raises(AppError) as caught, safe_files.plain_errors(Path("x"), "written"):
            raise OSError(number, "")
        assert caught.value.hint
        told.add(caught.value.message)
    assert len(told) == 7


# --- links in the way


def test_a_folder_of_ours_replaced_by_a_link_is_not_written_in(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (home / "backups").symlink_to(elsewhere)
    (home / "deep").mkdir()
    (home / "deep" / "er").symlink_to(elsewhere)
    for path in (home / "backups" / "a", home / "deep" / "er" / "a", home / "deep" / ".." / "backups" / "a"):
        with pytest.raises(BadFile) as caught:
            safe_files.write_atomic(path, b"x", within=home)
        assert "link" in caught.value.message or "another folder" in caught.value.message
        with pytest.raises(BadFile):
            safe_files.private_folder(path.parent, within=home)
    assert names(elsewhere) == []
    safe_files.private_folder(home / "receipts" / "2026", within=home)
    safe_files.write_atomic(home / "receipts" / "2026" / "a", b"x", within=home)


def test_a_home_that_is_reached_by_a_link_is_a_home(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    home = tmp_path / "home"
    home.symlink_to(tmp_path / "disk")
    safe_files.write_atomic(home / "window.ini", b"x", within=home)
    assert names(tmp_path / "disk") == ["window.ini"]


def test_a_hard_link_keeps_the_old_content(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"precious")
    other.hardlink_to(path)
    safe_files.write_atomic(path, b"new")
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"precious")


def test_a_link_where_an_engine_would_begin_is_refused(tmp_path: Path) -> None:
    (tmp_path / "books.db.new").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exists):
        safe_files.new_empty(tmp_path / "books.db.new")
    assert not (tmp_path / "elsewhere").exists()


# --- folders


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "pack"
    with pytest.raises(KeyError), safe_files.workplace(target) as outer:
        (outer / "pack").mkdir()
        raise KeyError
    assert names(tmp_path) == []
    with safe_files.workplace(target) as outer:
        built = outer / "pack"
        built.mkdir()
        with safe_files.new_file(built / "a.csv") as stream:
            stream.write(b"x")
        safe_files.become(built, target)
    assert names(tmp_path) == ["pack"]
    assert (target / "a.csv").read_bytes() == b"x"


@pytest.mark.parametrize("taken", ["file", "folder", "link"])
def test_a_folder_never_takes_the_place_of_something(tmp_path: Path, taken: str) -> None:
    target, elsewhere = tmp_path / "pack", tmp_path / "elsewhere"
    elsewhere.mkdir()
    if taken == "file":
        target.write_bytes(b"mine")
    elif taken == "folder":
        target.mkdir()
        (target / "mine").touch()
    else:
        target.symlink_to(elsewhere)
    with pytest.raises((Exists, BadFile)), safe_files.workplace(target) as outer:
        (outer / "pack").mkdir()
        (outer / "pack" / "a").touch()
        safe_files.become(outer / "pack", target)
    assert names(elsewhere) == []
    assert names(tmp_path) == ["elsewhere", "pack"]


# --- what was left behind


KILLED = """
import os, signal, sys
from pathlib import Path
from app.adapters import safe_files
target = Path(sys.argv[1])
with safe_files.workplace(target) as outer, safe_files.writing(target) as stream:
    (outer / "names.csv").write_text("a client")
    stream.write(b"x" * 1_000_000)
    stream.flush()
    print("READY", flush=True)
    sys.stdin.read() if sys.argv[2] == "wait" else os.kill(os.getpid(), signal.SIGKILL)
"""


def writer(target: Path, way: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", KILLED, str(target), way], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip


def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path: Path) -> None:
    with writer(tmp_path / "pack.zip", "die") as killed:
        killed.wait()
    assert len(names(tmp_path)) == 2
    for mine in (".1099ops-notours.part", ".1099ops-00000000.part.txt", "x.part"):
        (tmp_path / mine).touch()
    with safe_files.writing(tmp_path / "next.csv"):
        pass
    assert names(tmp_path) == [".1099ops-00000000.part.txt", ".1099ops-notours.part", "next.csv", "x.part"]


def test_what_another_export_is_writing_stays(tmp_path: Path) -> None:
    with writer(tmp_path / "pack.zip", "wait") as living:
        assert living.stdout is not None
        assert living.stdout.readline() == "READY\n"
        before = names(tmp_path)
        assert len(before) == 2
        assert safe_files.tidy(tmp_path) == 0
        assert names(tmp_path) == before
        living.communicate("")
    assert names(tmp_path) == ["pack.zip"]


def test_a_link_called_like_a_leftover_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "a").touch()
    (tmp_path / ".1099ops-0123abcd.part").symlink_to(precious)
    os.mkfifo(tmp_path / ".1099ops-0123abce.part")
    assert safe_files.tidy(tmp_path) == 0
    assert names(precious) == ["a"]


# --- a full disk, for real


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 256 KiB where this machine lets a test have one, else a limit in the sentence's own test suffices."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this machine mounts nothing for a test")
    return place


@pytest.mark.parametrize("step", ["file", "stream", "folder"])
def test_a_disk_that_fills_up_leaves_the_old_and_takes_the_next(
    small_disk: Path, step: str, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: subprocess.run(["umount", str(small_disk)], check=True))
    path = small_disk / "export.csv"
    safe_files.write_atomic(path, b"old")

    def write(count: int) -> None:
        if step == "file":
            safe_files.write_atomic(path, b"x" * count)
        elif step == "stream":
            with safe_files.writing(path) as stream:
                for _ in range(count // 1000):
                    stream.write(b"x" * 1000)
        else:
            with safe_files.workplace(small_disk / "pack") as outer:
                (outer / "pack").mkdir()
                with safe_files.new_file(outer / "pack" / "a") as stream:
                    stream.write(b"x" * count)
                safe_files.become(outer / "pack", small_disk / "pack")

    with pytest.raises(DiskFull) as caught:
        write(900_000)
    assert "disk is full" in caught.value.message
    assert names(small_disk) == ["export.csv"]
    assert path.read_bytes() == b"old"
    write(1000)
    assert (small_disk / "pack" / "a" if step == "folder" else path).read_bytes() == b"x" * 1000


# --- names


@pytest.mark.parametrize(
    "name",
    ["CON.csv", "com1", "lpt9.txt", "nul", ".hidden.csv", "a.exe", "report.pdf.lnk", "x.sh", "a\u202efdp.csv",
     "a\x07.csv", "dot.", "blank ", "stream.csv:x", "a\\b.csv", "n" * 300, "café\ud800"],
)  # fmt: skip
def test_names_that_hide_run_or_mean_a_device_are_no_exports(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as caught:
        safe_files.refuse_name(tmp_path / name)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("name", ["transactions.csv", "Größe 2026 (neu).zip", "日本.pdf", "comet.csv", "no-ending"])
def test_other_names_are_taken(tmp_path: Path, name: str) -> None:
    safe_files.refuse_name(tmp_path / name)


def test_reasons_name_what_to_do() -> None:
    assert all(sentence and hint.endswith(".") for sentence, hint in troubles._REASONS.values())


# --- reading


GROWING = """
import sys
with open(sys.argv[1], "ab", 0) as file:
    print("READY", flush=True)
    while True:
        file.write(b"x")
"""

RACING = """
import os, sys
os.chdir(sys.argv[1])
print("READY", flush=True)
while True:
    os.rename("a", "b")
    os.rename("pipe", "a")
    os.rename("a", "pipe")
    os.rename("b", "a")
"""


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "download.csv"
    path.write_bytes(b"Date,Amount\n" * 2_000_000)
    growing = subprocess.Popen([sys.executable, "-c", GROWING, str(path)], stdout=subprocess.PIPE)
    with growing:
        assert growing.stdout is not None
        growing.stdout.readline()
        try:
            with pytest.raises(BadFile) as caught:
                safe_files.read_limited(path, 1 << 30)
        finally:
            growing.kill()
    assert "while it was read" in caught.value.message


def test_a_link_in_a_folder_others_made_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(BadFile):
        safe_files.open_regular(tmp_path / "link", follow=False)
    safe_files.open_regular(tmp_path / "link").close()


def test_a_file_exchanged_for_a_pipe_between_two_looks_is_refused(tmp_path: Path) -> None:
    """A racer swaps the file for a pipe and back; reading never hangs and never gives anything but the file."""
    path = tmp_path / "a"
    path.write_bytes(b"real")
    os.mkfifo(tmp_path / "pipe")
    racer = subprocess.Popen([sys.executable, "-c", RACING, str(tmp_path)], stdout=subprocess.PIPE)
    told: list[str] = []
    read, end = 0, time.monotonic() + 60
    with racer:
        assert racer.stdout is not None
        racer.stdout.readline()
        try:
            # A busy machine may leave the racer standing at the pipe for thousands of looks.
            while time.monotonic() < end and (read < 1000 or len(told) < 200):
                try:
                    assert safe_files.read_limited(path, 100) == b"real"
                    read += 1
                except BadFile as error:
                    told.append(error.message)
        finally:
            racer.kill()
    assert read
    assert told
