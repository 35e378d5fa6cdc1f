"""What a command loads: each loads what it needs, so that a look at the books is there at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

_FOREIGN = {"pandas", "numpy", "pydantic", "plaid", "httpx", "requests", "sklearn", "keyring", "PySide6", "openpyxl",
            "xlsxwriter", "argon2", "threading", "logging", "inspect", "dataclasses", "decimal"}  # fmt: skip
"""Libraries that no small command has any use for; the last are the standard library's heavy ones."""
_ENGINE = {
    "app.core.classify.decide", "app.core.match.refunds", "app.core.match.transfers", "app.core.ingest.redact",
    "app.core.report.schedule_c", "app.services.match.refunds", "app.services.classify.rules",
    "app.services.review.inbox", "app.services.classify.remembered", "app.services.review.review_items",
    "app.core.ingest.qif_parts",
}  # fmt: skip
_BOOKS = {"sqlcipher3", "app.services.books.open_books", "app.services.report.reports", "app.store.connection"}


@pytest.fixture
def loaded(bare: Path, template: Any) -> Callable[..., set[str]]:
    """Run a command in a process of its own and return the modules it loaded."""

    def run(*words: str) -> set[str]:
        reading, writing = os.pipe()
        os.write(writing, template.key.encode() + b"\n")
        os.close(writing)
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "app", "--home", bare, "--key-fd", str(reading), *words],
            cwd=ROOT, pass_fds=(reading,), capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        os.close(reading)
        found = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert "app.cli.main" in found
        return found

    return run


def test_the_version_is_told_without_any_books(loaded: Any) -> None:
    assert loaded("--version") & (_FOREIGN | _ENGINE | _BOOKS) == set()


@pytest.mark.parametrize(
    "words",
    [
        ("report", "pnl", "--year", "2026"),
        ("cashflow", "--by", "month", "--from", "2026-01-01"),
        ("transactions", "list", "--text", "FIGMA"),
    ],
    ids=" ".join,
)
def test_a_look_at_the_books_loads_no_engine_and_no_library_it_has_no_use_for(loaded: Any, words: Any) -> None:
    found = loaded("--json", *words)
    assert found & (_FOREIGN | _ENGINE | {"cryptography"}) == set()
    assert "app.services.books.open_books" in found


def test_a_single_correction_loads_neither_the_engine_nor_the_memory_of_answers(
    loaded: Any, on: Any, bare: Path, bank: Any
) -> None:
    on(bare, "import", bank("x.csv", ("2026-03-01", "NORTHWIND", "-1.00"), ("2026-04-01", "NORTHWIND", "-2.00")))
    found = loaded("--json", "transactions", "set", "1", "kind=expense", "line=C18")
    assert found & (_FOREIGN | _ENGINE) == set()
    assert "app.services.classify.alike" in found
    assert on(bare, "transactions", "set", "2", "kind=expense", "line=C18").body["equal_rows"] == 0
    assert on(bare, "transactions", "set", "1", "kind=", "line=").body["equal_rows"] == 0
    assert on(bare, "transactions", "set", "2", "kind=expense", "line=C22").body["equal_rows"] == 1


def test_the_first_file_of_an_account_is_compared_with_nothing_and_a_second_time_not_even_read(
    loaded: Any, bank: Any
) -> None:
    path = str(bank("x.csv", ("2026-03-01", "NORTHWIND", "-1.00")))
    others = {"rapidfuzz", "app.core.bank.planning", "app.core.match.duplicates", "app.core.match.refunds"}
    first = loaded("--json", "import", path, "--account", "A")
    assert first & others == set()
    assert "app.core.classify.decide" in first
    again = loaded("--json", "import", path, "--account", "A")
    assert again & (others | {"app.core.classify.decide", "app.core.ingest.csv_reader"}) == set()
