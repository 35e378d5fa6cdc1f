"""Accounts: what they are, what they hold, and which months their files cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.books.vocabulary import AccountKind, Role, usual_role
from app.core.dates import Day, month_days, month_of
from app.core.errors import Conflict, Refused
from app.core.ingest.typed import kept
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.ledger import balances, which_account
from app.store.accounts import Account, ImportedFile

SETTABLE = ("name", "kind", "role", "institution", "last4", "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """One account with its balance. `as_of` is the day of the newest row."""

    account: Account
    balance_cents: int
    as_of: Day | None
    rows: int
    """Of every currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCoverage:
    month: int
    state: str
    """covered, partial, missing or untied."""
    ties: bool | None
    rows: int


def listed(books: Books) -> list[AccountView]:
    sums = books.totals.account_sums()
    found = []
    for account in books.accounts.all():
        cents, _ = sums.get((account.id, account.currency), (0, 0))
        rows = sum(count for (number, _), (_, count) in sums.items() if number == account.id)
        span = books.transactions.span(account.id)
        found.append(
            AccountView(
                account=account, balance_cents=account.opening_cents + cents, as_of=span[1] if span else None, rows=rows
            )
        )
    return found


def checked(values: Mapping[str, str]) -> dict[str, str | None]:
    """Return account columns as the books take them. Raises: Refused."""
    strange = sorted(set(values) - set(SETTABLE))
    if strange:
        raise Refused(f"“{strange[0]}” cannot be set on an account.", f"These can: {', '.join(SETTABLE)}.")
    result: dict[str, str | None] = {}
    for name, value in values.items():
        text = kept(value)
        if name == "kind" and text not in set(AccountKind):
            raise Refused(f"“{text}” is not an account kind.", f"Kinds are: {', '.join(AccountKind)}.")
        if name == "role" and text not in set(Role):
            raise Refused(f"“{text}” is not a role.", f"Roles are: {', '.join(Role)}.")
        if name == "last4" and text and not (text.isdecimal() and len(text) == 4):
            raise Refused("The last four are four digits.", "Give only the last four, never the whole number.")
        if name == "currency" and not (len(text) == 3 and text.isalpha()):
            raise Refused(f"“{text}” is not a currency code.", "Write it as USD.")
        if name == "name" and (not text or text.isdecimal()):
            raise Refused("An account needs a name that is not a number.", "Give it a few words.")
        result[name] = (text.upper() if name == "currency" else text) or None
    return result


def add(
    books: Books, values: Mapping[str, str], *, opening_cents: int | None = None, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Make an account. An opening is what it held before its first row; a stated balance is compared with it then."""
    columns = checked(values)
    name = columns.get("name")
    if not name:
        raise Refused("An account needs a name.", "Give it with name=…")
    _free(books, name)
    kind = columns.get("kind") or AccountKind.CHECKING
    with books.work.operation("account_add", dry_run=dry_run) as work:
        account = books.accounts.add(
            business_id=books.settings.businesses()[0].id, name=name, kind=kind,
            role=columns.get("role") or usual_role(kind), institution=columns.get("institution"),
            last4=columns.get("last4"), currency=columns.get("currency") or "USD",
        )  # fmt: skip
        if opening_cents is not None:
            books.accounts.change(account.id, {"opening_cents": opening_cents, "opening_known": 1})
        work.rematch_all = True
    return work.outcome, account.id if work.outcome.operation else None


def change(books: Books, selector: str, values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """Change an account; a new kind or role changes what its rows mean, so they are labelled again."""
    account = which_account.existing(books, selector)
    columns = checked(values)
    if columns.get("name") and columns["name"] != account.name:
        _free(books, str(columns["name"]))
    changes = {name: value for name, value in columns.items() if getattr(account, name) != value}
    with books.work.operation("account_set", dry_run=dry_run) as work:
        if changes:
            books.accounts.change(account.id, changes)
        if {"kind", "role", "institution", "last4", "name"} & set(changes):
            work.relabel_all = work.rematch_all = True
    return work.outcome


def remove(books: Books, selector: str, *, dry_run: bool = False) -> Outcome:
    """Remove an account that has no rows. Raises: Conflict."""
    account = which_account.existing(books, selector)
    if books.transactions.span(account.id):
        raise Conflict(f"“{account.name}” has transactions.", "Undo its imports first; then it can be removed.")
    with books.work.operation("account_remove", dry_run=dry_run) as work:
        # The name is free again; an undo takes it back, or says who has it now.
        free = books.accounts.free_name(f"{account.name} (removed)")
        books.accounts.change(account.id, {"removed": 1, "name": free})
        work.rematch_all = True
    return work.outcome


def _free(books: Books, name: str) -> None:
    if books.accounts.named(name):
        raise Conflict(f"There is an account “{name}” already.", "Choose another name.")


# --- coverage ---------------------------------------------------------------------------------------------------------


def coverage(
    books: Books, first_month: int | None = None, last_month: int | None = None
) -> dict[int, list[MonthCoverage]]:
    """Return, for each account, the months from its first file or row to the newest of all accounts."""
    files = books.accounts.files()
    spans = {account.id: books.transactions.span(account.id) for account in books.accounts.all()}
    lasts = [span[1] for span in spans.values() if span] + [f.last_day for f in files if f.last_day is not None]
    if not lasts:
        return {account: [] for account in spans}
    newest = last_month or month_of(max(lasts))
    counts = books.transactions.rows_by_month()
    result = {}
    for account in books.accounts.all():
        own = [file for file in files if file.account_id == account.id]
        span = spans[account.id]
        starts = [f.first_day for f in own if f.first_day is not None] + ([span[0]] if span else [])
        first = first_month or (month_of(min(starts)) if starts else newest)
        balances = _balances(books, account, own)
        result[account.id] = [
            _month(month, own, balances, counts.get((account.id, month), 0)) for month in months(first, newest)
        ]
    return result


def months(first: int, last: int) -> list[int]:
    """Return the months from 202601 to 202611 and the like."""
    found, month = [], first
    while month <= last:
        found.append(month)
        month = month + 1 if month % 100 < 12 else month + 89
    return found


def _balances(books: Books, account: Account, files: list[ImportedFile]) -> list[tuple[int, bool | None]]:
    """Return (month, ties) of every stated balance of an account."""
    return [
        (
            month_of(file.balance_day),
            balances.ties(books, account, file.balance_cents, file.balance_day, sets_opening=bool(file.sets_opening)),
        )
        for file in files
        if file.balance_day is not None and file.balance_cents is not None
    ]


def _month(month: int, files: list[ImportedFile], balances: list[tuple[int, bool | None]], rows: int) -> MonthCoverage:
    stated = [ties for in_month, ties in balances if in_month == month]
    known = [ties for ties in stated if ties is not None]
    tie = all(known) if known else None
    first, last = month_days(month)
    covered = set()
    for file in files:
        if file.first_day is not None and file.last_day is not None:
            covered |= set(range(max(first, file.first_day), min(last, file.last_day) + 1))
    if tie is False:
        state = "untied"
    elif len(covered) == last - first + 1:
        state = "covered"
    else:
        state = "partial" if covered or rows else "missing"
    return MonthCoverage(month=month, state=state, ties=tie if stated else None, rows=rows)
