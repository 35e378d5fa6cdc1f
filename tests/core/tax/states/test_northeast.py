"""The hard rules of the north-eastern states, worked out by hand from the forms; wages keep the federal part plain."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import pytest

from app.core.tax.figures import Parameters
from app.core.tax.scenario import household_of
from app.core.tax.state.rules import StateRules, load_state
from app.core.tax.whole import evaluate_return

REFERENCE = Path(__file__).parents[3] / "data" / "reference" / "state-northeast.csv"
STATES = ("NY", "NJ", "PA", "MA", "MD", "CT", "NH", "DC", "DE", "VA", "RI", "ME", "VT")


class Answer(NamedTuple):
    """Dollars: the state's tax before refundable credits, those credits, and both of the place."""

    tax: float
    refundable: float
    local: float
    local_refundable: float


Taxes = Callable[..., Answer]


def rules_of(state: str) -> StateRules:
    text = resources.files("resources").joinpath("tax", "states", f"{state.lower()}.toml").read_text("utf-8")
    return load_state(tomllib.loads(text))


@pytest.fixture
def taxes(figures: dict[int, Parameters]) -> Taxes:
    def worked_out(state: str, year: int, status: str = "single", place: str = "", **columns: float) -> Answer:
        row = {"age_primary": 40, "age_spouse": 40 if status == "mfj" else 0, "child_age": 8, **columns}
        household = household_of({"year": str(year), "filing_status": status} | {k: str(v) for k, v in row.items()})
        found = evaluate_return(household, figures[year], rules_of(state), place).components
        local = found["local_before_refundable"]
        return Answer(
            found["state_income_tax_before_refundable_credits"] / 100,
            found["state_refundable_credits"] / 100,
            local / 100,
            (local - found["local_income_tax"]) / 100,
        )

    return worked_out


@pytest.mark.parametrize("state", STATES)
def test_households_that_feel_each_figure_agree_with_the_reference(state: str, figures: dict[int, Parameters]) -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["state"] == state]
    rules, columns = rules_of(state), ("state_income_tax_before_refundable_credits", "state_refundable_credits")
    assert rows
    for row in rows:
        found = evaluate_return(household_of(row), figures[int(row["year"])], rules, row["locality"]).components
        got = [found[name] / 100 for name in (*columns, "local_before_refundable")]
        local = row["pe_local_income_tax_before_refundable_credits"] if row["locality"] else "0"
        want = [*(float(row[f"pe_{name}"]) for name in columns), float(local)]
        assert got == pytest.approx(want, abs=1), row["id"]


def test_new_york_takes_the_lower_brackets_back_above_107650(taxes: Taxes) -> None:
    # 127,000 taxable: 4,270.75 to 80,650, then 6 % of 46,350; recaptured 568 x 27,350 / 50,000.
    assert taxes("NY", 2024, wages_primary=135000).tax == 7362.45
    # 233,950 taxable: 8,552.75 to 161,550, then 6 % of 72,400; 333 of the first band and 807 of the second in full.
    assert taxes("NY", 2024, "mfj", wages_primary=250000).tax == 14036.75


def test_new_york_city_taxes_the_same_income_and_gives_the_school_credit_back(taxes: Taxes) -> None:
    found = taxes("NY", 2024, place="NYC", wages_primary=135000)
    # 369.36 + 489.06 + 954.75 + 3.876 % of 77,000; the credit is 63 + 0.171 % of 12,000 + 0.228 % of 115,000.
    assert (found.local, found.local_refundable) == (4797.69, 345.72)


def test_yonkers_takes_a_sixth_of_the_state_tax(taxes: Taxes) -> None:
    assert taxes("NY", 2024, place="YONKERS", wages_primary=135000).local == 1233.21  # 16.75 % of 7,362.45


def test_nobody_pays_a_city_without_naming_it(taxes: Taxes) -> None:
    assert taxes("NY", 2024, wages_primary=135000).local == 0
    assert taxes("DE", 2024, wages_primary=135000).local == 0
    assert taxes("MD", 2024, wages_primary=135000).local == 0


def test_new_york_household_and_earned_income_credits_share_the_tax(taxes: Taxes) -> None:
    # 3,000 taxable at 4 % is 120, less 45 by the table.
    found = taxes("NY", 2024, wages_primary=11000)
    assert found.tax == 75
    # Federal: 632 - 7.65 % x (11,000 - 10,330); 30 % of it less the 45 used above.
    assert found.refundable == pytest.approx(0.3 * 580.745 - 45, abs=0.01)


