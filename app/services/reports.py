"""Reports and the accountant pack: everything they show comes from the view `lines`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.books.vocabulary import LINES, PROFIT_KINDS, PROFIT_LINES
from app.core.dates import Day, day_of, iso, month_of, year_days
from app.services.books import Books

if TYPE_CHECKING:
    from app.adapters.pack_files import PackedFile
    from app.core.report.pack import AccountTie, PackInput
    from app.core.report.pack_figures import Check
    from app.core.report.schedule_c import ScheduleC
    from app.store.totals import Cell

APP_VERSION = "0.1.0"


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
    """Return Schedule C of a year, all businesses together, as booked up to a day."""
    from app.core.report.schedule_c import LineSum, schedule_c  # noqa: PLC0415 - the month report needs none of it
    from app.services.taxes import booked_sums  # noqa: PLC0415 - pulls in the tax engine

    total: dict[str, LineSum] = {}
    for sums in booked_sums(books, year, as_of if as_of is not None else year_days(year)[1]).values():
        for code, line in sums.items():
            held = total.setdefault(code, LineSum())
            held.cents += line.cents
            held.count += line.count
    return schedule_c(year, total)


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


def write_file(path: Path, data: bytes) -> None:
    """Write a report to a new file. Raises: Exists, BadFile."""
    from app.adapters import safe_files  # noqa: PLC0415

    safe_files.write_atomic(path, data, replace=False)


# --- the pack ---------------------------------------------------------------------------------------------------------


def export_pack(books: Books, year: int, target: Path, as_of: Day) -> tuple[list[PackedFile], int]:
    """Write the accountant pack of a year and return its files and the number of open questions.

    `as_of` is the day the pack is made for; of an earlier year it holds all rows. Equal books and an equal day give
    equal bytes. Raises: Exists when the target is there already.
    """
    from app.adapters import pack_files  # noqa: PLC0415 - only an export needs it
    from app.services import packs  # noqa: PLC0415 - same

    source = pack_input(books, year, as_of)
    files = pack_files.write_pack(source, target)
    packs.record(books, target, source)
    return files, len(source.questions)


def pack_input(books: Books, year: int, as_of: Day) -> PackInput:
    """Return all that a pack is made of."""
    from app.core.report.pack import AuditHead, Business, PackInput, ProfitRange, Question  # noqa: PLC0415
    from app.services import knowledge, review, taxes  # noqa: PLC0415
    from app.store import audit  # noqa: PLC0415

    first, last = year_days(year)
    end = min(as_of, last)
    net, _ = taxes.net_profit(books, year, end)
    # A pack states no tax, so a year without tax figures has one too: it names the rules nearest to it.
    figures = taxes.figures_of(min(knowledge.federal_years(), key=lambda known: abs(known - year)))
    business = books.settings.businesses()[0]
    asked = [item for item in review.items(books) if any(first <= row.tax_date <= end for row in item.rows)]
    seq, mac = audit.head_of_changes(books.connection)
    return PackInput(
        year=year,
        as_of=end,
        created_at=iso(as_of),
        app_version=APP_VERSION,
        rules_version=figures.version,
        rules_date=figures.read.isoformat(),
        business=Business(name=_names(books), profession=business.profession, owner=business.owner),
        accounts=account_ties(books, first, end),
        rows=list(books.lines.rows(first, end)),
        questions=[
            Question(
                item=item.id, question=item.question, count=len(item.rows), cents=sum(row.cents for row in item.rows)
            )
            for item in asked
        ],
        range=ProfitRange(net.low, net.expected, net.high),
        audit=AuditHead(seq, mac),
    )


def _names(books: Books) -> str:
    """Return whose books these are; a pack of several businesses says that it sums them."""
    names = [business.name for business in books.settings.businesses()]
    return names[0] if len(names) == 1 else f"{' + '.join(names)} ({len(names)} businesses, summed)"


def account_ties(books: Books, first: Day, last: Day) -> list[AccountTie]:
    """Return what each account held at both ends of a span, with the newest balance its files state."""
    from app.core.report.pack import AccountTie, MonthCover  # noqa: PLC0415
    from app.services import accounts, file_accounts  # noqa: PLC0415

    cover = accounts.coverage(books, month_of(first), month_of(last))
    found = []
    for account in books.accounts.all():
        before, money_in, money_out, rows = books.lines.account_flow(account.id, account.currency, first, last)
        stated = [
            f for f in books.accounts.files(account.id) if f.balance_day is not None and first <= f.balance_day <= last
        ]
        newest = max(stated, key=lambda f: (f.balance_day or 0, f.id), default=None)
        opening = account.opening_cents + before
        found.append(
            AccountTie(
                id=account.id, name=account.name, kind=account.kind, institution=account.institution or "",
                last4=account.last4, currency=account.currency, opening_cents=opening, in_cents=money_in,
                out_cents=money_out, closing_cents=opening + money_in + money_out,
                statement_cents=newest.balance_cents if newest else None,
                statement_day=newest.balance_day if newest else None,
                ties=file_accounts.ties(books, account, newest.balance_cents, newest.balance_day,
                                        sets_opening=bool(newest.sets_opening)) if newest else None,
                rows=rows, months=[MonthCover(m.month, m.state) for m in cover.get(account.id, [])],
            )
        )  # fmt: skip
    return found


def verify_pack(path: Path) -> list[Check]:
    """Check a pack against its own manifest. Raises: BadFile when there is none."""
    from app.adapters import pack_check  # noqa: PLC0415

    return pack_check.verify(path)


def ledger_rows(books: Books, year: int) -> Iterator[Sequence[Any]]:
    """Yield the general ledger of a year: date, entry, account, debit, credit, memo, balance; amounts in cents."""
    from app.core.report import pack  # noqa: PLC0415

    source = pack_input(books, year, year_days(year)[1])
    yield from pack.files(source)[pack.LEDGER].rows
