"""Files that do not explain themselves are read once a person has said a word, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.dates import iso
from app.core.errors import NeedsMapping
from app.services.books.open_books import Books
from app.services.ingest import import_history, import_preview, imports
from app.store.row_filter import Filter

ODD = b"wann;wer;hin;her\n2026-01-15;Staples;45,10;\n2026-01-16;Acme;;2000,00\n"
ROLES = {"date": "wann", "text": "wer", "debit": "hin", "credit": "her"}
EITHER = "!Type:Bank\nD{}/3/2026\nT-12.00\nPPaper Moon {}\n^\n"
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


def test_the_order_of_dates_in_a_qif_is_asked_once(
    books: Books, ask: Callable[..., imports.FileResult], tmp_path: Path
) -> None:
    first, second = (EITHER.format(month, month).encode() for month in (2, 4))
    refused = ask("bank.qif", first, imports.ImportOptions())
    assert isinstance(refused.error, NeedsMapping)
    assert "--date-order" in refused.error.hint
    shown = import_preview.preview(books, tmp_path / "bank.qif")
    assert (shown.asks, shown.can_change, shown.hint) == (
        "date_order",
        ("date_order",),
        "Say whether the month or the day comes first.",
    )
    told = ask("bank.qif", first, imports.ImportOptions(date_order="mdy"))
    assert (told.error, iso(told.accounts[0].first or 0)) == (None, "2026-02-03")
    assert [layout.words for layout in import_history.layouts(books)] == ["QIF: dates month first"]
    later = ask("bank-april.qif", second, imports.ImportOptions())
    assert (later.error, iso(later.accounts[0].last or 0)) == (None, "2026-04-03")
    assert any("read month first" in note for note in later.notes)
    again = import_preview.preview(books, tmp_path / "bank-april.qif")
    assert (again.error, again.date_order, again.can_change) == (None, "mdy", ("date_order",))


def test_an_answer_stays_with_files_of_its_name_and_a_new_one_takes_its_place(
    books: Books, ask: Callable[..., imports.FileResult]
) -> None:
    def last(name: str, month: int, order: str | None = None) -> str | None:
        result = ask(name, EITHER.format(month, month).encode(), imports.ImportOptions(date_order=order))
        assert result.error is None or isinstance(result.error, NeedsMapping)
        return iso(result.accounts[0].last or 0) if result.accounts else None

    assert last("alpen-1.qif", 2, "dmy") == "2026-03-02"
    assert last("alpen-2.qif", 4) == "2026-03-04"
    assert last("lakeside.qif", 5) is None
    assert last("lakeside.qif", 5, "mdy") == "2026-05-03"
    assert last("lakeside june.qif", 6) == "2026-06-03"
    assert last("alpen-3.qif", 7) == "2026-03-07"
    assert last("alpen-4.qif", 8, "mdy") == "2026-08-03"
    assert last("alpen-5.qif", 9) == "2026-09-03"
    assert len(import_history.layouts(books)) == 2
