"""The sums of long files are added up by their labels, and come to what the rows say one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import remembered, rules
from app.services.ingest import imports

ROWS = 1500
SHOPS = ("FIGMA MONTHLY", "BLUE FOX CAFE", "SHELL OIL 5544", "ACH CREDIT NORTHWIND INV", "ONLINE TRANSFER TO SAV 4410")


def chase(path: Path, seed: int, rows: int = ROWS, extra: str = "") -> Path:
    dice = Random(seed)
    lines = [
        f"DEBIT,{1 + n % 12:02d}/{1 + n % 28:02d}/2025,{dice.choice(SHOPS)} {dice.randint(1, 400)},"
        f"{dice.randint(-90_000, 90_000) / 100:.2f},ACH_DEBIT,,,"
        for n in range(rows)
    ]
    head = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #,"
    path.write_text("\n".join([head, *lines]) + "\n" + extra)
    return path


@pytest.fixture
def take(books: Books, tmp_path: Path) -> Callable[..., Any]:
    def run(name: str, seed: int, account: str) -> Any:
        found = imports.import_files(
            books, [chase(tmp_path / name, seed)], imports.ImportOptions(account=account)
        )[0]  # fmt: skip
        assert found.error is None
        return found

    return run


def test_one_file_after_the_other_adds_up_to_the_rows(books: Books, take: Any) -> None:
    for number, account in enumerate(("Checking", "Savings", "Checking")):
        assert take(f"Chase{number}_Activity.csv", number, account).added > ROWS - 50
        assert books.totals.dump() == sorted(books.totals.added_up())
    assert books.connection.execute("SELECT COUNT(*) FROM row_label").fetchone()[0] > 0, "some rows have their own"
    history.undo(books)
    assert books.totals.dump() == sorted(books.totals.added_up())


def test_a_share_of_what_is_private_is_rounded_row_by_row(books: Books, take: Any) -> None:
    rules.add(books, {"text": "BLUE FOX", "kind": "expense", "line": "C24b", "percent": 3333})
    take("Chase1_Activity.csv", 1, "Checking")
    assert books.totals.dump() == sorted(books.totals.added_up())
    cells = [cell for cell in books.totals.dump() if cell.line == "C24b"]
    assert cells
    assert all(cell.business_cents != cell.cents for cell in cells if cell.cents)


def test_what_was_learned_counts_in_the_next_file(books: Books, take: Any) -> None:
    take("Chase1_Activity.csv", 1, "Checking")
    row = books.connection.execute(
        "SELECT t.id FROM transactions t JOIN descriptor x ON x.id = t.descriptor_id WHERE x.text LIKE 'BLUE FOX%' "
        "AND t.cents < 0"
    ).fetchone()[0]
    remembered.learn_from(books, row, {"kind": "expense", "line": "C18"})
    take("Chase2_Activity.csv", 2, "Checking")
    assert books.totals.dump() == sorted(books.totals.added_up())
