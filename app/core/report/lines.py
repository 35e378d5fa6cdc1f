"""The rows reports read: one per transaction, or one per part when a row is split or carries a fee.

They come from one SQL view of the same name, so every report rests on the same effective values.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import NO_LINE, PROFIT_KINDS, PROFIT_LINES, Status
from app.core.dates import Day

COUNTED_KINDS = frozenset(kind.value for kind in PROFIT_KINDS)
BOOKED = frozenset({Status.AUTO.value, Status.CONFIRMED.value})


class LineRow(NamedTuple):
    """One line of the view `lines` with the names a report prints. The parts of one transaction sum to its amount."""

    transaction_id: int
    part: int
    """0 for a whole row; 1, 2 … for the parts of a split or of a row with a fee."""
    date: Day
    """The tax date: it alone decides month, quarter and tax year."""
    posted: Day
    account_id: int
    account: str
    last4: str | None
    merchant: str | None
    description: str
    cents: int
    currency: str
    kind: str
    """A Kind value."""
    line: str
    """A line code of the vocabulary, sub-lines included; NONE for none."""
    percent: int
    """Business share in basis points."""
    business_cents: int
    """`cents` times `percent`, rounded once; 0 for a row in no Schedule C line."""
    status: str
    """auto, confirmed or suggested; booked = auto + confirmed."""
    note: str | None
    tags: str
    """Words joined by one space; empty for none."""
    source_file: str | None
    source_line: int | None
    operation: int | None
    """The operation that brought the row in (import batch)."""


def settled_line(row: LineRow) -> str:
    """Return the Schedule C line a booked row counts on, NONE for every other row."""
    if row.line in PROFIT_LINES and row.kind in COUNTED_KINDS and row.status in BOOKED:
        return row.line
    return NO_LINE
