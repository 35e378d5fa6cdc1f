"""The page Today: what to set aside, what needs a person, and at most one thing that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.dates import Day, date_of, month_of
from app.core.errors import Refused
from app.core.money import money_text
from app.services import what_now
from app.services.audit import anchor
from app.services.bank import bank_history
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ledger import account_page
from app.services.ledger.account_page import AccountPage, MonthState
from app.services.report import reports
from app.services.review import questions as review
from app.services.review import stakes
from app.services.tax import reserves, tax_page, tax_plan, taxes, taxes_paid
from app.services.tax.tax_dates import until
from app.services.tax.tax_page import DepositRow, Gauge
from app.services.vault import vault_status
from app.services.what_now import Card

_LAST_ITEMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """The figure of the page, the same as on Taxes, and the deposit it comes from."""

    gauge: Gauge
    year: int
    first_guess: bool
    newest: DepositRow | None
    reserve_account: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTax:
    """The next tax date, with what is to be paid on it by the recommended method; `covered`: it lies in the reserve."""

    due: Day
    parts: tuple[tuple[str, int], ...]
    """Who gets how much of it, in cents: federal, or the two letters of a state."""
    days_until: int
    words: str
    due_cents: int
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """Booked on Schedule C lines in a month: `costs_cents` is positive, refunds of costs taken off."""

    name: str
    money_in_cents: int
    costs_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """`cents` adds the sizes of all amounts, in and out, in dollars."""

    count: int
    transactions: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The one thing that is wrong. `target` is the page that mends it, with the account or year it is about."""

    key: str
    title: str
    text: str
    action: str
    target: str
    account_id: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """`set_aside` is None while no tax can be worked out; `tax_off` says why. `empty`: the books hold no rows yet."""

    day: Day
    empty: bool
    set_aside: SetAside | None
    tax_off: str
    next_tax: NextTax | None
    month: MonthFigures
    questions: Questions
    unreviewed: stakes.Unreviewed | None
    """What the open questions leave open of profit and tax; None without questions, or where no tax is asked for."""
    alert: Alert | None
    card: Card
    last: tuple[history.Operation, ...]
    """What was done last, newest first, for the page that has no questions."""


def summary(books: Books, today: Day | None = None, items: Sequence[review.Item] | None = None) -> Today:
    """Return all that the page shows. `items` are the open questions where the caller has them already."""
    day = taxes.today(books) if today is None else today
    items = review.items(books) if items is None else items
    set_aside, next_tax, off = _taxes(books, day)
    return Today(
        day=day,
        empty=not books.transactions.last_id(),
        set_aside=set_aside,
        tax_off=off,
        next_tax=next_tax,
        month=_month(books, day),
        questions=_questions(items),
        unreviewed=stakes.unreviewed(books, as_of=day) if items and set_aside is not None else None,
        alert=alert(books, day, set_aside),
        card=what_now.card(day),
        last=tuple(history.history(books, limit=_LAST_ITEMS)),
    )


def _taxes(books: Books, day: Day) -> tuple[SetAside | None, NextTax | None, str]:
    try:
        bank_history.refuse_while_awaited(books)
        found = reserves.reserve_today(books, as_of=day)
    except Refused as refusal:
        return None, None, refusal.message
    gauge = tax_page.gauge(found)
    newest = next(iter(tax_page.deposit_rows(found)), None)
    held = found.reserve_accounts
    set_aside = SetAside(
        gauge=gauge, year=found.year, first_guess=found.reserve.standing.first_guess, newest=newest,
        reserve_account=held[0].account.name if held else None,
    )  # fmt: skip
    payments = tax_plan.next_payments(books, as_of=day)
    if not payments:
        return set_aside, None, ""
    when = min(payment.due for payment in payments)
    parts = tuple((payment.jurisdiction, payment.cents) for payment in payments if payment.due == when)
    due_cents = sum(cents for _, cents in parts)
    next_tax = NextTax(
        due=when, parts=parts, days_until=when - day, words=until(when - day), due_cents=due_cents,
        covered=gauge.held_cents >= due_cents,
    )  # fmt: skip
    return set_aside, next_tax, ""


def _month(books: Books, day: Day) -> MonthFigures:
    month = month_of(day)
    cells = [cell for cell in books.totals.cells(month, month) if reports.counts(cell)]
    return MonthFigures(
        name=f"{date_of(day):%B}",
        money_in_cents=sum(cell.business_cents for cell in cells if cell.kind == "income"),
        costs_cents=-sum(cell.business_cents for cell in cells if cell.kind != "income"),
    )


