"""What a pack is made of: the facts the services gather, before any report is drawn from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.core.dates import Day
from app.core.report.lines import LineRow
from app.core.report.schedule_c import ScheduleC


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    name: str
    profession: str
    owner: str
    """self or spouse."""
    principal_code: str | None = None
    started: Day | None = None
    trades: int = 1
    """How many businesses the figures sum; above one, each needs a Schedule C of its own."""


class MonthCover(NamedTuple):
    month: int
    """202611."""
    state: str
    """covered, partial, missing or untied."""
    ties: bool | None = None
    """Whether a balance stated in this month holds; None where none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTie:
    """One account over the period. Units: US cents, positive is owned; `out_cents` is negative or zero."""

    id: int
    name: str
    kind: str
    institution: str
    last4: str | None
    currency: str
    opening_cents: int
    in_cents: int
    out_cents: int
    closing_cents: int
    statement_cents: int | None = None
    statement_day: Day | None = None
    book_cents: int | None = None
    """What the books hold at the end of that day, by posting date as the bank counts."""
    ties: bool | None = None
    """None without a statement, or where the statement itself set the opening balance."""
    rows: int = 0
    months: Sequence[MonthCover] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open question. Units: `cents` is the sum of its rows in US cents."""

    item: str
    question: str
    count: int
    cents: int
    rows: Sequence[int] = ()
    """Ids of its transactions."""


class TaxPaid(NamedTuple):
    """One payment of income tax that counts against the year. Units: US cents, positive is paid."""

    day: Day
    cents: int
    jurisdiction: str
    year: int
    type: str
    confirmation: str | None
    transaction_id: int | None
    recorded: bool
    """Entered by a person; else read from a bank row."""


class ReportingLimit(NamedTuple):
    """From what sum a year's payments to one contractor are reported. Units: US cents."""

    cents: int
    source: str


class ProfitRange(NamedTuple):
    """Net profit when every open question is answered least, most likely and most favourably. Units: US cents."""

    low_cents: int
    expected_cents: int
    high_cents: int


class AuditHead(NamedTuple):
    seq: int
    mac: str


class WorkLine(NamedTuple):
    """A line of a worksheet behind the form: arithmetic over named amounts, so that anybody can redo it."""

    business: str
    form: str
    line: str
    label: str
    cents: int
    formula: str
    inputs: str
    source: str


class FormReceived(NamedTuple):
    """Forms 1099 of one payer against the books. Units: US cents; reported + bridge + difference = received."""

    payer: str
    form: str
    reported: int
    received: int
    explained: int
    """Sum of the steps between the form and the books."""
    steps: str
    difference: int


class VehicleFacts(NamedTuple):
    """What Part IV asks of a vehicle, in words; “not answered” where nobody said."""

    business: str
    name: str
    in_service: Day
    method: str
    business_miles: str
    commuting_miles: str
    other_miles: str
    personal_use: str
    another_car: str
    evidence: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackInput:
    year: int
    as_of: Day
    created_at: str
    """ISO text; equal books and an equal text give equal bytes."""
    app_version: str
    rules_version: str
    rules_date: str
    """ISO date on which the newest tax figure was taken in."""
    business: Business
    accounts: Sequence[AccountTie]
    rows: Sequence[LineRow]
    """Rows of the tax year up to `as_of`, deleted ones left out."""
    questions: Sequence[Question]
    range: ProfitRange
    audit: AuditHead
    initials_only: bool = False
    prior: ScheduleC | None = None
    """The year before as these books hold it; None when they hold nothing of it."""
    payments: Sequence[TaxPaid] = ()
    limit: ReportingLimit | None = None
    """None for a year whose limit is not known."""
    worked: Mapping[str, int] = field(default_factory=dict)
    """What worksheets allow of lines of the form, signed as in the books; empty where the rows say it all."""
    worksheet: Sequence[WorkLine] = ()
    vehicles: Sequence[VehicleFacts] = ()
    payer_names: Mapping[int, str] = field(default_factory=dict)
    """By transaction: the payer as the page Income names it; what is not here is named by its text."""
    forms: Sequence[FormReceived] = ()
    open_facts: Sequence[str] = ()
    """What a form still asks that no row answers, and what is not worked out."""
