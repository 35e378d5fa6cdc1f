"""Files that do not explain themselves are read once a person has said a word, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import NeedsMapping
from app.services import imports
from app.services.books import Books
from app.store.transactions import Filter

ODD = b"wann;wer;hin;her\n2026-01-15;Staples;45,10;\n2026-01-16;Acme;;2000,00\n"
ROLES = {"date": "wann", "text": "wer", "debit": "hin", "credit": "her"}
BARE_CARD = b"Date,Description,Amount\n01/15/2026,STAPLES 0041,-45.10\n01/16/2026,DELTA AIR,-300.00\n"


@pytest.fixture
def ask(books: Books, tmp_path: Path) -> Callable[..., imports.FileResult]:
    def bring(name: str, data: bytes, options: imports.ImportOptions) -> imports.FileResult:
        (tmp_path / name).write_bytes(data)
        return imports.import_files(books, [tmp_path / name], options)[0]

    return bring


def test_columns_that_a_person_names_are_read_and_remembered(
    books: Books, ask: Callable[..., imports.FileResult]
) -> None:
    refused = ask("odd.csv", ODD, imports.ImportOptions())
    assert isinstance(refused.error, NeedsMapping)
    assert "--column" in refused.error.hint
    named = ask("odd.csv", ODD, imports.ImportOptions(columns=ROLES))
    assert (named.error, named.added) == (None, 2)
    assert sorted(row.cents for row in books.transactions.listed(Filter(), 0)) == [-4510, 200000]
    later = ask("odd2.csv", ODD.replace(b"Acme", b"Birch"), imports.ImportOptions())
    assert (later.error, later.added, later.duplicates) == (None, 1, 1)


@pytest.mark.parametrize(("sign", "total"), [("signed", -34510), ("flipped", 34510)])
def test_a_card_that_does_not_show_its_signs_is_told_them(
    books: Books, ask: Callable[..., imports.FileResult], sign: str, total: int
) -> None:
    refused = ask("card.csv", BARE_CARD, imports.ImportOptions(account="Card", account_kind="credit"))
    assert isinstance(refused.error, NeedsMapping)
    assert "--sign" in refused.error.hint
    told = ask("card.csv", BARE_CARD, imports.ImportOptions(account="Card", account_kind="credit", sign=sign))
    assert (told.error, told.added) == (None, 2)
    assert books.transactions.count(Filter())[1] == total
