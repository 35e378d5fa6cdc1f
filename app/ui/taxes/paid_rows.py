"""Tax payments in words: recorded ones and those found in the bank rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.dates import Day, date_of
from app.ui.taxes.states import STATE_NAMES

if TYPE_CHECKING:
    from app.services.tax.tax_rows import BankRow
    from app.ui.taxes.view_model import Loaded

TYPES = (
    ("estimate", "Quarterly estimate"),
    ("extension", "With an extension"),
    ("applied", "Refund applied from the year before"),
    ("balance", "Rest, paid with the return"),
    ("penalty", "Penalty or interest"),
)
TYPE_WORDS = dict(TYPES)
EARNED = {1: "January to March", 2: "April and May", 3: "June to August", 4: "September to December"}
"""What an instalment is paid on (IRS Form 1040-ES)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidRow:
    day: Day
    cents: int
    whom: str
    what: str
    year: int | None
    proof: str
    transaction_id: int | None
    bank: BankRow | None
    """The bank row, when nobody has recorded the payment yet."""


def whom(jurisdiction: str | None) -> str:
    if jurisdiction is None:
        return "Tax payment"
    return "IRS" if jurisdiction == "federal" else STATE_NAMES.get(jurisdiction, jurisdiction)


def paid_rows(loaded: Loaded) -> list[PaidRow]:
    """Return recorded payments and those found in the bank rows, newest first."""
    year = loaded.page.year
    rows = [
        PaidRow(
            day=row.paid_date, cents=row.cents, whom=whom(row.jurisdiction), what=TYPE_WORDS.get(row.type, row.type),
            year=row.for_year, proof=f"no. {row.confirmation}" if row.confirmation else "recorded by you",
            transaction_id=row.transaction_id, bank=None,
        )
        for row in loaded.page.recorded
        if row.for_year == year
    ]  # fmt: skip
    counted = {row.transaction_id: row for row in loaded.page.payments if not row.recorded}
    for bank in loaded.unrecorded:
        found = counted.get(bank.transaction_id)
        if found is None and not bank.waits:
            continue
        rows.append(
            PaidRow(
                day=bank.day, cents=bank.cents, whom=whom(bank.jurisdiction),
                what=TYPE_WORDS["estimate"] if found else "waits for your answer", year=year if found else None,
                proof="found in bank rows" if found else "not counted yet",
                transaction_id=bank.transaction_id, bank=bank,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (-row.day, row.transaction_id or 0))


def default_year(day: Day) -> int:
    """Return the tax year a payment of this day is most likely for: January pays for the year before."""
    date = date_of(day)
    return date.year - 1 if date.month == 1 else date.year
