"""The hard rules of the southern states, worked out by hand: each case says its arithmetic."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from app.core.tax.figures import Parameters
from app.core.tax.model import Result
from app.core.tax.scenario import household_of
from app.core.tax.state.rules import load_state
from app.core.tax.whole import evaluate_return

BEFORE, REFUNDABLE, LOCAL = (
    "state_income_tax_before_refundable_credits",
    "state_refundable_credits",
    "local_income_tax",
)


class Return:
    """The whole return of a household in a state, asked for in dollars."""

    def __init__(self, figures: dict[int, Parameters], code: str, year: int, status: str, **columns: Any) -> None:
        place = columns.pop("locality", "")
        text = resources.files("resources").joinpath("tax", "states", f"{code.lower()}.toml").read_text("utf-8")
        row = {"year": str(year), "filing_status": status, "age_primary": "40", "age_spouse": "40"}
        household = household_of(row | {name: str(value) for name, value in columns.items()})
        self.code = code
        self.result: Result = evaluate_return(household, figures[year], load_state(tomllib.loads(text)), place)

    def __getitem__(self, name: str) -> float:
        return self.result.components[name] / 100

    def line(self, label: str) -> float:
        lines = [line for line in self.result.lines if line.form.startswith(f"{self.code} ")]
        (cents,) = [line.cents for line in lines if line.label == label]
        return cents / 100


@pytest.fixture
def filed(figures: dict[int, Parameters]) -> Any:
    return lambda *place_year_status, **columns: Return(figures, *place_year_status, **columns)


def test_georgia_leaves_out_investment_income_and_a_little_earned_income_of_older_filers(filed: Any) -> None:
    # 64,000 less 10,000 of interest and 4,000 of the wages of the taxpayer, 66; the spouse of 60 leaves out nothing.
    # 50,000 - 30,000 standard - 5,000 dependent = 15,000 at 4.99 % = 748.50, less 250 for the child of 3.
    found = filed(
        "GA", 2026, "mfj", age_primary=66, age_spouse=60, wages_primary=4000, wages_spouse=50000,
        taxable_interest=10000, n_children=1, child_age=3,
    )  # fmt: skip
    assert found.line("Georgia adjusted gross income") == 50000
    assert found[BEFORE] == 498.50


def test_georgia_gives_the_low_income_credit_for_each_head_and_twice_from_65_on(filed: Any) -> None:
    # Wages of 18,000, 70 years: the 5,000 left out make the tax (18,000 - 5,000 - 12,000) x 5.39 % = 53.90; 2 x 5 off.
    assert filed("GA", 2024, "single", age_primary=70, wages_primary=18000)[BEFORE] == 43.90


def test_north_carolina_takes_the_row_of_the_child_table_that_ends_at_the_income(filed: Any) -> None:
    # 60,000 is still in the row up to 60,000: 2 x 2,000; (60,000 - 4,000 - 19,125) x 4.25 % = 1,567.19.
    assert filed("NC", 2025, "hoh", wages_primary=60000, n_children=2, child_age=8)[BEFORE] == 1567.19


def test_missouri_splits_the_taxable_income_of_a_couple_and_leaves_gains_out_from_2025(filed: Any) -> None:
    # 80,000 without the gain; 15 % of the federal tax of 5,343 = 801.45; 80,000 - 31,500 - 801.45 = 47,698.55, of which
    # a quarter is the spouse's. The seven lower brackets of 1,313 cost 256.035 each time, the rest 4.7 %.
    found = filed("MO", 2025, "mfj", wages_primary=60000, wages_spouse=20000, lt_capital_gains=5000)
    assert found.line("Deduction for federal income tax") == 801.45
    assert found[BEFORE] == 1889.95
    assert found[LOCAL] == 0


def test_missouri_cities_tax_earnings_and_no_gains(filed: Any) -> None:
    couple = {"wages_primary": 60000, "wages_spouse": 20000, "lt_capital_gains": 5000}
    assert filed("MO", 2025, "mfj", locality="KANSAS_CITY_MO", **couple)[LOCAL] == 800


def test_missouri_gives_no_working_family_credit_to_separate_filers(filed: Any) -> None:
    # The child credit leaves no federal tax to deduct: 27,000 - 15,750 = 11,250: 256.035 + 4.7 % of 2,059 = 352.81; the
    # credit, 20 % of the earned income credit, is more than what a head of household would owe.
    child = {"wages_primary": 27000, "n_children": 1, "child_age": 8}
    assert filed("MO", 2025, "mfs", **child)[BEFORE] == 352.81
    assert filed("MO", 2025, "hoh", **child)[BEFORE] == 0


def test_alabama_lowers_the_standard_deduction_by_whole_steps(filed: Any) -> None:
    # 28,600 is 3,100 above 25,500, six whole steps of 500: 8,500 - 6 x 175 = 7,450.
    # 28,600 - 7,450 - 3,000 - 1,000 = 17,150: 2 % of 1,000, 4 % of 5,000, 5 % of 11,150 = 777.50.
    found = filed("AL", 2025, "mfj", wages_primary=28600, n_children=1, child_age=8)
    assert found.line("Standard deduction") == 7450
    assert found[BEFORE] == 777.50


def test_alabama_lets_the_whole_self_employment_tax_be_itemized(filed: Any) -> None:
    # 92.35 % of 100,000 at 15.3 % = 14,129.55, far above the standard deduction; half of it is no adjustment there.
    found = filed("AL", 2025, "single", se_net_primary=100000)
    assert found.line("Adjusted gross income") == 100000
    assert found.line("Self-employment tax, and Social Security and Medicare withheld") == 14129.55
    taxable = 100000 - 14129.55 - found.line("Federal income tax") - 1500
    assert found.line("Taxable income") == pytest.approx(taxable)
    assert found[BEFORE] == pytest.approx(110 + (taxable - 3000) * 0.05, abs=0.006)


def test_kentucky_lets_a_couple_file_separately_where_it_costs_less(filed: Any) -> None:
    # (60,000 - 3,270) + (30,000 - 3,270) at 4 %; a spouse without income has no deduction to use.
    assert filed("KY", 2025, "mfj", wages_primary=60000, wages_spouse=30000)[BEFORE] == 3338.40
    assert filed("KY", 2025, "mfj", wages_primary=90000)[BEFORE] == 3469.20


def test_kentucky_forgives_families_near_the_poverty_line_a_share_of_the_tax(filed: Any) -> None:
    # 28,000 is 105.07 % of 26,650, so 80 % of (28,000 - 3,270) x 4 % = 989.20 is forgiven.
    assert filed("KY", 2025, "hoh", wages_primary=28000, n_children=2, child_age=8)[BEFORE] == 197.84


def test_an_indiana_county_taxes_what_the_state_taxes(filed: Any) -> None:
    found = filed("IN", 2025, "single", wages_primary=50000, locality="MARION_COUNTY_IN")
    assert (found[BEFORE], found[LOCAL]) == (1470, 989.80)  # 49,000 at 3 % and 2.02 %


def test_an_indiana_couple_of_65_with_little_income_gets_the_credit_for_the_elderly(filed: Any) -> None:
    both = {"age_primary": 70, "age_spouse": 70}
    assert filed("IN", 2025, "mfj", **both, wages_primary=2000)[REFUNDABLE] == 90
    assert filed("IN", 2025, "mfj", **(both | {"age_spouse": 60}), taxable_interest=2000)[REFUNDABLE] == 50


def test_south_carolina_adds_back_in_2025_what_the_federal_law_of_july_gave(filed: Any) -> None:
    # 50,000 - 15,750 + 750 = 35,000: 3 % of 14,270 and 6 % of 17,170.
    assert filed("SC", 2025, "single", wages_primary=50000)[BEFORE] == 1458.30


def test_south_carolina_melts_its_deduction_from_2026_on_to_the_next_ten_dollars(filed: Any) -> None:
    # 15,000 x (1 - 11,234 / 55,000) = 11,936.18, so 11,940; 39,294: 597 + 5.21 % of 9,294.
    found = filed("SC", 2026, "single", wages_primary=51234)
    assert found.line("South Carolina income adjusted deduction") == 11940
    assert found[BEFORE] == 1081.22


def test_south_carolina_caps_the_earned_income_credit_from_2026_on(filed: Any) -> None:
    # (40,000 - 22,500 - 5,040) x 1.99 % = 247.95, less 200 at most.
    assert filed("SC", 2026, "hoh", wages_primary=40000, n_children=1, child_age=8)[BEFORE] == 47.95


@pytest.mark.parametrize(
    ("wages", "tax"),
    [
        (31424.50, 680),  # 28,954.50 lies in the band of 28,949.50: x 3.9 % - 419.96 = 709.07, so 709; 29 off
        (97520, 3309),  # 95,050 lies in 95,001 to 95,100: 95,050.50 x 3.9 % - 369.30 = 3,337.67, so 3,338; 29 off
        (202470, 7680),  # above the table: 3,809 + 3.9 % of 100,000; 29 off
    ],
)
def test_arkansas_reads_the_tax_from_a_table(filed: Any, wages: float, tax: float) -> None:
    assert filed("AR", 2025, "single", wages_primary=wages)[BEFORE] == tax


def test_an_arkansas_couple_may_file_separately_on_one_form(filed: Any) -> None:
    # 37,530 and 27,530 alone: 1,044 + 654; 2 x 29 off, and 60 - 11 x 5 for the one who earns 1,030 above 26,500.
    found = filed("AR", 2025, "mfj", wages_primary=40000, wages_spouse=30000)
    assert found.line("Tax on the taxpayer alone") == 1044
    assert found.line("Tax on the spouse alone") == 654
    assert found[BEFORE] == 1635


@pytest.mark.parametrize(("wages", "tax"), [(24694, 0), (24699, 77), (25000, 118), (28650, 493)])
def test_the_low_income_table_of_arkansas_rises_evenly(filed: Any, wages: int, tax: int) -> None:
    # Rows as printed: 24,695 to 24,700: 77; 25,000: 118; 28,600: 493.
    assert filed("AR", 2025, "mfj", wages_primary=wages).line("Tax by the low income table") == tax


@pytest.mark.parametrize(("wages", "tax"), [(29799, 111), (31300, 278), (36050, 790)])
def test_the_low_income_table_of_arkansas_for_larger_families(filed: Any, wages: int, tax: int) -> None:
    found = filed("AR", 2025, "mfj", wages_primary=wages, n_children=2, child_age=8)
    assert found.line("Tax by the low income table") == tax


def test_arkansas_taxes_half_of_a_long_term_gain(filed: Any) -> None:
    assert filed("AR", 2025, "single", lt_capital_gains=40000).line("Adjusted gross income") == 20000
    assert filed("AR", 2025, "single", lt_capital_gains=-40000).line("Adjusted gross income") == -3000


def test_louisiana_took_the_exemptions_of_2024_from_the_lowest_bracket(filed: Any) -> None:
    # 1.85 % of 25,000 and 3.5 % of 35,000 = 1,687.50, less 1.85 % of 11,000.
    assert filed("LA", 2024, "mfj", wages_primary=60000, n_children=2, child_age=8)[BEFORE] == 1484


def test_louisiana_has_one_rate_from_2025_on(filed: Any) -> None:
    assert filed("LA", 2025, "mfj", wages_primary=60000)[BEFORE] == 1050  # 35,000 at 3 %


def test_oklahoma_pays_out_the_earned_income_credit_of_2020_and_sales_tax_relief(filed: Any) -> None:
    # 34 % of 18,000 is above the 3,584 of 2020: 5 % of that, and 40 for each of two.
    found = filed("OK", 2025, "hoh", wages_primary=18000, n_children=1, child_age=8)
    assert found[REFUNDABLE] == 259.20
    assert found.line("Tax") == 56.38
    assert found[BEFORE] == 0  # 5 % of the federal child credit of 1,700 is more


def test_oklahoma_taxes_nothing_below_the_first_bracket_of_2026(filed: Any) -> None:
    # 17,350 - 6,350 - 1,000 = 10,000: 2.5 % of 1,150, 3.5 % of 2,300, 4.5 % of 2,800.
    assert filed("OK", 2026, "single", wages_primary=17350)[BEFORE] == 235.25


def test_kansas_takes_nothing_up_to_the_deduction_and_exemption(filed: Any) -> None:
    # At 20 there is no earned income credit that would hide the tax.
    assert filed("KS", 2025, "single", age_primary=20, wages_primary=12765)[BEFORE] == 0
    assert filed("KS", 2025, "single", age_primary=20, wages_primary=13765)[BEFORE] == 52


def test_kansas_uses_the_earned_income_credit_against_the_tax_first(filed: Any) -> None:
    found = filed("KS", 2025, "hoh", wages_primary=39000, n_children=3, child_age=8)
    tax = (39000 - 6180 - 11480 - 3 * 2320) * 0.052
    credit = found.line("Earned income credit")
    assert credit > tax
    assert found[BEFORE] == 0
    assert found[REFUNDABLE] == pytest.approx(credit - tax, abs=0.006)


def test_kansas_gave_a_food_credit_until_2024(filed: Any) -> None:
    # (25,000 - 3,605 - 9,160) x 5.2 % = 636.22, less 125 at 55 and more.
    older = {"age_primary": 60, "wages_primary": 25000}
    assert filed("KS", 2024, "single", **older)[BEFORE] == 511.22
    assert filed("KS", 2025, "single", **older)[BEFORE] == 636.22


def test_a_mississippi_couple_has_the_free_part_twice_when_both_earn(filed: Any) -> None:
    # 40,000 and 2,000 above the free part, less 16,600, at 4.4 %; with one earner 52,000 less 16,600.
    assert filed("MS", 2025, "mfj", wages_primary=50000, wages_spouse=12000)[BEFORE] == 1117.60
    assert filed("MS", 2025, "mfj", wages_primary=62000)[BEFORE] == 1557.60


def test_west_virginia_forgives_a_tenth_less_for_each_step_above_the_poverty_line(filed: Any) -> None:
    # 14,000: 222 + 2.96 % of 4,000 = 340.40; 350 above 15,650 are two steps of 300, so 80 % is forgiven.
    assert filed("WV", 2025, "single", wages_primary=16000)[BEFORE] == 68.08
    assert filed("WV", 2025, "single", wages_primary=15650)[BEFORE] == 0


def test_west_virginia_deducts_up_to_8000_from_65_on(filed: Any) -> None:
    # 40,000 - 8,000 - 2,000 = 30,000: 222 + 444 + 3.33 % of 5,000.
    assert filed("WV", 2025, "single", age_primary=66, wages_primary=40000)[BEFORE] == 832.50
    # 17,000 of 20,000 of benefits are taxed: AGI 57,000. 65 % of them, 11,050, are left out, so nothing is left of the
    # 8,000. 43,950: 222 + 444 + 499.50 + 4.44 % of 3,950.
    assert filed("WV", 2025, "single", age_primary=66, wages_primary=40000, social_security_benefits=20000)[
        BEFORE
    ] == pytest.approx(1340.88)


@pytest.mark.parametrize("code", ["TN", "FL"])
def test_tennessee_and_florida_tax_no_income(filed: Any, code: str) -> None:
    assert filed(code, 2025, "single", se_net_primary=100000, taxable_interest=5000)[BEFORE] == 0


@pytest.mark.parametrize(
    ("status", "wages", "deduction"),
    [
        ("single", 26500, 2950),  # two steps of 500 at 25 each
        ("mfj", 25999, 8500),  # no whole step yet
        ("mfs", 13750, 3898),  # four steps of 250 at 88 each from 4,250
        ("hoh", 35500, 2500),  # twenty steps of 135 would leave 2,500 of 5,200
        ("hoh", 90000, 2500),
        ("mfj", 90000, 5000),
        ("qss", 36000, 5000),  # twenty-one steps would leave 4,825
    ],
)
def test_alabama_never_lowers_the_standard_deduction_below_its_least(
    filed: Any, status: str, wages: int, deduction: int
) -> None:
    assert filed("AL", 2024, status, wages_primary=wages).line("Standard deduction") == deduction


@pytest.mark.parametrize(
    ("status", "wages", "each"),
    [
        ("single", 20000, 3000), ("single", 20001, 2500), ("single", 70000, 500), ("single", 70001, 0),
        ("mfs", 30000, 2500), ("mfs", 50001, 1000),
        ("mfj", 40000, 3000), ("mfj", 100001, 1000), ("mfj", 140001, 0),
        ("hoh", 30000, 3000), ("hoh", 75001, 1000), ("hoh", 105001, 0),
        ("qss", 80000, 2000), ("qss", 120001, 500),
    ],
)  # fmt: skip
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_child_deduction_of_north_carolina_falls_by_the_rows_of_the_law(
    filed: Any, year: int, status: str, wages: int, each: int
) -> None:
    found = filed("NC", year, status, wages_primary=wages, n_children=2, child_age=8)
    assert found.line("Deduction for children") == 2 * each


@pytest.mark.parametrize(("year", "line"), [(2024, 15060), (2025, 15650), (2026, 15960)])
@pytest.mark.parametrize(
    ("percent", "tenths"),
    [
        (100, 10), (102, 9), (104, 9), (107, 8), (110, 7), (115, 6),
        (118, 5), (123, 4), (125, 3), (128, 2), (132, 1), (134, 0),
    ],
)  # fmt: skip
def test_each_row_of_the_family_size_credit_of_kentucky(
    filed: Any, year: int, line: int, percent: int, tenths: int
) -> None:
    found = filed("KY", year, "single", wages_primary=line * percent / 100)
    tax = found.line("Tax after the personal credits")
    assert found[BEFORE] == pytest.approx(tax * (10 - tenths) / 10, abs=0.006)


@pytest.mark.parametrize(
    ("status", "free"), [("single", 12765), ("mfj", 26560), ("mfs", 13280), ("hoh", 17660), ("qss", 17660)]
)
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_kansas_free_income_is_the_deduction_and_the_exemption(filed: Any, year: int, status: str, free: int) -> None:
    # The next thousand is taxed at 5.2 %; at 20 nobody has an earned income credit without a child.
    alone = {"age_primary": 20, "age_spouse": 20}
    assert filed("KS", year, status, **alone, wages_primary=free).line("Taxable income") == 0
    assert filed("KS", year, status, **alone, wages_primary=free + 1000)[BEFORE] == 52


@pytest.mark.parametrize(
    ("status", "income", "taxed"),
    [
        ("mfs", 8124, 0.2),  # half of 15,650 is 7,825: 299 above it are two steps of 150
        ("mfs", 8126, 0.3),  # 301 are three
        ("single", 15950, 0.1),  # 300 above 15,650 are one step of 300
    ],
)
def test_west_virginia_takes_half_the_guideline_and_half_steps_for_separate_filers(
    filed: Any, status: str, income: int, taxed: float
) -> None:
    found = filed("WV", 2025, status, taxable_interest=income)
    assert found[BEFORE] == pytest.approx(found.line("Tax") * taxed, abs=0.006)


def test_indiana_exempts_older_filers_with_little_income_a_little_more(filed: Any) -> None:
    # 1,000 each, 1,000 for 65, and 500 below 40,000.
    assert filed("IN", 2025, "single", age_primary=65, wages_primary=39999).line("Exemptions") == 2500
    assert filed("IN", 2025, "single", age_primary=65, wages_primary=40000).line("Exemptions") == 2000


@pytest.mark.parametrize(("status", "limit"), [("single", 15000), ("mfj", 25000), ("mfs", 12500), ("hoh", 19000)])
def test_oklahoma_has_an_exemption_for_age_up_to_a_limit(filed: Any, status: str, limit: int) -> None:
    heads = 2 if status == "mfj" else 1
    older = {"age_primary": 66, "age_spouse": 40}
    assert filed("OK", 2025, status, **older, wages_primary=limit).line("Exemptions") == (heads + 1) * 1000
    assert filed("OK", 2025, status, **older, wages_primary=limit + 1).line("Exemptions") == heads * 1000


@pytest.mark.parametrize(
    ("children", "wages", "credit"),
    [
        (0, 7200, 26.90),  # 538, 5 % of it; 7.65 % of the wages would be 550.80
        (1, 25000, 133.90),  # 3,584 - 15.98 % of 5,670 = 2,677.93
        (2, 25000, 236.30),  # 5,920 - 21.06 % of 5,670 = 4,725.90
        (3, 25000, 273.30),  # 6,660 - 1,194.10 = 5,465.90
    ],
)
def test_the_earned_income_credit_of_oklahoma_stays_that_of_2020(
    filed: Any, children: int, wages: int, credit: float
) -> None:
    status = "hoh" if children else "single"
    found = filed("OK", 2025, status, wages_primary=wages, n_children=children, child_age=8 if children else 0)
    assert found.line("Earned income credit") == credit


def test_social_security_is_left_out_where_the_state_says_so(filed: Any) -> None:
    # 30,000 of benefits beside 60,000 of wages: 85 % of them are federal income, none is taxed in these states.
    older = {"age_primary": 70, "wages_primary": 60000, "social_security_benefits": 30000}
    for code, label in (("KS", "Kansas adjusted gross income"), ("OK", "Oklahoma adjusted gross income"),
                        ("KY", "Kentucky adjusted gross income"), ("MO", "Missouri adjusted gross income"),
                        ("AL", "Adjusted gross income"), ("AR", "Adjusted gross income"),
                        ("LA", "Louisiana adjusted gross income")):  # fmt: skip
        assert filed(code, 2025, "single", **older).line(label) == 60000
    # West Virginia leaves out 65 % of the 25,500 in 2025 above 50,000 of income.
    assert filed("WV", 2025, "single", **older).line("Social Security left out") == 16575
