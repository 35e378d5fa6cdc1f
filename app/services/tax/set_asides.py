"""Set-asides the user has acted upon: they stay as they were shown when the year turns out otherwise."""

from __future__ import annotations

from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.tax import reserves


def keep(books: Books, *, dry_run: bool = False) -> Outcome:
    """Keep what is shown for the deposits so far, because the money was moved; later ones take the difference.

    A deposit whose figure is kept already keeps that one. Raises: Refused.
    """
    found = reserves.reserve_today(books)
    known = books.settings.kept_set_asides(found.year)
    with books.work.operation("set_asides", dry_run=dry_run) as work:
        for row in found.reserve.deposits:
            number = row.deposit.transaction_id
            if number not in known and row.set_aside_cents > 0:
                books.settings.keep_set_aside(number, found.year, row.set_aside_cents, found.as_of)
    return work.outcome
