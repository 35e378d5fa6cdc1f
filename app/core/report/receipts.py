"""Gross receipts against the bank: who paid, and how the sum becomes what was deposited.

Every deposit is a transaction that brought money into an account. Taking its parts one by one gives a bridge that must
end at the money in that the accounts themselves report; what is left over is shown, to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.core.books.vocabulary import Kind
from app.core.report.counterparty import counterparty
from app.core.report.lines import BOOKED, LineRow, settled_line
from app.core.report.own_csv import initials
from app.core.report.pack_input import AccountTie


class Payer(NamedTuple):
    """Receipts from one payer. Units: US cents."""

    name: str
    cents: int
    rows: int


class Step(NamedTuple):
    """One step from receipts to deposits. Units: US cents, signed as it moves the sum."""

    label: str
    cents: int
    rows: int


class Bridge(NamedTuple):
    """Units: US cents."""

    gross: int
    steps: Sequence[Step]
    deposits: int
    """Money in as the accounts report it, by tax date."""
    left_out: int
    """Accounts in another currency, which the bridge does not cover."""

    @property
    def explained(self) -> int:
        return self.gross + sum(step.cents for step in self.steps)

    @property
    def difference(self) -> int:
        return self.deposits - self.explained


def payers(rows: Iterable[LineRow], *, initials_only: bool, names_of: Mapping[int, str] | None = None) -> list[Payer]:
    """Return the payers of line 1, the largest first; two of one name are one, two of one initial are not.

    `names_of` has the payers of transactions where they are known; the others are named by their texts.
    """
    known = names_of or {}
    names: dict[str, str] = {}
    cents: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        if settled_line(row) != "C1":
            continue
        name = known.get(row.transaction_id) or counterparty(row)
        key = name.casefold()
        names.setdefault(key, name)
        cents[key] += row.business_cents
        count[key] += 1
    found = [Payer(names[key], cents[key], count[key]) for key in names]
    found.sort(key=lambda payer: (-payer.cents, payer.name))
    if initials_only:
        return [payer._replace(name=initials(payer.name) or "No name") for payer in found]
    return [payer._replace(name=payer.name or "No name") for payer in found]


STEPS = (
    "Line 1 rows outside these deposits",
    "Private share of receipts",
    "Fees kept back before the deposit",
    "Refunds and chargebacks inside a deposit",
    "Other business income (line 6)",
    "Refunds of business costs",
    "Own transfers and card payments",
    "Owner contributions",
    "Loans received",
    "Wages and interest of the household",
    "Tax refunds",
    "Personal money in",
    "Not booked yet",
)


def bridge(rows: Sequence[LineRow], accounts: Sequence[AccountTie]) -> Bridge:
    """Return the way from line 1 to the money that came into the accounts, steps without rows left out."""
    dollars = {tie.id for tie in accounts if tie.currency == "USD"}
    net: dict[int, int] = defaultdict(int)
    for row in rows:
        net[row.transaction_id] += row.cents
    cents: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    gross = 0

    def step(label: str, amount: int) -> None:
        cents[label] += amount
        count[label] += 1

    for row in rows:
        receipt = settled_line(row) == "C1"
        deposit = net[row.transaction_id] > 0 and row.account_id in dollars
        if receipt:
            gross += row.business_cents
            if not deposit:
                step(STEPS[0], -row.business_cents)
            elif row.cents != row.business_cents:
                step(STEPS[1], row.cents - row.business_cents)
        elif deposit:
            step(_step_of(row), row.cents)
    steps = [Step(label, cents[label], count[label]) for label in STEPS if count[label]]
    money_in = sum(tie.in_cents for tie in accounts if tie.id in dollars)
    return Bridge(gross, steps, money_in, len(accounts) - len(dollars))


def _step_of(row: LineRow) -> str:
    if row.status not in BOOKED:
        return STEPS[12]
    line = settled_line(row)
    if line == "C2":
        return STEPS[3]
    if line == "C6":
        return STEPS[4]
    if line != "NONE":
        return STEPS[2] if row.cents < 0 else STEPS[5]
    by_kind = {
        Kind.TRANSFER: STEPS[6],
        Kind.CARD_PAYMENT: STEPS[6],
        Kind.OWNER_CONTRIBUTION: STEPS[7],
        Kind.LOAN: STEPS[8],
        Kind.WAGES: STEPS[9],
        Kind.INTEREST: STEPS[9],
        Kind.TAX_PAYMENT: STEPS[10],
    }
    return next((label for kind, label in by_kind.items() if kind == row.kind), STEPS[11])


def after_period(rows: Iterable[LineRow], last: int) -> Step:
    """Return the deposits that belong to the period by tax date but were posted after it."""
    late = [row.cents for row in rows if row.cents > 0 and row.posted > last]
    return Step("Posted by the bank after the period", sum(late), len(late))
