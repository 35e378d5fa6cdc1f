"""Which account a person means by what they say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import NotFound

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.store.accounts import Account


def find(books: Books, selector: str) -> Account | None:
    """Return the account that an id or an exact name selects."""
    return (
        books.accounts.get(int(selector))
        if selector.isdecimal() and len(selector) < 19
        else books.accounts.named(selector)
    )


def existing(books: Books, selector: str) -> Account:
    """Return the account that an id or an exact name selects. Raises: NotFound."""
    found = find(books, selector)
    if found is None:
        raise NotFound(f"There is no account “{selector}”.", "See them with: ops1099 accounts list")
    return found
