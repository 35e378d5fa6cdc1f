"""What is kept of a connection to a bank beside its rows: which one is meant, how a look at it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import NotFound

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.store.bank import BankConnection


def standing(books: Books, number: int | None) -> BankConnection:
    """Return a connection that has not ended. Raises: NotFound."""
    found = None if number is None else books.bank.connection(number)
    if found is None or found.ended:
        raise NotFound("There is no connected bank of this number.", "See: ops1099 bank status")
    return found


def note(books: Books, number: int, resume: str = "", /, **state: int | str | None) -> None:
    """Keep how a look at a bank went, and a cursor to `resume` at. It is a record, no change of the books."""
    with books.noticing():
        books.connection.execute("BEGIN IMMEDIATE")
        try:
            books.bank.set_connection(number, **state)
            if resume:
                books.bank.resume(number, resume)
            books.connection.execute("COMMIT")
        finally:
            if books.connection.in_transaction:
                books.connection.execute("ROLLBACK")


def note_health(books: Books, number: int, health: str, consent_ends: int | None = None) -> None:
    """Keep what the bank's side said of a connection, for when it cannot be asked."""
    note(books, number, health=health, consent_ends=consent_ends)