def _questions(items: Sequence[review.Item]) -> Questions:
    rows = {row.id: row for item in items for row in item.rows}
    cents = sum(abs(row.cents if row.currency == "USD" else row.usd_cents or 0) for row in rows.values())
    return Questions(count=len(items), transactions=len(rows), cents=cents)


# --- the one alert ----------------------------------------------------------------------------------------------------


def alert(books: Books, day: Day, set_aside: SetAside | None) -> Alert | None:
    """Return the most important thing that is wrong, None when nothing is."""
    accounts = account_page.page(books, day)
    checks: tuple[Callable[[], Alert | None], ...] = (
        lambda: _damage(books),
        lambda: _anchor(books),
        lambda: _no_backup(books),
        lambda: _untied(accounts),
        lambda: _payment(books),
        lambda: _missing(accounts),
        lambda: _only_here(books),
        lambda: _deposit(set_aside),
    )
    return next((found for check in checks if (found := check()) is not None), None)


def _damage(books: Books) -> Alert | None:
    if not books.damaged:
        return None
    return Alert(
        key="damage", title="These books are damaged, so they are only read.", text=books.damaged.message,
        action="What now", target="security",
    )  # fmt: skip


def _no_backup(books: Books) -> Alert | None:
    from app.services.backup import backup_page  # noqa: PLC0415 - reading backups takes much that the rest does without

    since = backup_page.is_late(books) if books.transactions.last_id() else None
    if since is None:
        return None
    day = date_of(taxes.today(books))
    at = datetime.fromisoformat(since).astimezone(books.zone()).date()
    title = f"No backup since {at:%B} {at.day}{'' if at.year == day.year else f', {at.year}'}."
    return Alert(
        key="backup", title=title, text="What changed since then is only in this one file.", action="Back up",
        target="backups",
    )  # fmt: skip


def _only_here(books: Books) -> Alert | None:
    if not books.transactions.last_id() or vault_status.of_home(books.home, books.clock.now()).portable:
        return None
    return Alert(
        key="portable", title="These books open only on this computer.",
        text="Make a recovery key: should the computer be lost, its backups open with it.", action="Make one",
        target="security",
    )  # fmt: skip


_OUTSIDE = {
    anchor.Standing.OLDER: (
        "These books are older than the ones you last used.",
        "Perhaps an old file was put back. Look at the audit log before you go on.",
    ),
    anchor.Standing.CHANGED: (
        "The note of the newest entry beside your books was changed.",
        "Without it nobody can tell whether an old file was put back. Look at the audit log before you go on.",
    ),
    anchor.Standing.MISSING: (
        "The note of the newest entry beside your books is missing.",
        "Without it nobody can tell whether an old file was put back. Look at the audit log before you go on.",
    ),
}


def _anchor(books: Books) -> Alert | None:
    standing = anchor.look(books)
    if standing is anchor.Standing.HOLDS:
        return None
    title, text = _OUTSIDE[standing]
    return Alert(key="anchor", title=title, text=text, action="Look", target="security")


def _untied(accounts: AccountPage) -> Alert | None:
    for row in accounts.accounts:
        for cell in reversed(row.months):
            if cell.state == MonthState.UNTIED:
                return Alert(
                    key="untied", title=f"{row.name} does not tie.", text=cell.sentence, action="Compare",
                    target="accounts", account_id=row.id, month=cell.month,
                )  # fmt: skip
    return None


def _payment(books: Books) -> Alert | None:
    waiting = taxes_paid.unsettled(books)
    if not waiting:
        return None
    one = len(waiting) == 1
    title = "A tax payment of April waits." if one else f"{len(waiting)} tax payments of April wait."
    counts = f"{'It counts' if one else 'They count'} for no year until you say what for."
    return Alert(key="payment", title=title, text=counts, action="Answer", target="review")


def _missing(accounts: AccountPage) -> Alert | None:
    for row in accounts.accounts:
        for cell in reversed(row.months):
            if cell.state == MonthState.MISSING:
                return Alert(
                    key="missing", title=f"{account_page.month_name(cell.month)} of {row.name} is missing.",
                    text="Download it from your bank and import it.", action="Import", target="accounts",
                    account_id=row.id, month=cell.month,
                )  # fmt: skip
    return None


def _deposit(set_aside: SetAside | None) -> Alert | None:
    newest = set_aside.newest if set_aside else None
    if newest is None or newest.status != tax_page.WAITS:
        return None
    return Alert(
        key="deposit", title=f"Is {money_text(newest.cents)} from {newest.payer} income?",
        text="It is counted as income until you answer.", action="Answer", target="review",
    )  # fmt: skip
