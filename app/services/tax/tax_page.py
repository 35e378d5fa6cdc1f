"""The page Taxes: what lies aside, what is needed, and every step from the expected profit to that figure.

The steps come from the same evaluation as the reserve. Within a group the parts add up to its sum, and the last sum is
what is still to move; where the law stops at zero, a step of its own says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.books.vocabulary import FilingStatus
from app.core.dates import Day
from app.core.money import split_by_weights
from app.core.tax.model import Line
from app.services.books.open_books import Books
from app.services.review import questions as review
from app.services.tax import reserves, tax_dates, tax_ladder, taxes, taxes_paid
from app.services.tax.tax_dates import DueDate
from app.services.tax.tax_ladder import Step
from app.store.settings import TaxPayment

FILING_STATUS_WORDS = {
    FilingStatus.SINGLE: "single",
    FilingStatus.MFJ: "married filing jointly",
    FilingStatus.MFS: "married filing separately",
    FilingStatus.HOH: "head of household",
    FilingStatus.QSS: "qualifying surviving spouse",
}

MOVED, TO_MOVE, WAITS = "moved", "to_move", "waits"
_STATUS_WORDS = {MOVED: "moved or paid", TO_MOVE: "to move", WAITS: "waits for an answer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """Units: US cents. `percent` is 0 to 100, rounded down, so that a full ring means that nothing is missing."""

    held_cents: int
    needed_cents: int
    set_aside_now_cents: int
    """Still to move; 0 when more lies aside than is needed."""
    surplus_cents: int
    percent: int
    low_cents: int
    high_cents: int
    """What may still have to move, until the open questions are answered."""
    true_up_cents: int = 0
    """By how much the set-asides that were kept fall short of their share now; below zero: they have too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRow:
    """`rate` is basis points of the deposit; `status` is moved, to_move or waits, `words` says it."""

    transaction_id: int
    day: Day
    payer: str
    cents: int
    rate: int
    set_aside_cents: int
    status: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One tax in what a deposit sets aside. `rate` is basis points of the deposit."""

    key: str
    label: str
    cents: int
    rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Who taxes. `included` says whether its tax is in the figures; `note` says so in words."""

    code: str
    included: bool
    paid_cents: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment that counts against the year. `recorded` is False for one found in the bank rows."""

    day: Day
    cents: int
    jurisdiction: str
    type: str
    transaction_id: int | None
    recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveHint:
    """Which account the money goes to, and how the program sees that it went there."""

    account_id: int | None
    account: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPage:
    year: int
    as_of: Day
    household: str
    """`2026, married filing jointly, CA`."""
    first_guess: bool
    gauge: Gauge
    ladder: tuple[Step, ...]
    worksheet: tuple[Line, ...]
    deposits: tuple[DepositRow, ...]
    """Newest first."""
    newest_parts: tuple[Part, ...]
    """What the newest deposit sets aside, by tax; empty without a deposit."""
    newest_marginal_cents: int
    """What the year's tax would be less without the newest deposit."""
    due_dates: tuple[DueDate, ...]
    payments: tuple[Payment, ...]
    recorded: tuple[TaxPayment, ...]
    jurisdictions: tuple[Jurisdiction, ...]
    not_included: tuple[str, ...]
    """What is not in the figures, how far those of the state can be relied on, and taxes that are not income taxes."""
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    """Those of the assumptions that must not be overlooked, to be shown in the color of danger."""
    standing: str
    """The sentence that stands beside every tax figure, with the version of the rules."""
    move: MoveHint
    open_questions: int


def page(
    books: Books, as_of: Day | None = None, *, year: int | None = None, questions: int | None = None
) -> TaxPage:  # fmt: skip
    """Return all that the page shows on a day, or of a past year.

    `questions` is the number of open ones where the caller has counted them. Raises: Refused for a year without
    figures, or another entity.
    """
    found = reserves.reserve_today(books, as_of=as_of, year=year)
    today = as_of if as_of is not None else taxes.today(books)
    answer = found.reserve
    values, _ = books.settings.profile(found.year)
    status = FilingStatus(values.get("filing_status") or FilingStatus.SINGLE)
    state = values.get("state", "")
    ladder, worksheet = tax_ladder.ladder(found)
    deposits = tuple(deposit_rows(found))
    return TaxPage(
        year=found.year,
        as_of=found.as_of,
        household=", ".join(part for part in (str(found.year), FILING_STATUS_WORDS[status], state) if part),
        first_guess=answer.standing.first_guess,
        gauge=gauge(found),
        ladder=ladder,
        worksheet=worksheet,
        deposits=deposits,
        newest_parts=_parts(found, deposits[0]) if deposits else (),
        newest_marginal_cents=answer.deposits[-1].marginal.total if deposits else 0,
        due_dates=tax_dates.due_dates(books, found.year, today),
        payments=_payments(books, found, today),
        recorded=tuple(taxes_paid.listed(books)),
        jurisdictions=tuple(_jurisdictions(books, found, state, today)),
        not_included=found.rules.notes,
        assumptions=tuple(
            note for note in found.assumptions if note != _standing(found) and note not in found.rules.notes
        ),
        warnings=found.warnings,
        standing=f"{_standing(found)} Rules {found.rules.version}.",
        move=move_hint(books),
        open_questions=review.count(books) if questions is None else questions,
    )


