"""What hostile texts become in everything that leaves the books: tables, journals, workbook, PDF, lines of text."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from beancount import loader
from hostile.conftest import Template
from hostile.manifest import CASES
from hostile.texts import PAYEES

from app.adapters.clock import SystemClock
from app.core.dates import day_of
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.classify import rules
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.report import pack_export
from app.services.tax import profile

SIGNS = [case for case in CASES if case.attack in {"S2", "S6", "S8", "S9", "S12", "S13"} and not case.code]
AMOUNT = re.compile(r"-?\d+\.\d\d")
STARTS = tuple("=+-@\t\r\0＝＋－＠")
"""What a spreadsheet takes for a formula, or skips on the way to one."""


TURNED = '=1+1 \u202e00.5\u2066 #import "/etc/hostname" <b>x</b>\r\nFORGED,LINE\x1b[2K'


@pytest.fixture(scope="module")
def loaded(template: Template, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Books that hold every hostile text, one of them in each place a person types in; and their pack."""
    folder = tmp_path_factory.mktemp("signs")
    home = Path(shutil.copytree(template.home, folder / "home"))
    clock = SystemClock("UTC", date(2026, 11, 20))
    books = opening.open_books(home, Unlock(key_hex=template.key), keychain=lambda: None, clock=clock)
    for result in imports.import_files(books, [case.write(folder) for case in SIGNS], imports.ImportOptions()):
        assert result.error is None
    values = {"note": TURNED, "merchant": f"-{TURNED}", "tags": "=tag @tag", "line": "C22"}
    transactions.set_values(books, 4, values)
    accounts.change(books, "1", {"name": TURNED})
    profile.change_business(books, "1", {"name": TURNED})
    rules.add(books, {"text": TURNED, "kind": "expense", "line": "C22"})
    pack_export.export_pack(books, 2026, folder / "pack", day_of(date(2026, 11, 20)))
    books.close()
    return home, folder / "pack"


@pytest.fixture
def pack(loaded: tuple[Path, Path]) -> Path:
    return loaded[1]


@pytest.fixture
def home(loaded: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded[0], tmp_path / "home"))


def tables(pack: Path, ops: Callable[..., Any]) -> dict[str, str]:
    """Every CSV that leaves: those of the pack, the own list, the ledger."""
    found = {path.name: path.read_bytes().decode() for path in pack.glob("*.csv")}
    found["list"] = ops("transactions", "list", "--format", "csv").out.decode()
    found["ledger"] = ops("report", "ledger", "--year", "2026", "--format", "csv").out.decode()
    found["pnl"] = ops("report", "pnl", "--year", "2026", "--format", "csv").out.decode()
    return found


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_no_cell_of_an_export_is_a_formula_and_amounts_stay_numbers(pack: Path, ops: Callable[..., Any]) -> None:
    """S2: text cells are disarmed; an amount is never given an apostrophe."""
    amounts = 0
    for name, text in tables(pack, ops).items():
        header, *lines = rows(text)
        for row in lines:
            for column, cell in zip(header, row, strict=True):
                if column.endswith(("amount", "debit", "credit", "balance", "total", "_cents")):
                    assert not cell or re.fullmatch(r"-?\d+(\.\d\d)?", cell), (name, column, cell)
                    amounts += bool(cell)
                elif not re.fullmatch(r"-?[\d.]+", cell):
                    assert not cell.lstrip(" \u3000").startswith(STARTS), (name, cell)
    assert amounts > 100
    everything = "".join(tables(pack, ops).values())
    for payee in PAYEES["S2"]:
        assert payee.strip().replace('"', '""') in everything


@pytest.mark.full
def test_a_spreadsheet_runs_nothing_of_an_export(pack: Path, tmp_path: Path) -> None:
    """S2: LibreOffice opens each table and gives back the same cells; of a formula it would give the result."""
    assert shutil.which("soffice"), "soffice is missing: apt-get install libreoffice-calc-nogui"
    out = tmp_path / "out"
    files = [str(path) for path in sorted(pack.glob("*.csv"))]
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--infilter=CSV:44,34,76,1", "--convert-to", "xlsx", "--outdir", str(out), *files],
        check=True, capture_output=True, timeout=170,
    )  # fmt: skip
    numbers = 0
    for path in sorted(pack.glob("*.csv")):
        before = rows(path.read_bytes().decode())
        book = openpyxl.load_workbook(out / f"{path.stem}.xlsx")
        for line, cells in zip(before, book.active.iter_rows(), strict=False):
            for text, cell in zip(line, cells, strict=False):
                assert cell.data_type != "f", (path.name, text)
                if AMOUNT.fullmatch(text):
                    assert cell.data_type == "n", (path.name, text)
                    assert round(float(cell.value) * 100) == round(float(text) * 100)
                    numbers += 1
    assert numbers > 100


def test_no_cell_of_the_workbook_is_a_formula_or_a_link_of_theirs(pack: Path) -> None:
    book = openpyxl.load_workbook(pack / "02-workbook.xlsx")
    texts = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target is None, cell.value  # ours lead to a tab
                texts += isinstance(cell.value, str) and "HYPERLINK" in cell.value
    assert texts


def test_nothing_invisible_leaves_the_books(pack: Path, ops: Callable[..., Any]) -> None:
    """S6: no direction mark, no control character in any file of text, any answer, any name of a file."""
    texts = {path.name: path.read_bytes().decode() for path in pack.iterdir() if path.suffix not in {".pdf", ".xlsx"}}
    texts |= tables(pack, ops)
    texts["json"] = ops("transactions", "list").out.decode()
    texts["accounts"] = ops("accounts", "list").out.decode()
    for name, text in texts.items():
        seen = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\n", "")
        assert [c for c in seen if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}] == [], name
    assert "ELPPA" not in texts["list"]


def test_one_row_is_one_line(pack: Path, ops: Callable[..., Any]) -> None:
    """S12: a text with line ends in it makes no second row, in a table, a journal, a list for people."""
    listed = ops("transactions", "list", "--format", "csv").out.decode()
    assert len(listed.removeprefix("\ufeff").splitlines()) == len(rows(listed))
    assert not [line for line in listed.splitlines() if line.startswith("FORGED")]
    for name in ("books.journal", "books.beancount"):
        lines = (pack / name).read_text("utf-8").splitlines()
        assert not [line for line in lines if line.lstrip().startswith(("FORGED", "include", "!"))], name
    manifest = (pack / "manifest.json").read_text("utf-8")
    assert "FORGED" not in manifest


def test_templates_are_texts_in_the_pdf_and_the_journals(pack: Path, tmp_path: Path) -> None:
    """S13: markup of the typesetter and of the journals stays a text; nothing outside is read."""
    pdf = (pack / "01-summary.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    entries, errors, options = loader.load_file(str(pack / "books.beancount"))
    assert errors == []
    assert entries
    assert options["title"].endswith("2026")
    journal = (pack / "books.journal").read_text("utf-8")
    comments = [line for line in journal.splitlines() if ";" in line]
    assert len(comments) == 2  # the head; no text of a bank stands behind a semicolon, where tags are read
    hostname = Path("/etc/hostname")
    if hostname.exists() and len(hostname.read_text().strip()) > 4:
        assert hostname.read_text().strip() not in journal


@pytest.mark.full
def test_hledger_reads_the_journal_and_nothing_else(pack: Path) -> None:
    assert shutil.which("hledger"), "hledger is missing: apt-get install hledger"
    done = subprocess.run(
        ["hledger", "-f", str(pack / "books.journal"), "check", "--strict"], capture_output=True, check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