def test_new_york_child_credit_of_2025_depends_on_the_age_and_fades(taxes: Taxes) -> None:
    assert taxes("NY", 2025, "hoh", n_children=2, child_age=3, wages_primary=70000).refundable == 2000
    # 330 each; 90,000 is 15 whole thousands above 75,000, 16.50 each.
    assert taxes("NY", 2025, "hoh", n_children=2, child_age=8, wages_primary=90000).refundable == 412.50


def test_new_jersey_taxes_gross_profit_above_its_filing_limit(taxes: Taxes) -> None:
    # 59,000 taxable, half of self-employment tax is not deducted: 280 + 262.50 + 175 + 5.525 % of 19,000.
    assert taxes("NJ", 2025, se_net_primary=60000).tax == 1767.25
    assert taxes("NJ", 2025, wages_primary=10000).tax == 0
    assert taxes("NJ", 2025, wages_primary=10001).tax == 126.01
    # A loss of the business does not touch wages.
    assert taxes("NJ", 2025, se_net_primary=-5000, wages_primary=10001).tax == 126.01


def test_new_jersey_child_credit_falls_by_income_class(taxes: Taxes) -> None:
    # 66,500 taxable lies in the class above 60,000: 200 a child under 6 (250 from 2026).
    for year, credit in ((2025, 400), (2026, 500)):
        assert taxes("NJ", year, "mfj", n_children=2, child_age=3, wages_primary=71500).refundable == credit


def test_pennsylvania_forgives_tax_in_tenths(taxes: Taxes) -> None:
    # 3.07 % of 17,000 = 521.90. Free up to 6,500 + 9,500; 1,000 more are four steps of 250, so six tenths are forgiven.
    assert taxes("PA", 2024, "hoh", n_children=1, wages_primary=17000).tax == 208.76
    assert taxes("PA", 2024, "hoh", n_children=1, wages_primary=16000).tax == 0


def test_massachusetts_low_incomes_pay_nothing_then_a_tenth_of_the_excess(taxes: Taxes) -> None:
    assert taxes("MA", 2025, wages_primary=8000).tax == 0
    assert taxes("MA", 2025, wages_primary=9000).tax == 100
    # Above 14,000 the plain tax: 5 % of 14,001 - 1,071.08 paid to Social Security and Medicare - 4,400.
    assert taxes("MA", 2025, wages_primary=14001).tax == 426.50


def test_massachusetts_exemption_not_used_by_wages_lowers_interest(taxes: Taxes) -> None:
    # 3,000 - 229.50 leaves 1,629.50 of 4,400; 5 % of 10,000 - 1,629.50. A tenth of the excess (500) is more.
    assert taxes("MA", 2024, wages_primary=3000, taxable_interest=10000).tax == 418.53


def test_massachusetts_short_gains_and_the_surtax_have_their_own_rates(taxes: Taxes) -> None:
    # 5 % of 50,000 - 2,000 - 4,400 and 8.5 % of 10,000.
    assert taxes("MA", 2025, wages_primary=50000, st_capital_gains=10000).tax == 3030
    # 5 % of 1,993,600 and 4 % of what exceeds 1,083,150.
    assert taxes("MA", 2025, wages_primary=2000000).tax == 136098


def test_massachusetts_losses_lower_interest_by_2000_at_most(taxes: Taxes) -> None:
    # 5 % of (50,000 - 2,000 - 4,400) + (3,000 - 2,000).
    assert taxes("MA", 2025, wages_primary=50000, taxable_interest=3000, st_capital_gains=-9000).tax == 2230


def test_maryland_exemption_shrinks_and_the_county_taxes_the_same_income(taxes: Taxes) -> None:
    # 120,000 - 2,700 - 1,600 = 115,700: 4,697.50 to 100,000, 5 % of the rest; Montgomery 3.2 %.
    found = taxes("MD", 2024, place="MONTGOMERY_COUNTY_MD", wages_primary=120000)
    assert (found.tax, found.local) == (5482.50, 3702.40)


def test_frederick_taxes_all_income_at_one_rate_and_anne_arundel_part_by_part(taxes: Taxes) -> None:
    # 60,000 - 3,350 - 3,200 = 53,450: all of it at 2.96 %; 2.7 % of 50,000 and 2.94 % of 3,450.
    assert taxes("MD", 2025, place="FREDERICK_COUNTY_MD", wages_primary=60000).local == 1582.12
    assert taxes("MD", 2025, place="ANNE_ARUNDEL_COUNTY_MD", wages_primary=60000).local == 1451.43