def gauge(found: reserves.ReserveToday) -> Gauge:
    """Return the ring: what lies aside of what is needed, the same figures as `reserve`."""
    answer = found.reserve
    held, needed = answer.standing.held_cents, answer.needed_cents
    low, _, high = answer.range_cents
    return Gauge(
        held_cents=held,
        needed_cents=needed,
        set_aside_now_cents=max(0, answer.gap_cents),
        surplus_cents=max(0, -answer.gap_cents),
        percent=100 if held >= needed else max(0, held * 100 // needed),
        low_cents=max(0, low - held),
        high_cents=max(0, high - held),
        true_up_cents=answer.true_up_cents,
    )


def _standing(found: reserves.ReserveToday) -> str:
    from app.core.tax import wording  # noqa: PLC0415 - one sentence

    return wording.standing_note(found.figures.read)


def deposit_rows(found: reserves.ReserveToday) -> Iterator[DepositRow]:
    for row in reversed(found.reserve.deposits):
        deposit = row.deposit
        status = WAITS if deposit.status == "suggested" else MOVED if row.status == "covered" else TO_MOVE
        yield DepositRow(
            transaction_id=deposit.transaction_id,
            day=deposit.day,
            payer=deposit.payer or "",
            cents=deposit.cents,
            rate=_rate(row.set_aside_cents, deposit.cents),
            set_aside_cents=row.set_aside_cents,
            status=status,
            words=_STATUS_WORDS[status],
        )


def _rate(part: int, whole: int) -> int:
    """Return basis points, rounded half up; 0 of nothing."""
    return (part * 20_000 + whole) // (2 * whole) if whole > 0 else 0


def _parts(found: reserves.ReserveToday, deposit: DepositRow) -> tuple[Part, ...]:
    """Split what a deposit sets aside in the proportion of the year's taxes, to the cent."""
    tax = found.reserve.tax
    name = found.rules.state.name if found.rules.state else "State"
    parts = (
        ("self_employment", "Self-employment tax", tax.self_employment),
        ("federal", "Federal income tax", tax.federal),
        ("state", f"{name} income tax", tax.state),
        ("local", "Local income tax", tax.local),
    )
    weights = [max(0, cents) for _, _, cents in parts]
    if not any(weights):
        return ()
    shares = split_by_weights(deposit.set_aside_cents, weights)
    return tuple(
        Part(key=key, label=label, cents=cents, rate=_rate(cents, deposit.cents))
        for (key, label, whole), cents in zip(parts, shares, strict=True)
        if whole or key not in {"state", "local"}
    )


def _payments(books: Books, found: reserves.ReserveToday, today: Day) -> tuple[Payment, ...]:
    """Return what counts against the year, newest first, every jurisdiction."""
    values, _ = books.settings.profile(found.year)
    others = {row.jurisdiction for row in taxes_paid.listed(books)} | {values.get("state", "")}
    rows = list(found.payments)
    for code in sorted(others - {"", "federal", found.rules.state_code}):
        rows += taxes_paid.paid(books, found.year, code, today)
    return tuple(
        Payment(
            day=row.day, cents=row.cents, jurisdiction=row.jurisdiction, type=row.type,
            transaction_id=row.transaction_id, recorded=row.recorded,
        )
        for row in sorted(rows, key=lambda row: (-row.day, row.transaction_id or 0))
    )  # fmt: skip


def _jurisdictions(books: Books, found: reserves.ReserveToday, state: str, today: Day) -> Iterator[Jurisdiction]:
    standing = found.reserve.standing
    yield Jurisdiction(code="federal", included=True, paid_cents=standing.federal.paid, note="included")
    if state:
        paid = sum(row.cents for row in taxes_paid.paid(books, found.year, state, today))
        yield Jurisdiction(
            code=state, included=found.rules.state is not None, paid_cents=paid, note=found.rules.notes[0]
        )


# --- moving money -----------------------------------------------------------------------------------------------------


def move_hint(books: Books) -> MoveHint:
    """Say where the money goes. The program moves nothing and records nothing by itself.

    Money that lies in an account of role reserve is set aside: a transfer counts once its bank row is imported.
    """
    from app.core.books.vocabulary import Role  # noqa: PLC0415

    held = [account for account in books.accounts.all() if account.role == Role.RESERVE]
    if not held:
        words = (
            "No account holds your tax money yet. Give one the role “reserve” on the page Accounts; "
            "what lies in it then counts as set aside."
        )
        return MoveHint(account_id=None, account=None, words=words)
    account = held[0]
    words = (
        f"Move it to {account.name} at your bank. It counts as set aside when the next file of that account "
        "is imported; 1099 Ops moves no money itself."
    )
    return MoveHint(account_id=account.id, account=account.name, words=words)


def rows_behind(
    books: Books, step_key: str, as_of: Day | None = None, year: int | None = None
) -> tuple[int, ...]:  # fmt: skip
    """Return the transactions that make a step of the ladder, newest first; none for a step that has no rows."""
    return tax_ladder.rows_behind(books, reserves.reserve_today(books, as_of=as_of, year=year), step_key)
