"""What is not said while a newly linked bank still tells the past: advice and alarms would rest on a part of a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from services.banks import Bank, feed_of, row

from app.core.dates import day_from_iso
from app.core.errors import Refused
from app.services import today
from app.services.bank import bank_history, bank_sync
from app.services.books.open_books import Books
from app.services.income import expected_payments
from app.services.ledger import transactions
from app.services.tax import profile, reserves

DAY = day_from_iso("2026-11-20")


@pytest.fixture
def bank(books: Books) -> Bank:
    """Gives a linked bank of which the rows of a month have come, with a client that pays by it."""
    profile.change(books, 2026, {"filing_status": "single", "state": "TX"})
    found = Bank()
    found.status = "initial"
    found.add(row("t1", "-2400.00", "2026-10-30", "ACH CREDIT NORTHWIND LABS LLC AP PAYMENT"))
    read(books, found)
    transactions.set_values(books, 1, {"kind": "income", "line": "C1"})
    return found


def read(books: Books, bank: Bank) -> None:
    known = books.bank.of_item(bank.item_id)
    bank_sync.sync(books, bank.link(books) if known is None else known.id, feed=feed_of(bank))


def test_what_to_set_aside_waits_until_the_past_is_here(books: Books, bank: Bank) -> None:
    with pytest.raises(Refused, match="Stand-in Bank is still giving the history"):
        reserves.reserve_now(books, as_of=DAY)
    page = today.summary(books, DAY)
    assert page.set_aside is None
    assert "Stand-in Bank is still giving the history" in page.tax_off
    bank.status = "complete"
    read(books, bank)
    assert reserves.reserve_now(books, as_of=DAY)["needed_cents"] > 0
    assert today.summary(books, DAY).tax_off == ""


def test_nothing_counts_as_late_until_the_past_is_here(books: Books, bank: Bank) -> None:
    expected_payments.add(books, "Northwind Labs LLC", day_from_iso("2026-05-01"), 310_000)
    found = expected_payments.outlook(books, DAY)
    assert [(each.state, each.days_late) for each in found.rows] == [("expected", 0)]
    assert (found.late_cents, found.awaits) == (0, ("Stand-in Bank",))
    assert "Stand-in Bank" in bank_history.not_late_yet(found.awaits)
    bank.status = "complete"
    read(books, bank)
    found = expected_payments.outlook(books, DAY)
    assert [(each.state, each.days_late) for each in found.rows] == [("late", 203)]
    assert (found.late_cents, found.awaits, bank_history.not_late_yet(found.awaits)) == (310_000, (), "")


def test_a_bank_that_never_says_that_it_is_done_keeps_nobody_waiting_for_ever(books: Books, bank: Bank) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3, minutes=1)
    books.bank.set_connection(1, awaited_since=int(long_ago.timestamp() * 1000))
    assert bank_history.awaited(books) == ()
    found = reserves.reserve_now(books, as_of=DAY)
    assert any("Stand-in Bank is still giving its history" in note for note in found["warnings"])
