"""Payments that are expected of payers, and how they stand against what came. A light list, no invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.dates import Day, iso, year_of
from app.core.errors import NotFound, Refused
from app.core.income import expected as matching
from app.core.income.expected import Expectation, Met, State
from app.core.ingest.typed import kept
from app.services.bank import bank_history
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.income import payers
from app.store.income import ExpectedRow

SOON, LATER = 30, 90
"""Days ahead for which the sums are made."""
_LARGEST = 1_000_000_000_00
_GONE_QUIET = 2
"""Who is so many intervals behind the usual day is not said to be about to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One expected payment as it stands."""

    id: int
    payer_id: int
    payer: str
    due: Day
    cents: int
    note: str | None
    state: str
    received_cents: int
    open_cents: int
    days_late: int
    transactions: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """A payment that may come by the payer's rhythm, and that nobody wrote down."""

    payer_id: int
    payer: str
    due: Day
    cents: int
    days_late: int
    interval_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Units: US cents. The sums hold what is written down and still open; `likely` is beside them."""

    as_of: Day
    rows: Sequence[Standing]
    likely: Sequence[Likely]
    late_cents: int
    next_30_cents: int
    next_90_cents: int
    likely_30_cents: int
    awaits: tuple[str, ...] = ()
    """Banks that still tell rows of the past: until they are here nothing counts as late."""


def outlook(books: Books, as_of: Day) -> Outlook:
    """Return every expected payment as it stands on a day, and what may come besides."""
    found = payers.known(books)
    stored = {row.id: row for row in books.income.expected()}
    receipts = [
        matching.Receipt(each.id, each.payer, each.day, each.gross + each.fees, each.gross)
        for each in found.receipts
        if each.payer is not None
    ]
    awaits = bank_history.awaited(books)
    wanted = [Expectation(row.id, found.of_text[row.text_id], row.due, row.cents) for row in stored.values()
              if row.text_id in found.of_text]  # fmt: skip
    rows = [_standing(met, stored[met.expectation.id], found) for met in matching.met(wanted, receipts, as_of)]
    likely = _likely(books, rows, as_of)
    if awaits:
        rows, likely = [_not_late(row) for row in rows], [replace(each, days_late=0) for each in likely]
    return Outlook(
        as_of=as_of, rows=rows, likely=likely,
        late_cents=0 if awaits else sum(row.open_cents for row in rows if row.due < as_of),
        next_30_cents=_open(rows, as_of, SOON), next_90_cents=_open(rows, as_of, LATER),
        likely_30_cents=sum(each.cents for each in likely if each.due <= as_of + SOON), awaits=awaits,
    )  # fmt: skip


def contract(row: Standing) -> dict[str, Any]:
    """Return an expected payment as the command line and exports write it."""
    return {
        "id": row.id, "payer_id": row.payer_id, "payer": row.payer, "due": iso(row.due), "cents": row.cents,
        "note": row.note, "state": row.state, "received_cents": row.received_cents, "open_cents": row.open_cents,
        "days_late": row.days_late, "transactions": list(row.transactions),
    }  # fmt: skip


def _open(rows: Sequence[Standing], as_of: Day, days: int) -> int:
    return sum(row.open_cents for row in rows if as_of <= row.due <= as_of + days)


def _standing(met: Met, row: ExpectedRow, found: payers.Known) -> Standing:
    number = met.expectation.payer
    return Standing(
        id=row.id, payer_id=number, payer=found.payers[number].name, due=row.due, cents=row.cents, note=row.note,
        state=str(met.state), received_cents=met.received_cents, open_cents=met.open_cents, days_late=met.days_late,
        transactions=met.transactions,
    )  # fmt: skip


def _not_late(row: Standing) -> Standing:
    """Return it as not late: the payment may be among the rows that a bank still has to tell."""
    return replace(row, days_late=0, state=str(State.EXPECTED) if row.state == State.LATE else row.state)


def _likely(books: Books, rows: Sequence[Standing], as_of: Day) -> list[Likely]:
    """Return the next payment of everybody who pays regularly and about the same, and of whom none is written down."""
    waiting = {(row.payer_id, row.due) for row in rows if row.state not in {State.RECEIVED, State.OVER}}
    found = []
    for payer in payers.in_year(books, year_of(as_of), as_of, every=True).payers:
        due, cents, days = payer.rhythm.next_day, payer.rhythm.usual_cents, payer.rhythm.interval_days
        if due is None or cents is None or days is None or due + _GONE_QUIET * days < as_of:
            continue
        near = max(3, days // 2)
        if any(number == payer.id and abs(day - due) <= near for number, day in waiting):
            continue
        found.append(
            Likely(
                payer_id=payer.id, payer=payer.name, due=due, cents=cents, days_late=max(0, as_of - due),
                interval_days=days,
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (each.due, each.payer_id))


def add(
    books: Books, selector: str, due: Day, cents: int, note: str = "", *, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Expect a payment of a payer. Raises: NotFound; Refused."""
    payer = payers.find(books, selector)
    with books.work.operation("expected_add", dry_run=dry_run) as work:
        number = books.income.add("expected_payment", {
            "text_id": payer.id, "due": due, "cents": _amount(cents), "note": kept(note) or None,
        })  # fmt: skip
    return work.outcome, number if work.outcome.operation else None


def change(books: Books, number: int, values: Mapping[str, Any], *, dry_run: bool = False) -> Outcome:
    """Change due, cents, note or payer of an expected payment. Raises: NotFound; Refused."""
    row = _existing(books, number)
    wanted: dict[str, str | int | None] = {}
    if "due" in values:
        wanted["due"] = values["due"]
    if "cents" in values:
        wanted["cents"] = _amount(values["cents"])
    if "note" in values:
        wanted["note"] = kept(values["note"]) or None
    if "payer" in values:
        wanted["text_id"] = payers.find(books, values["payer"]).id
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    with books.work.operation("expected_set", dry_run=dry_run) as work:
        if changed:
            books.income.change("expected_payment", number, changed)
    return work.outcome


def remove(books: Books, number: int, *, dry_run: bool = False) -> Outcome:
    """Remove an expected payment. Raises: NotFound."""
    _existing(books, number)
    with books.work.operation("expected_remove", dry_run=dry_run) as work:
        books.income.remove("expected_payment", number)
    return work.outcome


def _existing(books: Books, number: int) -> ExpectedRow:
    for row in books.income.expected():
        if row.id == number:
            return row
    raise NotFound(f"There is no expected payment {number}.", "See them with: ops1099 expected list")


def _amount(cents: int) -> int:
    if not 0 < cents <= _LARGEST:
        raise Refused("An expected payment is a positive amount.", "Give it in dollars, such as 4800 or 1234.50.")
    return cents
