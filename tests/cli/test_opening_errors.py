"""Every way the books can fail to open: its own code, and not a byte made or changed.

One exception, on purpose: a wrong passphrase is counted in `unlock.delay`, so that the wait survives a restart.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
READ = ("accounts", "list")
WRITE = ("transactions", "set", "1", "note=x")


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)


def _clear(home: Path) -> None:
    (home / "books.db").write_bytes(b"SQLite format 3\0" + (home / "books.db").read_bytes()[16:])


def _cut(home: Path, size: int) -> None:
    with (home / "books.db").open("r+b") as file:
        file.truncate(size)


def _folder(home: Path) -> None:
    (home / "books.db").unlink()
    (home / "books.db").mkdir()


def _pipe(home: Path) -> None:
    (home / "books.db").unlink()
    os.mkfifo(home / "books.db")


def _keys_folder(home: Path) -> None:
    (home / "ops.keys").unlink()
    (home / "ops.keys").mkdir()


def _swap_keys(home: Path) -> None:
    shutil.copy2(home.with_name("other") / "ops.keys", home / "ops.keys")


DAMAGES: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "keys_missing": (lambda home: (home / "ops.keys").unlink(), 7, "keys_missing"),
    "books_missing": (lambda home: (home / "books.db").unlink(), 7, "damaged"),
    "keys_empty": (lambda home: (home / "ops.keys").write_bytes(b""), 7, "keys_damaged"),
    "keys_rubbish": (lambda home: (home / "ops.keys").write_bytes(b"{}" * 50), 7, "keys_damaged"),
    "keys_huge": (lambda home: (home / "ops.keys").write_bytes(b"x" * 5_000_000), 7, "keys_damaged"),
    "keys_flipped": (lambda home: _flip(home / "ops.keys", 300), 7, "keys_damaged"),
    "first_page": (lambda home: _flip(home / "books.db", 100), 7, "damaged"),
    "salt": (lambda home: _flip(home / "books.db", 3), 7, "damaged"),
    "in_clear": (_clear, 7, "damaged"),
    "zeros": (lambda home: (home / "books.db").write_bytes(bytes(8192)), 7, "damaged"),
    "books_are_a_folder": (_folder, 7, "damaged"),
    "books_are_a_pipe": (_pipe, 7, "damaged"),
    "keys_are_a_folder": (_keys_folder, 7, "keys_damaged"),
    "cut_in_the_middle": (lambda home: _cut(home, 4096 * 9 + 100), 7, "damaged"),
    "cut_to_a_page": (lambda home: _cut(home, 4096), 7, "damaged"),
    "cut_to_nothing": (lambda home: _cut(home, 0), 7, "damaged"),
}


@pytest.mark.parametrize("command", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_and_nothing_is_touched(
    name: str, command: tuple[str, ...], bare: Path, passphrase_file: Path, run: Any, files: Any
) -> None:
    damage, code, error = DAMAGES[name]
    damage(bare)
    before = files(bare)
    answer = run("--home", bare, "--passphrase-file", passphrase_file, "--json", *command)
    assert (answer.code, answer.error, answer.err) == (code, error, "")
    assert files(bare) == before


def test_a_wrong_passphrase(bare: Path, tmp_path: Path, run: Any, files: Any) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("marble canyon lantern orbit 77\n")
    wrong.chmod(0o600)
    before = files(bare)
    answer = run("--home", bare, "--passphrase-file", wrong, "--json", *READ)
    assert (answer.code, answer.error, answer.err) == (4, "wrong_passphrase", "")
    assert "marble" not in answer.out
    after = files(bare)
    assert after.pop("unlock.delay").startswith("100600 ")
    assert after == before
    assert set(json.loads((bare / "unlock.delay").read_text())) == {"failed", "at"}


def test_many_wrong_passphrases_in_a_row_must_wait(
    bare: Path, tmp_path: Path, passphrase_file: Path, run: Any, real: Any, files: Any
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("marble canyon lantern orbit 77\n")
    wrong.chmod(0o600)
    wrongs = ("--home", bare, "--passphrase-file", wrong, "--json", *READ)
    assert [run(*wrongs).error for _ in range(2)] == ["wrong_passphrase"] * 2
    # as if the third came a day ahead of a clock that was then put back: the wait is short all the same
    (bare / "unlock.delay").write_text(json.dumps({"failed": 8, "at": 4_000_000_000}))
    for _ in range(2):
        answer = run("--home", bare, "--passphrase-file", passphrase_file, "--json", *READ)
        assert (answer.code, answer.error, answer.err) == (4, "too_soon", "")
        assert re.search(r"Wait (2\d|30) seconds", answer.body["error"]["message"])
    assert json.loads((bare / "unlock.delay").read_text())["at"] < 3_900_000_000
    assert real(bare, *READ).code == 0, "the key itself is not limited"
    (bare / "unlock.delay").write_text(json.dumps({"failed": 8, "at": 1_000_000_000}))
    assert run("--home", bare, "--passphrase-file", passphrase_file, "--json", *READ).code == 0
    assert not (bare / "unlock.delay").exists()


def test_nothing_to_unlock_with(bare: Path, real: Any, files: Any, tmp_path: Path) -> None:
    before = files(bare)
    plain = subprocess.run(
        [sys.executable, "-m", "app", "--home", str(bare), "--json", *READ], cwd=ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, check=False,
    )  # fmt: skip
    assert plain.returncode == 4
    assert json.loads(plain.stdout)["error"]["code"] == "locked"
    assert plain.stderr == b""
    assert files(bare) == before


def test_the_keys_of_other_books(bare: Path, tmp_path: Path, passphrase_file: Path, run: Any, files: Any) -> None:
    other = tmp_path / "other"
    made = run(
        "--home",
        other,
        "--passphrase-file",
        passphrase_file,
        "--json",
        "init",
        "--mode",
        "passphrase",
        "--kdf-memory",
        "64",
    )
    assert made.code == 0
    shutil.copy2(other / "ops.keys", bare / "ops.keys")
    before = files(bare)
    answer = run("--home", bare, "--passphrase-file", passphrase_file, "--json", *WRITE)
    assert (answer.code, answer.error, answer.err) == (7, "damaged", "")
    assert files(bare) == before


def test_books_of_a_newer_program(bare: Path, passphrase_file: Path, run: Any, raw: Any, files: Any) -> None:
    connection = raw(bare)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = files(bare)
    for command in (READ, WRITE):
        answer = run("--home", bare, "--passphrase-file", passphrase_file, "--json", *command)
        assert (answer.code, answer.error, answer.err) == (7, "newer_schema", "")
        assert files(bare) == before


def test_books_without_tables_are_not_filled(bare: Path, passphrase_file: Path, run: Any, raw: Any, files: Any) -> None:
    connection = raw(bare)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    before = files(bare)
    answer = run("--home", bare, "--passphrase-file", passphrase_file, "--json", *READ)
    assert (answer.code, answer.error) == (7, "damaged")
    assert files(bare) == before


@pytest.mark.parametrize(
    ("content", "mode", "code", "error"),
    [
        (b"violet anchor harvest tundra 41\n", 0o644, 3, "bad_file"),
        (b"violet anchor harvest tundra 41\n", 0o660, 3, "bad_file"),
        (b"\n", 0o600, 4, "locked"),
        (b"", 0o600, 4, "locked"),
        (b"\xff\xfe\n", 0o600, 3, "bad_file"),
        (b"x" * 20_000, 0o600, 3, "bad_file"),
    ],
)
def test_passphrase_files_that_are_refused(
    content: bytes, mode: int, code: int, error: str, bare: Path, tmp_path: Path, run: Any, files: Any
) -> None:
    path = tmp_path / "p"
    path.write_bytes(content)
    path.chmod(mode)
    before = files(bare)
    answer = run("--home", bare, "--passphrase-file", path, "--json", *READ)
    assert (answer.code, answer.error, answer.err) == (code, error, "")
    assert "violet" not in answer.out
    assert files(bare) == before


def test_a_passphrase_file_without_line_end_and_with_windows_line_end(bare: Path, tmp_path: Path, run: Any) -> None:
    for number, ending in enumerate((b"", b"\r\n", b"\nsecond line\n")):
        path = tmp_path / f"p{number}"
        path.write_bytes(b"violet anchor harvest tundra 41" + ending)
        path.chmod(0o600)
        assert run("--home", bare, "--passphrase-file", path, "--json", *READ).code == 0


def test_the_passphrase_from_a_descriptor(bare: Path, run: Any) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"violet anchor harvest tundra 41\nnot read")
    os.close(writing)
    assert run("--home", bare, "--passphrase-fd", str(reading), "--json", *READ).code == 0
    assert os.read(reading, 100) == b"not read"
    os.close(reading)


@pytest.mark.parametrize("key", ["", "0" * 63, "0" * 64, "g" * 64, "0" * 65, "x'00'"])
def test_a_key_that_is_none(key: str, bare: Path, run: Any, files: Any) -> None:
    reading, writing = os.pipe()
    os.write(writing, key.encode() + b"\n")
    os.close(writing)
    before = files(bare)
    answer = run("--home", bare, "--key-fd", str(reading), "--json", *READ)
    os.close(reading)
    assert answer.code == 4
    assert answer.error in {"locked", "wrong_passphrase"}
    assert answer.err == ""
    assert files(bare) == before


@pytest.mark.parametrize("descriptor", ["987", "-1", "99999999999999"])
def test_a_descriptor_that_is_none(descriptor: str, bare: Path, run: Any) -> None:
    answer = run("--home", bare, f"--key-fd={descriptor}", "--json", *READ)
    assert (answer.code, answer.error, answer.err) == (3, "bad_file", "")


def test_two_ways_to_unlock(bare: Path, passphrase_file: Path, run: Any, files: Any) -> None:
    before = files(bare)
    answer = run("--home", bare, "--passphrase-file", passphrase_file, "--key-fd", "0", "--json", *READ)
    assert (answer.code, answer.error) == (2, "usage")
    assert files(bare) == before


@pytest.mark.parametrize("command", [READ, WRITE, ("undo",), ("import", "x.csv"), ("audit", "verify"), ("reserve",)])
def test_a_home_without_books(command: tuple[str, ...], tmp_path: Path, on: Any, files: Any) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert on(empty, *command).error == "no_books"
    assert on(tmp_path / "not_there", *command).error == "no_books"
    assert on(empty, *command).code == 5
    assert files(empty) == {}
    assert not (tmp_path / "not_there").exists()


def test_a_home_that_is_a_file(tmp_path: Path, passphrase_file: Path, on: Any, run: Any) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    answer = on(path, *READ)
    assert answer.code in {3, 5}
    assert answer.error in {"bad_file", "no_books"}
    answer = run(
        "--home",
        path,
        "--passphrase-file",
        passphrase_file,
        "--json",
        "init",
        "--kdf-memory",
        "64",
        "--mode",
        "passphrase",
    )
    assert (answer.code, answer.error) == (3, "bad_file")
    assert path.read_text() == "mine"


def test_init_on_existing_books_or_a_part_of_them(bare: Path, passphrase_file: Path, run: Any, files: Any) -> None:
    for remove in (None, "ops.keys"):
        if remove:
            (bare / remove).unlink()
        before = files(bare)
        answer = run("--home", bare, "--passphrase-file", passphrase_file, "--json", "init", "--mode", "passphrase")
        assert (answer.code, answer.error, answer.err) == (5, "exists", "")
        assert files(bare) == before


def test_init_refused_leaves_nothing_behind(tmp_path: Path, run: Any) -> None:
    short = tmp_path / "short"
    short.write_text("abc\n")
    short.chmod(0o600)
    for arguments, code, error in (
        (("--passphrase-file", short, "--json", "init", "--mode", "passphrase"), 3, "invalid_value"),
        (("--json", "init", "--mode", "passphrase"), 4, "locked"),
        (("--json", "init", "--mode", "nonsense"), 2, "usage"),
        (("--passphrase-file", short, "--json", "init", "--recovery-out", tmp_path / "r"), 3, "invalid_value"),
    ):
        answer = run("--home", tmp_path / "new", *arguments)
        assert (answer.code, answer.error) == (code, error)
        assert not (tmp_path / "new").exists()


def _settled(found: dict[str, str]) -> dict[str, str]:
    """Leave out what the engine may not tidy away when it may not write, and the list of who has the books open."""
    return {name: state for name, state in found.items() if not name.endswith(("-wal", "-shm", ".lock"))}


def _without_override() -> None:
    """Take from root, for the program about to start, the right to write where it may not write."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        prctl(24, capability, 0, 0, 0)


