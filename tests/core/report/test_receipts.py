"""From gross receipts to deposits: every cent of money in is explained, or shown as not explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from app.core.report.lines import LineRow
from app.core.report.pack_input import AccountTie
from app.core.report.receipts import after_period, bridge, payers

Maker = Callable[..., LineRow]


def ties(rows: list[LineRow], *, missing: int = 0, currency: str = "USD") -> list[AccountTie]:
    """Return three accounts that report their money in by themselves, as the books' own sums do."""
    net: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        net[row.account_id, row.transaction_id] += row.cents
    money_in = {number: sum(c for (at, _), c in net.items() if at == number and c > 0) for number in (1, 2, 3)}
    return [
        AccountTie(
            id=number, name="Bank", kind="checking", institution="", last4=None,
            currency=currency if number == 3 else "USD", opening_cents=0, in_cents=cents + missing * (number == 1),
            out_cents=0, closing_cents=0,
        )
        for number, cents in money_in.items()
    ]  # fmt: skip


@given(st.data())
def test_any_books_are_explained_to_the_cent(some_rows: st.SearchStrategy[list[LineRow]], data: st.DataObject) -> None:
    rows = data.draw(some_rows)
    found = bridge(rows, ties(rows))
    assert found.difference == 0
    assert found.gross == sum(payer.cents for payer in payers(rows, initials_only=False))


def test_a_deposit_the_rows_do_not_hold_is_left_over(row: Maker) -> None:
    rows = [row(1, 50_000, kind="income", line="C1")]
    assert bridge(rows, ties(rows, missing=777)).difference == 777


def test_fees_kept_back_lead_from_gross_to_the_payout(row: Maker) -> None:
    rows = [
        row(1, 10_000, kind="income", line="C1", part=1), row(1, -320, line="C10", part=2),
        row(2, 2_500, kind="refund", line="C18"), row(3, 4_000, kind="transfer"),
        row(4, -900, kind="income", line="C1"), row(5, 700, status="suggested"),
    ]  # fmt: skip
    found = bridge(rows, ties(rows))
    assert (found.gross, found.deposits, found.difference) == (9_100, 16_880, 0)
    assert [(step.label, step.cents) for step in found.steps] == [
        ("Line 1 rows outside these deposits", 900),
        ("Fees kept back before the deposit", -320),
        ("Refunds of business costs", 2_500),
        ("Own transfers and card payments", 4_000),
        ("Not booked yet", 700),
    ]


def test_accounts_in_another_currency_stay_out_and_are_counted(row: Maker) -> None:
    rows = [row(1, 10_000, kind="income", line="C1", account_id=3), row(2, 5_000, kind="income", line="C1")]
    found = bridge(rows, ties(rows, currency="EUR"))
    assert (found.gross, found.deposits, found.difference, found.left_out) == (15_000, 5_000, 0, 1)


def test_one_payer_written_two_ways_is_one(row: Maker) -> None:
    rows = [
        row(1, 100, kind="income", line="C1", merchant=None, description="RIDGEWAY DENTAL GRP INVOICE CCD ID: 61022"),
        row(2, 200, kind="income", line="C1", merchant=None, description="Ridgeway Dental Grp INVOICE PPD ID: 61022"),
        row(3, 900, kind="income", line="C1", merchant=None, description="Jane Doe", status="suggested"),
    ]
    assert [tuple(payer) for payer in payers(rows, initials_only=False)] == [("RIDGEWAY DENTAL GRP", 300, 2)]


def test_two_clients_of_the_same_initials_stay_two(row: Maker) -> None:
    rows = [
        row(1, 100, kind="income", line="C1", merchant="Jane Doe"),
        row(2, 200, kind="income", line="C1", merchant="John Dean"),
    ]
    assert [tuple(payer) for payer in payers(rows, initials_only=True)] == [("J. D.", 200, 1), ("J. D.", 100, 1)]


def test_deposits_posted_after_the_period_are_told(row: Maker) -> None:
    late = row(1, 4_200, kind="income", line="C1")
    assert after_period([late], late.date)[1:] == (4_200, 1)
    assert after_period([late], late.posted)[1:] == (0, 0)
