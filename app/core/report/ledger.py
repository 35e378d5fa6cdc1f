"""Double entry from single-entry books: every bank row meets the account that explains it.

Cash books of one person balance against owner's equity: draws, contributions, personal rows, household income and tax
payments. Transfers pass through a clearing account, where an unpaired one stays visible; rows without an answer stand
in suspense. Units: US cents, debit positive. Every entry sums to zero, so the trial balance does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.books.vocabulary import INCOME_LINES, LINES, NO_LINE, AccountKind, Kind
from app.core.dates import Day
from app.core.report.lines import BOOKED, LineRow, settled_line
from app.core.report.own_csv import payee_of

OPENING = "Equity: Opening balances"
DRAWS = "Equity: Owner draws"
SUSPENSE = "Suspense: Unreviewed rows"
PERSONAL = "Equity: Personal rows"
CLEARING = "Assets: Transfers clearing"

CONTRA: dict[str, str] = {
    Kind.TRANSFER: CLEARING,
    Kind.CARD_PAYMENT: CLEARING,
    Kind.OWNER_DRAW: DRAWS,
    Kind.OWNER_CONTRIBUTION: "Equity: Owner contributions",
    Kind.PERSONAL: PERSONAL,
    Kind.TAX_PAYMENT: "Equity: Tax payments",
    Kind.WAGES: "Equity: Household wages",
    Kind.INTEREST: "Equity: Household interest",
    Kind.LOAN: "Liabilities: Loans",
}
"""The account opposite the bank, by kind, for rows in no Schedule C line."""

OWED_KINDS = frozenset({AccountKind.CREDIT.value, AccountKind.LOAN.value})

FAMILIES = ("Assets", "Liabilities", "Equity", "Income", "Expenses", "Suspense")
"""The order accounts are shown in."""


class LedgerAccount(NamedTuple):
    """A bank or card account as the ledger needs it. Units: US cents, positive is owned."""

    id: int
    name: str
    kind: str
    last4: str | None
    opening_cents: int


class Leg(NamedTuple):
    """One side of an entry."""

    account: str
    date: Day
    order: tuple[int, int]
    """Transaction id and part; opening entries stand first in their day."""
    cents: int
    memo: str

    @property
    def entry(self) -> str:
        """The entry's name in files: the transaction's id, with its part after a dot for parts of a split."""
        number, part = self.order
        if number < 0:
            return f"opening.{-number}"
        return f"{number}.{part}" if part else str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    legs: tuple[Leg, ...]
    """By account in the order of the chart, then by date and entry."""
    balances: dict[str, int]
    """By account, in the order of the chart; the sum is zero."""


def line_account(code: str) -> str:
    """Return the ledger account of a line code: `Expenses: C24b Meals`."""
    family = "Income" if code in INCOME_LINES else "Expenses"
    return f"{family}: {code} {LINES[code]}"


def bank_names(accounts: Sequence[LedgerAccount]) -> dict[int, str]:
    """Return one name for each account; the id is added where two would be alike."""
    names: dict[int, str] = {}
    for account in accounts:
        family = "Liabilities" if account.kind in OWED_KINDS else "Assets"
        tail = f" ··{account.last4}" if account.last4 and account.last4 not in account.name else ""
        names[account.id] = f"{family}: {account.name}{tail}"
    taken = list(names.values())
    return {
        key: f"{name} (account {key})" if taken.count(name) > 1 or name == CLEARING else name
        for key, name in names.items()
    }


def contra_parts(row: LineRow) -> list[tuple[str, int]]:
    """Return the accounts opposite the bank with the cents of the row each explains (signed as the row is)."""
    if row.status not in BOOKED:
        return [(SUSPENSE, row.cents)]
    line = settled_line(row)
    if line != NO_LINE:
        rest = row.cents - row.business_cents
        parts = [(line_account(line), row.business_cents)]
        return [*parts, (DRAWS, rest)] if rest else parts
    if row.line in LINES and row.line.startswith("S1_"):
        return [(f"Equity: {row.line} {LINES[row.line]}", row.cents)]
    return [(CONTRA.get(row.kind, PERSONAL), row.cents)]


def ledger(
    rows: Iterable[LineRow], accounts: Sequence[LedgerAccount], first_day: Day, *, initials_only: bool = False
) -> Ledger:
    """Return every entry of the rows after an opening entry for each account that begins with a balance."""
    names = bank_names(accounts)
    by_account: dict[str, list[Leg]] = {names[account.id]: [] for account in accounts}
    by_account[CLEARING] = []
    for account in accounts:
        if account.opening_cents:
            order = (-account.id, 0)
            opening = Leg(names[account.id], first_day, order, account.opening_cents, "Opening balance")
            by_account[opening.account].append(opening)
            by_account.setdefault(OPENING, []).append(
                opening._replace(account=OPENING, cents=-account.opening_cents, memo=account.name)
            )
    for row in rows:
        bank = names.get(row.account_id) or names.setdefault(row.account_id, f"Assets: {row.account}")
        order = (row.transaction_id, row.part)
        memo = payee_of(row, initials_only=initials_only)
        by_account.setdefault(bank, []).append(Leg(bank, row.date, order, row.cents, memo))
        for name, part in contra_parts(row):
            by_account.setdefault(name, []).append(Leg(name, row.date, order, -part, memo))
    chart = sorted(by_account, key=_place)
    legs: list[Leg] = []
    for name in chart:
        legs.extend(sorted(by_account[name], key=_when))
    return Ledger(legs=tuple(legs), balances={name: sum(leg.cents for leg in by_account[name]) for name in chart})


def _when(leg: Leg) -> tuple[int, tuple[int, int]]:
    return leg.date, leg.order


def _place(name: str) -> tuple[int, int, str]:
    """Return where an account stands in the chart: family, then line of the form, then name."""
    family, _, rest = name.partition(": ")
    code = rest.partition(" ")[0]
    codes = list(LINES)
    number = codes.index(code) if family in {"Income", "Expenses"} and code in LINES else len(codes)
    return FAMILIES.index(family), number, name
