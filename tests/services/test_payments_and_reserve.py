"""Which payment counts against which year, and what the reserve makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.dates import day_from_iso
from app.core.errors import NotFound, Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.review import questions
from app.services.review.questions import Answered
from app.services.tax import profile, reserves, tax_plan, taxes, taxes_paid
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
IRS = "IRS USATAXPYMT"


@pytest.fixture
def paid_on(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Callable[..., int]:
    """Imports one booked tax payment and returns its id."""

    def made(day: str, cents: int = -150000, text: str = IRS) -> int:
        bring(books, f"{day}.ofx", ofx([(day, cents, text)]))
        row = next(row for row in books.transactions.listed(Filter(), 0) if row.posted_date == day_from_iso(day))
        if row.kind != "tax_payment" or row.status == "suggested":
            transactions.set_values(books, row.id, {"kind": "tax_payment"})
        return row.id

    return made


def counted(books: Books, year: int, as_of: str = "2027-12-31") -> list[tuple[int, str]]:
    return [(row.cents, row.type) for row in taxes_paid.paid(books, year, "federal", day_from_iso(as_of))]


@pytest.mark.parametrize(
    ("day", "year"), [("2026-01-15", 2025), ("2026-06-15", 2026), ("2026-09-15", 2026), ("2027-01-15", 2026)]
)
def test_a_payment_of_january_belongs_to_last_year_and_one_of_summer_to_its_own(
    books: Books, paid_on: Callable[..., int], day: str, year: int
) -> None:
    paid_on(day)
    assert counted(books, year) == [(150000, "estimate")]
    assert counted(books, year + 1) == counted(books, year - 1) == []
    assert taxes_paid.unsettled(books) == []


@pytest.mark.parametrize(
    ("choice", "type_", "year", "counts"),
    [(1, "estimate", 2026, True), (2, "balance", 2025, False), (3, "extension", 2025, True)],
)
def test_a_payment_of_april_is_asked_and_counts_as_answered(
    books: Books, paid_on: Callable[..., int], choice: int, type_: str, year: int, *, counts: bool
) -> None:
    number = paid_on("2026-04-15")
    assert counted(books, 2025) == counted(books, 2026) == []
    item = next(item for item in questions.items(books) if item.type == "tax_payment")
    assert [row.id for row in item.rows] == [number]
    questions.answer(books, item.id, Answered(choice=choice))
    recorded = taxes_paid.listed(books)
    assert [(p.type, p.for_year, p.cents, p.transaction_id) for p in recorded] == [(type_, year, 150000, number)]
    assert counted(books, year) == ([(150000, type_)] if counts else [])
    assert questions.items(books) == []
    history.undo(books)
    assert [item.type for item in questions.items(books)] == ["tax_payment"]


def test_a_recorded_payment_stands_for_its_bank_row_and_is_counted_once(
    books: Books, paid_on: Callable[..., int]
) -> None:
    number = paid_on("2026-06-15")
    values: dict[str, Any] = {"date": "2026-06-13", "cents": 150000, "jurisdiction": "federal", "for_year": 2026,
                              "type": "estimate", "transaction_id": number}  # fmt: skip
    taxes_paid.record(books, values)
    assert counted(books, 2026) == [(150000, "estimate")]
    with pytest.raises(Refused, match=r"Of that bank row \$1,500\.00 is recorded already\."):
        taxes_paid.record(books, values)
    taxes_paid.record(books, values | {"transaction_id": None, "type": "penalty", "cents": 999})
    taxes_paid.record(books, values | {"transaction_id": None, "jurisdiction": "ca", "cents": 777})
    assert counted(books, 2026) == [(150000, "estimate")]
    assert counted(books, 2026, "2026-06-12") == []
    assert [p.jurisdiction for p in taxes_paid.listed(books)].count("CA") == 1


def test_a_payment_recorded_before_its_bank_row_came_is_counted_once(books: Books, paid_on: Callable[..., int]) -> None:
    values: dict[str, Any] = {"date": "2026-06-15", "cents": 150000, "jurisdiction": "federal", "for_year": 2026,
                              "type": "estimate"}  # fmt: skip
    taxes_paid.record(books, values)
    paid_on("2026-06-17")
    assert counted(books, 2026) == [(150000, "estimate")]
    # The same amount at another time is another payment; a balance recorded by hand makes its row no estimate.
    paid_on("2026-09-15")
    assert counted(books, 2026) == [(150000, "estimate")] * 2
    taxes_paid.record(books, values | {"date": "2026-09-14", "type": "balance", "for_year": 2025})
    assert counted(books, 2026) == [(150000, "estimate")]
    # One recorded payment stands for one row, and the row of April is asked no more.
    paid_on("2026-04-16")
    assert len(taxes_paid.unsettled(books)) == 1
    taxes_paid.record(books, values | {"date": "2026-04-15"})
    assert taxes_paid.unsettled(books) == []
    assert counted(books, 2026) == [(150000, "estimate")] * 2


def test_a_payment_must_make_sense(books: Books) -> None:
    values: dict[str, Any] = {"date": "2026-06-15", "cents": 100, "jurisdiction": "federal", "for_year": 2026,
                              "type": "estimate"}  # fmt: skip
    for change in ({"date": "June"}, {"type": "gift"}, {"cents": 0}, {"cents": -5}):
        with pytest.raises(Refused):
            taxes_paid.record(books, values | change)
    with pytest.raises(NotFound):
        taxes_paid.record(books, values | {"transaction_id": 99})
    assert taxes_paid.listed(books) == []


# --- the reserve


@pytest.fixture
def year_of_work(books: Books, ofx: Callable[..., bytes], bring: Bring) -> Books:
    """A single designer with a client who pays 8,000 a month."""
    profile.change(books, 2026, {"filing_status": "single", "state": "TX", "time_zone": "America/Chicago"})
    rows = [(f"2026-{month:02d}-10", 800000, "RIDGEWAY DENTAL GRP AP") for month in range(1, 12)]
    bring(books, "work.ofx", ofx(rows), role="business")
    for row in list(books.transactions.listed(Filter(), 0)):
        transactions.set_values(books, row.id, {"kind": "income"})
    return books


def test_what_is_needed_is_what_deposits_set_aside_less_withholding_and_payments(
    year_of_work: Books, paid_on: Callable[..., int]
) -> None:
    books = year_of_work
    before = reserves.reserve_now(books)
    asides = sum(deposit["set_aside_cents"] for deposit in before["deposits"])
    assert before["needed_cents"] == asides > 0
    assert before["range"]["low_cents"] <= before["needed_cents"] <= before["range"]["high_cents"]
    paid_on("2026-06-15", -200000)
    after = reserves.reserve_now(books)
    assert after["paid_cents"] == 200000
    assert after["needed_cents"] == asides - 200000
    profile.change(books, 2026, {"withholding": "100000"})
    assert reserves.reserve_now(books)["needed_cents"] == 0


def test_the_reserve_account_holds_what_lies_aside(
    year_of_work: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    books = year_of_work
    bring(books, "tax.ofx", ofx([("2026-05-01", 123400, "DEPOSIT")], number="000771209999"),
          account_kind="savings", role="reserve")  # fmt: skip
    answer = reserves.reserve_now(books)
    assert answer["held_cents"] == 123400
    assert answer["gap_cents"] == answer["needed_cents"] - 123400
    accounts.change(books, "Harbor Bank Savings ··9999", {"role": "mixed"})
    assert reserves.reserve_now(books)["held_cents"] == 0


def test_by_period_the_reserve_asks_what_the_next_date_asks_on_the_income_so_far(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    """All income came in the fall: by period nothing was asked before, and the last date asks for all of it."""
    profile.change(books, 2026, {"filing_status": "single", "state": "TX", "birth_year": "1985"})
    bring(books, "work.ofx", ofx([("2026-10-05", 4_000_000, "WIRE IN RIDGEWAY DENTAL"), ("2026-01-02", -100, "FEE")]),
          role="business")  # fmt: skip
    row = next(row for row in books.transactions.listed(Filter(), 0) if row.cents > 0)
    transactions.set_values(books, row.id, {"kind": "income"})
    summer, fall = day_from_iso("2026-09-15"), day_from_iso("2026-11-20")
    assert reserves.reserve_now(books, as_of=summer, mode="annualized")["needed_cents"] == 0
    by_share = reserves.reserve_now(books, as_of=fall)
    assert by_share["mode"] == "share"
    profile.change(books, 2026, {"reserve_mode": "annualized"})
    found = reserves.reserve_now(books, as_of=fall)
    assert found["mode"] == "annualized"
    federal = tax_plan.planned(books, as_of=fall).plans[0]
    way = federal.method("annualized")
    assert way is not None
    assert [each.required for each in way.instalments][:3] == [0, 0, 0]
    assert found["needed_cents"] == found["federal"]["needed_cents"] == way.instalments[-1].required > 0
    assert sum(each["set_aside_cents"] for each in found["deposits"]) == found["needed_cents"]
    assert found["gap_cents"] == found["needed_cents"] - found["held_cents"]
    # What is asked for on the command line wins over the profile.
    assert reserves.reserve_now(books, as_of=fall, mode="share") == by_share


def test_advance_credit_and_own_insurance_are_pointed_out(books: Books) -> None:
    profile.change(books, 2026, {"filing_status": "single", "marketplace_insurance": "yes", "health_insurance": "3000"})
    found = reserves.reserve_now(books, as_of=day_from_iso("2026-11-20"))
    [warning] = found["warnings"]
    assert warning == "Marketplace insurance: this does not include repayment of advance credit."
    assert found["assumptions"][0].startswith("Marketplace: the credit ends at $62,600.00")
    assert warning in found["assumptions"]
    assert any(text.startswith("Own health insurance counts for months") for text in found["assumptions"])
    assert warning in taxes.estimate(books, year=2026).assumptions
    profile.change(books, 2026, {"marketplace_insurance": "no"})
    assert reserves.reserve_now(books, as_of=day_from_iso("2026-11-20"))["warnings"] == []


def test_until_the_household_is_known_it_is_a_first_guess(books: Books) -> None:
    assert reserves.reserve_now(books)["first_guess"] is True
    profile.change(books, 2026, {"filing_status": "single"})
    assert reserves.reserve_now(books)["first_guess"] is True
    profile.change(books, 2026, {"state": "CA"})
    assert reserves.reserve_now(books)["first_guess"] is False


def test_a_past_year_is_taken_whole_and_later_rows_stay_out(
    year_of_work: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    books = year_of_work
    bring(books, "old.ofx", ofx([("2025-12-31", 500000, "RIDGEWAY DENTAL GRP AP")]), role="business")
    old = next(row for row in books.transactions.listed(Filter(), 0) if row.cents == 500000)
    transactions.set_values(books, old.id, {"kind": "income"})
    past = taxes.estimate(books, year=2025)
    assert (past.as_of, past.totals["net_profit_cents"]) == (day_from_iso("2025-12-31"), 500000)
    this = taxes.estimate(books, as_of=day_from_iso("2026-03-31"))
    assert (this.year, this.totals["net_profit_cents"]) == (2026, 3 * 800000)
    assert taxes.estimate(books).totals["net_profit_cents"] == 11 * 800000
    with pytest.raises(Refused):
        taxes.estimate(books, year=2012)


def test_what_was_said_of_one_return_is_not_carried_to_the_next_year(books: Books) -> None:
    profile.change(books, 2025, {
        "filing_status": "single", "state": "NY", "prior_year_tax": "9000", "carryover_qbi_loss": "500",
        "planned_profit": "80000",
    })  # fmt: skip
    carried = profile.show(books, 2026)
    assert carried.carried_over_from == 2025
    assert carried.values["state"] == "NY"
    assert not {"prior_year_tax", "carryover_qbi_loss", "planned_profit"} & set(carried.values)
    profile.change(books, 2026, {"birth_year": "1980"})
    mine = profile.show(books, 2026)
    assert mine.values["filing_status"] == "single"
    assert "prior_year_tax" not in mine.values
    assert profile.show(books, 2025).values["prior_year_tax"] == "9000"


def test_a_tax_payment_that_names_nobody_is_asked_and_then_counts(books: Books, ofx: Any, bring: Any) -> None:
    bring(books, "tax.ofx", ofx([("2026-06-12", -120_000, "ONLINE TAX PAYMENT", "1")]))
    (row,) = books.transactions.listed(Filter(), 0)
    transactions.set_values(books, row.id, {"kind": "tax_payment"})
    (item,) = [item for item in questions.items(books) if item.type == "tax_payment"]
    assert item.question == "To whom did the tax payment of 2026-06-12 over $1,200.00 go?"
    assert [choice.label for choice in item.choices] == ["Federal: estimated tax for 2026", "No tax on income"]
    assert taxes_paid.paid(books, 2026, "federal", row.tax_date) == []
    questions.answer(books, item.id, Answered(choice=1))
    (paid,) = taxes_paid.paid(books, 2026, "federal", row.tax_date)
    assert (paid.cents, paid.type, paid.transaction_id) == (120_000, "estimate", row.id)
    assert [item for item in questions.items(books) if item.type == "tax_payment"] == []
