"""What a household is like: its accounts, clients, bills and habits, as plain data for `story`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from generator.ledger import Account

ASK = None
"""The Schedule C line of a cost that only the owner can place."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """A shop that is visited at random. `{n}` in the text is a number that varies by visit, `{r}` random letters."""

    account: str
    text: str
    city: str
    per_month: float
    low: int
    high: int
    """Cents."""
    kind: str = "personal"
    line: str | None = "NONE"
    category: str = "Shopping"


@dataclass(frozen=True, slots=True)
class Bill:
    """The same payee every month (or in the months named)."""

    account: str
    day: int
    text: str
    low: int
    high: int
    kind: str
    line: str | None
    entry: str = ""
    """Set for an ACH entry: its description. Else the row is a card purchase."""
    category: str = "Bills & Utilities"
    months: tuple[int, ...] = ()
    city: str = "SAN FRANCISCO CA"


@dataclass(frozen=True, slots=True)
class Client:
    name: str
    how: str
    """ach, check, zelle, wire, stripe, paypal, or platform (an unconnected processor's payout)."""
    per_month: float
    low: int
    high: int
    step: int = 5000
    entry: str = "VENDOR PMT"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlan:
    """How a card is paid from checking."""

    card: str
    day: int
    bank_text: str
    card_text: str
    lag: tuple[int, int]
    """Settlement days from the card's credit to the bank's debit; negative when the bank comes first."""
    opening_owed: int
    extra_months: tuple[int, ...] = ()
    """Months with a second payment by hand."""
    extra_bank_text: str = ""
    extra_card_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    slug: str
    profession: str
    owner: str
    state: str
    filing_status: str
    first: date
    last: date
    accounts: tuple[Account, ...]
    checking: str
    savings: str
    stripe: str = ""
    paypal: str = ""
    ach_style: str
    clients: tuple[Client, ...]
    bills: tuple[Bill, ...]
    merchants: tuple[Merchant, ...]
    cards: tuple[CardPlan, ...]
    to_savings: tuple[str, str]
    """Wording on checking and on savings, money going to savings."""
    from_savings: tuple[str, str]
    transfer_lag: tuple[int, int] = (0, 2)
    reserve_sum: tuple[int, int] = (40000, 120000)
    payout_lag: tuple[int, int] = (1, 3)
    payout_entry: str = "TRANSFER"
    savings_interest: str = "Interest Paid"
    taxes: tuple[tuple[date, int, str, str], ...] = ()
    """Day, cents, payee, ACH entry of every income-tax payment."""
    payroll: tuple[str, int] = ("", 0)
    """Employer and net pay in cents of the spouse's salary, twice a month; empty for none."""
    wire_fee: int = 1500
    home_city: str = "OAKLAND CA"
    extras: dict[str, str] = field(default_factory=dict)
