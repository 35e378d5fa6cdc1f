"""What the page of reports shows, read in the pool; and the words it says it in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.books import naming
from app.core.books.naming import counted
from app.core.dates import Day, day_from_iso, year_days, year_of
from app.ui.runtime.when import when_words

if TYPE_CHECKING:
    from app.core.report.pack_figures import Check as Proof
    from app.core.report.profit_range import NetProfit
    from app.core.report.schedule_c import ScheduleC
    from app.services.books.open_books import Books
    from app.services.report.export_checks import Check
    from app.services.report.pack_export import PackFile
    from app.services.report.packs import HandedOut
    from app.ui.runtime.tasks import Token

ALL_ACCOUNTS = "All accounts"
_MOST_PACKS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The accountant pack of a year as it would be written today. Without `years` the books hold no rows."""

    years: tuple[int, ...]
    year: int
    today: Day
    zone: tzinfo
    business: str
    files: tuple[PackFile, ...] = ()
    checks: tuple[Check, ...] = ()
    handed_out: tuple[HandedOut, ...] = ()

    @property
    def span(self) -> str:
        return span_words(self.year, self.today)

    @property
    def open_checks(self) -> int:
        return sum(check.level == "warn" for check in self.checks)


def load_facts(books: Books, token: Token, wanted: int | None, today: Day) -> Facts:
    """Return the facts of the wanted year; without one, of this year or else the newest with rows."""
    from app.services.report import export_checks, pack_export, packs, reports  # noqa: PLC0415 - the page paints first
    from app.services.tax import profile  # noqa: PLC0415 - the page paints first

    years = tuple(reports.years(books))
    business = profile.businesses(books)[0].name
    if not years:
        return Facts(years=(), year=year_of(today), today=today, zone=books.zone(), business=business)
    year = next((each for each in (wanted, year_of(today)) if each in years), years[0])
    token.check()
    files = tuple(pack_export.pack_contents(books, year, today))
    token.check()
    return Facts(
        years=years, year=year, today=today, zone=books.zone(), business=business, files=files,
        checks=tuple(export_checks.checks(books, year, today)),
        handed_out=tuple(packs.listed(books)[:_MOST_PACKS]),
    )  # fmt: skip


def span_words(year: int, today: Day) -> str:
    """Return `Jan 1 to Nov 20, 2026`: what a report of that year covers today."""
    first, last = year_days(year)
    return f"{naming.day_words(first, year)} to {naming.day_words(max(first, min(today, last)), 0)}"


def file_title(file: PackFile) -> str:
    """Return a file's name in words: `Trial balance with tax lines`, `Books for Beancount`."""
    words = re.sub(r"^\d+-", "", file.name.rpartition(".")[0]).replace("-", " ")
    if words == "books":
        return f"Books for {file.format}"
    return naming.capital(words).replace(" c ", " C ")


def file_facts(file: PackFile) -> str:
    """Return `PDF, 4 pages`; a format that stands in the title is not said twice."""
    return file.note if file.name.startswith("books.") else f"{file.format}, {file.note}"


def pack_words(pack: HandedOut, zone: tzinfo, today: Day) -> str:
    """Return when a pack was handed out and what was open in it."""
    questions = counted(pack.open_questions, "open question") if pack.open_questions else "no open question"
    return f"{when_words(pack.at, zone, today)}, {counted(pack.files, 'file')}, {questions}"


def last_pack_words(facts: Facts) -> str:
    if not facts.handed_out:
        return "No pack was written yet."
    last = facts.handed_out[0]
    return f"Last pack {when_words(last.at, facts.zone, facts.today)}: {last.name}, {size_words(last.bytes)}"


