"""The rows of the past that a newly linked bank still has to tell: without them nothing is said of a whole year.

Source: the provider's contract, which asks for no yearly advice and no alarm before its history is complete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import Refused

if TYPE_CHECKING:
    from app.services.books.open_books import Books

_COMPLETE = "complete"
_LONGEST_MS = 3 * 24 * 3600 * 1000
"""A history comes within a day. After three, what is here is all there is to go by, and the figures say so."""


def unfinished(books: Books) -> tuple[str, ...]:
    """Return the banks whose rows of the past are not all here."""
    return tuple(bank.institution for bank in books.bank.connections() if bank.history != _COMPLETE)


def awaited(books: Books) -> tuple[str, ...]:
    """Return those of `unfinished` that were linked so lately that it is worth waiting for the rest."""
    since = moment(books) - _LONGEST_MS
    return tuple(
        bank.institution
        for bank in books.bank.connections()
        if bank.history != _COMPLETE and bank.awaited_since is not None and bank.awaited_since > since
    )


def refuse_while_awaited(books: Books) -> None:
    """Raises: Refused while a bank's history is awaited, for advice that would rest on a part of a year."""
    if banks := awaited(books):
        raise Refused(
            f"{' and '.join(banks)} {'is' if len(banks) == 1 else 'are'} still giving the history, so what to set "
            "aside cannot be told yet.",
            "It comes by itself, mostly within the hour. Taxes shows what the rows that are here make.",
        )


def not_late_yet(banks: tuple[str, ...]) -> str:
    """Return the sentence that says why nothing is called late; empty when nothing is awaited."""
    if not banks:
        return ""
    return f"Nothing is called late before {' and '.join(banks)} told all of the past."


def moment(books: Books) -> int:
    """Return the time in milliseconds since 1970."""
    return int(books.clock.now().timestamp() * 1000)
