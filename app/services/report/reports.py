"""Reports and the accountant pack: everything they show comes from the view `lines`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books.vocabulary import LINES, PROFIT_KINDS, PROFIT_LINES
from app.core.dates import Day, day_of, month_of, year_days
from app.services.books.open_books import Books

if TYPE_CHECKING:
    from app.core.report.schedule_c import ScheduleC
    from app.store.totals import Cell


class ProfitLossRow:
    """One line over the months of a year. Units: cents, signed as in the books."""

    def __init__(self, line: str, kind: str) -> None:
        self.line = line
        self.label = LINES[line]
        self.kind = kind
        self.months_cents = [0] * 12
        self.count = 0

    @property
    def total_cents(self) -> int:
        return sum(self.months_cents)


def profit_and_loss(books: Books, year: int) -> list[ProfitLossRow]:
    """Return the booked Schedule C lines of a year by month, from the month totals."""
    found: dict[tuple[str, str], ProfitLossRow] = {}
    for cell in books.totals.cells(year * 100 + 1, year * 100 + 12):
        if not counts(cell):
            continue
        row = found.get((cell.line, cell.kind))
        if row is None:
            row = found[cell.line, cell.kind] = ProfitLossRow(cell.line, cell.kind)
        row.months_cents[cell.month % 100 - 1] += cell.business_cents
        row.count += cell.n
    order = list(LINES)
    return sorted(found.values(), key=lambda row: (order.index(row.line), row.kind))


def counts(cell: Cell) -> bool:
    return bool(cell.booked) and cell.kind in PROFIT_KINDS and cell.line in PROFIT_LINES


def schedule(books: Books, year: int, as_of: Day | None = None) -> ScheduleC:
    """Return Schedule C of a year, all businesses together, as booked up to a day and worked out from facts."""
    from app.services.report import schedule_forms  # noqa: PLC0415 - the month report needs none of it
    from app.services.report.booked import booked_sums  # noqa: PLC0415 - same

    day = as_of if as_of is not None else year_days(year)[1]
    return schedule_forms.combined(books, year, day, booked_sums(books, year, day))


def years(books: Books) -> list[int]:
    """Return the years with rows, newest first."""
    return sorted({cell.month // 100 for cell in books.totals.cells(0, 999_912)}, reverse=True)


def rows_on_line(books: Books, year: int, code: str, as_of: Day | None = None) -> tuple[int, ...]:
    """Return the transactions a line of Schedule C is made of, newest first."""
    from app.core.report.lines import settled_line  # noqa: PLC0415 - the month report needs none of it

    first, last = year_days(year)
    rows = books.lines.rows(first, last if as_of is None else min(as_of, last))
    numbers = [row.transaction_id for row in rows if settled_line(row) == code]
    return tuple(dict.fromkeys(reversed(numbers)))


class Period:
    """Money in and out of all accounts in a month; movements between own accounts are in neither."""

    def __init__(self, start: str) -> None:
        self.start = start
        self.in_cents = 0
        self.out_cents = 0

    @property
    def net_cents(self) -> int:
        return self.in_cents + self.out_cents


def cash_flow(books: Books, first_month: int, last_month: int) -> list[Period]:
    """Return the months of a span, from the month totals."""
    found: dict[int, Period] = {}
    for cell in books.totals.cells(first_month, last_month):
        if cell.kind in {"transfer", "card_payment"} or cell.currency != "USD":
            continue
        period = found.setdefault(cell.month, Period(start=f"{cell.month // 100}-{cell.month % 100:02d}-01"))
        if cell.cents > 0:
            period.in_cents += cell.cents
        else:
            period.out_cents += cell.cents
    return [found[month] for month in sorted(found)]


def months_asked(books: Books, first: Day | None, last: Day | None) -> tuple[int, int]:
    """Return the months a person asked for; without dates the twelve up to today's."""
    today = day_of(books.clock.today())
    end = month_of(last if last is not None else today)
    start = month_of(first) if first is not None else (end - 11 if end % 100 == 12 else end - 99)
    return start, end


def balances_by_month(books: Books, first_month: int, last_month: int) -> list[tuple[int, str, int]]:
    """Return (account, month, balance at its end) for the months of a span that have rows."""
    found: list[tuple[int, str, int]] = []
    cells = books.totals.cells(0, last_month)
    for account in books.accounts.all():
        own: dict[int, int] = {}
        for cell in cells:
            if cell.account_id == account.id and cell.currency == account.currency:
                own[cell.month] = own.get(cell.month, 0) + cell.cents
        balance = account.opening_cents
        for month in sorted(own):
            balance += own[month]
            if month >= first_month:
                found.append((account.id, f"{month // 100}-{month % 100:02d}", balance))
    return found


def guarded(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula; numbers stay numbers."""
    from app.adapters import csv_out  # noqa: PLC0415

    return csv_out.guarded(cell) if isinstance(cell, str) and not cell.lstrip("-").replace(".", "").isdigit() else cell
