"""Balances of accounts: what the opening is, what the rows make of it, and whether a stated balance ties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.core.ingest.statement import Statement
    from app.services.books.open_books import Books
    from app.services.ingest.duplicates import NewRow
    from app.store.accounts import Account


def of(books: Books, account_id: int) -> int:
    """Return opening balance plus all posted rows in the account's currency."""
    account = books.accounts.get(account_id)
    if account is None:
        return 0
    cents, _ = books.totals.account_sums().get((account_id, account.currency), (0, 0))
    return account.opening_cents + cents


def ties(books: Books, account: Account, stated: int | None, day: int | None, *, sets_opening: bool) -> bool | None:
    """Return whether opening + rows up to the day equal a stated balance; None without one or if it set the opening."""
    if stated is None or day is None or sets_opening:
        return None
    return account.opening_cents + books.transactions.sum_through(account.id, day, account.currency) == stated


def settle_opening(books: Books, account: Account, statement: Statement, new: Sequence[NewRow], file_id: int) -> bool:
    """Let the first stated balance set the opening (True then).

    Later files may bring rows dated up to that balance, in any order: they move the opening, so that the balance holds.
    """
    if statement.balance_cents is not None and statement.balance_day is not None and not account.opening_known:
        through = books.transactions.sum_through(account.id, statement.balance_day, account.currency)
        books.accounts.change(account.id, {"opening_cents": statement.balance_cents - through, "opening_known": 1})
        books.accounts.mark_opening(file_id)
        return True
    follow_opening(books, account.id, min((row.posted for _, row, _ in new), default=None))
    return False


def follow_opening(books: Books, account_id: int, earliest: Day | None) -> None:
    """Move the opening after rows came or went, so that the balance that set it holds again.

    `earliest` is the earliest posting day among those rows; later ones than the balance's day move nothing.
    """
    setter = next((file for file in books.accounts.files(account_id) if file.sets_opening), None)
    if setter is None or setter.balance_cents is None or setter.balance_day is None or earliest is None:
        return
    account = books.accounts.get(account_id)
    if account is None or earliest > setter.balance_day:
        return
    through = books.transactions.sum_through(account_id, setter.balance_day, account.currency)
    if account.opening_cents != setter.balance_cents - through:
        books.accounts.change(account_id, {"opening_cents": setter.balance_cents - through})
