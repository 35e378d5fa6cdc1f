"""Itemizing: against an independent program where state tax alone makes it worth while, and worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax import wording
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Itemized, Person, Result, ScheduleA

# Households of the state reference that itemize, with the state and local tax the program deducts (its estimate of
# what is withheld, not the tax of the same return). Columns: id, year, status, ages, wages, profit, interest,
# dividends, qualified ones, long-term gain, children of 8, state tax, local tax; answer: AGI, QBI deduction, taxable
# income, income tax after credits.
ITEMIZING = """
    S02487 2025 mfj 40,40 0,0 410946 0 0 0 0 0 31561.68 0.00 394524.92 72592.65 290370.60 55382.94
    S03012 2025 single 50,0 43761,0 177836 0 439 414 215 0 16830.42 0.00 211664.62 33449.92 161384.28 31547.47
    S03055 2025 single 60,0 178742,0 315120 0 555 91 50249 0 26802.32 0.00 540446.31 0.00 513643.99 141185.20
    S03855 2025 single 50,0 25057,0 291965 3104 0 0 0 0 16824.40 0.00 306851.70 0.00 290027.30 71174.76
    S04299 2026 hoh 25,0 163940,0 385201 0 0 0 348 3 26962.81 0.00 543056.15 400.00 515693.34 147397.29
    S04439 2026 single 25,0 161680,0 296623 0 0 0 216 0 16672.65 0.00 453132.16 400.00 436059.51 121355.09
    S04527 2026 single 30,0 0,0 399222 0 0 0 3388 0 16267.91 0.00 385825.12 400.00 369157.21 97425.42
    S04652 2026 single 65,0 33401,0 286321 47 0 0 0 0 23393.18 0.00 306566.81 400.00 282773.63 67741.81
    S05166 2026 single 45,0 53717,0 166555 312 0 0 0 0 16705.07 0.00 210245.16 31243.23 162296.85 31561.10
    S05266 2026 single 30,0 11404,0 388130 0 0 0 0 0 30583.00 0.00 383604.70 400.00 352621.69 92186.84
    S05267 2026 single 55,0 0,0 308893 0 235 127 0 0 21712.88 0.00 293552.69 3840.65 267999.16 62552.48
    S05872 2026 single 25,0 13117,0 305783 0 0 0 0 0 28070.67 0.00 304179.59 497.59 275611.33 65233.21
    L00116 2025 single 55,0 0,0 209253 0 0 0 0 0 10683.71 6660.20 195532.75 35637.77 142551.06 27059.25
    L00124 2025 single 25,0 0,0 370415 0 0 0 0 0 21338.61 12523.67 354536.67 0.00 320674.39 81783.29
    L00150 2025 single 50,0 104347,0 171559 0 0 0 0 0 22228.70 0.00 269160.01 243.06 246688.26 56003.24
    L00161 2025 mfj 50,58 51020,31799 360971 0 0 0 0 1 36142.28 0.00 431201.37 69356.60 325702.49 63262.60
    L00199 2025 mfs 60,0 36199,0 239728 4031 0 0 0 0 24511.16 0.00 268074.00 0.00 250785.10 57475.21
    L00207 2026 single 60,0 0,0 378467 0 0 0 0 0 21631.71 12794.47 361960.04 400.00 327133.86 83266.10
    L00212 2026 mfj 60,38 0,0 426460 0 0 0 0 2 24875.21 14060.80 409310.38 74074.87 296299.50 52407.88
    L00268 2026 single 25,0 0,0 286815 0 0 0 0 0 22436.81 0.00 271535.33 20022.28 229076.24 49760.40
    L00296 2026 single 35,0 0,0 287345 0 0 0 0 0 24890.66 0.00 272058.23 21461.71 225705.86 48681.88
