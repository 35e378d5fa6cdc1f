"""What the page Accounts shows, without a widget: loaded in the pool, put into words here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.core.books.vocabulary import AccountKind, Role
from app.core.dates import date_of, month_days
from app.ui.theme.theme import amounts_hidden
from app.ui.widgets.amount import HIDDEN, amount_text
from app.ui.widgets.coverage import Coverage

if TYPE_CHECKING:
    from datetime import datetime

    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.ingest.import_history import ImportEntry, SavedLayout
    from app.services.ledger.account_page import AccountPage, AccountRow, MonthCell
    from app.services.ledger.compare_month import Comparison
    from app.ui.runtime.tasks import Token

KINDS: tuple[tuple[str, str], ...] = (
    (AccountKind.CHECKING, "Checking"), (AccountKind.SAVINGS, "Savings"), (AccountKind.CREDIT, "Credit card"),
    (AccountKind.CASH, "Cash"), (AccountKind.LOAN, "Loan"), (AccountKind.PAYPAL, "PayPal"),
    (AccountKind.STRIPE, "Stripe"), (AccountKind.SQUARE, "Square"), (AccountKind.VENMO, "Venmo"),
    (AccountKind.CASHAPP, "Cash App"), (AccountKind.WISE, "Wise"), (AccountKind.ETSY, "Etsy"),
    (AccountKind.UPWORK, "Upwork"), (AccountKind.PAYONEER, "Payoneer"), (AccountKind.OTHER, "Something else"),
)  # fmt: skip

ROLES: tuple[tuple[str, str], ...] = (
    (Role.MIXED, "Mixed"), (Role.BUSINESS, "Business only"), (Role.PERSONAL, "Personal"),
    (Role.RESERVE, "Holds tax money"),
)  # fmt: skip

ROLE_MEANING = {
    Role.MIXED: "Business and personal rows lie side by side; what is unclear is asked.",
    Role.BUSINESS: "Rows count as business unless they say otherwise; fewer questions.",
    Role.PERSONAL: "Rows count as personal; only what you book as business enters Schedule C.",
    Role.RESERVE: "Its balance counts as set aside for tax. Moves into it are own transfers.",
}

_ICONS = {
    AccountKind.CHECKING: "accounts", AccountKind.SAVINGS: "vault", AccountKind.CREDIT: "card",
    AccountKind.CASH: "income", AccountKind.LOAN: "reports",
}  # fmt: skip

BADGES = {"good": ("ok", "check"), "warn": ("warn", "alert"), "bad": ("danger", "close"), "quiet": ("neutral", None)}
"""Kind and icon of the badge for how an account stands."""

_MONEY = re.compile(r"[-−+]?\$[\d,]+\.\d\d|[-−+]?[\d,]+\.\d\d(?= [A-Z]{3}\b)")

SHOWN_IMPORTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """All that the page shows at first."""

    page: AccountPage
    imports: tuple[ImportEntry, ...]
    layouts: tuple[SavedLayout, ...]
    zone: str


class Broken(NamedTuple):
    """A month that needs a look: its account, the month and the sentence that says why."""

    account_id: int
    month: int
    state: str
    sentence: str


def load(books: Books, token: Token, *, today: Day) -> Loaded:
    from app.services.ingest import import_history  # noqa: PLC0415 - the window is painted before they load
    from app.services.ledger import account_page  # noqa: PLC0415 - the window is painted before they load

    with books.reading():
        page = account_page.page(books, today)
        token.check()
        imports = tuple(import_history.listed(books, limit=0))
        return Loaded(
            page=page, imports=imports, layouts=tuple(import_history.layouts(books)), zone=str(books.zone()),
        )  # fmt: skip


def icon_of(kind: str) -> str:
    return _ICONS.get(AccountKind(kind), "database")


def kind_words(kind: str) -> str:
    return dict(KINDS).get(kind, kind)


def balance(cents: int, currency: str, *, plus: bool = False) -> str:
    """Return an amount as the window writes it; another currency than dollars is named by its code."""
    text = amount_text(cents, plus=plus)
    return text if currency == "USD" or amounts_hidden() else f"{text.replace('$', '')} {currency}"


def private(sentence: str) -> str:
    """Return a sentence of the services, with its amounts hidden while amounts are."""
    return _MONEY.sub(HIDDEN, sentence) if amounts_hidden() else sentence


def month_short(month: int) -> str:
    return f"{date_of(month_days(month)[0]):%b}"


def second_line(account: AccountRow) -> str:
    if account.balance_known or not account.rows:
        return account.second_line
    return f"{account.second_line}, counted from zero"


def grid(page: AccountPage) -> tuple[list[str], list[tuple[str, list[Coverage]]], dict[tuple[int, int], str]]:
    """Return what the grid of statements takes: months, rows and the sentences of single cells."""
    rows = [(account.short_name, [Coverage(cell.state.value) for cell in account.months]) for account in page.accounts]
    notes = {
        (at, column): private(cell.sentence)
        for at, account in enumerate(page.accounts)
        for column, cell in enumerate(account.months)
        if cell.sentence
    }
    return [month_short(month) for month in page.months], rows, notes


def broken(page: AccountPage) -> list[Broken]:
    """Return the months that need a look: those that do not tie first, then the newest."""
    found = [
        Broken(account.id, cell.month, cell.state.value, cell.sentence)
        for account in page.accounts
        for cell in account.broken
    ]
    return sorted(found, key=lambda each: (each.state != "untied", -each.month, each.account_id))


def month_to_compare(account: AccountRow) -> int | None:
    """Return the month worth a comparison: one that does not tie, else the newest that could be compared."""

    def newest(*states: str) -> MonthCell | None:
        return next((cell for cell in reversed(account.months) if cell.state.value in states), None)

    cell = newest("untied") or newest("ties") or newest("incomplete", "no_statement", "missing")
    return cell.month if cell else None


def when(stamp: str, zone: str, now: datetime | None = None) -> str:
    """Return `Nov 18, 9:12` for a stamp of the books, with the year where it is another one than now."""
    from datetime import datetime as clock  # noqa: PLC0415 - only stamps need it
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    local = clock.fromisoformat(stamp).astimezone(ZoneInfo(zone))
    year = "" if now is None or now.year == local.year else f" {local.year}"
    return f"{local:%b} {local.day}{year}, {local.hour}:{local.minute:02d}"


def load_comparison(books: Books, token: Token, account_id: int, month: int) -> Comparison:
    from app.services.ledger import compare_month  # noqa: PLC0415

    token.check()
    with books.reading():
        return compare_month.compare(books, account_id, month)


def load_undo(books: Books, _token: Token, operation: int) -> str:
    from app.services.books import history_words  # noqa: PLC0415

    return history_words.preview_undo(books, operation)
