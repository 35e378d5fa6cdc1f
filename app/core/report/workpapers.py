"""The detail behind the lead sheet: lists of rows an accountant looks at, one tab each.

A personal row is counted and summed, never shown. With initials only, whatever could name a client is shortened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.books.vocabulary import INCOME_LINES, AccountKind, Kind, line_on_form
from app.core.dates import Day, year_days
from app.core.money import WHOLE, money_text
from app.core.report.counterparty import shown
from app.core.report.lines import BOOKED, LineRow, settled_line
from app.core.report.own_csv import is_vendor
from app.core.report.pack_input import PackInput
from app.core.report.schedule_c import printed_line
from app.core.report.sheet import Sheet, SheetCell, SheetColumn, SheetType, amounts, count, day, total_of, words

LARGE_CENTS = 2_500_00
"""Items from here on are looked at one by one. Source: Reg. 1.263(a)-1(f), de minimis safe harbor per item."""

ROUND_CENTS = 100_00
YEAR_END_DAYS = 10

NETWORKS = frozenset(kind.value for kind in AccountKind) - {
    AccountKind.CHECKING, AccountKind.SAVINGS, AccountKind.CASH, AccountKind.LOAN, AccountKind.OTHER,
}  # fmt: skip
"""Kinds of accounts whose payments the card company or network reports, not the payer (tax rules 20)."""

DETAIL = (
    SheetColumn("Id", SheetType.COUNT, 8),
    day("Date"),
    day("Posted"),
    words("Line", 7),
    words("Account", 26),
    words("Payee", 30),
    words("Description", 40),
    *amounts("Amount"),
    SheetColumn("Business %", SheetType.RATE, 11),
    *amounts("Business amount"),
    words("Tick", 6),
    words("Note", 24),
    words("Source", 34),
)
NETWORK_NOTE = (
    "Card and network payments are reported by the company that made them. Corporations are exempt, legal and medical "
    "ones are not. W-9 and entity are not kept in these books."
)
TICKS = "Ticks: T the account ties to a later statement · Q open question · E carried at a business share"


class Ticks(NamedTuple):
    """What lets a row carry a tick mark."""

    tied: dict[int, Day]
    """By account: the day of a statement that ties."""
    asked: frozenset[int]
    """Transactions with an open question."""

    def of(self, row: LineRow) -> str:
        tied = self.tied.get(row.account_id)
        marks = (
            ("T", tied is not None and row.posted <= tied),
            ("Q", row.status not in BOOKED or row.transaction_id in self.asked),
            ("E", settled_line(row) != "NONE" and row.percent != WHOLE),
        )
        return " ".join(mark for mark, holds in marks if holds)


def ticks(source: PackInput) -> Ticks:
    return Ticks(
        {tie.id: tie.statement_day for tie in source.accounts if tie.ties and tie.statement_day is not None},
        frozenset(number for question in source.questions for number in question.rows),
    )


class Papers:
    """The rows of a pack, ready to be listed."""

    def __init__(self, source: PackInput) -> None:
        self.source = source
        self.rows = sorted(source.rows, key=lambda row: (row.date, row.transaction_id, row.part))
        self.ticks = ticks(source)
        self.booked = [row for row in self.rows if settled_line(row) != "NONE"]
        self.by_form: dict[str, list[LineRow]] = defaultdict(list)
        for row in self.booked:
            self.by_form[line_on_form(row.line)].append(row)

    def cells(self, row: LineRow) -> tuple[SheetCell, ...]:
        hidden = self.source.initials_only and not is_vendor(row)
        line = settled_line(row)
        file = f"{row.source_file}:{row.source_line}" if row.source_file and row.source_line is not None else ""
        return (
            row.transaction_id, row.date, row.posted, "" if line == "NONE" else printed_line(line, self.source.year),
            row.account, shown(row, initials_only=self.source.initials_only),
            "" if hidden else row.description, row.cents, row.percent if line != "NONE" else None,
            row.business_cents if line != "NONE" else None, self.ticks.of(row), "" if hidden else row.note, file,
        )  # fmt: skip

    def list(self, name: str, reference: str, title: str, rows: Iterable[LineRow], *notes: str) -> Sheet:
        cells = [self.cells(row) for row in rows]
        total = total_of(DETAIL, cells, "Amount", "Business amount")
        return Sheet(name, reference, title, DETAIL, cells, total, (*notes, TICKS) if cells else notes)

    def line(self, code: str, label: str, reference: str) -> Sheet:
        return self.list(reference, reference, f"Line {reference.removeprefix('C-')}, {label}", self.by_form[code])

    def large(self) -> Sheet:
        rows = [row for row in self.booked if self._cost(row) and abs(row.cents) >= LARGE_CENTS]
        return self.list("Items of 2,500 and more", "W-1", "Costs of $2,500 and more", rows,
                         "Cost now needs the de minimis election; else an asset with its day of service.")  # fmt: skip

    def round_numbers(self) -> Sheet:
        rows = [row for row in self.booked if row.cents and row.cents % ROUND_CENTS == 0]
        return self.list("Round-number rows", "W-2", "Rows on a Schedule C line in whole hundreds of dollars", rows)

    def year_end(self) -> Sheet:
        first, last = year_days(self.source.year)
        rows = [row for row in self.booked if not first + YEAR_END_DAYS <= row.date <= last - YEAR_END_DAYS]
        return self.list("Near year end", "W-3", "Rows on a Schedule C line within 10 days of either end of the year",
                         rows, "The date is the tax date; compare it with the day the bank posted.")  # fmt: skip

    def owner(self) -> Sheet:
        rows = [r for r in self.rows if r.kind in {Kind.OWNER_DRAW, Kind.OWNER_CONTRIBUTION} and r.status in BOOKED]
        private = sum(row.cents - row.business_cents for row in self.booked)
        notes = [f"Private shares of mixed rows, also draws: {money_text(private)}"] if private else []
        return self.list("Owner draws, contributions", "O-1", "Owner draws and contributions", rows, *notes)

    def schedule_1(self) -> Sheet:
        rows = [row for row in self.rows if row.line.startswith("S1_") and row.status in BOOKED]
        return self.list("Schedule 1 items", "O-4", "Health insurance, retirement plans, other Schedule 1 rows", rows,
                         "These never stand on Schedule C.")  # fmt: skip

    def loans(self) -> Sheet:
        rows = [row for row in self.rows if row.kind == Kind.LOAN and row.status in BOOKED]
        return self.list("Loans", "O-2", "Loan payments and loans received", rows,
                         "Principal and interest are not told apart here: the lender's statement says.")  # fmt: skip

    def personal(self) -> Sheet:
        columns = (words("Account", 34), count("Rows"), *amounts("Money in", "Money out"))
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        names = {}
        for row in self.rows:
            if row.kind == Kind.PERSONAL and row.status in BOOKED and not row.line.startswith("S1_"):
                held, names[row.account_id] = sums[row.account_id], row.account
                held[0] += 1
                held[1 if row.cents >= 0 else 2] += row.cents
        rows: list[tuple[SheetCell, ...]] = [(names[key], *sums[key]) for key in sorted(sums)]
        return Sheet("Personal rows excluded", "O-3", "Personal rows left out of every report, count and sum only",
                     columns, rows, total_of(columns, rows, "Rows", "Money in", "Money out"))  # fmt: skip

    def payments(self) -> Sheet:
        columns = (
            day("Date"), words("To", 12), SheetColumn("Tax year", SheetType.TEXT, 9), words("Type", 12),
            *amounts("Amount"), words("Confirmation", 18), words("Known from", 22), count("Id"),
        )  # fmt: skip
        rows = [
            (paid.day, paid.jurisdiction, str(paid.year), paid.type, paid.cents, paid.confirmation,
             "entered by the client" if paid.recorded else "bank row", paid.transaction_id)
            for paid in self.source.payments
        ]  # fmt: skip
        return Sheet("Tax payments", "T-1", "Payments of income tax that count for the year", columns, rows,
                     total_of(columns, rows, "Amount"),
                     ("Payments of April nobody has explained are among the questions.",))  # fmt: skip

    def contractors(self) -> Sheet:
        limit = self.source.limit
        columns = (
            words("Payee", 34), count("Rows"), *amounts("Total", "By bank or cash", "By card or network"),
            words("Over the reporting limit?", 24),
        )  # fmt: skip
        rows = [
            (one.payee, one.rows, one.bank_cents + one.network_cents, one.bank_cents, one.network_cents,
             "limit not known" if limit is None else "yes" if one.bank_cents >= limit.cents else "no")
            for one in contractors(self.source)
        ]  # fmt: skip
        notes = [NETWORK_NOTE]
        if limit is not None:
            notes.insert(0, f"Limit {self.source.year}: ${limit.cents // 100:,} a payee. Source: {limit.source}.")
        return Sheet("Contractors", "K-1", "Contract labor by payee (line 11)", columns, rows,
                     total_of(columns, rows, "Rows", "Total", "By bank or cash", "By card or network"),
                     notes)  # fmt: skip

    def questions(self) -> Sheet:
        columns = (count("No."), words("Question", 110), count("Rows"), *amounts("Amount"))
        rows = [
            (number, "See the books: the words may name a client." if self.source.initials_only else asked.question,
             asked.count, asked.cents)
            for number, asked in enumerate(self.source.questions, 1)
        ]  # fmt: skip
        return Sheet("Questions", "Q-1", "Rows that are not booked yet, the largest first", columns, rows,
                     total_of(columns, rows, "Rows", "Amount"))  # fmt: skip

    @staticmethod
    def _cost(row: LineRow) -> bool:
        return settled_line(row) not in INCOME_LINES and row.cents < 0


class Contractor(NamedTuple):
    """What one payee of line 11 got. Units: US cents, positive is paid."""

    payee: str
    rows: int
    bank_cents: int
    network_cents: int


def contractors(source: PackInput) -> Sequence[Contractor]:
    """Return the payees of line 11, the largest first."""
    kinds = {tie.id: tie.kind for tie in source.accounts}
    sums: dict[str, list[int]] = {}
    for row in source.rows:
        if settled_line(row) != "C11":
            continue
        held = sums.setdefault(shown(row, initials_only=source.initials_only), [0, 0, 0])
        held[0] += 1
        held[2 if kinds.get(row.account_id) in NETWORKS else 1] -= row.business_cents
    found = [Contractor(name or "No name", *sums[name]) for name in sums]
    return sorted(found, key=lambda one: (-one.bank_cents - one.network_cents, one.payee))


def over_limit(source: PackInput) -> int:
    limit = source.limit
    return 0 if limit is None else sum(one.bank_cents >= limit.cents for one in contractors(source))
