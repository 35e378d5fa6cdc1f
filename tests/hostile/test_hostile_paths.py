"""Names that are no files, and names that are hard to say."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile.contents import CONTENTS, GOOD

from app.services.books.open_books import Books


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _loop(path: Path) -> Path:
    other = path.with_name("other.csv")
    path.symlink_to(other)
    other.symlink_to(path)
    return path


def _dangling(path: Path) -> Path:
    path.symlink_to(path.with_name("nowhere.csv"))
    return path


def _below_a_file(path: Path) -> Path:
    path.write_text(GOOD)
    return path / "more.csv"


def _enormous(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(300 << 20)  # a file of holes: it takes no room on the disk
    return path


PATHS: dict[str, Callable[[Path], Path]] = {
    "folder": _folder,
    "pipe": _pipe,
    "loop": _loop,
    "dangling": _dangling,
    "below_a_file": _below_a_file,
    "enormous": _enormous,
    "missing": lambda path: path,
    "no_name": lambda _path: Path(),
    "device": lambda _path: Path("/dev/zero"),
    "null_device": lambda _path: Path("/dev/null"),
    "memory": lambda _path: Path("/proc/self/mem"),
    "too_long": lambda path: path.with_name("n" * 300 + ".csv"),
    "too_deep": lambda path: path.joinpath(*["d" * 200] * 30),
    "escape_in_name": lambda path: path.with_name("\x1b[31mred\x07.csv"),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_path_that_is_no_readable_file(
    name: str,
    tmp_path: Path,
    before: list[Any],
    ops: Callable[..., Any],
    look: Callable[[], Books],
    dump: Callable[[Books], list[Any]],
) -> None:
    ran = ops("import", str(PATHS[name](tmp_path / "bank.csv")))
    assert (ran.code, ran.error, ran.err) == (3, "bad_file", b"")
    assert (ran.body["error"]["message"] + (ran.body["error"]["hint"] or "")).isprintable()
    assert dump(look()) == before


def _drop_override() -> None:
    """Take from root, for the program about to start, the right to read what it may not read."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        prctl(24, capability, 0, 0, 0)


def test_a_file_of_another_user(
    tmp_path: Path,
    before: list[Any],
    ops: Callable[..., Any],
    look: Callable[[], Books],
    dump: Callable[[Books], list[Any]],
) -> None:
    path = tmp_path / "closed.csv"
    path.write_text(GOOD)
    path.chmod(0)
    ran = ops("import", str(path), before=_drop_override)
    assert (ran.code, ran.error, ran.err) == (3, "bad_file", b"")
    assert "may not" in ran.body["error"]["message"]
    assert dump(look()) == before


@pytest.mark.parametrize(
    "name",
    [
        "line\nbreak.csv",
        "🦜 parrot.csv",
        "-rf.csv",
        "a" * 240 + ".csv",
        "\x1b[31mred.csv",
        "\u202egnp.csv",
        "ünïcode.CSV",
        "no_suffix",
        "wrong.pdf",
        "quote'\".csv",
        b"bad-\xff-bytes.csv".decode(errors="surrogateescape"),
    ],
)
def test_names_do_not_matter(name: str, tmp_path: Path, ops: Callable[..., Any], look: Callable[[], Books]) -> None:
    path = tmp_path / name
    path.write_text(GOOD)
    ran = ops("import", str(path))
    assert (ran.code, ran.err) == (0, b"")
    [file] = ran.body["files"]
    assert file["added"] == 2
    assert file["accounts"][0]["name"].isprintable()
    stored = look().connection.execute("SELECT name FROM imported_file WHERE id > 1").fetchall()
    assert all(text.isprintable() for (text,) in stored)
    shown = ops("import", str(path), as_json=False)
    assert (shown.code, shown.err) == (0, b"")
    assert all(line.isprintable() for line in shown.out.decode().split("\n"))


def test_a_name_that_looks_like_an_option(tmp_path: Path, ops: Callable[..., Any]) -> None:
    ran = ops("import", "--no-such-option")
    assert (ran.code, ran.error) == (2, "usage")
    ran = ops("import", "--", "-missing.csv")
    assert (ran.code, ran.error) == (3, "bad_file")


def test_the_books_themselves_are_no_statement(home: Path, ops: Callable[..., Any]) -> None:
    for name in ("books.db", "ops.keys", "audit.anchor"):
        ran = ops("import", str(home / name))
        assert (ran.code, ran.err) == (3, b"")
        assert ran.error in {"not_a_statement", "bad_file"}


def test_the_same_hostile_things_as_a_table_to_classify(tmp_path: Path, ops: Callable[..., Any]) -> None:
    for case in CONTENTS:
        path = case.write(tmp_path)
        ran = ops("classify", str(path))
        assert (ran.code, ran.err) == (3, b""), case.name
    for make in (PATHS["folder"], PATHS["missing"], PATHS["device"]):
        path = make(tmp_path / f"{id(make)}.csv")
        ran = ops("classify", str(path))
        assert (ran.code, ran.error, ran.err) == (3, "bad_file", b"")


def test_a_pack_of_rubbish_is_not_verified(tmp_path: Path, ops: Callable[..., Any]) -> None:
    for case in CONTENTS:
        path = case.write(tmp_path)
        ran = ops("export", "verify", str(path))
        assert ran.code in {1, 3}, case.name
        assert ran.err == b""
        assert ran.body
    for make in (PATHS["folder"], PATHS["missing"], PATHS["device"], PATHS["loop"]):
        ran = ops("export", "verify", str(make(tmp_path / f"{id(make)}")))
        assert ran.code in {1, 3}
        assert ran.err == b""