def test_maryland_earned_income_credit_is_paid_out_above_the_tax_and_lowers_the_county_tax(taxes: Taxes) -> None:
    # Federal 7,152 - 21.06 % x 1,650 = 6,804.51. Tax 360.75 on 8,700; 45 % less the tax is paid out; the county share
    # of 32 % is larger than the local tax of 278.40.
    found = taxes("MD", 2025, "hoh", "BALTIMORE_CITY_MD", n_children=2, wages_primary=25000)
    assert (found.tax, found.refundable, found.local) == (0, 2701.28, 0)


def test_maryland_gives_a_single_person_under_25_the_whole_credit(taxes: Taxes) -> None:
    # As the federal formula would: 632 - 7.65 % x (12,000 - 10,330) = 504.25. The tax on 12,000 - 1,800 - 3,200 is 280;
    # the rest is paid out.
    found = taxes("MD", 2024, age_primary=22, wages_primary=12000)
    assert (found.tax, found.refundable) == (0, pytest.approx(504.245 - 280, abs=0.01))


def test_maryland_poverty_level_credit_is_a_twentieth_of_earnings(taxes: Taxes) -> None:
    # A person of 70 gets no earned income credit: 14,000 - 2,100 - 4,200 = 7,700, tax 313.25; 5 % of 14,000 is 700.
    assert taxes("MD", 2024, age_primary=70, wages_primary=14000).tax == 0
    # At 16,000, above the poverty level: 16,000 - 2,400 - 4,200 = 9,400, tax 394, less the senior credit of 1,000.
    assert taxes("MD", 2024, age_primary=70, wages_primary=16000).tax == 0
    # At 60 neither age helps: 16,000 - 2,400 - 3,200 = 10,400, tax 441.50, less the earned income credit of 198.24.
    assert taxes("MD", 2024, age_primary=60, wages_primary=16000).tax == pytest.approx(441.50 - 198.245, abs=0.01)


def test_maryland_adds_two_per_cent_on_gains_of_high_incomes(taxes: Taxes) -> None:
    # 356,650 taxable: 18,892.38 (4,697.50 + 1,250 + 1,312.50 + 5,500 + 5.75 % of 106,650) and 2 % of 20,000.
    assert taxes("MD", 2025, wages_primary=340000, lt_capital_gains=20000).tax == 19292.38
    assert taxes("MD", 2024, wages_primary=340000, lt_capital_gains=20000).tax == 18929.75  # deduction 2,700, no surtax


def test_connecticut_tables_follow_each_other(taxes: Taxes) -> None:
    # No exemption left; 200 + 1,800 + 5.5 % of 10,000 = 2,550, table C adds 25, table E takes 10 % off.
    assert taxes("CT", 2025, wages_primary=60000).tax == 2317.50
    # 17,450 by the rates; table C 250; table D 250 and twenty steps of 90.
    assert taxes("CT", 2025, wages_primary=300000).tax == 19750
    # 31,250 to 500,000, 6.99 % of 100,000; table C 250; table D in full: 250, 2,700 and 450.
    assert taxes("CT", 2025, wages_primary=600000).tax == 31250 + 6990 + 250 + 3400


def test_connecticut_leaves_a_quarter_of_benefits_taxable_above_the_limit(taxes: Taxes) -> None:
    # 97,000 federal with 17,000 of benefits; 12,000 of them come off: 3,925 on 85,000, table C adds six steps of 25.
    assert taxes("CT", 2025, age_primary=70, wages_primary=80000, social_security_benefits=20000).tax == 4075


def test_new_hampshire_taxed_interest_and_dividends_until_2024(taxes: Taxes) -> None:
    amounts = {"age_primary": 66, "taxable_interest": 5000, "ordinary_dividends": 1000}
    assert taxes("NH", 2024, **amounts).tax == 72  # 3 % of 6,000 - 2,400 - 1,200
    assert taxes("NH", 2025, **amounts).tax == 0


def test_washington_couples_divide_the_deduction_as_it_suits_them(taxes: Taxes) -> None:
    # 100,000 and 60,000: the larger takes all 30,000; 4,350 on 70,000 and 3,500 on 60,000.
    assert taxes("DC", 2025, "mfj", wages_primary=100000, wages_spouse=60000).tax == 7850
    # 70,000 and 60,000: 50,000 each, 2,850 each.
    assert taxes("DC", 2025, "mfj", wages_primary=70000, wages_spouse=60000).tax == 5700
    # One income: the joint way, 3,500 + 8.5 % of 10,000 on 70,000.
    assert taxes("DC", 2025, "mfj", wages_primary=100000).tax == 4350


