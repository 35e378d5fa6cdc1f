"""Cases worked by hand, among them the bugs other programs of this field have had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax.credits import employee_taxes
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Owner, Person


def _components(household: Household, figures: dict[int, Parameters]) -> Mapping[str, int]:
    return evaluate(household, figures[household.year], explain=False).components


def test_an_ordinary_year_worked_by_hand(freelancer: Callable[..., Household], figures: dict[int, Parameters]) -> None:
    # 80,000 x 0.9235 = 73,880; x 12.4% = 9,161.12; x 2.9% = 2,142.52; together 11,303.64, half 5,651.82.
    # 80,000 - 5,651.82 = 74,348.18; less 16,100 = 58,248.18; 20% of that is the smaller QBI limit: 11,649.64.
    # 46,598.54 taxable: 1,240.00 + 12% of 34,198.54 = 5,343.82.
    result = evaluate(freelancer(8_000_000), figures[2026])
    assert result.totals["se_tax_cents"] == 1_130_364
    assert result.components["qbi_deduction"] == 1_164_964
    assert result.components["taxable_income"] == 4_659_854
    assert result.totals["federal_income_tax_cents"] == 534_382
    assert result.totals["total_federal_cents"] == 1_664_746
    assert result.parameters_version == "2026.2"


def test_qbi_is_reduced_by_half_tax_insurance_and_retirement(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    person = Person(age=40, health_insurance_cents=600_000, retirement_cents=500_000)
    line = next(
        line
        for line in evaluate(freelancer(8_000_000, person=person), figures[2026]).lines
        if line.label == "Qualified income of a business"
    )
    assert line.cents == 8_000_000 - 565_182 - 600_000 - 500_000


def test_own_wages_use_up_the_social_security_base_and_a_spouses_do_not(figures: dict[int, Parameters]) -> None:
    business = Business(net_profit_cents=5_000_000)
    rich, plain = Person(age=40, wages_cents=20_000_000), Person(age=40)
    joint = {"year": 2026, "filing_status": FilingStatus.MFJ, "businesses": (business,)}
    own = _components(Household(primary=rich, spouse=plain, **joint), figures)
    spouses = _components(Household(primary=plain, spouse=rich, **joint), figures)
    assert own["se_tax"] == 133_908  # 2.9% of 46,175
    assert spouses["se_tax"] == 706_478  # 15.3% of 46,175


@pytest.mark.parametrize(("profit", "owed"), [(43_313, True), (43_300, False), (0, False), (-500_000, False)])
def test_the_floor_of_400(
    freelancer: Callable[..., Household], figures: dict[int, Parameters], profit: int, *, owed: bool
) -> None:
    assert (_components(freelancer(profit), figures)["se_tax"] > 0) is owed


def test_additional_medicare_without_wages(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    # 300,000 x 0.9235 = 277,050; 0.9% of 77,050.
    assert _components(freelancer(30_000_000), figures)["addl_medicare_tax"] == 69_345


def test_a_surviving_spouse_has_the_single_threshold_for_child_credit(figures: dict[int, Parameters]) -> None:
    household = Household(
        year=2025,
        filing_status=FilingStatus.QSS,
        primary=Person(age=40, wages_cents=20_000_100),
        children_ages=(8,),
    )
    assert _components(household, figures)["nonrefundable_credits"] == 215_000


def test_child_credit_steps_are_rounded_up(figures: dict[int, Parameters]) -> None:
    def credit(wages: int) -> int:
        person = Person(age=40, wages_cents=wages)
        household = Household(year=2025, primary=person, children_ages=(8,), filing_status=FilingStatus.HOH)
        return _components(household, figures)["nonrefundable_credits"]

    assert [credit(cents) for cents in (20_000_000, 20_000_001, 20_100_000, 20_100_001)] == [
        220_000,
        215_000,
        215_000,
        210_000,
    ]


def test_a_specified_service_loses_the_deduction_above_the_range(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    assert _components(freelancer(40_000_000, year=2025, sstb=True), figures)["qbi_deduction"] == 0
    assert _components(freelancer(40_000_000, year=2025), figures)["qbi_deduction"] == 0
    assert _components(freelancer(15_000_000, year=2025, sstb=True), figures)["qbi_deduction"] > 0


def test_above_the_range_wages_paid_carry_the_deduction(figures: dict[int, Parameters]) -> None:
    business = Business(net_profit_cents=40_000_000, w2_wages_cents=10_000_000)
    household = Household(year=2025, primary=Person(age=40), businesses=(business,))
    assert _components(household, figures)["qbi_deduction"] == 5_000_000


def test_last_years_qualified_loss_lowers_the_deduction(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    plain = _components(freelancer(3_000_000), figures)["qbi_deduction"]
    carried = _components(freelancer(3_000_000, qbi_loss_carryover_cents=2_000_000), figures)["qbi_deduction"]
    # 30,000 x 0.9235 x 15.3% = 4,238.87 (half 2,119.44): taxable before is 11,780.56, qualified 27,880.56.
    assert plain == 235_611
    assert carried == 157_611


def test_a_loss_never_takes_the_spouses_self_employment_tax(figures: dict[int, Parameters]) -> None:
    joint = {
        "year": 2026,
        "filing_status": FilingStatus.MFJ,
        "primary": Person(age=40),
        "spouse": Person(age=41),
    }
    alone = Household(businesses=(Business(net_profit_cents=6_000_000),), **joint)
    with_loss = replace(
        alone, businesses=(*alone.businesses, Business(net_profit_cents=-2_000_000, owner=Owner.SPOUSE))
    )
    assert _components(alone, figures)["se_tax"] == _components(with_loss, figures)["se_tax"]
    assert _components(with_loss, figures)["agi"] == _components(alone, figures)["agi"] - 2_000_000


def test_insurance_and_retirement_never_exceed_what_the_business_earned(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    person = Person(age=40, health_insurance_cents=900_000, retirement_cents=9_000_000)
    components = _components(freelancer(1_000_000, person=person), figures)
    assert components["agi"] == 0
    person = Person(age=40, retirement_cents=9_000_000)
    large = _components(freelancer(60_000_000, person=person), figures)
    assert large["agi"] == 60_000_000 - large["half_se_deduction"] - 7_200_000


def test_minimum_tax_on_a_very_large_gain(figures: dict[int, Parameters]) -> None:
    # 2026, single, long-term gain 5,000,000 and wages 200,000: the exemption is gone.
    # Minimum: 26% of 200,000 = 52,000 + gains; regular: tax on 183,900 = 17,966 + 24% of 78,200 = 36,734 + same gains,
    # but the gains start 16,100 lower in the 15% band: (545,500 - 183,900) x 15% + rest x 20% in both.
    household = Household(year=2026, primary=Person(age=40, wages_cents=20_000_000), long_term_gains_cents=500_000_000)
    assert _components(household, figures)["amt"] == 5_200_000 - 3_673_400


def test_the_minimum_tax_exemption_is_half_gone_on_the_way(figures: dict[int, Parameters]) -> None:
    # AGI 560,000: exemption 90,100 - 50% of 60,000 = 60,100, so 499,900 is left; it stays under the regular tax.
    household = Household(year=2026, primary=Person(age=40, wages_cents=56_000_000))
    result = evaluate(household, figures[2026])
    exemption = next(line for line in result.lines if (line.form, line.line) == ("Form 6251", "5"))
    tentative = next(line for line in result.lines if (line.form, line.line) == ("Form 6251", "9"))
    assert exemption.cents == 6_010_000
    assert tentative.cents == 6_357_000 + 7_151_200  # 26% of 244,500 and 28% of 255,400
    assert result.components["amt"] == 0


def test_blindness_and_age_add_to_the_standard_deduction(figures: dict[int, Parameters]) -> None:
    person = Person(age=65, blind=True)
    assert _components(Household(year=2026, primary=person), figures)["standard_deduction"] == 2_020_000
    joint = Household(year=2026, filing_status=FilingStatus.MFJ, primary=person, spouse=Person(age=64, blind=True))
    assert _components(joint, figures)["standard_deduction"] == 3_715_000


def test_benefits_of_a_separate_filer_depend_on_living_apart(figures: dict[int, Parameters]) -> None:
    household = Household(
        year=2026, filing_status=FilingStatus.MFS, primary=Person(age=70), social_security_cents=2_000_000
    )
    assert _components(household, figures)["agi"] == 850_000  # 85% of half the benefits
    assert _components(replace(household, lived_apart=True), figures)["agi"] == 0


def test_separate_filers_get_no_earned_income_credit_unless_they_say_they_live_apart(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    household = freelancer(1_000_000, filing_status=FilingStatus.MFS, children_ages=(5,))
    assert _components(household, figures)["eitc"] == 0
    assert _components(replace(household, lived_apart=True), figures)["eitc"] > 0


def test_an_unknown_age_earns_nothing(freelancer: Callable[..., Household], figures: dict[int, Parameters]) -> None:
    assert _components(freelancer(600_000, person=Person()), figures)["eitc"] == 0
    assert _components(freelancer(600_000), figures)["eitc"] > 0


def test_the_phase_out_comes_off_the_largest_credit_not_off_the_earned_one(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    # Little earned, some interest: 7.65% of 1,381.95 stays whole because 649 less the phase-out is still larger.
    household = freelancer(148_700, year=2025, interest_cents=1_086_500)
    assert _components(household, figures)["eitc"] == 10_572


def test_property_of_a_business_carries_the_deduction_beside_wages(figures: dict[int, Parameters]) -> None:
    # Above the range: 25% of 40,000 + 2.5% of 1,000,000 = 35,000 is more than 50% of 40,000.
    business = Business(net_profit_cents=50_000_000, w2_wages_cents=4_000_000, ubia_cents=100_000_000)
    household = Household(year=2026, primary=Person(age=40), businesses=(business,))
    assert _components(household, figures)["qbi_deduction"] == 3_500_000


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_benefits_above_the_second_base(figures: dict[int, Parameters], year: int) -> None:
    # Provisional 30,000 + 10,000: half of 9,000 and 85% of 6,000.
    household = Household(year=year, primary=Person(age=60), interest_cents=3_000_000, social_security_cents=2_000_000)
    assert _components(household, figures)["agi"] == 3_000_000 + 450_000 + 510_000


@pytest.mark.parametrize(("age", "credit"), [(16, 220_000), (17, 50_000), (18, 50_000), (19, 50_000)])
def test_children_of_17_are_other_dependents(figures: dict[int, Parameters], age: int, credit: int) -> None:
    person = Person(age=40, wages_cents=10_000_000)
    household = Household(year=2026, filing_status=FilingStatus.HOH, primary=person, children_ages=(age,))
    assert _components(household, figures)["nonrefundable_credits"] == credit


@pytest.mark.parametrize(("age", "credit"), [(18, 442_680), (19, 0)])
def test_children_up_to_18_count_for_the_earned_income_credit(
    figures: dict[int, Parameters], age: int, credit: int
) -> None:
    # 34% of 13,020; the printed table rounds it to 4,427.
    person = Person(age=66, wages_cents=1_500_000)
    household = Household(year=2026, primary=person, children_ages=(age,))
    assert _components(household, figures)["eitc"] == credit


@pytest.mark.parametrize(("year", "limit"), [(2024, 1_160_000), (2025, 1_195_000), (2026, 1_220_000)])
def test_investment_income_ends_the_earned_income_credit(figures: dict[int, Parameters], year: int, limit: int) -> None:
    person = Person(age=40, wages_cents=1_300_000)
    at = Household(year=year, primary=person, children_ages=(5,), interest_cents=limit)
    assert _components(at, figures)["eitc"] > 0
    assert _components(replace(at, interest_cents=limit + 1), figures)["eitc"] == 0


@pytest.mark.parametrize(("children", "credit"), [(2, 7_500), (3, 22_950)])
def test_many_children_may_use_payroll_taxes_for_the_refundable_credit(
    figures: dict[int, Parameters], children: int, credit: int
) -> None:
    # Interest ends the earned income credit. 15% of 3,000 - 2,500 = 75; three children: 7.65% of 3,000 = 229.50.
    household = Household(
        year=2026,
        primary=Person(age=40, wages_cents=300_000),
        children_ages=(8,) * children,
        interest_cents=1_300_000,
    )
    assert _components(household, figures)["refundable_ctc"] == credit


def test_payroll_taxes_stop_at_the_wage_base(figures: dict[int, Parameters]) -> None:
    rules = figures[2026]
    household = Household(year=2026, primary=Person(wages_cents=19_450_000))
    # 184,500 x 7.65% + 10,000 x 1.45%
    assert employee_taxes(rules.child_credit, rules.self_employment, household) == 1_411_425 + 14_500
