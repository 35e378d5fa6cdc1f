"""Which day a row counts on: the purchase for a charge on a card, else the posting, in the profile's zone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.dates import iso
from app.core.errors import Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import transactions
from app.services.report import reports
from app.services.tax import profile
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]


@pytest.mark.parametrize(
    ("bought", "posted", "cents", "counts"),
    [
        ("2025-12-30", "2026-01-02", -5000, "2025-12-30"),
        ("2025-12-03", "2026-01-02", -5000, "2025-12-03"),
        ("2025-12-02", "2026-01-02", -5000, "2026-01-02"),
        ("2026-01-05", "2026-01-02", -5000, "2026-01-02"),
        ("2025-12-30", "2026-01-02", 5000, "2026-01-02"),
    ],
    ids=["three days", "thirty days", "thirty-one days", "bought after posting", "a credit"],
)
def test_a_charge_on_a_card_counts_when_it_was_bought(
    books: Books, ofx: Callable[..., bytes], bring: Bring, bought: str, posted: str, cents: int, counts: str
) -> None:
    bring(books, "card.ofx", ofx([(posted, cents, "B H PHOTO", "1", bought)], card=True))
    row = next(books.transactions.listed(Filter(), 0))
    assert (iso(row.tax_date), iso(row.posted_date)) == (counts, posted)
    assert iso(row.transacted_date) == bought


def test_on_a_checking_account_the_posting_counts(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "bank.ofx", ofx([("2026-01-02", -5000, "B H PHOTO", "1", "2025-12-30")]))
    assert iso(next(books.transactions.listed(Filter(), 0)).tax_date) == "2026-01-02"


STRIPE = (
    "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description\n"
    "txn_1,2026-01-01 05:30:00,2026-01-03 00:00:00,usd,100.00,3.20,96.80,charge,Invoice 1\n"
)


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Los_Angeles", "2025-12-31"), ("America/New_York", "2026-01-01"), ("UTC", "2026-01-01")]
)
def test_a_source_that_states_utc_counts_in_the_profile_zone(books: Books, bring: Bring, zone: str, day: str) -> None:
    profile.change(books, 2026, {"time_zone": zone})
    bring(books, "itemized.csv", STRIPE.encode())
    row = next(books.transactions.listed(Filter(), 0))
    assert (iso(row.tax_date), row.cents, row.gross_cents, row.fee_cents) == (day, 9680, 10000, -320)


def test_a_changed_date_moves_the_row_to_its_new_month_and_year_and_back(
    books: Books, ofx: Callable[..., bytes], bring: Bring, derived_holds: Callable[[Books], None]
) -> None:
    bring(books, "bank.ofx", ofx([("2026-01-05", 80000, "OAKMERE WINERY"), ("2026-02-05", 30000, "OAKMERE WINERY")]))
    for row in list(books.transactions.listed(Filter(), 0)):
        transactions.set_values(books, row.id, {"kind": "income"})
    first = next(row for row in books.transactions.listed(Filter(), 0) if row.cents == 80000)

    def months(year: int) -> list[int]:
        return [c for row in reports.profit_and_loss(books, year) for c in row.months_cents if c]

    assert (months(2025), months(2026)) == ([], [80000, 30000])
    transactions.set_values(books, first.id, {"date": "2025-12-31"})
    derived_holds(books)
    assert (months(2025), months(2026)) == ([80000], [30000])
    moved = books.transactions.get(first.id)
    assert moved is not None
    assert (iso(moved.tax_date), iso(moved.posted_date)) == ("2025-12-31", "2026-01-05")
    history.undo(books)
    derived_holds(books)
    assert (months(2025), months(2026)) == ([], [80000, 30000])


def test_balances_and_duplicates_go_by_the_posting_whatever_the_tax_date(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    data = ofx([("2026-01-05", 80000, "OAKMERE WINERY", "1")], balance=(90000, "2026-01-31"))
    bring(books, "bank.ofx", data)
    row = next(books.transactions.listed(Filter(), 0))
    transactions.set_values(books, row.id, {"date": "2024-06-01"})
    later = bring(books, "b.ofx", ofx([("2026-01-05", 80000, "OAKMERE WINERY", "1")], balance=(90000, "2026-01-30")))
    assert (later.added, later.accounts[0].balance_ties) == (0, True)


@pytest.mark.parametrize("typed", ["2026-02-30", "yesterday", "", "1969-12-31", "2200-01-01", "02/03/2026"])
def test_a_date_that_is_none_is_refused(books: Books, ofx: Callable[..., bytes], bring: Bring, typed: str) -> None:
    bring(books, "bank.ofx", ofx([("2026-01-05", 80000, "OAKMERE WINERY")]))
    row = next(books.transactions.listed(Filter(), 0))
    with pytest.raises(Refused):
        transactions.set_values(books, row.id, {"date": typed})
    assert books.transactions.get(row.id) == row
