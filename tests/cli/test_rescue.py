"""`rescue` and its kin on books that are sound, and onto names that are taken: nothing is changed, and it is said."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import PASSPHRASE


def contents(home: Path) -> dict[str, bytes]:
    names = {"home.lock", "books.db-shm", "books.db-wal"}
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name not in names and path.parent.name != "logs"
    }


def test_a_rescue_of_sound_books_is_refused_and_says_what_puts_a_backup_back(home: Path, on: Any) -> None:
    assert on(home, "backup", "create").code == 0
    before = contents(home)
    answer = on(home, "rescue", "restore")
    assert (answer.code, answer.error) == (5, "conflict")
    assert answer.body["error"]["message"] == "These books are sound; there is nothing to rescue."
    assert "backup restore FILE" in answer.body["error"]["hint"]
    assert contents(home) == before


def test_a_rescue_reads_the_passphrase_of_a_descriptor_once(home: Path, run: Any, on: Any) -> None:
    assert on(home, "backup", "create").code == 0
    for spoiled, code in ((False, 5), (True, 0)):
        if spoiled:
            with (home / "books.db").open("r+b") as stream:
                stream.truncate(12 * 4096)
        reading, writing = os.pipe()
        os.write(writing, PASSPHRASE.encode() + b"\n")
        os.close(writing)
        try:
            answer = run("--home", home, "--passphrase-fd", str(reading), "--json", "rescue", "restore")
        finally:
            os.close(reading)
        assert answer.code == code, answer.out
    assert on(home, "transactions", "list", "--limit", "1").code == 0


def test_a_backup_that_is_named_is_restored_over_sound_books_too(home: Path, on: Any) -> None:
    made = on(home, "backup", "create").body["file"]
    assert on(home, "rescue", "restore", made).code == 0


@pytest.mark.parametrize(
    ("words", "key", "said"),
    [
        (("rescue", "repair"), "repaired", "There is nothing to repair."),
        (("audit", "accept"), "accepted", "There is nothing to accept"),
        (("rescue", "accept"), "accepted", "Nothing is missing"),
    ],
)
def test_what_mends_books_leaves_healthy_ones_as_they_are_and_says_so(
    home: Path, on: Any, run: Any, passphrase_file: Path, words: tuple[str, str], key: str, said: str
) -> None:
    before, entries = contents(home), on(home, "audit", "list").body["entries"]
    answer = on(home, *words)
    assert answer.code == 0
    assert not answer.body[key]
    told = run("--home", home, "--passphrase-file", passphrase_file, *words)
    assert (told.code, told.out.startswith(said)) == (0, True)
    assert contents(home) == before
    assert on(home, "audit", "list").body["entries"] == entries


@pytest.mark.parametrize(
    "words", [("audit", "export"), ("diagnostics",), ("rescue", "export"), ("backup", "create")], ids=" ".join
)
def test_a_name_that_is_taken_is_left_alone_and_another_is_asked_for(
    home: Path, on: Any, tmp_path: Path, words: tuple[str, ...]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    answer = on(home, *words, "--out", taken)
    assert (answer.code, answer.error) == (5, "exists")
    assert "Choose another name" in answer.body["error"]["hint"]
    assert taken.read_text() == "mine"


def test_a_rescue_writes_into_no_folder_that_holds_something(home: Path, on: Any, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert on(home, "rescue", "export", "--out", folder).code == 0
    (folder / "rule.csv").write_text("mine")
    answer = on(home, "rescue", "export", "--out", folder)
    assert (answer.code, answer.error) == (5, "exists")
    assert (folder / "rule.csv").read_text() == "mine"