def size_words(size: int) -> str:
    """Return `312 KB`, `39.1 MB`."""
    kilobytes = max(1, (size + 512) // 1024)
    return f"{kilobytes} KB" if kilobytes < 1024 else f"{kilobytes // 1024}.{kilobytes % 1024 * 10 // 1024} MB"


class ProofRow(NamedTuple):
    name: str
    ok: bool
    detail: str


_PROOFS = {
    "sha256": ("Every file is unchanged", "file"),
    "rows": ("Rows and sums are as stated", "table"),
    "lines": ("Each line is the same in every file", "file"),
}
"""Checks made of each file, by the first word of their names: what they prove together."""


def proof_rows(proofs: Sequence[Proof]) -> list[ProofRow]:
    """Return what checking a pack found: what does not hold one by one and first, what holds put together."""
    wrong = [ProofRow(naming.capital(proof.name), ok=False, detail=proof.detail) for proof in proofs if not proof.ok]
    found: dict[str, list[Proof]] = {}
    for proof in proofs:
        kind = proof.name.partition(" ")[0]
        found.setdefault(kind if kind in _PROOFS else proof.name, []).append(proof)
    rows = []
    for kind, some in found.items():
        if not all(proof.ok for proof in some):
            continue
        if kind in _PROOFS:
            words, noun = _PROOFS[kind]
            rows.append(ProofRow(words, ok=True, detail=counted(len(some), noun)))
        else:
            rows.append(ProofRow(naming.capital(kind), ok=True, detail=some[0].detail))
    return wrong + rows


def default_name(business: str, year: int, what: str, suffix: str = "") -> str:
    """Return `reyes-design-2026-accountant-pack`, fit for every file system."""
    words = re.sub(r"[^a-z0-9]+", "-", business.casefold()).strip("-")[:40].strip("-")
    return f"{words or 'books'}-{year}-{what}{suffix}"


def place_words(path: Path) -> str:
    """Return a path as short as it can be said: the home folder as `~`."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


# --- Schedule C


class FormRow(NamedTuple):
    """A line of the form, or a result of it: those have no code and open no rows. Units: US cents."""

    printed: str
    label: str
    number: int | None
    booked_cents: int | None
    form_cents: int
    code: str = ""
    limit: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFacts:
    year: int
    span: str
    rows: tuple[FormRow, ...]
    net: NetProfit
    open_questions: int


def load_form(books: Books, token: Token, year: int, today: Day) -> FormFacts:
    from app.services.report import reports  # noqa: PLC0415
    from app.services.review import questions as review  # noqa: PLC0415
    from app.services.tax import taxes  # noqa: PLC0415

    first, last = year_days(year)
    end = min(today, last)
    form = reports.schedule(books, year, end)
    token.check()
    net, _ = taxes.net_profit(books, year, end)
    asked = sum(any(first <= row.tax_date <= end for row in item.rows) for item in review.items(books))
    return FormFacts(
        year=year, span=span_words(year, today), rows=tuple(form_rows(form)), net=net, open_questions=asked
    )


def line_words(code: str, year: int) -> str:
    """Return whose rows they are: `line 1, Gross receipts or sales`."""
    from app.core.books.vocabulary import LINES  # noqa: PLC0415
    from app.core.report.schedule_c import printed_line  # noqa: PLC0415

    return f"line {printed_line(code, year)}, {LINES[code]}"


def form_rows(form: ScheduleC) -> list[FormRow]:
    """Return the lines in the order of the form, each result after the lines it sums."""
    from app.core.books.vocabulary import INCOME_LINES  # noqa: PLC0415
    from app.core.report.schedule_c import GOODS_LINES, HOME_LINE  # noqa: PLC0415

    groups: dict[str, list[FormRow]] = {"receipts": [], "goods": [], "other": [], "costs": [], "home": []}
    for line in form.lines:
        group = (
            "receipts" if line.code in {"C1", "C2"} else "goods" if line.code in GOODS_LINES
            else "home" if line.code == HOME_LINE else "other" if line.code in INCOME_LINES else "costs"
        )  # fmt: skip
        groups[group].append(
            FormRow(line.printed, line.label, line.count, line.cents, line.form_cents, line.code, line.limit)
        )

    def result(printed: str, label: str, cents: int) -> FormRow:
        return FormRow(printed, label, None, None, cents)

    rows = list(groups["receipts"])
    if len(rows) > 1:
        rows.append(result("3", "Receipts less returns", form.net_receipts_cents))
    rows += groups["goods"]
    if groups["goods"]:
        rows.append(result("4", "Cost of goods sold", form.goods_cents))
    rows += groups["other"]
    rows.append(result("7", "Gross income", form.gross_income_cents))
    rows += groups["costs"]
    rows.append(result("28", "Total expenses", form.expenses_cents))
    rows += groups["home"]
    rows.append(result("31", "Net profit", form.net_profit_cents))
    return rows


# --- months


class MonthRow(NamedTuple):
    """A line over the months of a year, signed as in the books; a total has no code. Units: US cents."""

    printed: str
    label: str
    months: tuple[int, ...]
    total: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    year: int
    rows: tuple[MonthRow, ...]
    limited: bool
    """Whether a line is deducted in part only: the months show it whole."""


def load_months(books: Books, _token: Token, year: int) -> MonthFacts:
    from app.core.report.schedule_c import LIMITS, printed_line  # noqa: PLC0415
    from app.services.report import reports  # noqa: PLC0415

    sums: dict[str, MonthRow] = {}
    for row in reports.profit_and_loss(books, year):
        held = sums.get(row.line)
        months = tuple(row.months_cents)
        if held is not None:
            months = tuple(a + b for a, b in zip(held.months, months, strict=True))
        sums[row.line] = MonthRow(printed_line(row.line, year), row.label, months, sum(months), row.line)
    rows = list(sums.values())
    if rows:
        whole = tuple(sum(each) for each in zip(*(row.months for row in rows), strict=True))
        rows.append(MonthRow("", "Money in less costs", whole, sum(whole)))
    return MonthFacts(year=year, rows=tuple(rows), limited=any(code in LIMITS for code in sums))


# --- ledger


class LedgerRow(NamedTuple):
    """One leg of an entry. `transaction_id` is None for an opening balance. Units: US cents."""

    day: Day
    entry: str
    account: str
    debit: int | None
    credit: int | None
    memo: str
    balance: int

    @property
    def transaction_id(self) -> int | None:
        number = self.entry.partition(".")[0]
        return int(number) if number.isdecimal() else None


def load_ledger(books: Books, token: Token, year: int) -> list[LedgerRow]:
    from app.services.report import pack_export  # noqa: PLC0415

    found = [_leg(row) for row in pack_export.ledger_rows(books, year)]
    token.check()
    return found


def _leg(row: Sequence[Any]) -> LedgerRow:
    day, entry, account, debit, credit, memo, balance = row
    return LedgerRow(day_from_iso(day), entry, account, debit, credit, memo, balance or 0)


def accounts_of(rows: Sequence[LedgerRow]) -> list[str]:
    """Return the accounts of the ledger in the order of its chart."""
    return list(dict.fromkeys(row.account for row in rows))
