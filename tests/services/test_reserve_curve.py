"""The reserve against the need by day: it ends at the figures of today, and counts what came on its own day."""

from __future__ import annotations

from app.core.dates import day_from_iso
from app.services.books.open_books import Books
from app.services.ledger import accounts, transactions
from app.services.tax import profile, reserve_curve, reserves, taxes_paid


def row(books: Books, account: str, day: str, cents: int, words: str) -> int:
    _, number = transactions.add(books, date=day, cents=cents, account_selector=account, description=words)
    assert number is not None
    return number


def earned(books: Books, day: str, cents: int) -> None:
    transactions.set_values(books, row(books, "Desk", day, cents, "Larkfield Tea invoice"), {"kind": "income"})


def test_the_last_day_is_what_reserve_says(household: Books) -> None:
    found = reserves.reserve_today(household)
    curve = reserve_curve.curve(household)
    last = curve.points[-1]
    assert (last.day, last.held, last.needed) == (
        found.as_of,
        found.reserve.standing.held_cents,
        found.reserve.needed_cents,
    )
    assert curve.points[0].day == day_from_iso("2026-01-01")
    assert len(curve.points) == found.as_of - curve.points[0].day + 1


def test_money_counts_from_the_day_it_was_moved_and_a_payment_from_the_day_it_was_paid(books: Books) -> None:
    profile.change(books, 2026, {"filing_status": "single", "state": "TX"})
    accounts.add(books, {"name": "Desk", "kind": "checking", "role": "business"})
    accounts.add(books, {"name": "Aside", "kind": "savings", "role": "reserve"})
    earned(books, "2026-02-10", 2_000_000)
    earned(books, "2026-08-10", 2_000_000)
    row(books, "Aside", "2026-03-01", 500_000, "from Desk")
    taxes_paid.record(
        books,
        {"date": "2026-06-15", "cents": 100_000, "jurisdiction": "federal", "for_year": 2026, "type": "estimate"},
    )
    curve = reserve_curve.curve(books)
    by_day = {point.day: point for point in curve.points}

    def at(day: str) -> reserve_curve.Point:
        return by_day[day_from_iso(day)]

    assert at("2026-02-09").needed == 0
    half = at("2026-02-10").needed
    assert half > 0
    assert (at("2026-02-28").held, at("2026-03-01").held) == (0, 500_000)
    assert at("2026-06-15").needed == at("2026-06-14").needed - 100_000
    assert at("2026-08-10").needed == at("2026-08-09").needed + half
    assert at("2026-02-15").short == half
    assert curve.covered_days == sum(point.held >= point.needed for point in curve.points)
    turned = {point.day for point in curve.turning()}
    assert {day_from_iso(day) for day in ("2026-02-10", "2026-03-01", "2026-06-15", "2026-08-10")} <= turned
    assert len(turned) == 6


def test_without_a_reserve_account_nothing_is_held(books: Books) -> None:
    accounts.add(books, {"name": "Desk", "kind": "checking", "role": "business"})
    earned(books, "2026-02-10", 2_000_000)
    curve = reserve_curve.curve(books)
    assert not curve.has_account
    assert {point.held for point in curve.points} == {0}
    assert curve.points[-1].needed > 0
