"""What a bank file says, before anybody decides what it means.

Readers are pure: bytes in, these values out. Text is still as the bank wrote it (unmasked): only the import service
holds it, in memory, and masks it before the first write.

No data classes here or elsewhere on the way of an import: making eighteen of them took a fifth of a command's start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import NamedTuple

from app.core.dates import Day
from app.core.errors import BadFile


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
    """The source's own type word: OFX TRNTYPE, a CSV Type, Status or Category column, a connection's category code.
    Evidence only."""
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


MOST_REJECTED = 320_000
MOST_STATEMENTS = 1000


class Rejections(list[RowTrouble]):
    """The rows of a file that cannot be read. A file that has no end of them is no statement, and is not read on."""

    def append(self, trouble: RowTrouble, /) -> None:
        """Note a row. Raises: BadFile at the row that is one too many."""
        if len(self) >= MOST_REJECTED:
            raise too_many_rejected(trouble.line)
        super().append(trouble)


def too_many_rejected(line: int | None = None) -> BadFile:
    """Return the refusal of a file of which hardly anything can be read."""
    return BadFile(
        f"More than {MOST_REJECTED:,} rows of the file cannot be read.", "Download the statement again.", line=line
    )


def refuse_crowd(count: int) -> None:
    """Refuse a file that claims to hold more accounts than anybody has. Raises: BadFile."""
    if count > MOST_STATEMENTS:
        raise BadFile(
            f"The file holds more than {MOST_STATEMENTS:,} statements.", "Download the statement of one account."
        )


class Statement:
    """The rows of one account in one file; a reader fills in what the file tells of it."""

    def __init__(
        self, *, rows: list[SourceRow], account_type: str | None = None, institution: str | None = None,
        kind: str | None = None, name: str | None = None, currency: str = "USD",
    ) -> None:  # fmt: skip
        self.rows = rows
        self.account_number: str | None = None
        """As the file gives it, unmasked: the service keeps a keyed fingerprint and the last four, then forgets it."""
        self.routing_number: str | None = None
        self.account_type = account_type
        """OFX ACCTTYPE or the source's own word."""
        self.institution = institution
        """Plain name: `Chase`, `Bank of America`, or the OFX ORG."""
        self.kind = kind
        """An AccountKind value when the file tells, else None."""
        self.last4: str | None = None
        self.name = name
        self.currency = currency
        self.first_day: Day | None = None
        self.last_day: Day | None = None
        """The period the file states (OFX DTSTART/DTEND, a title line); None when it states none."""
        self.balance_cents: int | None = None
        self.balance_day: Day | None = None
        """The stated (ledger or running) balance and the day it holds at the end of."""
        self.opening_cents: int | None = None
        """What the account held before the first row, where the file states that too."""

    __hash__ = None  # type: ignore[assignment]  # it changes while a file is read, so it is no key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Statement) and vars(self) == vars(other)


class ParsedFile:
    """All that a file holds. `rows` of the contract = imported or duplicate rows + skipped + rejected."""

    def __init__(
        self, *, format: str, layout: str, statements: list[Statement],  # noqa: A002 - the word of the contract
        mapping: dict[str, str | int | list[str]] | None = None,
    ) -> None:  # fmt: skip
        self.format = format
        """ofx, qif, csv or camt."""
        self.layout = layout
        """ofx-sgml, ofx-xml, qif, camt-053, or the id of the CSV layout: chase-checking … or `mapping`."""
        self.statements = statements
        self.skipped: list[RowTrouble] = []
        self.rejected: list[RowTrouble] = Rejections()
        self.notes: list[str] = []
        """Choices made while reading that the user should see (sign turned, date order, encoding), a sentence each."""
        self.mapping = mapping
        """For a CSV of unknown layout: the guessed mapping, plain JSON, that reads this header again."""

    __hash__ = None  # type: ignore[assignment]  # it changes while a file is read, so it is no key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParsedFile) and vars(self) == vars(other)


class ReadOptions(NamedTuple):
    """What the caller knows about the file."""

    format: str = "auto"
    """auto, ofx, qif, csv or camt."""
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
    mappings_by_header: Mapping[str, dict[str, str | int | list[str]]] = MappingProxyType({})
    """Saved mappings by header signature (`csv_shape.signature`)."""