def test_washington_credit_without_children_reaches_further_up(taxes: Taxes) -> None:
    # 649 - 8.48 % x (25,000 - 23,288); nothing federal at this income.
    assert taxes("DC", 2025, wages_primary=25000).refundable == pytest.approx(649 - 0.0848 * 1712, abs=0.01)


def test_delaware_couples_file_apart_when_it_is_cheaper(taxes: Taxes) -> None:
    # 76,750: 2,943.50 + 6.6 % of 16,750 less 110; 46,750: 1,001 + 5.55 % of 21,750 less 110.
    assert taxes("DE", 2025, "mfj", wages_primary=80000, wages_spouse=50000).tax == 6037.13
    # One income: 123,500 jointly, 2,943.50 + 6.6 % of 63,500 less 220.
    assert taxes("DE", 2025, "mfj", wages_primary=130000).tax == 6914.50


def test_delaware_takes_the_better_of_two_earned_income_credits(taxes: Taxes) -> None:
    # 832 less 330; 20 % of 6,804.51 is more than is left.
    assert taxes("DE", 2025, "hoh", n_children=2, wages_primary=25000)[:2] == (0, 0)
    # 345 less 330 leaves 15; 4.5 % of 6,000 paid out is better.
    assert taxes("DE", 2025, "hoh", n_children=2, wages_primary=15000)[:2] == (15, 270)


def test_delaware_excludes_investment_income_from_sixty_on(taxes: Taxes) -> None:
    # 60,000 - 12,500 - 3,250: 1,001 + 5.55 % of 19,250 less two credits of 110.
    assert taxes("DE", 2025, age_primary=62, wages_primary=40000, taxable_interest=20000).tax == 1849.38


def test_wilmington_taxes_wages_and_profit(taxes: Taxes) -> None:
    assert taxes("DE", 2025, place="WILMINGTON_DE", wages_primary=20000, se_net_primary=40000).local == 750


def test_virginia_spouse_tax_adjustment(taxes: Taxes) -> None:
    # 60,640 taxable: 3,229.30; 19,070 taxed apart: 839.03 + 2,132.78, the whole 257.50 of the lower brackets.
    assert taxes("VA", 2025, "mfj", wages_primary=60000, wages_spouse=20000).tax == 2971.80
    # 50,640 taxable: 2,654.30; 9,070 taxed apart: 323.50 + 2,132.78.
    assert taxes("VA", 2025, "mfj", wages_primary=60000, wages_spouse=10000).tax == 2456.27


def test_virginia_age_deduction_shrinks_above_the_limit(taxes: Taxes) -> None:
    # 12,000 - 5,000; 55,000 - 7,000 - 8,750 - 1,730 = 37,520 taxable.
    assert taxes("VA", 2025, age_primary=70, wages_primary=55000).tax == 1899.90


def test_virginia_one_low_income_credit_and_the_rebate_of_2024(taxes: Taxes) -> None:
    # Tax 62.10; 15 % of the federal 466.00 is more than that and paid out, so no liability is left to rebate.
    found = taxes("VA", 2024, wages_primary=12500)
    assert (found.tax, found.refundable) == (62.10, pytest.approx(0.15 * 465.995, abs=0.01))
    # 50,000 - 8,500 - 930 = 40,570 taxable: 720 + 5.75 % of 23,570, less 200.
    assert taxes("VA", 2024, wages_primary=50000).tax == 1875.28
    assert taxes("VA", 2025, wages_primary=50000).tax == 2060.90  # 40,320 taxable, no rebate


def test_rhode_island_takes_a_fifth_of_deduction_and_exemption_per_begun_step(taxes: Taxes) -> None:
    # 260,000 is one begun step above 254,250: 260,000 - 8,720 - 4,080 = 247,200 taxable.
    assert taxes("RI", 2025, wages_primary=260000).tax == 11755.82


def test_rhode_island_frees_benefits_of_the_old_below_the_limit(taxes: Taxes) -> None:
    # 40,000 of wages alone are left: 3.75 % of 40,000 - 10,900 - 5,100.
    found = taxes("RI", 2025, age_primary=70, wages_primary=40000, social_security_benefits=20000)
    assert found.tax == 900


