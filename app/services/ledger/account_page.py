"""The page Accounts: how each account stands, month by month, and a sentence for every month that is broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.books.vocabulary import Role
from app.core.dates import Day, date_of, month_days, month_of
from app.core.money import dollars, money_text
from app.services.books.open_books import Books
from app.services.ledger import accounts
from app.services.tax.tax_dates import words_of
from app.store.accounts import Account, ImportedFile

MONTHS = 12
QUIET_DAYS = 5
"""Days without a row between two files that say nothing: a bank's CSV names no period, and weeks begin quietly."""
STILL_TO_COME = 10
"""Days at the end of the running month that a file need not cover yet."""


class MonthState(StrEnum):
    """A month of an account as the grid shows it."""

    TIES = "ties"
    UNTIED = "untied"
    INCOMPLETE = "incomplete"
    NO_STATEMENT = "no_statement"
    """Rows or a covered period, but no stated balance to compare with."""
    MISSING = "missing"
    NONE = "none"
    """Before the account began."""


MONTH_WORDS = {
    MonthState.TIES: "balance ties",
    MonthState.UNTIED: "does not tie",
    MonthState.INCOMPLETE: "incomplete",
    MonthState.NO_STATEMENT: "no statement yet",
    MonthState.MISSING: "missing",
    MonthState.NONE: "before the account began",
}


class Health(StrEnum):
    """What a badge says by its look."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCell:
    """`sentence` explains a broken month, empty for the others. Units: cents of the account's currency."""

    month: int
    state: MonthState
    rows: int
    difference_cents: int = 0
    """Books less statement."""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    id: int
    name: str
    short_name: str
    kind: str
    role: str
    currency: str
    balance_cents: int
    balance_text: str
    balance_known: bool
    """False while no file stated a balance: the figure is then the sum of the rows, counted from zero."""
    rows: int
    second_line: str
    health: Health
    health_words: str
    months: tuple[MonthCell, ...]

    @property
    def broken(self) -> tuple[MonthCell, ...]:
        return tuple(cell for cell in self.months if cell.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """`totals` are the balances by currency; only dollars are one figure, no rate is made up for the others."""

    accounts: tuple[AccountRow, ...]
    months: tuple[int, ...]
    total_usd_cents: int
    totals: dict[str, int]


def page(books: Books, as_of: Day) -> AccountPage:
    """Return every account with the twelve months up to the one of `as_of`."""
    last = month_of(as_of)
    first = last - 100 + 1 if last % 100 < MONTHS else last - MONTHS + 1
    months = tuple(accounts.months(first, last))
    cover = accounts.coverage(books, first, last)
    rows = tuple(_account(books, view, cover.get(view.account.id, []), as_of) for view in accounts.listed(books))
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, 0) + row.balance_cents
    return AccountPage(accounts=rows, months=months, total_usd_cents=totals.get("USD", 0), totals=totals)


def amount(cents: int, currency: str) -> str:
    """Return an amount for people; another currency is named by its code."""
    return money_text(cents) if currency == "USD" else f"{dollars(cents)} {currency}"


def month_name(month: int, *, like: int | None = None) -> str:
    """Return `August`, or `August 2025` when it is in another year than `like`."""
    date = date_of(month_days(month)[0])
    return f"{date:%B}" if like is None or month // 100 == like // 100 else f"{date:%B %Y}"


def _account(
    books: Books, view: accounts.AccountView, cover: Sequence[accounts.MonthCoverage], as_of: Day
) -> AccountRow:
    account = view.account
    files = [f for f in books.accounts.files(account.id) if f.first_day is not None and f.last_day is not None]
    span = books.transactions.span(account.id)
    starts = [f.first_day for f in files if f.first_day is not None] + ([span[0]] if span else [])
    began = min(starts, default=None)
    stated = _differences(books, account, files)
    cells = tuple(_cell(account, month, files, began, stated, as_of) for month in cover)
    health, words = _health(account, cells, as_of, empty=began is None)
    return AccountRow(
        id=account.id, name=account.name, short_name=account.name.removeprefix(f"{account.institution} "),
        kind=account.kind, role=account.role, currency=account.currency, balance_cents=view.balance_cents,
        balance_text=amount(view.balance_cents, account.currency), balance_known=bool(account.opening_known),
        rows=view.rows,
        second_line=_second_line(account, files, view.as_of), health=health, health_words=words, months=cells,
    )  # fmt: skip


