"""The invented money of one household: accounts, rows, pairs, and what each of them truly is.

Writers turn it into bank files; `truth` turns it into the answer sheet. Nothing here knows the program under test, so
that a mistake of the program cannot hide in its own test data. Amounts are cents, positive = money in.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

ALNUM = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
DAY = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Account:
    label: str
    file: str
    writer: str
    """Name of a function in `writers.WRITERS`."""
    kind: str
    institution: str
    last4: str
    number: str = ""
    routing: str = ""
    opening: int = 0
    dress: str = "plain"
    """How a merchant's name looks on this account: a name in `wording.DRESSES`."""


@dataclass(slots=True, kw_only=True, eq=False)
class Row:
    account: str
    posted: date
    cents: int
    text: str
    kind: str
    line: str | None
    """Schedule C line of the truth; None where an honest program has to ask."""
    transacted: date | None = None
    gross: int | None = None
    fee: int | None = None
    source_type: str = ""
    category: str = ""
    name: str = ""
    """Counterparty for files that keep it apart from the description."""
    city: str = ""
    bank_id: str = ""
    judgment: bool = False
    """True where only the owner can know: the program should ask, and booking it otherwise is no fault."""
    pair: int | None = None
    pair_type: str | None = None
    original: Row | None = None
    note: str = ""
    balance: int = 0
    line_no: int = 0

    @property
    def day(self) -> date:
        return self.transacted or self.posted


@dataclass(slots=True, kw_only=True)
class Skip:
    """A line of a file that moved no money: a pending row, an authorisation, a balance line."""

    account: str
    posted: date
    cents: int
    text: str
    reason: str
    line_no: int = 0


@dataclass(slots=True)
class Pair:
    type: str
    out: Row
    inn: Row
    fee: int = 0


@dataclass(slots=True)
class Books:
    first: date
    last: date
    rng: Random
    accounts: dict[str, Account] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    decoys: list[tuple[Row, Row, str]] = field(default_factory=list)

    def add(
        self, account: str, posted: date, cents: int, text: str, kind: str, line: str | None, **more: object
    ) -> Row:
        row = Row(account=account, posted=posted, cents=cents, text=text, kind=kind, line=line, **more)  # type: ignore[arg-type]
        self.rows.append(row)
        return row

    def link(self, kind: str, out: Row, inn: Row, fee: int = 0) -> None:
        """Record that two rows are one movement. Units: fee in cents, as it was kept from the arriving side."""
        self.pairs.append(Pair(kind, out, inn, fee))

    def decoy(self, a: Row, b: Row, why: str) -> None:
        self.decoys.append((a, b, why))

    def balance(self, account: str, at: date) -> int:
        return self.accounts[account].opening + sum(
            r.cents for r in self.rows if r.account == account and r.posted <= at
        )

    def of(self, account: str) -> list[Row]:
        return [r for r in self.rows if r.account == account]

    def close(self) -> None:
        """Drop what posts after the last day, sort, number the pairs and run the balances."""
        self.rows = [r for r in self.rows if self.first <= r.posted <= self.last]
        self.rows.sort(key=lambda r: r.posted)
        alive = {id(r) for r in self.rows}
        whole: list[Pair] = []
        for pair in self.pairs:
            if id(pair.out) in alive and id(pair.inn) in alive:
                whole.append(pair)
                for row in (pair.out, pair.inn):
                    row.pair, row.pair_type = len(whole), pair.type
            else:
                for row in (pair.out, pair.inn):
                    row.note = (row.note + "; in flight at the end of the files").lstrip("; ")
        self.pairs = whole
        self.decoys = [d for d in self.decoys if id(d[0]) in alive and id(d[1]) in alive]
        for row in self.rows:
            if row.original is not None and id(row.original) not in alive:
                row.original = None
        running = {label: account.opening for label, account in self.accounts.items()}
        for row in self.rows:
            running[row.account] += row.cents
            row.balance = running[row.account]


def months(first: date, last: date) -> list[date]:
    """Return the first day of every month that the period touches."""
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(date(year, month, 1))
        year, month = year + month // 12, month % 12 + 1
    return found


def holidays(year: int) -> set[date]:
    """Return the days on which the Federal Reserve settles nothing."""

    def nth(month: int, weekday: int, n: int) -> date:
        start = date(year, month, 1)
        return start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (n - 1))

    last_monday = date(year, 5, 31) - timedelta(days=date(year, 5, 31).weekday())
    days = {nth(1, 0, 3), nth(2, 0, 3), last_monday, nth(9, 0, 1), nth(10, 0, 2), nth(11, 3, 4)}
    for fixed in (date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)):
        days.add(fixed + DAY if fixed.weekday() == 6 else fixed)  # a Saturday holiday is not moved to Friday
    return days


_HOLIDAYS: dict[int, set[date]] = {}


def bank_day(day: date, later: int = 0) -> date:
    """Return the first settlement day on or after `day`, then `later` settlement days on."""
    while True:
        closed = _HOLIDAYS.setdefault(day.year, holidays(day.year))
        if day.weekday() < 5 and day not in closed:
            if later == 0:
                return day
            later -= 1
        day += DAY


def token(rng: Random, size: int, letters: str = ALNUM) -> str:
    return "".join(rng.choices(letters, k=size))


def digits(rng: Random, size: int) -> str:
    return str(rng.randrange(10 ** (size - 1), 10**size))


def stable(name: str, size: int) -> str:
    """Return digits that stay the same for one name, as an originator's company id does."""
    return str(zlib.crc32(name.encode()) * 7919 + 10**12)[-size:]


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
