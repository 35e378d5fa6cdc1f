"""A month whose balance does not tie: the two figures, the rows between them, and what may be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.books.vocabulary import Status
from app.core.dates import Day, month_days, month_of
from app.core.errors import NotFound
from app.services.books.open_books import Books
from app.services.ledger import account_page
from app.services.tax.tax_dates import words_of
from app.store.accounts import Account
from app.store.row_filter import Filter
from app.store.transactions import Listed

_DAYS_AFTER = 4
"""Days behind the statement in which its bank may count a row that the books date later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """Rows that may explain the difference, the likeliest first. `kind`: twice, sign, extra, deleted, later, absent."""

    kind: str
    transaction_ids: tuple[int, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Units: cents of the account's currency. The statement's figures are None where no file states a balance."""

    account_id: int
    account: str
    currency: str
    month: int
    stated_cents: int | None
    stated_day: Day | None
    computed_cents: int | None
    difference_cents: int | None
    """Books less statement."""
    rows: tuple[Listed, ...]
    """The account's rows of the month, newest first."""
    suspects: tuple[Suspect, ...]
    sentence: str


def compare(books: Books, account_id: int, month: int) -> Comparison:
    """Return what a statement and the books say of a month. Raises: NotFound for an account that is not there."""
    account = books.accounts.get(account_id)
    if account is None:
        raise NotFound("There is no such account.", "It may have been removed; look at the page Accounts.")
    first, last = month_days(month)
    # Rows are listed by tax date, statements by posting date: those that straddle the month's ends are looked at too.
    near = [
        row
        for row in books.transactions.listed(Filter(first=first - 31, last=last + 31, account_id=account_id), 0)
        if not row.pending
    ]
    rows = tuple(row for row in near if first <= row.posted_date <= last)
    name = account_page.month_name(month)
    file = _file_of(books, account, month)
    if file is None:
        return Comparison(
            account_id=account_id, account=account.name, currency=account.currency, month=month, stated_cents=None,
            stated_day=None, computed_cents=None, difference_cents=None, rows=rows, suspects=(),
            sentence=f"No file states a balance of {account.name} in {name} to compare with.",
        )  # fmt: skip
    day, stated = file
    computed = account.opening_cents + books.transactions.sum_through(account_id, day, account.currency)
    off = computed - stated
    suspects = tuple(_suspects(books, account, near, day, off)) if off else ()
    return Comparison(
        account_id=account_id, account=account.name, currency=account.currency, month=month, stated_cents=stated,
        stated_day=day, computed_cents=computed, difference_cents=off, rows=rows, suspects=suspects,
        sentence=_sentence(account, day, off, suspects),
    )  # fmt: skip


def _file_of(books: Books, account: Account, month: int) -> tuple[Day, int] | None:
    """Return the day and the cents of the month's stated balance; one that does not tie first, else the newest."""
    found = [
        (file.balance_day, file.balance_cents)
        for file in books.accounts.files(account.id)
        if file.balance_day is not None and file.balance_cents is not None
        and not file.sets_opening and month_of(file.balance_day) == month
    ]  # fmt: skip
    untied = [
        (day, cents)
        for day, cents in found
        if account.opening_cents + books.transactions.sum_through(account.id, day, account.currency) != cents
    ]
    return max(untied or found, default=None)


def _sentence(account: Account, day: Day, off: int, suspects: Sequence[Suspect]) -> str:
    if not off:
        return f"The books and the statement of {words_of(day)} agree."
    way = "above" if off > 0 else "below"
    text = f"The books are {account_page.amount(abs(off), account.currency)} {way} the statement of {words_of(day)}."
    return f"{text} {suspects[0].sentence}" if suspects else text


def _suspects(books: Books, account: Account, near: Sequence[Listed], day: Day, off: int) -> Iterator[Suspect]:
    def money(cents: int) -> str:
        return account_page.amount(cents, account.currency)

    counted = [row for row in near if row.posted_date <= day]
    equal: dict[tuple[Day, int], list[Listed]] = {}
    for row in counted:
        equal.setdefault((row.posted_date, row.cents), []).append(row)
    for (on, cents), rows in sorted(equal.items(), reverse=True):
        if len(rows) > 1 and cents == off:
            sentence = f"{len(rows)} rows of {money(cents)} on {words_of(on)}: one of them may be there twice."
            yield Suspect(kind="twice", transaction_ids=tuple(row.id for row in rows), sentence=sentence)
    for row in counted:
        if row.cents == off and len(equal[row.posted_date, row.cents]) == 1:
            sentence = f"The row of {money(row.cents)} on {words_of(row.posted_date)} may not be on the statement."
            yield Suspect(kind="extra", transaction_ids=(row.id,), sentence=sentence)
    if off % 2 == 0:
        for row in counted:
            if row.cents == off // 2:
                sentence = f"The row of {money(row.cents)} on {words_of(row.posted_date)} may have the wrong sign."
                yield Suspect(kind="sign", transaction_ids=(row.id,), sentence=sentence)
    for row in near:
        if row.cents == -off and day < row.posted_date <= day + _DAYS_AFTER:
            sentence = f"The bank may count {money(row.cents)} of {words_of(row.posted_date)} before its statement."
            yield Suspect(kind="later", transaction_ids=(row.id,), sentence=sentence)
    for row in _deleted(books, account.id, day):
        if row.cents == -off:
            sentence = f"You deleted a row of {money(row.cents)} of {words_of(row.posted_date)}; the bank counts it."
            yield Suspect(kind="deleted", transaction_ids=(row.id,), sentence=sentence)
    yield Suspect(
        kind="absent", transaction_ids=(), sentence=f"A row of {money(-off)} up to {words_of(day)} may be missing."
    )


def _deleted(books: Books, account_id: int, day: Day) -> Iterator[Listed]:
    wanted = Filter(first=day - 62, last=day + 31, account_id=account_id, status=Status.DELETED)
    return (row for row in books.transactions.listed(wanted, 0) if row.posted_date <= day)
