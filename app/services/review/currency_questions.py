"""Rows in another currency whose file states no dollars: how many they were is asked, at what rate, and from where."""

from __future__ import annotations

import re
from decimal import Decimal

from app.core.dates import iso
from app.core.errors import Refused
from app.core.ingest.typed import kept
from app.core.money import LARGEST_CENTS, dollars, money_of, money_text, share
from app.services.books.open_books import Books
from app.services.books.work import Work
from app.services.ledger import transactions
from app.services.review.review_items import Answered, Item

_RATE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,10})?")


def items(books: Books) -> list[Item]:
    found = []
    for number in books.transactions.without_usd():
        row = transactions.existing(books, number)
        found.append(
            Item(
                id=f"currency-{number}", type="currency", rows=[row],
                question=f"How many US dollars was {row.text} of {iso(row.tax_date)}, "
                f"{money_of(row.cents, row.currency)}? It counts in no total until you say.",
                choices=[],
                reason=f"The row is in {row.currency} and its file states no conversion.",
                evidence=["Take what your bank charged or paid, or a published rate of the day; say where it is from."],
            )
        )  # fmt: skip
    return found


def settle(work: Work, item: Item, given: Answered) -> None:
    """Store the dollars of a row; the rate and its source go into its note, for whoever checks the books."""
    row, books = item.rows[0], work.books
    usd = given.usd_cents if given.rate is None else share(row.cents, exchange_rate(given.rate))
    if usd is None or (usd > 0) != (row.cents > 0) or abs(usd) > LARGEST_CENTS:
        raise Refused("The dollars must have the sign of the row.", "Money out is negative.")
    transactions.announce(work, row.id)
    books.transactions.set_usd(row.id, usd)
    said = [f"{money_text(usd)} for {dollars(row.cents)} {row.currency}"]
    said += [f"at {given.rate.strip()}"] if given.rate is not None else []
    said += [f"({source})"] if (source := kept(given.source or "")) else []
    decision = books.decisions.get(row.id)
    note = " ".join(said) if given.rate is not None or source else None
    if note:
        note = f"{decision.note}; {note}" if decision.note else note
        books.decisions.decide(row.id, decision._replace(note=note))


def exchange_rate(text: str) -> Decimal:
    """Return the dollars of one unit of another currency. Raises: Refused."""
    if not _RATE.fullmatch(text.strip()) or not (rate := Decimal(text.strip())):
        raise Refused(f"“{text[:40]}” is not a rate.", "Write the US dollars of one unit, such as 1.0842.")
    return rate
