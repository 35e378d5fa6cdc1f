"""Where files go: links, pipes and names planted in the way of every export."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PRECIOUS = b"what a person wrote"
CLASSIFY = "id,descriptor,amount,account_type\n1,COFFEE CORNER,-4.75,checking\n"


def exports(folder: Path, name: str) -> list[list[str]]:
    """Every command that writes a file somebody names."""
    (folder / "rows.csv").write_text(CLASSIFY)
    return [
        ["report", "pnl", "--year", "2026", "--format", "csv", "--out", str(folder / name)],
        ["report", "ledger", "--year", "2026", "--format", "csv", "--out", str(folder / name)],
        ["classify", str(folder / "rows.csv"), "--out", str(folder / name)],
        ["export", "accountant", "--year", "2026", "--out", str(folder / f"{name}.zip")],
        ["export", "accountant", "--year", "2026", "--out", str(folder / name)],
        ["backup", "create", "--out", str(folder / name)],
    ]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("way", ["link", "dangling", "loop", "pipe", "folder link"])
def test_a_link_at_the_target_is_never_followed(way: str, number: int, tmp_path: Path, ops: Callable[..., Any]) -> None:
    """S7: the export is refused, or takes the place of the link; what the link leads to stays as it is."""
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_bytes(PRECIOUS)
    command = exports(folder, "report")[number]
    if way == "folder link" and command[0] == "backup":
        way = "link"  # a backup goes into a folder a person names, by a link too
    target = Path(command[-1])
    if way == "link":
        target.symlink_to(elsewhere / "mine.txt")
    elif way == "dangling":
        target.symlink_to(elsewhere / "nowhere")
    elif way == "loop":
        target.symlink_to(target)
    elif way == "pipe":
        os.mkfifo(target)
    else:
        target.symlink_to(elsewhere)
    ran = ops(*command)
    assert (ran.code, ran.error, ran.err) == (5, "exists", b"")
    assert sorted(path.name for path in elsewhere.iterdir()) == ["mine.txt"]
    assert (elsewhere / "mine.txt").read_bytes() == PRECIOUS
    assert sorted(path.name for path in folder.iterdir()) == sorted({target.name, "rows.csv"})


@pytest.mark.parametrize("number", range(6))
def test_a_name_that_hides_or_runs_is_no_export(number: int, tmp_path: Path, ops: Callable[..., Any]) -> None:
    """S7: names of devices, programs, hidden files, and such as read otherwise than they are."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("NUL.csv", ".hidden", "a.exe", "a\u202efdp.csv"):
        command = exports(folder, name)[number]
        if command[-1].endswith(".exe.zip"):
            continue
        ran = ops(*command)
        assert (ran.code, ran.error, ran.err) == (3, "invalid_value", b""), (name, ran)
        assert ran.body["error"]["message"].isprintable()
    assert [path.name for path in folder.iterdir()] == ["rows.csv"]


@pytest.mark.parametrize("folder_name", ["backups", "exports", "receipts", "logs"])
def test_a_folder_of_the_books_that_became_a_link_is_not_written_in(
    folder_name: str, tmp_path: Path, home: Path, ops: Callable[..., Any]
) -> None:
    """S7: whoever can put a link into the home gets no backup, log or receipt written to where it leads."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in sorted((home / folder_name).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (home / folder_name).rmdir()
    (home / folder_name).symlink_to(elsewhere)
    ran = ops("backup", "create")
    assert ran.code == (3 if folder_name == "backups" else 0), ran
    assert list(elsewhere.iterdir()) == []


def test_an_export_stays_in_its_folder(tmp_path: Path, ops: Callable[..., Any]) -> None:
    """S7: the name of a business or an account, whatever it is, never becomes a place."""
    for name in ("../../../evil", "/etc/evil", "CON", "a\\..\\b"):
        assert ops("accounts", "set", "1", f"name={name}").code == 0
        folder = tmp_path / f"pack {abs(hash(name))}"
        assert ops("export", "accountant", "--year", "2026", "--out", str(folder)).code == 0
        assert all(path.is_file() and path.parent == folder for path in folder.rglob("*"))
    assert sorted(path.name for path in tmp_path.parent.iterdir() if "evil" in path.name) == []
