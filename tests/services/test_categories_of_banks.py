"""A category that a bank's file or connection gives is kept with the row and heard where no name is known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services.books.open_books import Books
from app.services.classify import explaining
from app.services.classify.asking import Asking
from app.services.ingest import imports
from app.services.ledger import accounts
from app.store.descriptors import Text
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]

DISCOVER = """Trans. Date,Post Date,Description,Amount,Category
11/02/2026,11/03/2026,ZORBLAX 8817 DAYTON OH,54.10,Supermarkets
11/04/2026,11/05/2026,QUENTOVIR 12 DAYTON OH,31.00,Gasoline
11/06/2026,11/07/2026,WEMBLETHIN DAYTON OH,18.00,Services
11/08/2026,11/09/2026,SLACK T01ABCD,8.75,Restaurants
"""


def rows_of(books: Books) -> dict[str, tuple[str, str, str]]:
    return {row.text.split()[0]: (row.status, row.kind, row.line) for row in books.transactions.listed(Filter(), 100)}


def test_a_banks_own_words_speak_for_names_nobody_knows(books: Books, bring: Bring) -> None:
    bring(books, "discover.csv", DISCOVER.encode(), role="business")
    found = rows_of(books)
    assert found["ZORBLAX"] == ("auto", "personal", "NONE")
    assert found["QUENTOVIR"] == ("suggested", "expense", "C9A")
    assert found["WEMBLETHIN"][0] == "suggested"
    # A known name says more than the bank's category.
    assert found["SLACK"] == ("auto", "expense", "C18")
    number = next(row.id for row in books.transactions.listed(Filter(), 9) if row.text.startswith("ZORBLAX"))
    [decided] = [step for step in explaining.explain(books, number).order if step.decided]
    assert (decided.step, decided.text) == ("connection", "Your bank puts it into this category.")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("FOOD_AND_DRINK_GROCERIES", "FOOD_AND_DRINK_GROCERIES"),
        ("FOOD_AND_DRINK_GROCERIES LOW", None),
        ("Gas & Fuel", "TRANSPORTATION_GAS"),
        ("DEBIT", None),
        (None, None),
    ],
)
def test_what_is_kept_as_the_type_word_is_what_the_engine_is_asked_with(
    books: Books, word: str | None, code: str | None
) -> None:
    accounts.add(books, {"name": "Card", "kind": "credit", "role": "business"})
    accounts.add(books, {"name": "Wallet", "kind": "paypal", "role": "business"})
    asking, text = Asking(books), Text("ZORBLAX", word, None)
    card, wallet = (asking.group(account.id, text, 0) for account in books.accounts.all())
    assert card is not None
    assert wallet is not None
    assert (card.pfc, wallet.pfc) == (code, None)
