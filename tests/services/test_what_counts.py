"""What enters Schedule C, what enters the range, and what enters neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.errors import Refused
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, row_links, transactions
from app.services.ledger.transactions import Part
from app.services.report import reports
from app.services.review import questions
from app.services.review.questions import Answered
from app.services.tax import profile, reserves, taxes
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
YEAR = 2026


@pytest.fixture
def bank(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Callable[..., list[int]]:
    """Imports rows of (ISO day, cents, text) into one checking account; returns their ids in that order."""

    def brought(rows: list[tuple[str, int, str]], **options: Any) -> list[int]:
        result = bring(books, "bank.ofx", ofx(rows), **options)
        assert result.error is None
        found = {(row.posted_date, row.cents, row.text): row.id for row in books.transactions.listed(Filter(), 0)}
        return [next(n for key, n in found.items() if key[1] == cents and text in key[2]) for _, cents, text in rows]

    return brought


def lines(books: Books) -> dict[str, int]:
    schedule = reports.schedule(books, YEAR)
    return {line.code: line.cents for line in schedule.lines if line.cents}


def book(books: Books, number: int, kind: str, line: str = "", percent: str = "") -> None:
    values = {"kind": kind, "line": line, "business_percent": percent}
    transactions.set_values(books, number, {name: value for name, value in values.items() if value})


def net(books: Books) -> taxes.NetProfit:
    return taxes.estimate(books, year=YEAR, as_of=None).net


def test_a_suggestion_is_in_no_line_but_in_the_range(books: Books, bank: Callable[..., list[int]]) -> None:
    bank([("2026-03-02", -30000, "STAPLES 0041 OAKLAND CA")])
    row = next(books.transactions.listed(Filter(), 0))
    assert row.status == "suggested"
    assert lines(books) == {}
    assert net(books).low == -30000
    assert net(books).high == 0
    assert net(books).low <= net(books).expected <= net(books).high
    book(books, row.id, "expense", "C18")
    assert lines(books)["C18"] == -30000
    assert net(books) == (-30000, -30000, -30000)


def test_personal_is_always_among_the_choices_of_the_range(books: Books, bank: Callable[..., list[int]]) -> None:
    first, _ = bank([("2026-03-02", 100000, "RIDGEWAY DENTAL GRP AP"), ("2026-03-09", 40000, "ZELLE FROM A FRIEND")])
    book(books, first, "income")
    found = net(books)
    assert found.low == 100000
    assert found.low <= found.expected <= found.high
    assert found.high == 140000


def test_an_unpaired_payout_counts_as_expected_income(books: Books, bank: Callable[..., list[int]]) -> None:
    profile.change(books, YEAR, {"filing_status": "single", "state": "TX"})
    accounts.add(books, {"name": "Stripe", "kind": "stripe"})
    bank([("2026-03-02", 70000, "STRIPE TRANSFER ST-A1B2C3")])
    row = next(books.transactions.listed(Filter(), 0))
    assert (row.kind, row.status) == ("transfer", "suggested")
    assert lines(books) == {}
    assert (net(books).low, net(books).expected) == (0, 70000)
    assert [d["amount_cents"] for d in reserves.reserve_now(books)["deposits"]] == [70000]


@pytest.mark.parametrize(
    "kind", ["transfer", "card_payment", "owner_draw", "owner_contribution", "loan", "tax_payment", "personal", "wages"]
)
def test_money_that_is_no_business_stands_nowhere(books: Books, bank: Callable[..., list[int]], kind: str) -> None:
    numbers = bank([("2026-03-02", -50000, "SOMETHING OUT"), ("2026-03-03", 60000, "SOMETHING IN")])
    for number in numbers:
        book(books, number, kind)
        with pytest.raises(Refused):
            book(books, number, kind, "C18")
    assert lines(books) == {}
    assert reports.profit_and_loss(books, YEAR) == []
    assert net(books) == (0, 0, 0)


def test_a_pair_leaves_both_legs_out_of_everything(
    books: Books, ofx: Callable[..., bytes], bring: Bring, derived_holds: Callable[[Books], None]
) -> None:
    bring(books, "a.ofx", ofx([("2026-03-02", -80000, "Online Transfer to SAV ...9999 transaction#: 1")]))
    bring(books, "b.ofx", ofx([("2026-03-02", 80000, "Online Transfer from CHK ...4417")], number="000771209999"),
          account_kind="savings")  # fmt: skip
    rows = list(books.transactions.listed(Filter(), 0))
    assert {(row.kind, row.status) for row in rows} == {("transfer", "auto")}
    assert net(books) == (0, 0, 0)
    assert reports.cash_flow(books, 202601, 202612) == []
    row_links.unlink(books, rows[0].id, rows[1].id)
    derived_holds(books)
    assert books.connection.execute("SELECT COUNT(*) FROM pair").fetchone() == (0,)
    row_links.link(books, rows[0].id, rows[1].id, "transfer")
    derived_holds(books)
    assert {row.status for row in books.transactions.listed(Filter(), 0)} == {"confirmed"}


def test_equal_numbers_of_two_currencies_are_no_pair(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "a.ofx", ofx([("2026-03-02", -80000, "Online Transfer to SAV ...9999")], currency="EUR"))
    bring(books, "b.ofx", ofx([("2026-03-02", 80000, "Online Transfer from CHK ...4417")], number="000771209999"))
    assert books.connection.execute("SELECT COUNT(*) FROM pair").fetchone() == (0,)


def test_a_refund_counts_on_its_line_in_its_own_year(books: Books, bank: Callable[..., list[int]]) -> None:
    bought, back = bank([("2025-12-20", -30000, "STAPLES 0041"), ("2026-01-09", 10000, "STAPLES RETURN 0041")])
    book(books, bought, "expense", "C18")
    book(books, back, "refund", "C18")
    assert lines(books) == {"C18": 10000}
    assert {line.code: line.cents for line in reports.schedule(books, 2025).lines if line.cents} == {"C18": -30000}


def test_a_row_with_a_fee_counts_gross_and_fee_apart(books: Books, bring: Bring) -> None:
    text = (
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description\n"
        "txn_1,2026-03-01 18:00:00,2026-03-03 00:00:00,usd,100.00,3.20,96.80,charge,Invoice 1\n"
        "txn_2,2026-03-09 18:00:00,2026-03-09 00:00:00,usd,-40.00,0.00,-40.00,refund,Refund of invoice 1\n"
    )
    bring(books, "itemized.csv", text.encode(), role="business")
    charge, back = sorted(books.transactions.listed(Filter(), 0), key=lambda row: -row.cents)
    book(books, charge.id, "income")
    book(books, back.id, "refund", "C2")
    assert lines(books) == {"C1": 10000, "C2": -4000, "C10": -320}
    assert net(books).expected == 10000 - 4000 - 320
    parts = books.connection.execute(
        "SELECT part, cents FROM lines WHERE id = ? ORDER BY part", (charge.id,)
    ).fetchall()
    assert parts == [(1, 10000), (2, -320)]
    assert accounts.listed(books)[0].balance_cents == 9680 - 4000


def test_the_parts_of_a_split_count_alone_and_ask_no_more(
    books: Books, bank: Callable[..., list[int]], derived_holds: Callable[[Books], None]
) -> None:
    (number,) = bank([("2026-03-02", -10001, "COSTCO WHSE #0412")])
    assert len(questions.items(books)) == 1
    parts = [
        Part(cents=-5001, kind="expense", line="C22", percent=5000),
        Part(cents=-5000, kind="personal", line="NONE", percent=10000),
    ]
    transactions.split(books, number, parts)
    derived_holds(books)
    assert questions.items(books) == []
    assert lines(books) == {"C22": -2501}
    assert net(books) == (-2501, -2501, -2501)
    row = books.transactions.get(number)
    assert row is not None
    assert row.status == "confirmed"
    with pytest.raises(Refused):
        transactions.split(books, number, parts[:1])
    transactions.unsplit(books, number)
    derived_holds(books)
    assert (lines(books), len(questions.items(books))) == ({}, 1)


def test_a_percentage_is_rounded_once_a_line_half_away_from_zero(books: Books, bank: Callable[..., list[int]]) -> None:
    numbers = bank([("2026-03-0" + str(n), -101 - n, f"SHOP NUMBER {n}") for n in range(1, 6)])
    for number in numbers:
        book(books, number, "expense", "C25", "50")
    # 51 (51.0), 52 (51.5), 52 (52.0), 53 (52.5), 53 (53.0)
    assert lines(books)["C25"] == -(51 + 52 + 52 + 53 + 53)


def test_a_row_in_another_currency_counts_nowhere_until_its_dollars_are_known(
    books: Books, ofx: Callable[..., bytes], bring: Bring, derived_holds: Callable[[Books], None]
) -> None:
    bring(books, "a.ofx", ofx([("2026-03-02", 50000, "KUNDE GMBH RECHNUNG 7")], currency="EUR"), role="business")
    row = next(books.transactions.listed(Filter(), 0))
    asked = {item.type: item for item in questions.items(books)}
    assert asked["currency"].question.startswith(
        "How many US dollars was KUNDE GMBH RECHNUNG 7 of 2026-03-02, 500.00 EUR?"
    )
    assert asked["income"].evidence == ["2026-03-02  500.00 EUR  KUNDE GMBH RECHNUNG 7"]
    book(books, row.id, "income")
    assert (row.currency, lines(books), net(books)) == ("EUR", {}, (0, 0, 0))
    assert accounts.listed(books)[0].balance_cents == 50000
    item = next(item for item in questions.items(books) if item.type == "currency")
    with pytest.raises(Refused):
        questions.answer(books, item.id, Answered(usd_cents=-54321))
    questions.answer(books, item.id, Answered(usd_cents=54321))
    derived_holds(books)
    assert (lines(books), net(books).expected) == ({"C1": 54321}, 54321)
    assert [item.type for item in questions.items(books)] == []


def test_a_deleted_row_counts_nowhere(books: Books, bank: Callable[..., list[int]]) -> None:
    (number,) = bank([("2026-03-02", 50000, "RIDGEWAY DENTAL GRP AP")])
    book(books, number, "income")
    transactions.delete(books, [number], "not mine")
    assert (lines(books), net(books), accounts.listed(books)[0].balance_cents) == ({}, (0, 0, 0), 0)
