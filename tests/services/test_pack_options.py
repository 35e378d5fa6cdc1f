"""What a pack says about the books: last year, statements, payments, contractors, and clients by initials only."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.core.dates import Day, day_from_iso
from app.core.report.lead_sheet import answers, lead_rows
from app.core.report.pack import content
from app.core.report.summary import summary
from app.core.report.workpapers import Papers, over_limit
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.report import pack_export, pack_facts
from app.services.tax import profile, taxes_paid

YEAR = 2026
TODAY: Day = day_from_iso("2026-11-20")
Bring = Callable[..., imports.FileResult]


@pytest.fixture
def enter(books: Books) -> Callable[..., int]:
    """Enters a booked row by hand and returns its id."""
    accounts.add(books, {"name": "Bank", "kind": "checking"})
    accounts.add(books, {"name": "Card", "kind": "credit"})

    def entered(date: str, cents: int, text: str, kind: str, line: str = "", account: str = "Bank") -> int:
        _, number = transactions.add(books, date=date, cents=cents, account_selector=account, description=text)
        assert number is not None
        transactions.set_values(books, number, {"kind": kind} | ({"line": line} if line else {}))
        return number

    return entered


def workbook(books: Books, folder: Path, **options: Any) -> openpyxl.Workbook:
    pack_export.export_pack(books, YEAR, folder / "pack", TODAY, **options)
    return openpyxl.load_workbook(folder / "pack" / "02-workbook.xlsx")


def column(page: Any, number: int) -> list[Any]:
    return [row[number] for row in page.iter_rows(values_only=True)]


def test_last_year_is_compared_only_when_the_books_hold_it(books: Books, enter: Callable[..., int]) -> None:
    enter("2026-03-02", -90_000, "Ads", "expense", "C8")
    assert pack_facts.pack_input(books, YEAR, TODAY).prior is None
    enter("2025-12-31", -10_000, "Ads", "expense", "C8")
    source = pack_facts.pack_input(books, YEAR, TODAY)
    (line,) = [row for row in lead_rows(content(source).form, source.prior) if row.code == "C8"]
    assert (line.prior_cents, line.change_cents, line.flagged) == (10_000, 80_000, True)
    lead: Any = summary(source, content(source))["lead"]
    assert lead["before_note"] == "2025: the whole year as these books hold it, not the return as filed."


def test_a_second_statement_proves_an_account_to_the_cent(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    bring(books, "a.ofx", ofx([("2026-01-05", -1_000, "A")], balance=(5_000, "2026-01-31")))
    (tie,) = pack_facts.account_ties(books, *_year())
    assert (tie.ties, tie.statement_cents, tie.book_cents) == (None, 5_000, 5_000)
    bring(books, "b.ofx", ofx([("2026-02-05", -700, "B")], balance=(4_300, "2026-02-28")))
    (tie,) = pack_facts.account_ties(books, *_year())
    assert (tie.ties, tie.statement_cents, tie.book_cents) == (True, 4_300, 4_300)
    bring(books, "c.ofx", ofx([("2026-03-05", -50, "C")], balance=(4_251, "2026-03-31")))
    (tie,) = pack_facts.account_ties(books, *_year())
    assert (tie.ties, tie.statement_cents, tie.book_cents) == (False, 4_251, 4_250)
    cover: Any = summary(source := pack_facts.pack_input(books, YEAR, TODAY), content(source))["cover"]
    assert cover["accounts"][0]["difference"] == "0.01"
    assert "1 account does not tie to the statement" in cover["open"]


def _year() -> tuple[Day, Day]:
    return day_from_iso("2026-01-01"), TODAY


def test_rows_up_to_a_statement_that_ties_carry_the_mark(books: Books, bring: Bring, ofx: Callable[..., bytes]) -> None:
    bring(books, "a.ofx", ofx([("2026-01-05", -1_000, "A")], balance=(5_000, "2026-01-31")))
    bring(books, "b.ofx", ofx([("2026-02-05", -700, "B"), ("2026-03-05", -20, "C")], balance=(4_300, "2026-02-28")))
    papers = Papers(pack_facts.pack_input(books, YEAR, TODAY))
    assert [papers.ticks.of(row) for row in papers.rows] == ["T Q", "T Q", "Q"]


def test_payments_of_every_jurisdiction_stand_with_their_confirmation(
    books: Books, enter: Callable[..., int], tmp_path: Path
) -> None:
    enter("2026-06-15", -100_000, "IRS USATAXPYMT", "tax_payment")
    paid = {"date": "2026-09-15", "cents": 40_000, "jurisdiction": "CA", "for_year": YEAR, "type": "estimate"}
    taxes_paid.record(books, paid | {"confirmation": "=A1"})
    taxes_paid.record(books, paid | {"for_year": YEAR - 1})
    book = workbook(books, tmp_path)
    assert column(book["Tax payments"], 1)[5:7] == ["federal", "CA"]
    text = (tmp_path / "pack" / "10-estimated-payments.csv").read_text("utf-8-sig").splitlines()
    assert text[1].startswith("2026-06-15,1000.00,federal,2026,estimate,,bank row,")
    assert text[2] == "2026-09-15,400.00,CA,2026,estimate,'=A1,entered,"


def test_contractors_over_the_limit_are_those_paid_by_bank(books: Books, enter: Callable[..., int]) -> None:
    enter("2026-02-02", -120_000, "Zelle payment to IRIS DELMAR 77696210344", "expense", "C11")
    enter("2026-03-02", -80_000, "Zelle payment to IRIS DELMAR 88696210344", "expense", "C11")
    enter("2026-03-02", -199_999, "Zelle payment to DEVON MARCH 88696210344", "expense", "C11")
    enter("2026-03-02", -900_000, "UPWORK", "expense", "C11", "Card")
    source = pack_facts.pack_input(books, YEAR, TODAY)
    rows = [(row[0], row[5]) for row in Papers(source).contractors().rows]
    assert rows[1:] == [("IRIS DELMAR", "yes"), ("DEVON MARCH", "no")]
    assert rows[0][1] == "no"
    assert over_limit(source) == 1
    said = {each.letter: each.answer for each in answers(source, 1)}
    assert said["I"] == "1 on line 11 at or above $2,000 by bank or cash; see Contractors"


@pytest.mark.parametrize(("year", "cents"), [(2024, 60_000), (2025, 60_000), (2026, 200_000), (2027, None)])
def test_the_reporting_limit_of_a_year(books: Books, year: int, cents: int | None) -> None:
    found = pack_facts.pack_input(books, year, TODAY).limit
    assert (found.cents if found else None) == cents


def test_what_is_kept_apart_from_schedule_c(books: Books, enter: Callable[..., int], tmp_path: Path) -> None:
    enter("2026-02-02", -5_000, "Groceries of ours", "personal")
    enter("2026-02-03", -7_000, "ATM", "owner_draw")
    enter("2026-02-04", -250_000, "Laptop", "expense", "C22")
    enter("2026-01-10", -1_234, "Paper", "expense", "C18")
    enter("2026-01-11", -1_235, "Paper", "expense", "C18")
    book = workbook(books, tmp_path)
    assert list(book["Personal rows excluded"].values)[4] == ("Bank", 1, 0, -50)
    assert "Groceries of ours" not in repr([list(page.values) for page in book])
    assert list(book["Owner draws, contributions"].values)[5][7] == -70
    assert list(book["Items of 2,500 and more"].values)[6][5] == "Laptop"
    assert list(book["Round-number rows"].values)[5][5] == "Laptop"
    assert [row[9] for row in list(book["Near year end"].values)[6:-1]] == [-12.34]
    assert "Part V" not in book.sheetnames


def test_initials_only_leaves_no_client_name_in_any_file(
    books: Books, enter: Callable[..., int], tmp_path: Path
) -> None:
    enter("2026-02-02", 12_000, "Zelle payment from ROSALIND QUIMBY 77696210344", "income", "C1")
    enter("2026-02-03", -2_000, "Zelle payment to ROSALIND QUIMBY 77696210344", "refund", "C2")
    enter("2026-02-04", 900, "Zelle payment from ROSALIND QUIMBY 77696210344", "transfer")
    transactions.add(books, date="2026-02-05", cents=7_000, account_selector="Bank", description="ROSALIND QUIMBY")
    enter("2026-02-04", -900, "Paper Shop", "expense", "C18")
    pack_export.export_pack(books, YEAR, tmp_path / "pack.zip", TODAY, initials_only=True)
    names = {name.casefold() for name in ("ROSALIND", "QUIMBY")}
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        for entry in pack.namelist():
            texts = [pack.read(entry)]
            if entry.endswith(".xlsx"):
                with pack.open(entry) as held, zipfile.ZipFile(held) as book:
                    texts = [book.read(part) for part in book.namelist()]
            for text in texts:
                found = text.decode("utf-8", "replace").casefold()
                assert not any(name in found for name in names), entry
        assert "Paper Shop" in pack.read("books.journal").decode()
    shown = repr(summary(source := pack_facts.pack_input(books, YEAR, TODAY, initials_only=True), content(source)))
    assert not any(name in shown.casefold() for name in names)
    assert "R. Q." in shown


def test_several_businesses_say_that_they_are_summed(books: Books) -> None:
    profile.add_business(books, {"name": "Second trade"})
    cover: Any = summary(source := pack_facts.pack_input(books, YEAR, TODAY), content(source))["cover"]
    facts = {fact["label"]: fact["value"] for fact in cover["facts"]}
    assert facts["Owner"] == "Self; 2 businesses summed, each needs its own Schedule C"
    assert facts["Principal business code"] == "Not answered"


def test_the_window_gets_four_pages_and_a_list_that_names_every_file(
    books: Books, enter: Callable[..., int], tmp_path: Path
) -> None:
    enter("2026-02-02", 12_000, "Client", "income", "C1")
    pages = pack_export.page_images(books, YEAR, TODAY, 40)
    assert [struct.unpack(">II", page[16:24]) for page in pages] == [(340, 440)] * 4
    listed = pack_export.pack_contents(books, YEAR, TODAY)
    files, _ = pack_export.export_pack(books, YEAR, tmp_path / "pack", TODAY)
    assert [each.name for each in listed] == [file.name for file in files if file.name != "README.txt"] + [
        "manifest.json"
    ]
    by_name = {each.name: each for each in listed}
    assert by_name["04-transactions.csv"][1:] == ("Every bank row; parts of a split share an id", "CSV", "1 row")
    assert by_name["books.journal"][2:] == ("hledger", "1 entry")
    tabs = openpyxl.load_workbook(tmp_path / "pack" / "02-workbook.xlsx").sheetnames
    assert by_name["02-workbook.xlsx"].note == f"{len(tabs)} tabs"


def test_opening_the_reports_page_loads_neither_typst_nor_the_spreadsheet_writer() -> None:
    code = (
        "import sys, app.services.report.reports, app.services.report.pack_export; "
        "print({'typst', 'xlsxwriter'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
