"""Balances and parts that must hold whatever is cleaned up afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.adapters.clock import SystemClock
from app.core.dates import day_from_iso, year_days
from app.core.errors import Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, balances, transactions
from app.services.review import questions
from app.services.tax import profile, reserves, taxes_paid
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]


def rows(books: Books) -> dict[str, int]:
    return {row.text: row.id for row in books.transactions.listed(Filter(), 0)}


def test_deleting_a_late_row_leaves_the_stated_balance(books: Books, bring: Bring) -> None:
    first = b"Date,Description,Amount,Balance\n01/15/2026,STAPLES,-45.00,955.00\n01/16/2026,ACME PAY,2000.00,2955.00\n"
    later = b"Date,Description,Amount\n01/15/2026,OFFICE SUPPLY,-45.00\n01/14/2026,KIOSK,-5.00\n"
    held = bring(books, "orchard.csv", first).accounts[0].account
    bring(books, "orchard2.csv", later, account=held.name)
    assert balances.of(books, held.id) == 295500
    transactions.delete(books, [rows(books)["OFFICE SUPPLY"]], "twice")
    assert balances.of(books, held.id) == 295500
    history.undo(books)
    assert balances.of(books, held.id) == 295500
    transactions.add(books, date="2026-01-13", cents=-700, account_selector=held.name, description="cash")
    assert balances.of(books, held.id) == 295500
    transactions.add(books, date="2026-01-20", cents=-700, account_selector=held.name, description="cash later")
    assert balances.of(books, held.id) == 294800


STRIPE = (
    b"balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description\n"
    b"txn_1,2026-02-03 18:00:00,2026-02-05 00:00:00,usd,500.00,-14.80,485.20,charge,Logo for Larkfield Tea\n"
)


def test_a_split_row_keeps_its_fee(books: Books, bring: Bring) -> None:
    bring(books, "stripe.csv", STRIPE)
    [number] = rows(books).values()
    with pytest.raises(Refused, match=r"500\.00"):
        transactions.split(books, number, [transactions.Part(cents=48520, kind="income", line="C1", percent=10_000)])
    parts = [("income", "C1", 30000), ("income", "C6", 20000)]
    transactions.split(
        books, number, [transactions.Part(cents=c, kind=k, line=line, percent=10_000) for k, line, c in parts]
    )
    year = year_days(2026)
    sums = {row.line: row.cents for row in books.lines.sums(*year)}
    assert sums == {"C1": 30000, "C6": 20000, "C10": -1480}
    lines = list(books.lines.rows(*year))
    assert sum(row.cents for row in lines) == 48520
    assert len({(row.transaction_id, row.part) for row in lines}) == 3


def test_a_dated_total_is_no_transaction(books: Books, bring: Bring) -> None:
    table = (
        b"Date,Description,Debit,Credit,Balance\n01/15/2026,STAPLES,45.10,,954.90\n"
        b'01/16/2026,ACME PAY,,"2,000.00","2,954.90"\n01/17/2026,TOTALS,45.10,"2,000.00",\n'
    )
    result = bring(books, "willow.csv", table)
    assert (result.added, [row.line for row in result.skipped]) == (2, [4])


def test_a_converted_foreign_row_moves_the_dollars_of_its_account(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    held = bring(books, "a.ofx", ofx([("2026-03-02", -450, "CAFE", "1"), ("2026-03-03", -1000, "HOTEL WIEN", "2")]))
    account = held.accounts[0].account
    before = balances.of(books, account.id)
    with books.work.operation("set") as work:
        work.touch([rows(books)["HOTEL WIEN"]])
        books.connection.execute("UPDATE transactions SET currency = 'EUR' WHERE id = ?", (rows(books)["HOTEL WIEN"],))
    assert balances.of(books, account.id) == before + 1000
    item = next(item for item in questions.items(books) if item.type == "currency")
    questions.answer(books, item.id, questions.Answered(usd_cents=-1160))
    assert balances.of(books, account.id) == before + 1000 - 1160
    tie = next(view for view in accounts.listed(books) if view.account.id == account.id)
    assert tie.balance_cents == before - 160


def test_in_january_the_reserve_is_that_of_the_year_whose_figures_are_known(
    books: Books, bring: Bring, chase_csv: Callable[..., bytes]
) -> None:
    bring(books, "Chase6620_a.CSV", chase_csv([("2026-03-05", 900000, "RIDGEWAY DENTAL GRP AP PAYMENT CCD ID: 1")]))
    profile.change(books, 2026, {"filing_status": "single", "state": "TX"})
    books.clock = SystemClock("UTC", date(2027, 1, 10))
    taxes_paid.record(
        books,
        {"date": "2027-01-08", "cents": 5000, "jurisdiction": "federal", "for_year": 2026, "type": "estimate",
         "confirmation": None, "transaction_id": None},
    )  # fmt: skip
    answer = reserves.reserve_now(books, as_of=day_from_iso("2027-01-10"))
    assert (answer["year"], answer["paid_cents"]) == (2026, 5000)
    assert answer["next_due"]["date"] == "2027-01-15"
    assert any("2027" in note for note in answer["assumptions"])
