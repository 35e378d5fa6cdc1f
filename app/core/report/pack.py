"""What the accountant pack holds, as plain tables and words; writing it is the business of app.adapters.pack_files.

All figures come from the rows given, through one Schedule C and one ledger, so that the files agree to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.books.vocabulary import PROFIT_LINES
from app.core.dates import Day, date_of, iso, year_days
from app.core.money import WHOLE, rate_text
from app.core.report.ledger import Ledger, LedgerAccount, bank_names, ledger, line_account
from app.core.report.not_in_books import not_in_books
from app.core.report.own_csv import COLUMNS, transaction_rows
from app.core.report.pack_input import PackInput
from app.core.report.schedule_c import ScheduleC, line_sums, printed_line, schedule_c
from app.core.report.table import Cell, Table, cents, plain, text

SCHEMA_VERSION = 1
BASIS = "cash"

SUMMARY = "01-summary.pdf"
WORKSHEET = "02-schedule-c-worksheet.csv"
WORKBOOK = "02-workbook.xlsx"
PROFIT_AND_LOSS = "03-profit-and-loss.xlsx"
TRANSACTIONS = "04-transactions.csv"
LEDGER = "05-general-ledger.csv"
TRIAL_BALANCE = "06-trial-balance.csv"
TRIAL_WITH_LINES = "06-trial-balance-with-tax-lines.csv"
PAYMENTS = "10-estimated-payments.csv"
QUESTIONS = "12-open-questions.csv"
HLEDGER = "books.journal"
BEANCOUNT = "books.beancount"
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
TRIAL_WITH_LINES_COLUMNS = (
    *text("account"),
    *cents("debit", "credit"),
    *plain("schedule_c_line", "printed_line", "limit_pct"),
)
PAYMENT_COLUMNS = (
    *plain("date"),
    *cents("amount"),
    *plain("jurisdiction", "tax_year", "type"),
    *text("confirmation"),
    *plain("source", "transaction_id"),
)
QUESTION_COLUMNS = (*text("item", "question"), *plain("rows"), *cents("amount"))

WHAT = {
    SUMMARY: "Four pages: cover and tie-out, lead sheet, gross receipts, what is open",
    WORKBOOK: "Lead sheet and workpapers, linked; start here after the PDF",
    WORKSHEET: "Each line with its rows, its limit and the amount on the form",
    PROFIT_AND_LOSS: "The lines by month",
    TRANSACTIONS: "Every bank row; parts of a split share an id",
    LEDGER: "Double entry, by account, with running balance",
    TRIAL_BALANCE: "Account, debit, credit",
    TRIAL_WITH_LINES: "The same with the line of the form, for mapping",
    PAYMENTS: "Income tax paid for the year, federal and state",
    QUESTIONS: "Rows that are not booked yet",
    HLEDGER: "The same books for hledger and ledger",
    BEANCOUNT: "The same books for Beancount",
    MANIFEST: "Counts, totals in cents and SHA-256 of each file",
}
"""What each file holds, in the order of the pack."""

ESTIMATE = (
    "Estimate from your entries and rules of {rules}. Not tax advice, not a return. 1099 Ops is not a tax preparer and "
    "sends nothing to any tax agency."
)
DECIDE = "The app suggests a line. You decide, and you keep the proof."
UNAUDITED = "Prepared by the client from bank records. Unaudited."


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
    form = schedule_c(source.year, line_sums(rows), source.worked)
    book = ledger(
        rows,
        ledger_accounts(source),
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
        TRIAL_WITH_LINES: trial_with_lines(book, form),
        PAYMENTS: tax_payments(source),
        QUESTIONS: open_questions(source),
    }
    return PackContent(form=form, book=book, tables=tables, readme=readme(source))


def ledger_accounts(source: PackInput) -> list[LedgerAccount]:
    return [
        LedgerAccount(tie.id, tie.name, tie.kind, tie.last4, tie.opening_cents)
        for tie in sorted(source.accounts, key=lambda tie: tie.id)
    ]


def dollar_accounts(source: PackInput) -> frozenset[str]:
    """Return the ledger names of the bank accounts kept in dollars: those whose balance a journal can assert."""
    names = bank_names(ledger_accounts(source))
    return frozenset(names[tie.id] for tie in source.accounts if tie.currency == "USD")


def summary_day(source: PackInput) -> date:
    """Return the day the pages are dated with."""
    return date_of(source.as_of)


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
            None if line.limit == WHOLE or line.worked_cents is not None else rate_text(line.limit),
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


def trial_with_lines(book: Ledger, form: ScheduleC) -> Table:
    """Return the trial balance with the tax line each account belongs to, for the mapping screen of tax software."""
    codes = {line_account(code): code for code in PROFIT_LINES}
    limits = {line.code: rate_text(line.limit) for line in form.lines if line.limit != WHOLE}
    rows: list[tuple[Cell, ...]] = []
    for name, balance in book.balances.items():
        code = codes.get(name, "")
        rows.append((
            name, *debit_credit(balance), code, printed_line(code, form.year) if code else "", limits.get(code),
        ))  # fmt: skip
    return Table(TRIAL_WITH_LINES_COLUMNS, rows, None)


def tax_payments(source: PackInput) -> Table:
    """Return the payments of income tax that count for the year."""
    rows: list[tuple[Cell, ...]] = [
        (
            iso(paid.day),
            paid.cents,
            paid.jurisdiction,
            paid.year,
            paid.type,
            paid.confirmation,
            "entered" if paid.recorded else "bank row",
            paid.transaction_id,
        )
        for paid in source.payments
    ]
    return Table(PAYMENT_COLUMNS, rows, sum(paid.cents for paid in source.payments))


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
    listed = "\n".join(f"{name:<37}{what}" for name, what in WHAT.items())
    missing = "; ".join(not_in_books(source))
    return f"""ACCOUNTANT PACK {source.year}
{source.business.name}
{first} to {iso(source.as_of)}, cash basis. {UNAUDITED}

{listed}

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
- Not in these books, and in no figure here: {missing}.

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
        # Only where facts beside the rows (vehicles, equipment, the home office) set what a line allows.
        **({"worked": dict(source.worked)} if source.worked else {}),
        "open_questions": len(source.questions),
        "audit": {"seq": source.audit.seq, "mac": source.audit.mac},
        "files": list(entries),
    }
