"""One pack, one truth: every file of it shows the same totals by line, to the cent."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from beancount import loader
from beancount.core.data import Transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.pack_files import write_pack
from app.core.books.vocabulary import LINES, Kind, line_on_form
from app.core.dates import Day, day_from_iso
from app.core.money import percent_of
from app.core.report.lines import LineRow
from app.core.report.pack_input import AccountTie, AuditHead, Business, PackInput, ProfitRange
from app.core.report.schedule_c import ScheduleC, line_sums, printed_line, schedule_c
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.report import pack_export, pack_facts, reports
from app.services.review import questions
from app.services.review.questions import Answered

SAMPLE = Path(__file__).parents[2] / "resources" / "sample"
YEAR = 2026
TODAY: Day = day_from_iso("2026-11-20")
HOSTILE = [
    '=HYPERLINK("http://evil.example","x")', "+1+1", "@SUM(A1:A9)", "\tTAB", "\rCR", '"; } | (x) [2020-01-01]',
    "#panic(1) $x$ *b*",
]  # fmt: skip

ByLine = dict[str, int]


def cents(text: object) -> int:
    """Return the cents of an amount as any of the files prints it."""
    plain = str(text).replace(",", "")
    sign = -1 if plain.startswith(("(", "-")) else 1
    whole, _, rest = plain.strip("()-").partition(".")
    return sign * (int(whole) * 100 + int((rest + "00")[:2]))


def nonzero(sums: dict[str, int]) -> ByLine:
    return {code: total for code, total in sums.items() if total}


def tool(*command: str) -> str:
    assert shutil.which(command[0]), f"{command[0]} is missing: apt-get install {command[0]}"
    env = os.environ | {"LC_ALL": "C.UTF-8"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


# --- what each file says, by line code as in the books ----------------------------------------------------------------


def table(pack: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((pack / name).read_text("utf-8-sig"), newline="")))


def csv_files(pack: Path) -> Iterator[tuple[str, ByLine]]:
    sheet = {row["line"]: cents(row["amount"]) for row in table(pack, "02-schedule-c-worksheet.csv") if row["line"]}
    yield "worksheet", nonzero(sheet)
    sums: dict[str, int] = defaultdict(int)
    for row in table(pack, "04-transactions.csv"):
        if row["schedule_c_line"].startswith("C"):
            sums[row["schedule_c_line"]] += cents(row["business_amount"])
    yield "transactions", nonzero(sums)
    sums = defaultdict(int)
    for row in table(pack, "05-general-ledger.csv"):
        match = re.match(r"(?:Income|Expenses): (C\w+) ", row["account"])
        if match:
            sums[match[1]] += cents(row["credit"] or "0") - cents(row["debit"] or "0")
    yield "ledger", nonzero(sums)
    trial = {
        row["schedule_c_line"]: cents(row["credit"] or "0") - cents(row["debit"] or "0")
        for row in table(pack, "06-trial-balance-with-tax-lines.csv")
        if row["schedule_c_line"]
    }
    yield "trial balance", nonzero(trial)


def beancount_file(pack: Path) -> ByLine:
    entries, errors, _ = loader.load_file(str(pack / "books.beancount"))
    assert errors == []
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                match = re.match(r"(?:Income|Expenses):(C\w+)-", posting.account)
                if match:
                    assert posting.units is not None
                    sums[match[1]] -= int(posting.units.number * 100)
    return nonzero(sums)


def hledger_file(pack: Path) -> ByLine:
    tool("hledger", "-f", str(pack / "books.journal"), "check", "--strict")
    shown = tool("hledger", "-f", str(pack / "books.journal"), "bal", "-N", "-O", "csv", "Income", "Expenses")
    rows = csv.DictReader(io.StringIO(shown))
    return nonzero({
        row["account"].partition(":")[2].partition(" ")[0]: -cents(row["balance"].removesuffix(" USD") or "0")
        for row in rows
    })  # fmt: skip


def profit_and_loss(pack: Path) -> list[int]:
    """Return the totals of the lines, in the order of the form."""
    page = openpyxl.load_workbook(pack / "03-profit-and-loss.xlsx").active
    assert page is not None
    rows = [row for row in page.iter_rows(values_only=True) if row[0] and re.fullmatch(r"\d+[ab]?", str(row[0]))]
    assert all(sum(cents(f"{month:.2f}") for month in row[2:14]) == cents(f"{row[14]:.2f}") for row in rows)
    return [cents(f"{row[14]:.2f}") for row in rows]


# --- what the form's sheets say, by printed line ----------------------------------------------------------------------


def on_form(form: ScheduleC) -> ByLine:
    sums: dict[str, int] = defaultdict(int)
    for line in form.lines:
        sums[printed_line(line_on_form(line.code), form.year)] += line.form_cents
    return dict(sums) | {
        "7": form.gross_income_cents, "28": form.expenses_cents, "31": form.net_profit_cents
    } | ({"3": form.net_receipts_cents} if "2" in sums else {})  # fmt: skip


def pdf_file(pack: Path) -> ByLine:
    assert re.search(r"^Pages:\s+4$", tool("pdfinfo", str(pack / "01-summary.pdf")), re.MULTILINE)
    text = tool("pdftotext", "-layout", "-f", "2", "-l", "2", str(pack / "01-summary.pdf"), "-")
    lead = text[: text.index("Part V, other")]
    found = re.findall(r"^ *(\d+[ab]?) {2,}\S.*? {2,}(\(?[\d,]+\.\d\d\)?)", lead, re.MULTILINE)
    assert len(found) == len({number for number, _ in found})
    return {number: cents(amount) for number, amount in found}


def xlsx_files(pack: Path, form: ScheduleC) -> Iterator[tuple[str, ByLine]]:
    book = openpyxl.load_workbook(pack / "02-workbook.xlsx")
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
    assert "f" not in kinds
    lead = [row for row in book["Lead sheet"].iter_rows(values_only=True) if re.fullmatch(r"\d+[ab]?", str(row[0]))]
    yield "lead sheet", {str(row[0]): cents(f"{row[2]:.2f}") for row in lead}
    details: dict[str, int] = defaultdict(int)
    moved: set[str] = set()
    for line in form.lines:
        number = printed_line(line_on_form(line.code), form.year)
        moved |= {number} if line.worked_cents is not None else set()
        if number in details or not line.count:
            continue
        rows = list(book[f"C-{number}"].iter_rows(values_only=True))
        total = next(cents(f"{row[9]:.2f}") for row in rows if row[0] == "Total")
        sign = 1 if line.code in {"C1", "C6"} else -1
        details[number] = percent_of(sign * total, line.limit)
    # The sheet of a line shows its rows; where more came back than was spent the form puts that on line 6.
    details |= {number: amount for number, amount in on_form(form).items() if number in moved}
    yield "details", details | {n: c for n, c in on_form(form).items() if n in {"3", "7", "28", "31"}}


def check_all(pack: Path, form: ScheduleC, *, hledger: bool = False) -> None:
    books = nonzero({line.code: line.cents for line in form.lines})
    stated: dict[str, Any] = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert nonzero(stated["lines"]) == books
    assert stated["net_profit_cents"] == form.net_profit_cents
    assert {name: found for name, found in csv_files(pack) if found != books} == {}
    assert beancount_file(pack) == books
    assert profit_and_loss(pack) == [line.cents for line in form.lines]
    wanted = on_form(form)
    assert pdf_file(pack) == wanted
    assert {name: found for name, found in xlsx_files(pack, form) if found != wanted} == {}
    if hledger:
        assert hledger_file(pack) == books
    assert [check for check in pack_export.verify_pack(pack) if not check.ok] == []


# --- books ------------------------------------------------------------------------------------------------------------


def settle(books: Books) -> None:
    """Answer what has a business choice, and add rows with hostile names, shares and limits."""
    answered = 0
    for item in questions.items(books):
        choice = next((each for each in item.choices if each.line.startswith("C")), None)
        if item.type == "classify" and choice is not None and answered < 25:
            questions.answer(books, item.id, Answered(choice=choice.n))
            answered += 1
    account = books.accounts.all()[0].name
    lines = ("C24b", "C9A", "C9P", "C27", "C11", "C36", "C30")
    for number, line in enumerate(lines):
        day, text = f"2026-0{number + 1}-17", HOSTILE[number]
        _, made = transactions.add(books, date=day, cents=-101 * (number + 3), account_selector=account,
                                   description=text.strip() or "x")  # fmt: skip
        assert made is not None
        values = {"kind": "expense", "line": line, "business_percent": "33.33" if number % 2 else "100"}
        transactions.set_values(books, made, values)


@pytest.fixture
def sample(books: Books) -> Books:
    results = imports.import_files(books, sorted(SAMPLE.iterdir()), imports.ImportOptions())
    assert all(result.error is None for result in results)
    settle(books)
    return books


def test_all_files_of_the_sample_pack_show_the_same_totals(sample: Books, tmp_path: Path) -> None:
    pack_export.export_pack(sample, YEAR, tmp_path / "pack", TODAY)
    form = reports.schedule(sample, YEAR, TODAY)
    assert len(form.lines) > 12
    check_all(tmp_path / "pack", form)


@pytest.mark.full
def test_hledger_shows_the_same_totals(sample: Books, tmp_path: Path) -> None:
    pack_export.export_pack(sample, YEAR, tmp_path / "pack", TODAY)
    check_all(tmp_path / "pack", reports.schedule(sample, YEAR, TODAY), hledger=True)


@pytest.mark.full
def test_libreoffice_reads_the_workbook_without_running_anything(sample: Books, tmp_path: Path) -> None:
    assert shutil.which("soffice"), "soffice is missing: apt-get install libreoffice-calc-nogui"
    pack_export.export_pack(sample, YEAR, tmp_path / "pack", TODAY)
    every_tab = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    tool("soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", every_tab,
         "--outdir", str(tmp_path / "out"), str(tmp_path / "pack" / "02-workbook.xlsx"))  # fmt: skip
    lead = next((tmp_path / "out").glob("*Lead sheet*.csv")).read_text("utf-8")
    form = reports.schedule(sample, YEAR, TODAY)
    net = next(row for row in csv.reader(io.StringIO(lead)) if row and row[0] == "31")
    assert cents(net[2]) == form.net_profit_cents
    assert "HYPERLINK" in "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())


def test_two_packs_of_equal_books_are_equal_bytes(sample: Books, tmp_path: Path) -> None:
    for name in ("a", "b", "a.zip", "b.zip"):
        pack_export.export_pack(sample, YEAR, tmp_path / name, TODAY)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "b").iterdir())
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_receipts_of_the_sample_reach_its_deposits_to_the_cent(sample: Books) -> None:
    from app.core.report.receipts import bridge

    source = pack_facts.pack_input(sample, YEAR, TODAY)
    found = bridge(source.rows, source.accounts)
    assert found.difference == 0
    assert found.deposits > found.gross > 0


def invented(rows: list[LineRow]) -> PackInput:
    ties = [
        AccountTie(
            id=number, name=HOSTILE[number], kind="checking", institution="", last4=None, currency="USD",
            opening_cents=number * 777, in_cents=0, out_cents=0, closing_cents=0,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    return PackInput(
        year=YEAR, as_of=TODAY, created_at="2026-11-20", app_version="0.1.0", rules_version="2026.1",
        rules_date="2026-11-21", business=Business(name=HOSTILE[0], profession="designer", owner="self"), accounts=ties,
        rows=rows, questions=[], range=ProfitRange(1, 2, 3), audit=AuditHead(1, "ab" * 32),
        prior=schedule_c(YEAR - 1, line_sums(rows[::2])),
    )  # fmt: skip


def row(number: int, facts: tuple[int, str, str, int, str, str]) -> LineRow:
    amount, kind, line, percent, status, name = facts
    counted = kind in {"income", "expense", "refund"}
    return LineRow(
        number, 0, TODAY - number, TODAY - number, number % 3 + 1, "Bank", None, name, name, amount, "USD", kind,
        line if counted else "NONE", percent, percent_of(amount, percent) if counted else 0, status, None, "", "f.csv",
        number, 1,
    )  # fmt: skip


FACTS = st.tuples(
    st.integers(-(10**9), 10**9),
    st.sampled_from(["income", "expense", "refund", "expense", *(kind.value for kind in Kind)]),
    st.sampled_from([code for code in LINES if code.startswith("C")]),
    st.integers(0, 10_000),
    st.sampled_from(["auto", "confirmed", "suggested"]),
    st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)),
)


def check_invented(facts: Iterable[tuple[int, str, str, int, str, str]], make: Callable[[str], Path]) -> None:
    rows = [row(number, each) for number, each in enumerate(facts, 1)]
    target = make("books") / "pack"
    write_pack(invented(rows), target)
    check_all(target, schedule_c(YEAR, line_sums(rows)))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACTS, max_size=40))
def test_all_files_of_any_books_show_the_same_totals(
    tmp_path_factory: pytest.TempPathFactory, facts: list[tuple[int, str, str, int, str, str]]
) -> None:
    check_invented(facts, tmp_path_factory.mktemp)
