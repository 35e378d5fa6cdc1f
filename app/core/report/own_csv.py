"""Our own transaction file for people: one line per row of `lines`, in columns that never change order.

Source: design of the exports, "Own CSV". The accountant's copy shows a line only where it counts, so that a plain sum
by line in any spreadsheet equals Schedule C; suggestions stand in the list of open questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.books.vocabulary import NO_LINE, PROFIT_LINES, Kind
from app.core.dates import Day, iso
from app.core.money import rate_text
from app.core.report.lines import BOOKED, LineRow, settled_line
from app.core.report.table import Cell, cents, plain, text

COLUMNS = (
    *plain("id", "date", "posted_date"),
    *text("account", "account_last4", "payee", "description"),
    *cents("amount"),
    *text("currency"),
    *plain("direction", "kind", "schedule_c_line", "business_pct"),
    *cents("business_amount"),
    *text("customer", "receipt_file"),
    *plain("review_status"),
    *text("note", "source"),
    *plain("import_batch"),
)

MOST_INITIALS = 4


def initials(name: str) -> str:
    """Return the first letters of a name's words, `J. D.`; an empty text for none."""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return " ".join(f"{letter}." for letter in letters[:MOST_INITIALS])


def is_vendor(row: LineRow) -> bool:
    """Tell a booked business cost: the one sort of row whose other side is never a client."""
    return row.kind == Kind.EXPENSE and row.status in BOOKED and row.line in PROFIT_LINES


def payee_of(row: LineRow, *, initials_only: bool) -> str:
    """Return whom a report names for a row; only initials where a client's name would be health information."""
    name = row.merchant or row.description
    return initials(name) if initials_only and not is_vendor(row) else name


def transaction_rows(
    rows: Iterable[LineRow], *, settled_only: bool = False, initials_only: bool = False
) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of each row, in order.

    `settled_only` leaves the line and the business part of rows empty that do not count yet; `initials_only` shortens
    names to initials and drops descriptions and notes, costs of the business excepted.
    """
    days: dict[Day, str] = {}
    rates: dict[int, str] = {}
    plain = not settled_only and not initials_only
    for row in rows:
        # Taken apart at once: a hundred thousand rows of twenty named look-ups each are felt.
        (number, _, day, posted, _, account, last4, merchant, text, cents, currency, kind, line, percent, business,
         status, note, _, file, file_line, operation) = row  # fmt: skip
        payee = merchant
        if not plain:
            if settled_only and line in PROFIT_LINES and settled_line(row) == NO_LINE:
                line = NO_LINE
            if initials_only and not is_vendor(row):
                payee, text, note = payee_of(row, initials_only=True), "", None
        if line == NO_LINE:
            share, business = "0", 0
        else:
            share = rates.get(percent) or rates.setdefault(percent, rate_text(percent))
        if file is not None and file_line is not None:
            file = f"{file}:{file_line}"
        yield (
            number,
            days.get(day) or days.setdefault(day, iso(day)),
            days.get(posted) or days.setdefault(posted, iso(posted)),
            account,
            last4,
            payee,
            text,
            cents,
            currency,
            "in" if cents >= 0 else "out",
            kind,
            line,
            share,
            business,
            payee if kind == Kind.INCOME else None,
            None,
            status,
            # One row is one line, also for tools that know no quotation marks.
            " ".join(note.split()) if note and "\n" in note else note,
            file,
            operation,
        )
