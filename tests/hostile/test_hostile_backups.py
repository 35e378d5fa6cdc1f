"""Files offered as backups that are none: nothing of them is unpacked, nothing of the books is touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile.contents import CONTENTS

from app.services.books.open_books import Books

NAMES = (
    "empty.csv", "nul.csv", "noise.csv", "bomb.csv", "zip_bomb.csv", "zip_slip.csv", "tar.csv", "database.ofx",
    "pickle5.ofx", "document.csv",
)  # fmt: skip


def files(home: Path) -> dict[str, bytes]:
    """Return the keys and the books; the lock file and the log of openings change by being looked at."""
    return {name: (home / name).read_bytes() for name in ("ops.keys", "books.db")}


@pytest.mark.parametrize("name", NAMES)
def test_a_backup_that_is_something_else_is_not_restored(
    name: str, tmp_path: Path, home: Path, ops: Callable[..., Any], before: list[Any],
    look: Callable[[], Books], dump: Callable[[Books], list[Any]],
) -> None:  # fmt: skip
    """S4, S15."""
    path = tmp_path / "autumn.opsbak"
    path.write_bytes(next(case for case in CONTENTS if case.name == name).data())
    held = files(home)
    for command in (["backup", "verify", str(path)], ["backup", "restore", str(path)],
                    ["backup", "restore", str(path), "--into", str(tmp_path / "new")]):  # fmt: skip
        ran = ops(*command)
        assert ran.code in {3, 7}, (command, ran)
        assert ran.err == b""
        assert ran.body["error"]["message"].isprintable()
    assert files(home) == held
    assert not (tmp_path / "new" / "books.db").exists()
    assert dump(look()) == before


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "device"])
def test_a_backup_that_is_no_file_is_a_sentence(kind: str, tmp_path: Path, ops: Callable[..., Any]) -> None:
    path = tmp_path / "autumn.opsbak"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path = Path("/dev/zero")
    for command in (["backup", "verify", str(path)], ["backup", "restore", str(path)]):
        ran = ops(*command)
        assert (ran.code, ran.err) == (3, b""), ran


def test_a_header_that_claims_to_be_endless_is_not_read(tmp_path: Path, ops: Callable[..., Any]) -> None:
    """The lengths a real backup states are made as large as they can be, one after the other."""
    good = tmp_path / "good.opsbak"
    assert ops("backup", "create", "--out", str(good)).code == 0
    data = good.read_bytes()
    bad = tmp_path / "bad.opsbak"
    for at in range(4, 24):
        bad.write_bytes(data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :])
        ran = ops("backup", "verify", str(bad))
        assert ran.code in {3, 7}, at
        assert ran.err == b""