@pytest.mark.parametrize("sealed", ["home", "books.db"])
def test_a_home_that_may_not_be_written(sealed: str, bare: Path, passphrase_file: Path, files: Any) -> None:
    path = bare if sealed == "home" else bare / sealed
    path.chmod(0o500 if path.is_dir() else 0o400)
    before = files(bare)
    command = [sys.executable, "-m", "app", "--home", bare, "--passphrase-file", passphrase_file, "--json"]
    try:
        done = subprocess.run(
            [*map(str, command), "profile", "set", "state=NY"], cwd=ROOT, capture_output=True, check=False,
            preexec_fn=_without_override, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        path.chmod(0o700)
    assert done.returncode in {3, 5}, done.stdout
    assert json.loads(done.stdout)["error"]["code"] in {"bad_file", "not_writable"}
    assert done.stderr == b""
    path.chmod(0o500 if path.is_dir() else 0o400)
    assert _settled(files(bare)) == _settled(before)
    path.chmod(0o700)


def test_read_only_reads_and_refuses_to_write(home: Path, ops: Any, files: Any) -> None:
    before = files(home)
    assert ops("--read-only", "accounts", "list").code == 0
    assert ops("--read-only", "tax", "estimate").code == 0
    for command in (WRITE, ("undo",), ("profile", "set", "state=NY")):
        answer = ops("--read-only", *command)
        assert (answer.code, answer.error, answer.err) == (5, "not_writable", "")
    assert _settled(files(home)) == _settled(before)
