"""What the accountant pack holds, as plain tables and words; writing it is the business of app.adapters.pack_files.

All figures come from the rows given, through one Schedule C and one ledger, so that the files agree to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.core.dates import Day, iso, year_days
from app.core.money import WHOLE, rate_text
from app.core.report.ledger import Ledger, LedgerAccount, ledger
from app.core.report.lines import LineRow
from app.core.report.own_csv import COLUMNS, transaction_rows
from app.core.report.schedule_c import ScheduleC, line_sums, schedule_c
from app.core.report.table import Cell, Table, cents, plain, text

SCHEMA_VERSION = 1
BASIS = "cash"

SUMMARY = "01-summary.pdf"
WORKSHEET = "02-schedule-c-worksheet.csv"
TRANSACTIONS = "04-transactions.csv"
LEDGER = "05-general-ledger.csv"
TRIAL_BALANCE = "06-trial-balance.csv"
QUESTIONS = "12-open-questions.csv"
README = "README.txt"
MANIFEST = "manifest.json"

WORKSHEET_COLUMNS = (
    *plain("line", "printed_line", "label", "rows"),
    *cents("amount"),
    *plain("limit_pct"),
    *cents("amount_on_form"),
)
LEDGER_COLUMNS = (
    *plain("date", "entry_id"),
    *text("account"),
    *cents("debit", "credit"),
    *text("memo"),
    *cents("balance"),
)
TRIAL_COLUMNS = (*text("account"), *cents("debit", "credit"))
QUESTION_COLUMNS = (*text("item", "question"), *plain("rows"), *cents("amount"))

ESTIMATE = (
    "Estimate from your entries and rules of {rules}. Not tax advice, not a return. 1099 Ops is not a tax preparer and "
    "sends nothing to any tax agency."
)
DECIDE = "The app suggests a line. You decide, and you keep the proof."
UNAUDITED = "Prepared by the client from bank records. Unaudited."


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    name: str
    profession: str
    owner: str
    """self or spouse."""


class MonthCover(NamedTuple):
    month: int
    """202611."""
    state: str
    """covered, partial, missing or untied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTie:
    """One account over the period. Units: US cents, positive is owned; `out_cents` is negative or zero."""

    id: int
    name: str
    kind: str
    institution: str
    last4: str | None
    currency: str
    opening_cents: int
    in_cents: int
    out_cents: int
    closing_cents: int
    statement_cents: int | None = None
    statement_day: Day | None = None
    ties: bool | None = None
    rows: int = 0
    months: Sequence[MonthCover] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open question. Units: `cents` is the sum of its rows in US cents."""

    item: str
    question: str
    count: int
    cents: int


class ProfitRange(NamedTuple):
    """Net profit when every open question is answered least, most likely and most favourably. Units: US cents."""

    low_cents: int
    expected_cents: int
    high_cents: int


class AuditHead(NamedTuple):
    seq: int
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackInput:
    year: int
    as_of: Day
    created_at: str
    """ISO text; equal books and an equal text give equal bytes."""
    app_version: str
    rules_version: str
    rules_date: str
    """ISO date on which the newest tax figure was taken in."""
    business: Business
    accounts: Sequence[AccountTie]
    rows: Sequence[LineRow]
    """Rows of the tax year up to `as_of`, deleted ones left out."""
    questions: Sequence[Question]
    range: ProfitRange
    audit: AuditHead
    initials_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PackContent:
    """Everything of a pack but the bytes."""

    form: ScheduleC
    book: Ledger
    tables: dict[str, Table] = field(default_factory=dict)
    """By file name, in the order of the pack."""
    readme: str


def content(source: PackInput) -> PackContent:
    """Return the tables and the words of a pack."""
    rows = sorted(source.rows, key=lambda row: (row.date, row.transaction_id, row.part))
    form = schedule_c(source.year, line_sums(rows))
    book = ledger(
        rows,
        [
            LedgerAccount(tie.id, tie.name, tie.kind, tie.last4, tie.opening_cents)
            for tie in sorted(source.accounts, key=lambda tie: tie.id)
        ],
        year_days(source.year)[0],
        initials_only=source.initials_only,
    )
    tables = {
        WORKSHEET: worksheet(form),
        TRANSACTIONS: Table(
            COLUMNS,
            list(transaction_rows(rows, settled_only=True, initials_only=source.initials_only)),
            sum(row.cents for row in rows),
        ),
        LEDGER: general_ledger(book),
        TRIAL_BALANCE: trial_balance(book),
        QUESTIONS: open_questions(source),
    }
    return PackContent(form=form, book=book, tables=tables, readme=readme(source))


def files(source: PackInput) -> dict[str, Table]:
    """Return the tables of the pack by file name."""
    return content(source).tables


def worksheet(form: ScheduleC) -> Table:
    """Return the lines, then the results of the form; results have no line code and no book amount."""
    rows: list[tuple[Cell, ...]] = [
        (
            line.code,
            line.printed,
            line.label,
            line.count,
            line.cents,
            None if line.limit == WHOLE else rate_text(line.limit),
            line.form_cents,
        )
        for line in form.lines
    ]
    results = (
        ("3", "Receipts less returns", form.net_receipts_cents),
        ("4", "Cost of goods sold", form.goods_cents),
        ("7", "Gross income", form.gross_income_cents),
        ("28", "Total expenses", form.expenses_cents),
        ("30", "Business use of home", form.home_cents),
        ("31", "Net profit or loss", form.net_profit_cents),
    )
    rows.extend(("", number, label, None, None, None, amount) for number, label, amount in results)
    return Table(WORKSHEET_COLUMNS, rows, sum(line.cents for line in form.lines))


def general_ledger(book: Ledger) -> Table:
    """Return every leg by account with the account's running balance (debit positive)."""
    rows: list[tuple[Cell, ...]] = []
    account, balance = "", 0
    days: dict[Day, str] = {}
    for leg in book.legs:
        if leg.account != account:
            account, balance = leg.account, 0
        balance += leg.cents
        date = days.get(leg.date) or days.setdefault(leg.date, iso(leg.date))
        rows.append((date, leg.entry, account, *debit_credit(leg.cents), leg.memo, balance))
    return Table(LEDGER_COLUMNS, rows, None)