"""


def _cents(text: str) -> int:
    return int(Decimal(text) * 100)


def _reference(line: str) -> tuple[Household, list[int]]:
    (
        _, year, status, ages, wages, profit, interest, dividends, qualified, gain, children, state, local, *answer,
    ) = line.split()  # fmt: skip
    first, second = (
        Person(age=int(age) or None, wages_cents=_cents(pay))
        for age, pay in zip(ages.split(","), wages.split(","), strict=True)
    )
    household = Household(
        year=int(year),
        filing_status=FilingStatus(status),
        primary=first,
        spouse=second if status == "mfj" else None,
        children_ages=(8,) * int(children),
        businesses=(Business(net_profit_cents=_cents(profit)),),
        interest_cents=_cents(interest),
        dividends_cents=_cents(dividends),
        qualified_dividends_cents=_cents(qualified),
        long_term_gains_cents=_cents(gain),
        itemized=Itemized(state_income_tax_cents=_cents(state), local_income_tax_cents=_cents(local)),
    )
    return household, [_cents(text) for text in answer]


@pytest.mark.parametrize("line", ITEMIZING.strip().splitlines(), ids=lambda line: line.split()[0])
def test_the_reference_households_that_itemize(line: str, figures: dict[int, Parameters]) -> None:
    household, answer = _reference(line)
    components = evaluate(household, figures[household.year], explain=False).components
    found = [components[name] for name in ("agi", "qbi_deduction", "taxable_income", "income_tax")]
    assert components["itemizes"] == 1
    assert all(abs(mine - theirs) <= 100 for mine, theirs in zip(found, answer, strict=True)), (found, answer)


def _listed(result: Result) -> ScheduleA:
    assert result.schedule_a is not None
    return result.schedule_a


def _paid(
    figures: dict[int, Parameters],
    wages: int,
    year: int = 2026,
    status: FilingStatus = FilingStatus.SINGLE,
    **paid: int,
) -> Result:
    spouse = Person(age=40) if status is FilingStatus.MFJ else None
    household = Household(
        year=year,
        filing_status=status,
        primary=Person(age=40, wages_cents=wages),
        spouse=spouse,
        itemized=Itemized(**paid),
    )
    return evaluate(household, figures[year])


def test_the_larger_of_the_two_deductions_is_taken(figures: dict[int, Parameters]) -> None:
    small = _paid(figures, 10_000_000, property_tax_cents=1_000_000)
    assert small.components["itemizes"] == 0
    assert small.components["taxable_income"] == 10_000_000 - 1_610_000
    large = _paid(figures, 10_000_000, property_tax_cents=1_000_000, mortgage_interest_cents=700_000)
    assert large.components["itemizes"] == 1
    assert large.components["taxable_income"] == 10_000_000 - 1_700_000
    assert large.components["standard_deduction"] == 1_610_000


def test_an_equal_amount_is_no_reason_to_itemize(figures: dict[int, Parameters]) -> None:
    assert _paid(figures, 10_000_000, mortgage_interest_cents=1_610_000).components["itemizes"] == 0
    assert _paid(figures, 10_000_000, mortgage_interest_cents=1_610_001).components["itemizes"] == 1


@pytest.mark.parametrize(
    ("year", "status", "income", "cap"),
    [
        (2024, FilingStatus.SINGLE, 100_000, 10_000),
        (2024, FilingStatus.MFS, 100_000, 5_000),
        (2024, FilingStatus.MFJ, 900_000, 10_000),
        (2025, FilingStatus.SINGLE, 500_000, 40_000),
        (2025, FilingStatus.SINGLE, 510_000, 37_000),  # 30% of 10,000 less
        (2025, FilingStatus.SINGLE, 600_000, 10_000),  # 30% of 100,000 less is exactly the floor
        (2025, FilingStatus.MFJ, 700_000, 10_000),
        (2025, FilingStatus.MFS, 260_000, 18_500),  # (40,000 - 30% of 10,000) / 2
        (2025, FilingStatus.MFS, 400_000, 5_000),
        (2026, FilingStatus.HOH, 505_000, 40_400),
        (2026, FilingStatus.QSS, 515_000, 37_400),
        (2026, FilingStatus.MFS, 262_500, 18_700),
        (2026, FilingStatus.MFJ, 900_000, 10_000),
    ],
)
def test_the_cap_on_state_and_local_taxes(
    figures: dict[int, Parameters], year: int, status: FilingStatus, income: int, cap: int
) -> None:
    result = _paid(figures, income * 100, year, status, state_income_tax_cents=9_000_000, property_tax_cents=900_000)
    assert _listed(result).taxes == cap * 100


def test_sales_tax_counts_instead_of_income_tax_when_it_is_larger(figures: dict[int, Parameters]) -> None:
    taxes = {"state_income_tax_cents": 200_000, "local_income_tax_cents": 100_000, "property_tax_cents": 500_000}
    assert _listed(_paid(figures, 10_000_000, sales_tax_cents=290_000, **taxes)).taxes == 800_000
    assert _listed(_paid(figures, 10_000_000, sales_tax_cents=310_000, **taxes)).taxes == 810_000


def test_medical_costs_count_above_the_floor(figures: dict[int, Parameters]) -> None:
    # 20,000 - 7.5% of 100,000.
    assert _listed(_paid(figures, 10_000_000, medical_cents=2_000_000)).medical == 1_250_000
    assert _listed(_paid(figures, 10_000_000, medical_cents=700_000)).medical == 0


@pytest.mark.parametrize(
    ("year", "cash", "given", "deducted"),
    [
        (2025, 10_000, 0, 10_000),
        (2026, 10_000, 0, 9_500),  # less half a percent of 100,000
        (2026, 400, 0, 0),
        (2025, 80_000, 0, 60_000),
        (2025, 0, 50_000, 30_000),
        (2025, 50_000, 20_000, 60_000),
        (2026, 50_000, 20_000, 59_500),
    ],
)
def test_gifts_have_limits_and_from_2026_a_floor(
    figures: dict[int, Parameters], year: int, cash: int, given: int, deducted: int
) -> None:
    result = _paid(figures, 10_000_000, year, charity_cash_cents=cash * 100, charity_other_cents=given * 100)
    assert _listed(result).charity == deducted * 100


@pytest.mark.parametrize(
    ("year", "status", "gifts", "taken"),
    [
        (2025, FilingStatus.SINGLE, 800, 0),
        (2026, FilingStatus.SINGLE, 800, 800),
        (2026, FilingStatus.SINGLE, 5_000, 1_000),
        (2026, FilingStatus.MFS, 5_000, 1_000),
        (2026, FilingStatus.HOH, 5_000, 1_000),
        (2026, FilingStatus.QSS, 5_000, 1_000),
        (2026, FilingStatus.MFJ, 5_000, 2_000),
    ],
)
def test_cash_gifts_beside_the_standard_deduction(
    figures: dict[int, Parameters], year: int, status: FilingStatus, gifts: int, taken: int
) -> None:
    plain = _paid(figures, 20_000_000, year, status)
    given = _paid(figures, 20_000_000, year, status, charity_cash_cents=gifts * 100)
    assert given.components["itemizes"] == 0
    assert plain.components["taxable_income"] - given.components["taxable_income"] == taken * 100


def test_gifts_beside_the_standard_deduction_weigh_in_the_choice(figures: dict[int, Parameters]) -> None:
    # 16,000 of interest and 1,500 of gifts less 500 is 17,000, and so is 16,100 + 1,000 less 100.
    paid = {"mortgage_interest_cents": 1_600_000, "charity_cash_cents": 150_000}
    assert _paid(figures, 10_000_000, **paid).components["itemizes"] == 0
    paid["mortgage_interest_cents"] = 1_610_100
    assert _paid(figures, 10_000_000, **paid).components["itemizes"] == 1


def test_the_top_bracket_loses_two_thirty_sevenths(figures: dict[int, Parameters]) -> None:
    # 2026, single, 740,600 of wages: 100,000 lie in the top bracket. Interest 37,000 loses 2,000; interest 148,000
    # loses 2/37 of 100,000 = 5,405.41 only.
    result = _paid(figures, 74_060_000, mortgage_interest_cents=3_700_000)
    assert _listed(result).reduction == 200_000
    assert result.components["taxable_income"] == 74_060_000 - 3_500_000
    assert _listed(_paid(figures, 74_060_000, mortgage_interest_cents=14_800_000)).reduction == 540_541
    assert _listed(_paid(figures, 74_060_000, 2025, mortgage_interest_cents=3_700_000)).reduction == 0


def test_what_the_cap_takes_off_can_turn_the_choice(figures: dict[int, Parameters]) -> None:
    # 17,000 less 2/37 of it, 918.92, is less than 16,100.
    result = _paid(figures, 80_000_000, mortgage_interest_cents=1_700_000)
    assert result.components["itemizes"] == 0
    assert result.components["taxable_income"] == 80_000_000 - 1_610_000


def test_the_qbi_limit_does_not_see_the_cap(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    # Section 199A(e)(1): taxable income without section 68. Wages paid carry the deduction, so only the income limit
    # could move it: profit 900,000, half the tax 23,490.68; less 200,000 of interest: 676,509.32, a fifth of it
    # 135,301.86.
    household = freelancer(90_000_000, itemized=Itemized(mortgage_interest_cents=20_000_000))
    business = replace(household.businesses[0], w2_wages_cents=50_000_000)
    components = evaluate(replace(household, businesses=(business,)), figures[2026], explain=False).components
    assert components["qbi_deduction"] == 13_530_186


def test_minimum_tax_adds_the_taxes_back_and_not_the_interest(figures: dict[int, Parameters]) -> None:
    # 2025, single, wages 400,000 and a gain of 5,000,000: the exemption is gone. Interest 50,000, taxes 10,000 (floor).
    # Minimum: income 5,400,000 - 50,000, of it 350,000 ordinary: 26% of 239,100 = 62,166 + 28% of 110,900 = 31,052.
    # Regular: 400,000 - 60,000 = 340,000 ordinary: 57,231 + 35% of (340,000 - 250,525) = 31,316.25, together 88,547.25.
    # The gains start 10,000 lower in the regular tax: 15% up to 533,400, so 10,000 x 5% less there.
    # Minimum 93,218 - 88,547.25 = 4,670.75; gains: both fill the middle band from the regular taxable income on.
    household = Household(
        year=2025,
        primary=Person(age=40, wages_cents=40_000_000),
        long_term_gains_cents=500_000_000,
        itemized=Itemized(state_income_tax_cents=9_000_000, mortgage_interest_cents=5_000_000),
    )
    assert evaluate(household, figures[2025]).components["amt"] == 467_075


def test_the_choice_and_its_lines_are_shown(figures: dict[int, Parameters]) -> None:
    result = _paid(figures, 10_000_000, mortgage_interest_cents=2_000_000)
    line = next(line for line in result.lines if line.label.startswith("Itemized or standard"))
    assert line.cents == 2_000_000
    assert line.inputs == {"itemized": 2_000_000, "standard": 1_610_000, "gifts": 0}
    assert any("taken as paid in the year" in sentence for sentence in result.assumptions)


def test_nothing_entered_compares_nothing(freelancer: Callable[..., Household], figures: dict[int, Parameters]) -> None:
    result = evaluate(freelancer(5_000_000), figures[2026])
    assert result.schedule_a is None
    assert result.components["itemizes"] == 0
    assert wording.NO_ITEMIZING in result.assumptions
