"""The rows of a linked bank that could not be read, as long as the bank does not send them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.books.open_books import Books


class Unread(NamedTuple):
    """A row that is missing from an account of the books; `reason` names it by its day or its amount, and says why."""

    account_id: int
    account: str
    reason: str


def unread(books: Books, connection_id: int) -> tuple[Unread, ...]:
    """Return what of a bank stands unread."""
    found: list[Unread] = []
    for number in dict.fromkeys(each.account_id for each in books.bank.accounts_of(connection_id)):
        account, file_id = books.accounts.get(number), books.bank.file_of(number)
        if account is not None and file_id is not None:
            found += [Unread(number, account.name, reason) for reason in books.bank.unread(file_id).values()]
    return tuple(found)
