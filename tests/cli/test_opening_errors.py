"""Every way the books can fail to open: its own code, and not a byte made or changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
    "first_page": (lambda home: _flip(home / "books.db", 100), 7, "keys_damaged"),
    "salt": (lambda home: _flip(home / "books.db", 3), 7, "keys_damaged"),
    "in_clear": (_clear, 7, "damaged"),
    "zeros": (lambda home: (home / "books.db").write_bytes(bytes(8192)), 7, "keys_damaged"),
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
