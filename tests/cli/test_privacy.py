"""`privacy erase` in two steps: the code goes to a person, never to where programs read."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@contextmanager
def _reading() -> Any:
    reading, writing = os.pipe()
    try:
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)


@pytest.fixture
def code(done: Callable[..., dict[str, Any]]) -> Callable[..., tuple[str, dict[str, Any]]]:
    """Asks for an erasure and gives the code, as the descriptor got it, and the answer."""

    def ask(*who: str) -> tuple[str, dict[str, Any]]:
        with _reading() as (reading, writing):
            body = done("privacy", "erase", *who, "--request", "--code-fd", str(writing))
            return os.read(reading, 64).decode().strip(), body["erasure"]

    return ask


@pytest.fixture
def merchant(done: Callable[..., dict[str, Any]]) -> str:
    """A merchant of the sample files."""
    rows = done("transactions", "list", "--limit", "200")["transactions"]
    return str(next(row["merchant"] for row in rows if row["merchant"]))


def test_a_payer_is_erased_with_the_code(
    ops: Callable[..., Any], done: Callable[..., dict[str, Any]], code: Callable[..., Any], merchant: str
) -> None:
    before = done("report", "schedule-c", "--year", "2026")
    del before["range"]  # open questions about them have lost what was suggested
    shown, plan = code("--payer", merchant)
    assert shown not in str(plan)
    assert plan["rows"] > 0
    wrong = ops("privacy", "erase", "--payer", merchant, "--code", "AAAAAAAA")
    assert wrong.error == "invalid_value"
    erased = done("privacy", "erase", "--payer", merchant, "--code", shown)["erasure"]
    assert (erased["rows"], erased["clean"]) == (plan["rows"], True)
    names = {row["merchant"] for row in done("transactions", "list", "--limit", "0")["transactions"]}
    assert merchant not in names
    after = done("report", "schedule-c", "--year", "2026")
    assert {name: after[name] for name in before} == before
    assert ops("privacy", "erase", "--payer", merchant, "--code", shown).error == "invalid_value"


def test_everything_is_erased_with_its_own_code_only(
    ops: Callable[..., Any], done: Callable[..., dict[str, Any]], code: Callable[..., Any], merchant: str, home: Path
) -> None:
    shown, _ = code("--payer", merchant)
    assert ops("privacy", "erase", "--code", shown).error == "invalid_value"
    shown, plan = code()
    assert plan["what"] == "everything"
    assert done("privacy", "erase", "--code", shown)["erasure"]["what"] == "everything"
    assert [path.name for path in home.iterdir()] == ["ERASED.txt"]
    assert ops("accounts", "list").error == "no_books"


def test_without_a_terminal_no_code_is_made(ops: Callable[..., Any], merchant: str) -> None:
    assert ops("privacy", "erase", "--payer", merchant, "--request").error == "invalid_value"
    assert ops("privacy", "erase", "--payer", merchant).error == "usage"
    assert ops("privacy", "erase", "--payer", "Nobody Of That Name", "--request", "--code-fd", "1").error == "not_found"
