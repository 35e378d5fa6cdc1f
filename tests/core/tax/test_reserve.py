"""Set-asides add up to the tax of the year, in any order, and what is needed follows from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import day_from_iso, year_days
from app.core.tax.by_profit import TaxParts, tax_by_profit, with_profit
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Owner, Person
from app.core.tax.projection import Projection, YearToDate, project
from app.core.tax.reserve import ONE_PAYS_NOT_THE_OTHER, Deposit, Paid, Standing, contract, reserve, withholding_to

JAN_1, DEC_31 = year_days(2026)


def _thirty_percent(profit: int) -> TaxParts:
    federal = max(0, profit) // 10
    return TaxParts(federal, federal * 2)


def _year(profit: int, deposits: int, low: int | None = None, high: int | None = None) -> Projection:
    return Projection("actual", 365, profit if low is None else low, profit, high or profit, deposits, ())


def _deposits(*amounts: int) -> list[Deposit]:
    return [Deposit(number, JAN_1 + number, "Client", cents, "booked") for number, cents in enumerate(amounts, start=1)]


def test_shares_of_a_finished_year_add_up_to_the_tax() -> None:
    found = reserve(
        _deposits(100_000, 200_000, 300_001),
        _thirty_percent,
        _year(500_003, 600_001),
        Standing(year=2026, as_of=DEC_31),
    )
    assert [row.set_aside_cents for row in found.deposits] == [25_000, 50_000, 75_000]
    assert found.needed_cents == found.gap_cents == 150_000


def test_only_the_part_of_the_deposits_so_far_is_needed() -> None:
    found = reserve(_deposits(100_000), _thirty_percent, _year(400_000, 400_000), Standing(year=2026, as_of=JAN_1 + 30))
    assert found.needed_cents == 30_000
    assert [line.cents for line in found.lines] == [120_000, 30_000, 30_000, 30_000]


def test_withholding_and_payments_come_off_what_is_needed_not_off_the_deposits() -> None:
    standing = Standing(
        year=2026,
        as_of=DEC_31,
        federal=Paid(withholding_to_date=20_000, paid=30_000),
        held_cents=45_000,
        first_guess=False,
    )
    found = reserve(_deposits(200_000, 200_000), _thirty_percent, _year(400_000, 400_000), standing)
    assert [row.set_aside_cents for row in found.deposits] == [60_000, 60_000]
    assert found.needed_cents == 70_000
    assert found.gap_cents == 25_000
    # Held and paid together cover the older deposit and not the newer one.
    assert [row.status for row in found.deposits] == ["covered", "open"]


def test_more_paid_than_asked_is_a_surplus_not_a_debt() -> None:
    standing = Standing(year=2026, as_of=DEC_31, federal=Paid(paid=500_000), held_cents=1_000)
    found = reserve(_deposits(400_000), _thirty_percent, _year(400_000, 400_000), standing)
    assert (found.needed_cents, found.gap_cents) == (0, -1_000)


def test_deposits_after_the_day_are_left_out_and_suggested_ones_count() -> None:
    rows = [
        Deposit(1, JAN_1, "A", 100_000, "suggested"),
        Deposit(2, JAN_1 + 5, None, 100_000, "booked"),
    ]
    found = reserve(rows, _thirty_percent, _year(200_000, 200_000), Standing(year=2026, as_of=JAN_1 + 4))
    assert [row.deposit.transaction_id for row in found.deposits] == [1]
    assert found.needed_cents == 30_000


def test_a_chargeback_sets_nothing_aside() -> None:
    found = reserve(
        _deposits(100_000, -40_000, 0), _thirty_percent, _year(60_000, 60_000), Standing(year=2026, as_of=DEC_31)
    )
    assert [row.set_aside_cents for row in found.deposits] == [18_000, 0, 0]
    assert found.deposits[1].marginal_rate == 0
    assert any("nothing aside" in note for note in found.assumptions)


def test_no_deposits_nothing_needed() -> None:
    found = reserve([], _thirty_percent, _year(100_000, 0), Standing(year=2026, as_of=DEC_31))
    assert (found.needed_cents, found.deposits) == (0, ())


def test_the_range_follows_the_profit_range() -> None:
    found = reserve(
        _deposits(100_000),
        _thirty_percent,
        _year(100_000, 100_000, low=50_000, high=150_000),
        Standing(year=2026, as_of=DEC_31),
    )
    assert found.range_cents == (15_000, 30_000, 45_000)


def test_marginal_tax_is_the_difference_of_two_full_evaluations(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    household = freelancer(9_000_000)
    tax = tax_by_profit(household, figures[2026])
    found = reserve(
        _deposits(5_000_000, 4_000_000), tax, _year(9_000_000, 9_000_000), Standing(year=2026, as_of=DEC_31)
    )

    def total(profit: int) -> Mapping[str, int]:
        return evaluate(freelancer(profit), figures[2026]).totals

    full, without = total(9_000_000), total(5_000_000)
    newer = found.deposits[1]
    assert newer.marginal.total == full["total_federal_cents"] - without["total_federal_cents"]
    assert newer.marginal.self_employment == full["se_tax_cents"] - without["se_tax_cents"]
    assert newer.marginal_rate == round(newer.marginal.total / 4_000_000, 4)
    assert sum(row.set_aside_cents for row in found.deposits) == full["total_federal_cents"]


@settings(max_examples=60, deadline=None)
@given(amounts=st.lists(st.integers(1, 5_000_000), min_size=1, max_size=30), seed=st.integers(0, 99))
def test_the_order_of_deposits_does_not_matter(figures: dict[int, Parameters], amounts: list[int], seed: int) -> None:
    household = Household(year=2026, primary=Person(age=40))
    tax = tax_by_profit(household, figures[2026])
    profit = sum(amounts)
    standing = Standing(year=2026, as_of=DEC_31)
    found = reserve(_deposits(*amounts), tax, _year(profit, profit), standing)
    shuffled = amounts[:]
    random.Random(seed).shuffle(shuffled)
    again = reserve(_deposits(*shuffled), tax, _year(profit, profit), standing)
    assert sum(row.set_aside_cents for row in found.deposits) == max(0, tax(profit).total)
    assert found.needed_cents == again.needed_cents
    by_amount = {row.deposit.cents: row.set_aside_cents for row in again.deposits}
    assert all(abs(by_amount[row.deposit.cents] - row.set_aside_cents) <= 1 for row in found.deposits)


def test_profit_is_spread_over_the_businesses_in_step() -> None:
    household = Household(
        year=2026,
        businesses=(
            Business(net_profit_cents=300),
            Business(net_profit_cents=100, owner=Owner.SPOUSE),
            Business(net_profit_cents=-50),
        ),
    )
    grown = with_profit(household, 750)
    assert [business.net_profit_cents for business in grown.businesses] == [600, 200, -50]
    assert with_profit(Household(year=2026), 900).net_profit_cents == 900
    assert with_profit(household, -1000).net_profit_cents == -1000


def test_many_deposits_cost_one_evaluation_for_each_amount() -> None:
    asked = []

    def counting(profit: int) -> TaxParts:
        asked.append(profit)
        return _thirty_percent(profit)

    reserve(
        _deposits(*[1_000, 2_000, 3_000] * 200), counting, _year(1_200_000, 1_200_000),
        Standing(year=2026, as_of=JAN_1 + 700),
    )  # fmt: skip
    assert len(asked) == 3 + 3


@pytest.mark.parametrize(
    ("day", "cents"), [("2025-12-31", 0), ("2026-01-01", 1_000), ("2026-07-01", 182_000), ("2027-02-01", 365_000)]
)
def test_withholding_counts_evenly(day: str, cents: int) -> None:
    assert withholding_to(365_000, 2026, day_from_iso(day)) == cents


def test_the_answer_has_the_keys_of_the_contract(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    household = freelancer(0, interest_cents=1)
    as_of = day_from_iso("2026-11-20")
    projection = project(2026, as_of, YearToDate(4_000_000, 5_000_000, 6_000_000, 7_000_000), JAN_1, as_of)
    standing = Standing(
        year=2026, as_of=as_of, held_cents=20, first_guess=True,
        federal=Paid(paid=10, next_due=day_from_iso("2027-01-15")),
    )  # fmt: skip
    found = reserve(_deposits(7_000_000), tax_by_profit(household, figures[2026]), projection, standing, ("Said.",))
    answer = contract(found)
    assert {
        "as_of", "year", "mode", "needed_cents", "range", "first_guess", "assumptions", "held_cents", "paid_cents",
        "gap_cents", "federal", "state", "next_due", "projection", "deposits", "true_up_cents",
    } <= set(answer)  # fmt: skip
    assert answer["mode"] == "share"
    assert answer["as_of"] == "2026-11-20"
    assert answer["next_due"] == {
        "date": "2027-01-15", "jurisdiction": "federal", "due_cents": answer["needed_cents"]
    }  # fmt: skip
    assert answer["range"]["low_cents"] < answer["range"]["expected_cents"] == answer["needed_cents"]
    assert answer["range"]["high_cents"] > answer["needed_cents"]
    deposit = answer["deposits"][0]
    assert set(deposit) >= {
        "transaction_id", "date", "payer", "amount_cents", "set_aside_cents", "marginal_cents", "marginal_rate",
        "parts", "status",
    }  # fmt: skip
    assert sum(deposit["parts"].values()) == deposit["marginal_cents"]
    assert answer["assumptions"][0] == "Said."
    assert contract(reserve([], _thirty_percent, projection, Standing(year=2026, as_of=as_of)))["next_due"] is None


def _with_state(profit: int) -> TaxParts:
    return TaxParts(profit // 10, profit // 5, state=profit // 20, local=profit // 20)


def test_what_is_needed_is_told_for_each_government() -> None:
    standing = Standing(
        year=2026, as_of=DEC_31, state_code="NY",
        federal=Paid(withholding_to_date=10_000, paid=5_000, next_due=DEC_31 + 15),
        state=Paid(withholding_to_date=1_000, paid=4_000, next_due=DEC_31 + 15),
    )  # fmt: skip
    found = reserve(_deposits(400_000), _with_state, _year(400_000, 400_000), standing)
    # 120,000 federal and 40,000 state and local; 15,000 and 5,000 are with them.
    assert (found.federal_needed_cents, found.state_needed_cents) == (105_000, 35_000)
    assert found.needed_cents == 140_000
    answer = contract(found)
    assert answer["next_due"]["jurisdiction"] == "federal"
    assert answer["state"]["next_due"] == {"date": "2027-01-15", "due_cents": 35_000}
    parts = answer["deposits"][0]["parts"]
    assert (parts["state_cents"], parts["local_cents"]) == (20_000, 20_000)


def test_what_one_government_has_too_much_pays_nothing_to_the_other() -> None:
    standing = Standing(year=2026, as_of=DEC_31, state_code="NY", federal=Paid(paid=200_000))
    found = reserve(_deposits(400_000), _with_state, _year(400_000, 400_000), standing)
    assert (found.federal_needed_cents, found.state_needed_cents) == (0, 40_000)
    assert ONE_PAYS_NOT_THE_OTHER in found.assumptions


def test_the_state_is_next_when_its_day_is_earlier() -> None:
    standing = Standing(
        year=2026, as_of=JAN_1, state_code="VA", federal=Paid(next_due=JAN_1 + 104), state=Paid(next_due=JAN_1 + 100)
    )
    answer = contract(reserve(_deposits(400_000), _with_state, _year(400_000, 400_000), standing))
    assert answer["next_due"]["jurisdiction"] == "VA"


def test_kept_figures_stay_and_the_difference_is_spread_over_the_others() -> None:
    # The tax turned out to be 180,000 and not 90,000: the first deposit was kept at half of what it would be now.
    found = reserve(
        _deposits(100_000, 200_000), _thirty_percent, _year(600_000, 600_000),
        Standing(year=2026, as_of=JAN_1 + 30), kept={1: 15_000},
    )  # fmt: skip
    assert found.true_up_cents == 15_000
    # 165,000 are left for 200,000 received and 300,000 to come.
    assert [row.set_aside_cents for row in found.deposits] == [15_000, 66_000]
    assert found.needed_cents == 81_000


def test_when_no_deposit_is_left_to_take_it_the_difference_is_asked_at_once() -> None:
    found = reserve(
        _deposits(100_000, 200_000), _thirty_percent, _year(300_000, 300_000), Standing(year=2026, as_of=DEC_31),
        kept={1: 20_000, 2: 60_000},
    )  # fmt: skip
    assert [row.set_aside_cents for row in found.deposits] == [20_000, 60_000]
    assert (found.true_up_cents, found.needed_cents) == (10_000, 90_000)


def test_what_was_kept_beyond_the_whole_tax_asks_the_others_for_nothing() -> None:
    found = reserve(
        _deposits(100_000, 200_000), _thirty_percent, _year(300_000, 300_000), Standing(year=2026, as_of=DEC_31),
        kept={1: 100_000},
    )  # fmt: skip
    assert [row.set_aside_cents for row in found.deposits] == [100_000, 0]
    assert found.true_up_cents == -70_000
    # The tax of the year is 90,000: more is not needed, whatever was kept.
    assert found.needed_cents == 90_000


def test_what_was_kept_makes_an_unsure_year_no_surer() -> None:
    found = reserve(
        _deposits(100_000), _thirty_percent, _year(100_000, 100_000, low=50_000, high=150_000),
        Standing(year=2026, as_of=DEC_31), kept={1: 30_000},
    )  # fmt: skip
    assert found.range_cents == (15_000, 30_000, 45_000)
