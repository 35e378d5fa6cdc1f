"""Losses that go on to next year, several businesses in one deduction, and tips of a business."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Carryovers, Household, Owner, Person, Result


def _capital(
    figures: dict[int, Parameters], wages: int, short: int, long: int, carried: tuple[int, int] = (0, 0)
) -> Result:
    household = Household(
        year=2026,
        primary=Person(age=40, wages_cents=wages * 100),
        short_term_gains_cents=short * 100,
        long_term_gains_cents=long * 100,
        short_term_loss_carryover_cents=carried[0] * 100,
        long_term_loss_carryover_cents=carried[1] * 100,
    )
    return evaluate(household, figures[2026])


@pytest.mark.parametrize(
    ("wages", "short", "long", "on"),
    [
        (50_000, 0, -2_000, (0, 0)),
        (50_000, 0, -10_000, (0, 7_000)),
        (50_000, -5_000, 1_000, (1_000, 0)),  # 4,000 net, 3,000 deducted
        (50_000, -2_000, -6_000, (0, 5_000)),  # the short-term loss is used up first
        (50_000, -6_000, -2_000, (3_000, 2_000)),
        (50_000, 4_000, -10_000, (0, 3_000)),
        (0, 0, -3_000, (0, 3_000)),  # no income: nothing is used up
        (17_600, 0, -10_000, (0, 8_500)),  # 17,600 - 3,000 - 16,100 is 1,500 short: half of the 3,000 was used
        (50_000, 3_000, 2_000, (0, 0)),
    ],
)
def test_what_is_left_of_a_capital_loss_goes_on(
    figures: dict[int, Parameters], wages: int, short: int, long: int, on: tuple[int, int]
) -> None:
    found = _capital(figures, wages, short, long).carryovers
    assert found == Carryovers(on[0] * 100, on[1] * 100, 0)


def test_last_years_loss_lowers_this_years_gain_and_goes_on(figures: dict[int, Parameters]) -> None:
    found = _capital(figures, 50_000, 5_000, 0, carried=(0, 7_000))
    assert found.components["agi"] == 4_800_000
    assert found.carryovers == Carryovers(0, 0, 0)
    found = _capital(figures, 50_000, 0, 5_000, carried=(1_000, 12_000))
    assert found.components["agi"] == 4_700_000
    assert found.carryovers == Carryovers(0, 500_000, 0)


def test_a_loss_carried_over_takes_the_low_rate_off_the_gain(figures: dict[int, Parameters]) -> None:
    # 20,000 of long gain, 20,000 of long loss carried over: nothing is left at the rates of gains.
    plain = _capital(figures, 100_000, 0, 0).components["income_tax"]
    assert _capital(figures, 100_000, 0, 20_000, carried=(0, 20_000)).components["income_tax"] == plain


def _several(figures: dict[int, Parameters], *businesses: Business, **household: object) -> Result:
    return evaluate(Household(year=2026, primary=Person(age=40), businesses=businesses, **household), figures[2026])


def test_a_qualified_loss_goes_on(figures: dict[int, Parameters]) -> None:
    loss = Business(net_profit_cents=-500_000)
    assert _several(figures, loss).carryovers.qualified_business_loss == 500_000
    assert _several(figures, loss, qbi_loss_carryover_cents=200_000).carryovers.qualified_business_loss == 700_000
    # 3,000 less half the tax 211.94 eats 2,788.06 of last year's 10,000.
    profit = Business(net_profit_cents=300_000)
    found = _several(figures, profit, qbi_loss_carryover_cents=1_000_000)
    assert found.components["qbi_deduction"] == 0
    assert found.carryovers.qualified_business_loss == 721_194
    assert _several(figures, profit).carryovers.qualified_business_loss == 0


def test_a_loss_is_spread_over_the_winners(figures: dict[int, Parameters]) -> None:
    # Profits 60,000 and 30,000, a loss of 30,000: SE tax on 60,000, half 4,238.87, falls on the winners 2 to 1.
    # They bring 57,174.09 and 28,587.04; the loss takes a third of each: together 55,761.13, a fifth of it 11,152.23;
    # the limit is 20% of 60,000 - 4,238.87 - 16,100 = 39,661.13, so wages of 50,000 lift it.
    businesses = [Business(net_profit_cents=cents) for cents in (6_000_000, 3_000_000, -3_000_000)]
    household = Household(year=2026, primary=Person(age=40, wages_cents=5_000_000), businesses=tuple(businesses))
    assert evaluate(household, figures[2026]).components["qbi_deduction"] == 1_115_223


def test_one_specified_service_does_not_spoil_another_business(figures: dict[int, Parameters]) -> None:
    # Far above the range: the service drops out, the shop has half of its wages.
    service = Business(net_profit_cents=40_000_000, sstb=True, w2_wages_cents=9_000_000)
    shop = Business(net_profit_cents=40_000_000, w2_wages_cents=6_000_000)
    assert _several(figures, service, shop).components["qbi_deduction"] == 3_000_000


def _driver(figures: dict[int, Parameters], profit: int, tips: int, **change: object) -> Mapping[str, int]:
    business = Business(net_profit_cents=profit, tips_cents=tips, sstb=bool(change.pop("sstb", False)))
    person = Person(age=40, wages_cents=int(change.pop("wages", 0)))
    status = change.pop("status", FilingStatus.SINGLE)
    household = Household(year=2025, filing_status=status, primary=person, businesses=(business,))
    return evaluate(household, figures[2025], explain=False).components


def test_tips_of_a_business_are_deducted_and_are_no_qualified_income(figures: dict[int, Parameters]) -> None:
    # 80,000 with 20,000 of tips, and 50,000 of pay: half the tax 5,651.82; 124,348.18 less 15,750 and 20,000 is
    # 88,598.18. Qualified: 74,348.18 - 20,000 = 54,348.18, a fifth 10,869.64.
    found = _driver(figures, 8_000_000, 2_000_000, wages=5_000_000)
    assert found["qbi_deduction"] == 1_086_964
    assert found["taxable_income"] == 8_859_818 - 1_086_964
    plain = _driver(figures, 8_000_000, 0, wages=5_000_000)
    assert found["se_tax"] == plain["se_tax"]
    assert found["agi"] == plain["agi"]


def test_tips_count_up_to_what_the_business_earned(figures: dict[int, Parameters]) -> None:
    # 5,000 less half the tax 353.24 is 4,646.76, whatever the tips were; nothing qualified is left.
    found = _driver(figures, 500_000, 600_000, wages=5_000_000)
    assert found["taxable_income"] == 5_000_000 + 464_676 - 1_575_000 - 464_676
    assert found["qbi_deduction"] == 0
    assert _driver(figures, -100_000, 600_000, wages=5_000_000)["taxable_income"] == 5_000_000 - 100_000 - 1_575_000


@pytest.mark.parametrize("change", [{"sstb": True}, {"status": FilingStatus.MFS}])
def test_no_tips_of_a_specified_service_or_a_separate_return(
    figures: dict[int, Parameters], change: dict[str, object]
) -> None:
    with_tips = _driver(figures, 4_000_000, 900_000, wages=1_000_000, **change)
    assert with_tips["taxable_income"] == _driver(figures, 4_000_000, 0, wages=1_000_000, **change)["taxable_income"]


def test_what_tips_rest_on_is_said(freelancer: Callable[..., Household], figures: dict[int, Parameters]) -> None:
    household = Household(
        year=2026, primary=Person(age=40), businesses=(Business(net_profit_cents=4_000_000, tips_cents=900_000),)
    )
    assert any(sentence.startswith("Tips: ") for sentence in evaluate(household, figures[2026]).assumptions)
    assert not any("Tips" in sentence for sentence in evaluate(freelancer(4_000_000), figures[2026]).assumptions)


def test_a_plan_of_each_spouse_has_its_own_limit(figures: dict[int, Parameters]) -> None:
    # Each 100,000: 92,935.22 after half the tax, a fifth 18,587.04.
    plan = {"age": 40, "retirement_cents": 5_000_000}
    household = Household(
        year=2026,
        filing_status=FilingStatus.MFJ,
        primary=Person(**plan),
        spouse=Person(**plan),
        businesses=(
            Business(net_profit_cents=10_000_000),
            Business(net_profit_cents=10_000_000, owner=Owner.SPOUSE),
        ),
    )
    result = evaluate(household, figures[2026])
    assert result.components["agi"] == 2 * (10_000_000 - 706_478 - 1_858_704)
    assert any(
        "Own retirement plan: its limits" in sentence or "Own retirement" in sentence for sentence in result.assumptions
    )


def test_one_pay_carries_both_iras_of_a_couple_as_far_as_it_goes(figures: dict[int, Parameters]) -> None:
    household = Household(
        year=2026,
        filing_status=FilingStatus.MFJ,
        primary=Person(age=40, wages_cents=900_000, ira_cents=750_000),
        spouse=Person(age=40, ira_cents=750_000),
    )
    assert evaluate(household, figures[2026]).components["agi"] == 0


def test_an_own_plan_counts_as_taking_part(figures: dict[int, Parameters]) -> None:
    # 100,000 with a SEP of 5,000: income 87,935.22 is 6,935.22 into the range of 81,000 to 91,000: 7,500 less
    # 5,201.42, in tens 5,200, is 2,300.
    household = Household(
        year=2026,
        primary=Person(age=40, retirement_cents=500_000, ira_cents=750_000),
        businesses=(Business(net_profit_cents=10_000_000),),
    )
    assert evaluate(household, figures[2026]).components["agi"] == 8_793_522 - 230_000
