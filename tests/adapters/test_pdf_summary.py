"""The front of the pack: every figure, four pages, tagged, own type only, equal bytes, unharmed by hostile names."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from app.adapters.pdf import COVERED, page_images, printable_text, render
from app.core.books.vocabulary import LINES
from app.core.dates import day_from_iso
from app.core.money import percent_of
from app.core.report.lines import LineRow
from app.core.report.pack import content
from app.core.report.pack_input import (
    AccountTie,
    AuditHead,
    Business,
    MonthCover,
    PackInput,
    ProfitRange,
    Question,
    TaxPaid,
)
from app.core.report.schedule_c import line_sums, schedule_c
from app.core.report.summary import summary

DAY = date(2026, 11, 20)
CODES = [code for code in LINES if code.startswith("C")]
HOSTILE = [
    "#panic(1) $x$ *bold* _it_ `raw`",
    '#import "@preview/cetz:0.3.0"',
    "\u202egnp.exe \u2066bidi\u2069 \u200b",
    "</text> \\ \0 \x1b[31m",
    "日本語 🎉 ＡＢＣ ﬁ e\u0301 \ud800",
    "W" * 400,
]


def tool(*command: str) -> str:
    """Run one of the PDF tools; a machine without it fails the test with the way to get it."""
    assert shutil.which(command[0]), f"{command[0]} is missing: apt-get install poppler-utils qpdf"
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def books(
    names: list[str], *, size: int = 1, accounts: int = 3, questions: int = 1, payments: int = 2, rows_more: int = 0
) -> PackInput:
    """Return books with a row on every line, amounts up to `size` dollars, and the names wherever one can stand."""
    rows = []
    for number, code in enumerate(CODES, 1):
        name = names[number % len(names)]
        sign = 1 if code in {"C1", "C6"} else -1
        cents = sign * (size * 100 + number * 137)
        kind = "income" if sign > 0 else "expense"
        rows.append(
            LineRow(
                number, 0, day_from_iso("2026-03-01"), day_from_iso("2026-03-02"), number % accounts + 1, name, None,
                name, name, cents, "USD", kind, code, 10_000, percent_of(cents, 10_000), "auto", name, "", name, 1, 1,
            )
        )  # fmt: skip
    kinds = ("transfer", "owner_draw", "personal", "tax_payment", "wages", "interest", "loan", "owner_contribution")
    rows.extend(
        rows[0]._replace(transaction_id=100 + i, kind=kind, line="NONE", business_cents=0)
        for i, kind in enumerate(kinds)
    )
    rows.append(rows[0]._replace(transaction_id=200, status="suggested"))
    more = [rows[0], next(row for row in rows if row.line == "C27")]
    rows.extend(
        row._replace(transaction_id=300 + i, merchant=f"{i} {row.merchant}") for i in range(rows_more) for row in more
    )
    ties = [
        AccountTie(
            id=number,
            name=names[number % len(names)],
            kind="checking",
            institution="Bank",
            last4=f"{number:04d}",
            currency="USD",
            opening_cents=-size * 100,
            in_cents=size * 100 + number,
            out_cents=-size * 100 - number,
            closing_cents=-size * 100,
            statement_cents=-size * 100,
            statement_day=day_from_iso("2026-10-31"),
            ties=number % 2 == 0,
            rows=5,
            months=[MonthCover(202601, "covered"), MonthCover(202602, "missing")],
        )
        for number in range(1, accounts + 1)
    ]
    return PackInput(
        year=2026,
        as_of=day_from_iso("2026-11-20"),
        created_at="2026-11-20",
        app_version="0.1.0",
        rules_version="2026.1",
        rules_date="2026-11-21",
        business=Business(name=names[0], profession="software_consultant", owner="spouse", trades=2),
        accounts=ties,
        rows=rows,
        questions=[Question(item="i", question=names[0], count=1, cents=1)] * questions,
        range=ProfitRange(-size * 100, 0, size * 100),
        audit=AuditHead(3, "ab" * 32),
        prior=schedule_c(2025, line_sums(row._replace(business_cents=row.business_cents // 3) for row in rows)),
        payments=[TaxPaid(day_from_iso("2026-06-15"), size * 100, "CA", 2026, "estimate", None, None, False)]
        * payments,
    )


def page(source: PackInput, folder: Path) -> tuple[Path, dict[str, object]]:
    data = summary(source, content(source))
    path = folder / "summary.pdf"
    path.write_bytes(render("summary", data, timestamp=DAY))
    return path, data


def text_of(path: Path) -> str:
    return tool("pdftotext", "-layout", str(path), "-")


def figures(data: object) -> set[str]:
    """Return every amount in the data of the page."""
    if isinstance(data, dict):
        return set().union(*(figures(value) for value in data.values()))
    if isinstance(data, list):
        return set().union(*(figures(value) for value in data))
    return {data} if isinstance(data, str) and re.fullmatch(r"\(?[\d,]+\.\d\d\)?", data) else set()


@pytest.fixture(scope="module")
def plain_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    return page(books(["Reyes Design", "Chase Checking"]), tmp_path_factory.mktemp("plain"))


def test_every_figure_and_every_line_is_on_the_page(plain_page: tuple[Path, dict[str, object]]) -> None:
    path, data = plain_page
    text = text_of(path)
    wanted = figures(data)
    assert len(wanted) > 40
    assert {figure for figure in wanted if figure not in text} == set()
    for line in data["lead"]["rows"]:
        words = rf"^\s*{re.escape(line['number'])}\s+{re.escape(line['label'])}\s+{re.escape(line['amount'])}"
        assert len(re.findall(words, text, re.MULTILINE)) == 1, line


def test_the_words_that_must_be_said(plain_page: tuple[Path, dict[str, object]]) -> None:
    text = " ".join(text_of(plain_page[0]).split())
    assert "Estimate from your entries and rules of 2026-11-21. Not tax advice, not a return." in text
    assert "1099 Ops is not a tax preparer and sends nothing to any tax agency." in text
    assert "The app suggests a line. You decide, and you keep the proof." in text
    assert "Prepared by the client from bank records. Unaudited." in text
    assert text.count("January 1 to November 20, 2026 · Cash basis") == 4
    assert all(f"Page {number} of 4" in text for number in range(1, 5))


def test_four_tagged_letter_pages_with_their_own_type(plain_page: tuple[Path, dict[str, object]]) -> None:
    facts = dict(line.split(":", 1) for line in tool("pdfinfo", str(plain_page[0])).splitlines())
    assert facts["Tagged"].strip() == "yes"
    assert facts["Pages"].strip() == "4"
    assert facts["Page size"].strip().startswith("612 x 792 pts")
    assert facts["Title"].strip() == "Accountant pack 2026, Reyes Design"
    fonts = tool("pdffonts", str(plain_page[0])).splitlines()[2:]
    assert fonts
    assert all(re.search(r"\+Inter-\w+-\S+ .* yes yes yes ", font) for font in fonts)
    tool("qpdf", "--check", str(plain_page[0]))


def test_it_says_that_it_is_pdf_a_and_pdf_ua(plain_page: tuple[Path, dict[str, object]]) -> None:
    raw = plain_page[0].read_bytes()
    assert b"<pdfaid:part>2</pdfaid:part>" in raw
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in raw
    assert b"<pdfuaid:part>1</pdfuaid:part>" in raw


def test_equal_data_gives_equal_bytes_and_other_data_others() -> None:
    data = summary(books(["A"]), content(books(["A"])))
    first = render("summary", data, timestamp=DAY)
    assert render("summary", data, timestamp=DAY) == first
    assert render("summary", data | {"business": "B"}, timestamp=DAY) != first


@pytest.mark.parametrize("size", [1, 9_999_999])
def test_twelve_accounts_all_lines_and_hostile_names_stay_four_pages(tmp_path: Path, size: int) -> None:
    path, data = page(books(HOSTILE, size=size, accounts=12, questions=400, payments=40, rows_more=100), tmp_path)
    assert re.search(r"^Pages:\s+4$", tool("pdfinfo", str(path)), re.MULTILINE)
    text = text_of(path)
    assert {figure for figure in figures(data) if figure not in text} == set()
    assert "\u202e" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_changes_no_figure(tmp_path: Path, name: str) -> None:
    _, tame = page(books(["Tame"]), tmp_path)
    path, data = page(books([name]), tmp_path)
    assert figures(data) == figures(tame)
    assert re.search(r"^Pages:\s+4$", tool("pdfinfo", str(path)), re.MULTILINE)


def test_books_without_rows_or_accounts_make_a_page(tmp_path: Path) -> None:
    source = books(["A"])
    empty = PackInput(
        year=source.year,
        as_of=source.as_of,
        created_at=source.created_at,
        app_version=source.app_version,
        rules_version=source.rules_version,
        rules_date=source.rules_date,
        business=Business(name="", profession="", owner="self"),
        accounts=[],
        rows=[],
        questions=[],
        range=ProfitRange(0, 0, 0),
        audit=AuditHead(0, ""),
    )
    path, _ = page(empty, tmp_path)
    text = text_of(path)
    assert text.count("No account in the books.") == 2
    for words in ("No receipts booked.", "No rows on this line.", "No payment known.", "None. Every row is booked."):
        assert words in text


def test_the_fonts_hold_every_character_that_is_let_through() -> None:
    letters = "".join(chr(code) for first, last in COVERED for code in range(first, last + 1))
    assert printable_text(letters) == unicodedata.normalize("NFC", letters)
    data = summary(books(["A"]), content(books(["A"])))
    data["business"] = letters
    assert render("summary", data, timestamp=DAY).startswith(b"%PDF-1.7")


def test_cut_lists_say_how_much_is_left_out(tmp_path: Path) -> None:
    text = text_of(page(books(["A"], questions=60, payments=20, rows_more=50), tmp_path)[0])
    assert "and 36 more in 12-open-questions.csv" in text
    assert len(re.findall(r"and \d+ more in 02-workbook.xlsx", text)) == 3


def test_the_window_gets_the_same_pages_as_pictures() -> None:
    data = summary(books(["A"]), content(books(["A"])))
    pictures = page_images("summary", data, timestamp=DAY, dpi=50)
    assert [picture[:8] for picture in pictures] == [b"\x89PNG\r\n\x1a\n"] * 4
    assert [struct.unpack(">II", picture[16:24]) for picture in pictures] == [(425, 550)] * 4