def trial_balance(book: Ledger) -> Table:
    rows = [(name, *debit_credit(balance)) for name, balance in book.balances.items()]
    return Table(TRIAL_COLUMNS, rows, None)


def debit_credit(amount: int) -> tuple[int | None, int | None]:
    """Return an amount in two columns; zero stands as a debit of nothing."""
    return (amount, None) if amount >= 0 else (None, -amount)


def open_questions(source: PackInput) -> Table:
    """Return the questions; their words are left out where they could name a client."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"Q{number}" if source.initials_only else asked.item,
            "See the books: the words of the question may name a client." if source.initials_only else asked.question,
            asked.count,
            asked.cents,
        )
        for number, asked in enumerate(source.questions, 1)
    ]
    return Table(QUESTION_COLUMNS, rows, sum(asked.cents for asked in source.questions))


def readme(source: PackInput) -> str:
    """Return the words that travel with the files."""
    first = iso(year_days(source.year)[0])
    return f"""ACCOUNTANT PACK {source.year}
{source.business.name}
{first} to {iso(source.as_of)}, cash basis. {UNAUDITED}

{SUMMARY:<30}One page: Schedule C, accounts, what is open
{WORKSHEET:<30}Each line with its rows, its limit and the amount on the form
{TRANSACTIONS:<30}Every bank row; parts of a split share an id
{LEDGER:<30}Double entry, by account, with running balance
{TRIAL_BALANCE:<30}Account, debit, credit
{QUESTIONS:<30}Rows that are not booked yet
{MANIFEST:<30}Counts, totals in cents and SHA-256 of each file

How to read it
- Amounts are dollars; money in is positive. In the worksheet "amount" is signed as in the books, "amount_on_form" is
  what the form prints (costs positive). Meals are carried at 100 %; the limit acts on the total of the line.
- Only booked rows (auto or confirmed) count. Rows under review have no line here; the ledger holds them in the account
  "Suspense: Unreviewed rows".
- The date is the tax date. The balancing accounts of these cash books are the owner's equity accounts: opening
  balances, draws, contributions, personal rows, household income, tax payments.
- Transfers and card payments pass through "Assets: Transfers clearing". A balance there is a transfer whose other side
  is not in these books.
- Text cells that begin like a formula carry a leading apostrophe.
- Not in the books: depreciation, vehicle miles and home office unless entered by the client.

{ESTIMATE.format(rules=source.rules_date)}
{DECIDE}
1099 Ops {source.app_version}, created {source.created_at}, audit entry {source.audit.seq}.
"""


def manifest(source: PackInput, form: ScheduleC, entries: Sequence[dict[str, str | int | None]]) -> dict[str, object]:
    """Return the manifest with exactly the keys of the contract; `entries` are the files as written."""
    return {
        "schema_version": SCHEMA_VERSION,
        "app_version": source.app_version,
        "rules_version": source.rules_version,
        "created_at": source.created_at,
        "period": {"from": iso(year_days(source.year)[0]), "to": iso(source.as_of)},
        "basis": BASIS,
        "net_profit_cents": form.net_profit_cents,
        "lines": {line.code: line.cents for line in form.lines},
        "open_questions": len(source.questions),
        "audit": {"seq": source.audit.seq, "mac": source.audit.mac},
        "files": list(entries),
    }
