"""`transactions set` tells how many rows are alike, and teaches their merchant when asked to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROWS = tuple((f"2026-0{n}-02", f"FIGMA MONTHLY RENEWAL {n}", "-15.00") for n in range(1, 5))
SUPPLIES = ("kind=expense", "line=C22")


@pytest.fixture
def figma(on: Any, bare: Path, bank: Any) -> Any:
    """Runs a command on books with four rows of one merchant: row 1 to row 4."""
    assert on(bare, "accounts", "add", "name=Box", "kind=checking").code == 0
    assert on(bare, "import", bank("box.csv", *ROWS), "--account", "Box").code == 0
    return lambda *arguments: on(bare, *arguments)


def _lines(figma: Any) -> list[str]:
    return [row["line"] for row in figma("transactions", "list").body["transactions"]]


def test_without_a_word_nothing_is_learned_and_the_equal_rows_are_counted(figma: Any) -> None:
    before = _lines(figma)
    answer = figma("transactions", "set", "4", *SUPPLIES)
    assert answer.code == 0
    assert {"learned": None, "equal_rows": 3}.items() <= answer.body.items()
    assert _lines(figma) == ["C22", *before[1:]]


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_always_books_the_others_too_and_one_undo_takes_it_back(figma: Any, dry: tuple[str, ...]) -> None:
    before = _lines(figma)
    answer = figma("transactions", "set", "4", *SUPPLIES, "business_percent=60", "--always", *dry)
    assert (answer.code, answer.err) == (0, "")
    assert answer.body["equal_rows"] == 3
    assert answer.body["learned"] == {
        "merchant": "Figma", "direction": "out", "account_id": 1, "account": "Box", "kind": "expense", "line": "C22",
        "business_percent": 60, "ask": False,
    }  # fmt: skip
    assert _lines(figma) == (before if dry else ["C22"] * 4)
    if not dry:
        assert figma("undo").code == 0
        assert _lines(figma) == before


def test_ask_each_time_settles_this_row_only(figma: Any) -> None:
    answer = figma("transactions", "set", "4", *SUPPLIES, "--ask-each-time")
    assert answer.body["learned"]["ask"] is True
    rows = figma("transactions", "list").body["transactions"]
    assert [row["status"] for row in rows] == ["confirmed", *["suggested"] * 3]


def test_a_row_that_nobody_booked_cannot_teach(figma: Any, bare: Path, dump: Any) -> None:
    before = dump(bare)
    answer = figma("transactions", "set", "4", "note=x", "--always")
    assert (answer.code, answer.error) == (3, "invalid_value")
    assert dump(bare) == before
    assert figma("transactions", "set", "99", *SUPPLIES, "--always").error == "not_found"
    assert figma("transactions", "set", "4", *SUPPLIES, "--always", "--ask-each-time").code == 2
    assert dump(bare) == before


def test_the_text_says_what_could_be_learned_and_what_was(
    run: Any, bare: Path, figma: Any, passphrase_file: Path
) -> None:
    before = ("--home", bare, "--passphrase-file", passphrase_file, "--today", "2026-11-20")
    offered = run(*before, "transactions", "set", "4", *SUPPLIES)
    assert "3 more rows like it; book them so from now on with --always." in offered.out
    learned = run(*before, "transactions", "set", "4", *SUPPLIES, "--always")
    assert "Figma is booked as Supplies from now on · 3 more rows" in learned.out
    assert "like it" not in run(*before, "transactions", "set", "3", "note=x").out


def test_what_was_learned_is_listed_and_forgotten(figma: Any) -> None:
    assert figma("rules", "learned").body["learned"] == []
    before = _lines(figma)
    assert figma("transactions", "set", "4", *SUPPLIES, "--always").code == 0
    (learned,) = figma("rules", "learned").body["learned"]
    assert {"name": "Figma", "sign": "out", "kind": "expense", "line": "C22", "ask": False}.items() <= learned.items()
    assert figma("rules", "forget", "Nobody").error == "not_found"
    assert figma("rules", "forget", "figma", "--sign", "in").error == "not_found"
    assert figma("rules", "forget", "figma").code == 0
    assert figma("rules", "learned").body["learned"] == []
    assert _lines(figma)[1:] == before[1:]
    assert figma("undo").code == 0
    assert [each["name"] for each in figma("rules", "learned").body["learned"]] == ["Figma"]