def test_maine_deduction_fades_and_the_surcharge_begins_in_2026(taxes: Taxes) -> None:
    # 120,000 - 15,000 x 55,000 / 75,000 - 5,150 = 103,850: 1,554.40 + 2,473.88 + 2,888.60.
    assert taxes("ME", 2025, wages_primary=120000).tax == 6916.88
    # Nothing to deduct: 1,589.20 + 2,527.88 + 81,163.23 and 2 % of 200,000.
    assert taxes("ME", 2026, wages_primary=1200000).tax == 89280.30


def test_maine_pays_for_small_children_and_for_small_incomes(taxes: Taxes) -> None:
    # 2 x 305; 215 - 10 begun steps of 15; a quarter of 4,328 - 15.98 % x 21,650.
    found = taxes("ME", 2025, "hoh", n_children=1, child_age=3, wages_primary=45000)
    assert found.refundable == pytest.approx(610 + 65 + 0.25 * (4328 - 0.1598 * 21650), abs=0.01)


def test_vermont_leaves_5000_of_gains_free(taxes: Taxes) -> None:
    # 70,000 - 5,000 - 7,650 - 5,300 = 52,050: 1,654.90 + 6.6 % of 2,650.
    assert taxes("VT", 2025, wages_primary=50000, lt_capital_gains=20000).tax == 1829.80


def test_vermont_self_employed_pay_the_child_care_contribution(taxes: Taxes) -> None:
    # 92,935.22 of income, 79,985.22 taxable: 3,673.52; 0.11 % of 92,350 earned.
    assert taxes("VT", 2025, se_net_primary=100000).tax == pytest.approx(3775.11, abs=0.01)


def test_vermont_tax_is_three_per_cent_of_high_income_at_least(taxes: Taxes) -> None:
    # 93,300 taxable would be 3,476.55.
    assert taxes("VT", 2025, "mfj", n_children=6, wages_primary=151000).tax == 4530


def test_vermont_matches_the_whole_credit_of_people_without_children_from_2025(taxes: Taxes) -> None:
    # Federal 649 - 7.65 % x 1,380 = 543.43 in 2025, 632 - 7.65 % x 1,670 = 504.25 in 2024.
    assert taxes("VT", 2025, wages_primary=12000).refundable == pytest.approx(543.915, abs=1)
    assert taxes("VT", 2024, wages_primary=12000).refundable == pytest.approx(0.38 * 504.245, abs=0.2)


def test_new_york_city_earned_income_credit_slides_between_its_rates(taxes: Taxes) -> None:
    # 4,213 x (20 % - 0.002 % of 1 dollar above 19,999), and the school credit of 63 + 0.171 % of 7,800.
    found = taxes("NY", 2024, "hoh", "NYC", n_children=1, wages_primary=20000)
    assert found.local_refundable == pytest.approx(4213 * 0.19998 + 76.34, abs=0.1)


def test_new_york_city_eliminates_the_tax_of_families_with_little_income(taxes: Taxes) -> None:
    # 571.14 on 17,800; 15 % of the federal 3,265.33 and the rest eliminated; school credit 63 + 24.62 + 7.75.
    found = taxes("NY", 2025, "hoh", "NYC", n_children=1, wages_primary=30000)
    assert (found.local, found.local_refundable) == (571.14, 666.52)
    assert taxes("NY", 2025, "hoh", "NYC", n_children=1, wages_primary=36504).local_refundable < 520


def test_vermont_taxes_benefits_step_by_step_above_the_limit(taxes: Taxes) -> None:
    # 62,350 with 22,350 of benefits, of which 73.5 % stay taxable: 56,427.25 - 8,900 - 5,300, at 3.35 %.
    assert taxes("VT", 2025, age_primary=70, wages_primary=40000, social_security_benefits=30000).tax == 1414.61


def test_maine_gives_the_credit_from_eighteen_on(taxes: Taxes) -> None:
    # Half of 632 - 7.65 % x 1,670, and the fairness credit of 150.
    found = taxes("ME", 2024, age_primary=19, wages_primary=12000)
    assert found.refundable == pytest.approx(0.5 * 504.245 + 150, abs=0.01)


def test_new_jersey_gives_the_credit_from_eighteen_on_and_to_the_old(taxes: Taxes) -> None:
    for age in (19, 70):
        found = taxes("NJ", 2024, age_primary=age, wages_primary=12000)
        assert found.refundable == pytest.approx(0.4 * 504.245, abs=0.01)
    assert taxes("NJ", 2024, age_primary=17, wages_primary=12000).refundable == 0
