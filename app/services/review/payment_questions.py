"""Tax payments that do not say what they were for, or to whom they went: asked."""

from __future__ import annotations

from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import date_of, iso
from app.core.money import money_text
from app.services.books.open_books import Books
from app.services.ledger import transactions
from app.services.review.review_items import Choice, Item
from app.services.tax import taxes_paid


def items(books: Books) -> list[Item]:
    """Return a question for each: one of April may be three things, and a guess would move a year's reserve."""
    found = []
    for payment in taxes_paid.unsettled(books):
        row = transactions.existing(books, payment.transaction_id)
        options = taxes_paid.meanings(row.tax_date)
        found.append(
            Item(
                id=f"tax_payment-{row.id}", type="tax_payment", rows=[row],
                question=f"What was the tax payment of {iso(row.tax_date)} over {money_text(abs(row.cents))} for?",
                choices=[
                    Choice(n=n, label=label, kind=Kind.TAX_PAYMENT, line=NO_LINE, payment=(type_, year))
                    for n, (type_, year, label) in enumerate(options, 1)
                ],
                reason="In April a payment may be the first instalment, last year's balance, or go with an extension.",
                evidence=[f"{row.account}  {row.text}"],
            )
        )  # fmt: skip
    return found + [_nameless_item(books, number) for number, _ in taxes_paid.nameless(books)]


def _nameless_item(books: Books, number: int) -> Item:
    """A tax payment that does not say to whom: it counts nowhere until somebody does."""
    row = transactions.existing(books, number)
    state = books.settings.profile(date_of(row.tax_date).year)[0].get("state")
    whom = [taxes_paid.FEDERAL, *([str(state)] if state else [])]
    options = [(place, *meaning) for place in whom for meaning in taxes_paid.meanings(row.tax_date)]
    choices = [
        Choice(n=n, label=f"{'Federal' if place == taxes_paid.FEDERAL else place}: {words[0].lower()}{words[1:]}",
               kind=Kind.TAX_PAYMENT, line=NO_LINE, payment=(type_, year), jurisdiction=place)
        for n, (place, type_, year, words) in enumerate(options, 1)
    ]  # fmt: skip
    choices.append(Choice(n=len(choices) + 1, label="No tax on income", kind=Kind.PERSONAL, line=NO_LINE))
    return Item(
        id=f"tax_payment-{row.id}", type="tax_payment", rows=[row],
        question=f"To whom did the tax payment of {iso(row.tax_date)} over {money_text(abs(row.cents))} go?",
        choices=choices, reason="Its text names neither the IRS nor a state, so it counts nowhere yet.",
        evidence=[f"{row.account}  {row.text}"],
    )  # fmt: skip
