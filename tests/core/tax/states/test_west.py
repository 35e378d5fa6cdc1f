"""The hard rules of the western and midwestern states, each worked by hand from the law, in dollars.

Incomes are wages wherever that will do, so that federal adjusted gross income is the number that stands in the test.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.tax.figures import Parameters
from tests.core.tax.states.places import HEAD, JOINT, Place, line, paid_out, tax

Places = Callable[[str, int], Place]


@pytest.fixture
def place(figures: dict[int, Parameters]) -> Places:
    """Make the rules of a state: `place("ca", 2025)`."""
    return lambda code, year: Place(figures, code, year)


def test_california_exemption_credits_melt_by_six_dollars_a_step(place: Places) -> None:
    # 300,000 is 47,797 above 252,203: 20 steps of 2,500, 120 of the 153 are lost. Tax on 294,294:
    # 110.79 + 303.70 + 607.52 + 965.40 + 1,214.56 + 221,570 x 9.3 % = 20,606.01, together 23,807.98.
    assert tax(place("ca", 2025)(300_000)) == 23_774.98


def test_california_asks_one_percent_more_above_a_million(place: Places) -> None:
    # Taxable 1,100,000. To 72,724: 3,201.97; then 298,755 x 9.3 % + 74,292 x 10.3 % + 297,182 x 11.3 % +
    # 357,047 x 12.3 % = 112,934.64; and 1 % of 100,000. No exemption credit is left.
    assert tax(place("ca", 2025)(1_105_706)) == 117_136.61


def test_california_pays_its_earned_income_credit_slowly_out(place: Places) -> None:
    # Without children the credit rises by 6.5025 % to 303.08 at 4,661 and falls as fast until 251 is left, at
    # 9,322 - 251 / 6.5025 % = 5,461.95. From there it is a straight line to 32,901: 251 x 22,901 / 27,439.05.
    assert paid_out(place("ca", 2025)(10_000)) == 209.49
    assert paid_out(place("ca", 2025)(4_000)) == 260.10  # 4,000 x 6.5025 %
    assert paid_out(place("ca", 2025)(33_000)) == 0


def test_california_young_child_credit_falls_by_begun_hundreds(place: Places) -> None:
    result = place("ca", 2025)(27_930, status=HEAD, children=(3,))
    # 505 above 27,425 are six begun hundreds at 21.71.
    assert line(result, "Young child tax credit") == 1_058.74


def test_oregon_subtracts_less_federal_tax_from_higher_incomes(place: Places) -> None:
    # Between 130,000 and 135,000 the limit is 5,100, less than federal tax: 132,000 - 5,100 - 2,835 is taxed,
    # 209 + 452.25 + 112,965 x 8.75 %. Above 100,000 there is no exemption credit.
    assert tax(place("or", 2025)(132_000)) == 10_545.69


def test_portland_taxes_high_incomes_twice(place: Places) -> None:
    # No subtraction above 145,000: taxable 397,165. County: 125,000 x 1.5 % + 147,165 x 3 %. Metro: 272,165 x 1 %.
    oregon = place("or", 2025)
    assert oregon(400_000, locality="MULTNOMAH_OR").components["local_income_tax"] == 628_995
    assert oregon(400_000, locality="METRO_OR").components["local_income_tax"] == 272_165
    assert oregon(400_000, locality="PORTLAND_OR").components["local_income_tax"] == 901_160
    assert oregon(400_000).components["local_income_tax"] == 0


def test_oregon_kids_credit_ends_within_five_thousand_dollars(place: Places) -> None:
    result = place("or", 2025)(28_550, status=HEAD, children=(2, 4))
    # 2,000 of the 5,000 above 26,550 are used up: two credits of 1,050 keep three fifths.
    assert line(result, "Oregon Kids Credit") == 1_260


def test_colorado_adds_large_federal_deductions_back(place: Places) -> None:
    # 2025: 15,750 - 12,000 come back: 308,000 x 4.4 %. From 2026 only 1,000 may be deducted: 319,000 x 4.4 %.
    assert tax(place("co", 2025)(320_000)) == 13_552
    assert tax(place("co", 2026)(320_000)) == 14_036


def test_colorado_pays_families_by_age_and_income(place: Places) -> None:
    result = place("co", 2024)(32_000, status=HEAD, children=(3, 8))
    # 17,000 above 15,000 are four steps of 6.875 %: 3,200 x 72.5 % for the younger, three quarters for the older child.
    assert line(result, "Family affordability credit") == 4_060
    assert line(result, "Child tax credit") == 600


def test_arizona_dependent_credit_falls_with_high_income(place: Places) -> None:
    # (203,500 - 23,625) x 2.5 % = 4,496.88; four steps of 1,000 take a fifth of the 100.
    assert tax(place("az", 2025)(203_500, status=HEAD, children=(10,))) == 4_416.88


def test_minnesota_deduction_melts_at_two_speeds(place: Places) -> None:
    # 3 % of 91,350 and 10 % of 19,700 are 4,710.50: deduction 10,239.50, taxable 339,760.50.
    # 1,742.50 + 5,060.56 + 7,193.74 + 141,130.50 x 9.85 %.
    assert tax(place("mn", 2025)(350_000)) == 27_898.15


def test_minnesota_exemption_loses_two_percent_a_step(place: Places) -> None:
    result = place("mn", 2025)(305_000, status=HEAD, children=(8,))
    assert line(result, "Exemptions for dependents") == 4_888  # 6,200 above 298,800: three steps of 2,500


def test_minnesota_credits_what_the_joint_rates_cost_two_earners(place: Places) -> None:
    # Taxable 90,100: joint 5,436.31. Alone each would have 45,050: 1,742.495 + 12,480 x 6.8 % = 2,591.135.
    assert tax(place("mn", 2025)(60_000, status=JOINT, spouse=60_000)) == 5_182.27


def test_michigan_lets_older_filers_deduct_more(place: Places) -> None:
    # At 70 the 20,000 are reduced by the exemption of 5,800; born before 1953 they are not.
    assert tax(place("mi", 2025)(50_000, age=70)) == 1_275
    assert tax(place("mi", 2025)(50_000, age=73)) == 1_028.50


def test_michigan_taxes_profit_before_half_of_self_employment_tax(place: Places) -> None:
    assert tax(place("mi", 2025)(profit=45_800)) == 1_700  # (45,800 - 5,800) x 4.25 %


def test_wisconsin_standard_deduction_slides(place: Places) -> None:
    # 13,560 - 40,450 x 12 % = 8,706; 700 exemption; 513.80 + 1,575.20 + 114 x 5.3 %.
    assert tax(place("wi", 2025)(60_000)) == 2_095.04
    # Joint: 25,110 - 81,790 x 19.778 % = 8,933.57; taxable 99,666.43; 3 % of the lower wage come off.
    assert tax(place("wi", 2025)(100_000, status=JOINT, spouse=10_000)) == 4_200.40


def test_ohio_leaves_business_profit_free_and_taxes_the_rest_at_three_percent(place: Places) -> None:
    ohio = place("oh", 2025)
    assert tax(ohio(profit=200_000)) == 0
    # Half of self-employment tax on 300,000 is 14,935.43; 285,064.57 - 250,000 - 1,900 = 33,164.57 x 3 %.
    assert tax(ohio(profit=300_000)) == 994.94


def test_ohio_tax_begins_with_a_jump(place: Places) -> None:
    # One dollar above 26,050 of taxable income costs 342.03, less the credit of 20 for the exemption.
    assert tax(place("oh", 2025)(28_450)) == 0
    assert tax(place("oh", 2025)(28_451)) == 322.03


def test_ohio_joint_credit_needs_income_of_both(place: Places) -> None:
    ohio = place("oh", 2025)
    # Taxable 116,200: 2,394.32 + 16,200 x 3.125 % = 2,900.57, less 5 % if both earn.
    assert tax(ohio(60_000, status=JOINT, spouse=60_000)) == 2_755.54
    assert tax(ohio(120_000, status=JOINT)) == 2_900.57


def test_utah_credit_shrinks_and_wages_cap_the_earned_income_credit(place: Places) -> None:
    # 2,700 - (15,750 x 6 % - 41,787 x 1.3 %).
    assert tax(place("ut", 2025)(60_000)) == 2_298.23
    assert (
        line(
            place("ut", 2025)(profit=30_000, status=HEAD, children=(8,)), "Earned income tax credit, at most the wages"
        )
        == 0
    )


def test_iowa_alternate_tax_helps_older_heads_of_household(place: Places) -> None:
    # (36,000 - 32,000) x 5.7 % is less than the regular tax; credits 80 + 20 + 40.
    assert tax(place("ia", 2024)(36_000, status=HEAD, age=66, children=(8,))) == 88
    assert tax(place("ia", 2024)(32_000, status=HEAD, age=66, children=(8,))) == 0


def test_idaho_adds_ten_dollars_for_its_buildings(place: Places) -> None:
    assert tax(place("id", 2025)(60_000)) == 2_100.27  # (60,000 - 15,750 - 4,811) x 5.3 % + 10


def test_montana_stacks_gains_on_ordinary_income(place: Places) -> None:
    # 14,250 x 4.7 %; gains 6,850 x 3 % up to 21,100 and 13,150 x 4.1 % above.
    assert tax(place("mt", 2025)(30_000, gains=20_000)) == 1_414.40


def test_nebraska_tax_is_never_more_than_the_federal_tax(place: Places) -> None:
    assert tax(place("ne", 2025)(16_500)) == 63.98  # 99.14 + 3,870 x 3.51 % - 171
    assert tax(place("ne", 2025)(16_000)) == 25  # 46.43 by the schedule; federal tax is 10 % of 250


def test_north_dakota_repays_what_marriage_costs(place: Places) -> None:
    # Taxable 168,500: joint 1,706.74. Alone each has 84,250: 35,775 x 1.95 % = 697.61.
    assert tax(place("nd", 2025)(100_000, status=JOINT, spouse=100_000)) == pytest.approx(1_395.22, abs=0.011)
    # A profit counts after half of self-employment tax: 60,000 - 4,238.87. AGI 155,761.13 less 31,500 and QBI of
    # 11,152.23 leaves 113,108.90, 626.61 of joint tax. 40,011.13 alone owes nothing, 73,097.77 alone 480.14.
    assert tax(place("nd", 2025)(profit=60_000, status=JOINT, spouse=100_000)) == 480.14


def test_hawaii_taxes_long_term_gains_at_seven_and_a_quarter_at_most(place: Places) -> None:
    # Taxable 154,456; 54,456 by the schedule are 2,539.20 + 6,456 x 7.6 %, the gain is 7,250.
    assert tax(place("hi", 2025)(60_000, gains=100_000)) == 10_279.86


def test_hawaii_deducts_its_own_tax_below_a_hundred_thousand(place: Places) -> None:
    # Tax after the standard deduction: 3,213.60 + 37,600 x 8.25 % = 6,315.60, more than 4,400.
    # 90,000 - 6,315.60 - 1,144 = 82,540.40: 3,213.60 + 34,540.40 x 8.25 %.
    assert tax(place("hi", 2024)(90_000)) == 6_063.18
    # From 100,000 on only the standard deduction is left: 3,213.60 + 46,456 x 8.25 %.
    assert tax(place("hi", 2024)(100_000)) == 7_046.22


def test_new_mexico_exemption_for_middle_incomes_falls(place: Places) -> None:
    # 2,500 - 10,000 x 15 % = 1,000; taxable 13,250: 82.50 + 7,750 x 3.2 %.
    assert tax(place("nm", 2025)(30_000)) == 330.50


def test_washington_taxes_only_large_gains(place: Places) -> None:
    # 1,122,000 above 278,000: 70,000 + 122,000 x 9.9 %.
    assert tax(place("wa", 2025)(gains=1_400_000)) == 82_078
    assert tax(place("wa", 2025)(100_000, gains=278_000)) == 0


def test_washington_credit_falls_before_the_federal_one_ends(place: Places) -> None:
    # 48,000 is 2,434 below 50,434: 660 x 2,434 / 5,000.
    assert paid_out(place("wa", 2025)(48_000, status=HEAD, children=(8,))) == 321.29
    assert paid_out(place("wa", 2025)(50_300, status=HEAD, children=(8,))) == 50


def test_illinois_matches_the_earned_income_credit_and_adds_for_children(place: Places) -> None:
    # 4,328 x 20 % = 865.60, and two fifths of it for a child under 12.
    assert paid_out(place("il", 2025)(20_000, status=HEAD, children=(8,))) == 1_211.84
    assert paid_out(place("il", 2025)(20_000, status=HEAD, children=(14,))) == 865.60
    # Too old for the federal credit: (19,104 - 12,000) x 7.65 % x 20 %.
    assert paid_out(place("il", 2025)(12_000, age=70)) == 108.69


@pytest.mark.parametrize("code", ["ak", "nv", "sd", "tx", "wy"])
def test_a_state_without_income_tax_asks_for_nothing(place: Places, code: str) -> None:
    result = place(code, 2026)(profit=200_000)
    assert (tax(result), paid_out(result)) == (0, 0)
    assert not [line for line in result.lines if line.form.startswith(code.upper())]
