"""What a bank file says, before anybody decides what it means.

Readers are pure: bytes in, these values out. Text is still as the bank wrote it (unmasked): only the import service
holds it, in memory, and masks it before the first write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from typing import NamedTuple

from app.core.dates import Day


class SourceRow(NamedTuple):
    """One transaction as one line (or record) of a file. A NamedTuple, because an import makes 100,000 of them."""

    line: int
    """1-based physical line where the record starts."""
    posted: Day
    transacted: Day | None
    """Transaction date where the source gives one beside the posting date, else None."""
    cents: int
    """What moved the account's balance: positive in, negative out; net of a fee."""
    text: str
    """The descriptor, spaces folded, never empty (a source without text gives its type word)."""
    bank_id: str | None = None
    """FITID, transaction id or reference that the source calls unique, else None."""
    source_type: str | None = None
    """The source's own type word: OFX TRNTYPE, a CSV Type, Status or Category column; evidence only."""
    gross_cents: int | None = None
    fee_cents: int | None = None
    """Where the source shows a fee: gross + fee = cents; fee is negative. Both None otherwise."""
    currency: str | None = None
    """ISO code where a row differs from its statement, else None."""
    usd_cents: int | None = None
    """The file's own conversion of a foreign row, else None."""
    memo: str | None = None
    """Further text kept apart from the descriptor (note, memo), else None."""


class RowTrouble(NamedTuple):
    """A row that was not imported: its line and a short reason in plain words, without the row's contents."""

    line: int
    reason: str


@dataclass(slots=True, kw_only=True)
class Statement:
    """The rows of one account in one file."""

    rows: list[SourceRow]
    account_number: str | None = None
    """As the file gives it, unmasked: the service keeps a keyed fingerprint and the last four, then forgets it."""
    routing_number: str | None = None
    account_type: str | None = None
    """OFX ACCTTYPE or the source's own word."""
    institution: str | None = None
    """Plain name: `Chase`, `Bank of America`, or the OFX ORG."""
    kind: str | None = None
    """An AccountKind value when the file tells, else None."""
    last4: str | None = None
    name: str | None = None
    currency: str = "USD"
    first_day: Day | None = None
    last_day: Day | None = None
    """The period the file states (OFX DTSTART/DTEND, a title line); None when it states none."""
    balance_cents: int | None = None
    balance_day: Day | None = None
    """The stated (ledger or running) balance and the day it holds at the end of."""


@dataclass(slots=True, kw_only=True)
class ParsedFile:
    """All that a file holds. `rows` of the contract = imported or duplicate rows + skipped + rejected."""

    format: str
    """ofx, qif or csv."""
    layout: str
    """ofx-sgml, ofx-xml, qif, or the id of the CSV layout: chase-checking … or `mapping`."""
    statements: list[Statement]
    skipped: list[RowTrouble] = field(default_factory=list)
    rejected: list[RowTrouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Choices made while reading that the user should see (sign turned, date order, encoding), one sentence each."""
    mapping: dict[str, str | int | list[str]] | None = None
    """For a CSV of unknown layout: the guessed mapping, plain JSON, that reads this header again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the caller knows about the file."""

    format: str = "auto"
    """auto, ofx, qif or csv."""
    account_kind: str | None = None
    """AccountKind value the user named: decides signs of bare card files."""
    date_order: str | None = None
    """mdy or dmy as the user said it: decides a CSV whose every date could be either."""
    sign: str | None = None
    """signed or flipped as the user said it: decides a CSV that does not show which way its amounts go."""
    time_zone: tzinfo | None = None
    """The profile's zone, for sources that state UTC or a named zone; None is UTC."""
    mapping: dict[str, str | int | list[str]] | None = None
    """A saved mapping to read with."""
    mappings_by_header: dict[str, dict[str, str | int | list[str]]] = field(default_factory=dict)
    """Saved mappings by header signature (`csv_shape.signature`)."""