def _second_line(account: Account, files: Sequence[ImportedFile], newest: Day | None) -> str:
    parts = [account.institution or "", "from files" if files else "entered by hand"]
    if account.role == Role.RESERVE:
        parts.append("holds the reserve")
    parts.append(f"last row {words_of(newest)}" if newest is not None else "no rows yet")
    return ", ".join(part for part in parts if part)


def _differences(books: Books, account: Account, files: Sequence[ImportedFile]) -> dict[int, list[tuple[Day, int]]]:
    """Return (day, books less statement) of each stated balance that can be compared, by month."""
    found: dict[int, list[tuple[Day, int]]] = {}
    for file in files:
        if file.balance_cents is None or file.balance_day is None or file.sets_opening:
            continue
        held = account.opening_cents + books.transactions.sum_through(account.id, file.balance_day, account.currency)
        found.setdefault(month_of(file.balance_day), []).append((file.balance_day, held - file.balance_cents))
    return found


def _cell(
    account: Account, month: accounts.MonthCoverage, files: Sequence[ImportedFile], began: Day | None,
    stated: dict[int, list[tuple[Day, int]]], as_of: Day,
) -> MonthCell:  # fmt: skip
    first, last = month_days(month.month)
    if began is None or last < began:
        return MonthCell(month=month.month, state=MonthState.NONE, rows=month.rows)
    if first <= as_of <= last:
        last = max(first - 1, as_of - STILL_TO_COME)
    name = f"{account.name}, {month_name(month.month, like=month_of(as_of))}"
    off = [entry for entry in stated.get(month.month, []) if entry[1]]
    if off:
        day, cents = off[-1]
        way = "above" if cents > 0 else "below"
        sentence = (
            f"{name}: the books are {amount(abs(cents), account.currency)} {way} the statement of {words_of(day)}."
        )
        return MonthCell(
            month=month.month, state=MonthState.UNTIED, rows=month.rows, difference_cents=cents, sentence=sentence
        )
    gap = None if not files else _longest_gap(max(first, began), last, files)
    if gap is None:
        state = MonthState.TIES if stated.get(month.month) else MonthState.NO_STATEMENT
        return MonthCell(month=month.month, state=state, rows=month.rows)
    if month.state == "missing":
        sentence = f"{name}: no file covers this month. Download it from your bank and import it."
        return MonthCell(month=month.month, state=MonthState.MISSING, rows=0, sentence=sentence)
    sentence = f"{name}: no file covers {words_of(gap[0])} to {words_of(gap[1])}."
    return MonthCell(month=month.month, state=MonthState.INCOMPLETE, rows=month.rows, sentence=sentence)


def _longest_gap(first: Day, last: Day, files: Sequence[ImportedFile]) -> tuple[Day, Day] | None:
    """Return the longest run of days no file covers, None when it is short enough to say nothing."""
    longest: tuple[Day, Day] | None = None
    for gap in _gaps(first, last, files):
        if longest is None or gap[1] - gap[0] > longest[1] - longest[0]:
            longest = gap
    return longest if longest is not None and longest[1] - longest[0] + 1 > QUIET_DAYS else None


def _gaps(first: Day, last: Day, files: Sequence[ImportedFile]) -> Iterator[tuple[Day, Day]]:
    day = first
    spans = sorted((f.first_day, f.last_day) for f in files if f.first_day is not None and f.last_day is not None)
    for start, end in spans:
        if start > last:
            break
        if start > day:
            yield day, start - 1
        day = max(day, end + 1)
    if day <= last:
        yield day, last


def _health(account: Account, cells: Sequence[MonthCell], as_of: Day, *, empty: bool) -> tuple[Health, str]:
    """Return the badge: the worst first, the newest of its kind."""
    if empty:
        return Health.QUIET, "no files yet"
    newest_first = list(reversed(cells))
    now = month_of(as_of)
    for cell in newest_first:
        if cell.state == MonthState.UNTIED:
            off = amount(abs(cell.difference_cents), account.currency)
            return Health.BAD, f"does not tie by {off}"
    missing = [cell for cell in newest_first if cell.state == MonthState.MISSING]
    if len(missing) > 1:
        return Health.WARN, f"{len(missing)} months missing"
    if missing:
        return Health.WARN, f"{month_name(missing[0].month, like=now)} missing"
    if any(cell.state == MonthState.INCOMPLETE for cell in cells):
        return Health.WARN, "incomplete"
    return Health.GOOD, "in order"
