"""Households worked by hand, one for each rule the reference households do not reach, with the answer of every year.

A case names the figure of the answer it looks at. Its amounts are dollars; the arithmetic stands beside it. The test of
the parameters uses the same households to prove that a wrong figure of any year is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.tax.model import Business, Household, Itemized, Owner, Person

SINGLE, MFJ, MFS, HOH, QSS = (
    FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH, FilingStatus.QSS,
)  # fmt: skip
YEARS = (2024, 2025, 2026)


class Worked(NamedTuple):
    """One case: the figure of the answer, what it must be by year, and the household of a year."""

    name: str
    component: str
    answers: Mapping[int, str]
    household: Callable[[int], Household]


def cents(dollars: float | str) -> int:
    return int(Decimal(str(dollars)) * 100)


def _same(answer: str) -> dict[int, str]:
    return dict.fromkeys(YEARS, answer)


def _by_year(*answers: str) -> dict[int, str]:
    return {year: answer for year, answer in zip(YEARS, answers, strict=True) if answer}


def alone(
    *, age: int | None = 40, wages: float = 0, profit: float | None = None, status: FilingStatus = SINGLE,
    business: Mapping[str, object] | None = None, person: Mapping[str, object] | None = None, **household: object,
) -> Callable[[int], Household]:  # fmt: skip
    """Make a return of one filer (two on a joint one, the second without pay), in dollars."""

    def make(year: int) -> Household:
        businesses = () if profit is None else (Business(net_profit_cents=cents(profit), **(business or {})),)
        return Household(
            year=year,
            filing_status=status,
            primary=Person(age=age, wages_cents=cents(wages), **(person or {})),
            spouse=Person(age=40) if status is MFJ else None,
            businesses=businesses,
            **household,
        )

    return make


def _ira(start: Mapping[int, int], more: int, status: FilingStatus, **household: object) -> Callable[[int], Household]:
    """Make someone with a plan at work and an IRA whose wages are so much above where the phase-out starts."""
    person = {"ira_cents": cents(9_000), "workplace_plan": True}
    return lambda year: alone(wages=start[year] + more, status=status, person=person, **household)(year)


def _spouse_covered(start: Mapping[int, int], more: int) -> Callable[[int], Household]:
    def make(year: int) -> Household:
        return Household(
            year=year, filing_status=MFJ,
            primary=Person(age=40, ira_cents=cents(9_000)),
            spouse=Person(age=40, wages_cents=cents(start[year] + more), workplace_plan=True),
        )  # fmt: skip

    return make


def _taxes(amount: float) -> Itemized:
    return Itemized(state_income_tax_cents=cents(amount))


ONE_START = {2024: 77_000, 2025: 79_000, 2026: 81_000}
JOINT_START = {2024: 123_000, 2025: 126_000, 2026: 129_000}
SPOUSE_START = {2024: 230_000, 2025: 236_000, 2026: 242_000}
NOTHING = {2024: 0, 2025: 0, 2026: 0}

# fmt: off - a case is a row
# 100,000 x 0.9235 x 15.3% = 14,129.55, half 7,064.78 (7,064.775): 92,935.22 is left for a plan.
_RETIREMENT = [
    # A fifth of 92,935.22 is 18,587.04.
    Worked("SEP of a fifth", "agi", _same("74348.18"), alone(profit=100_000, person={"retirement_cents": 5_000_000})),
    # 600,000 x 0.9235 = 554,100; 2.9% of it 16,068.90 and 12.4% of the base 20,906.40, 21,836.40, 22,878.00;
    # half 18,487.65, 18,952.65, 19,473.45; a fifth of the rest is more than 69,000, 70,000, 72,000.
    Worked(
        "SEP at its limit",
        "agi",
        _by_year("512512.35", "511047.35", "508526.55"),
        alone(profit=600_000, person={"retirement_cents": 9_000_000}),
    ),
    # The deferral counts first: 23,000, 23,500, 24,500; the employer's part fills up to the limit of the plan.
    Worked(
        "solo 401(k) at its limit",
        "agi",
        _by_year("512512.35", "511047.35", "508526.55"),
        alone(profit=600_000, person={"retirement_cents": 9_000_000, "deferral_cents": 6_000_000}),
    ),
    # 92,935.22 less 23,000, 23,500, 24,500.
    *(
        Worked(
            f"deferral at {age}",
            "agi",
            _by_year("69935.22", "69435.22", "68435.22"),
            alone(age=age, profit=100_000, person={"deferral_cents": 6_000_000}),
        )
        for age in (40, 49)
    ),
    # Catch-up of 7,500, 7,500, 8,000 more.
    *(
        Worked(
            f"deferral at {age}",
            "agi",
            _by_year("62435.22", "61935.22", "60435.22"),
            alone(age=age, profit=100_000, person={"deferral_cents": 6_000_000}),
        )
        for age in (50, 59, 64)
    ),
    # 11,250 instead from 2025.
    *(
        Worked(
            f"deferral at {age}",
            "agi",
            _by_year("62435.22", "58185.22", "57185.22"),
            alone(age=age, profit=100_000, person={"deferral_cents": 6_000_000}),
        )
        for age in (60, 63)
    ),
    # 20,000: half the tax 1,412.96 (18,470 x 15.3% = 2,825.91), 18,587.04 left. All of it deferred: nothing remains.
    Worked(
        "solo 401(k) of a small profit",
        "agi",
        _same("0.00"),
        alone(profit=20_000, person={"retirement_cents": 5_000_000, "deferral_cents": 2_300_000}),
    ),
    # 10,000 deferred of 18,587.04: the employer's part is a fifth, 3,717.41, less than half of the rest.
    Worked(
        "solo 401(k), both parts",
        "agi",
        _same("4869.63"),
        alone(profit=20_000, person={"retirement_cents": 5_000_000, "deferral_cents": 1_000_000}),
    ),
    # 16,000 deferred: half of the remaining 2,587.04 is 1,293.52.
    Worked(
        "solo 401(k), half of the rest",
        "agi",
        _same("1293.52"),
        alone(profit=20_000, person={"retirement_cents": 5_000_000, "deferral_cents": 1_600_000}),
    ),
]
_IRA = [
    Worked("IRA", "agi", _by_year("43000", "43000", "42500"), alone(wages=50_000, person={"ira_cents": 900_000})),
    Worked(
        "IRA from 50",
        "agi",
        _by_year("42000", "42000", "41400"),
        alone(age=50, wages=50_000, person={"ira_cents": 900_000}),
    ),
    Worked("IRA of a small pay", "agi", _same("0"), alone(wages=3_000, person={"ira_cents": 900_000})),
    # 4,000 into a range of 10,000 take 40% of 7,000, 7,000, 7,500: 4,200, 4,200, 4,500 stay.
    Worked("IRA phase-out, single", "agi", _by_year("76800", "78800", "80500"), _ira(ONE_START, 4_000, SINGLE)),
    Worked("IRA phase-out, head", "agi", _by_year("76800", "78800", "80500"), _ira(ONE_START, 4_000, HOH)),
    Worked("IRA phase-out, separate", "agi", _by_year("0", "0", "0"), _ira(NOTHING, 4_000, MFS)),
    Worked("IRA phase-out over, separate", "agi", _same("10000"), _ira(NOTHING, 10_000, MFS)),
    Worked(
        "IRA phase-out, living apart",
        "agi",
        _by_year("76800", "78800", "80500"),
        _ira(ONE_START, 4_000, MFS, lived_apart=True),
    ),
    # 8,000 into a range of 20,000.
    Worked("IRA phase-out, joint", "agi", _by_year("126800", "129800", "132500"), _ira(JOINT_START, 8_000, MFJ)),
    Worked("IRA phase-out, survivor", "agi", _by_year("126800", "129800", "132500"), _ira(JOINT_START, 8_000, QSS)),
    Worked(
        "IRA phase-out by the spouse's plan",
        "agi",
        _by_year("229800", "235800", "241500"),
        _spouse_covered(SPOUSE_START, 4_000),
    ),
    # 333 take 233.10, 233.10, 249.75, rounded down to 230, 230, 240.
    Worked("IRA phase-out in tens", "agi", _by_year("70563", "72563", "74073"), _ira(ONE_START, 333, SINGLE)),
    # 9,900 would leave 70 or 80; nobody is left with less than 200. At 10,000 it is over.
    Worked("IRA phase-out, the least", "agi", _by_year("86700", "88700", "90700"), _ira(ONE_START, 9_900, SINGLE)),
    Worked("IRA phase-out over", "agi", _by_year("87000", "89000", "91000"), _ira(ONE_START, 10_000, SINGLE)),
]
_BENEFITS = [
    # 20,000 of benefits and 20,000 of interest: 30,000 is over no second base; half of 5,000 (25,000 on) is 2,500.
    Worked(
        "benefits, first base",
        "agi",
        _same("22500"),
        alone(age=60, interest_cents=2_000_000, social_security_cents=2_000_000),
    ),
    # Provisional 40,000: half of 9,000 and 85% of 6,000.
    Worked(
        "benefits, second base",
        "agi",
        _same("39600"),
        alone(age=60, interest_cents=3_000_000, social_security_cents=2_000_000),
    ),
    # Separate, together: 85% of the provisional 40,000 is more than 85% of the benefits.
    Worked(
        "benefits, separate",
        "agi",
        _same("8500"),
        alone(age=60, status=MFS, social_security_cents=2_000_000),
    ),
    Worked(
        "benefits, separate and apart",
        "agi",
        _same("39600"),
        alone(age=60, status=MFS, lived_apart=True, interest_cents=3_000_000, social_security_cents=2_000_000),
    ),
]
_ITEMIZED = [
    # 100,000 of wages: taxes 9,000 and 10,000 of interest, no cap.
    Worked(
        "taxes and interest",
        "taxable_income",
        _same("81000"),
        alone(wages=100_000, itemized=Itemized(property_tax_cents=900_000, mortgage_interest_cents=1_000_000)),
    ),
    # The cap of 10,000, 40,000, 40,400, and 10,000 of other deductions; half the cap for a separate return.
    Worked(
        "cap on taxes",
        "taxable_income",
        _by_year("180000", "150000", "149600"),
        alone(wages=200_000, itemized=Itemized(state_income_tax_cents=9_000_000, other_cents=1_000_000)),
    ),
    Worked(
        "cap on taxes, separate",
        "taxable_income",
        _by_year("175000", "160000", "159800"),
        alone(wages=200_000, status=MFS, itemized=Itemized(state_income_tax_cents=9_000_000, other_cents=2_000_000)),
    ),
    # Wages 520,000: 30% of 20,000 or 15,000 less, 34,000 and 35,900.
    Worked(
        "cap falling", "taxable_income", _by_year("", "486000", "484100"), alone(wages=520_000, itemized=_taxes(90_000))
    ),
    # Wages 640,000: 10,000 stay; interest 20,000 beside it.
    Worked(
        "floor of the cap",
        "taxable_income",
        _by_year("610000", "610000", "610000"),
        alone(wages=640_000, itemized=Itemized(state_income_tax_cents=9_000_000, mortgage_interest_cents=2_000_000)),
    ),
    # 40,000 less 7.5% of 100,000.
    Worked(
        "medical", "taxable_income", _same("67500"), alone(wages=100_000, itemized=Itemized(medical_cents=4_000_000))
    ),
    # 30,000 of cash; from 2026 less half a percent of 100,000.
    Worked(
        "gifts of cash",
        "taxable_income",
        _by_year("70000", "70000", "70500"),
        alone(wages=100_000, itemized=Itemized(charity_cash_cents=3_000_000)),
    ),
    # Cash counts up to 60% of income, property up to 30%.
    Worked(
        "gifts beyond the limit",
        "taxable_income",
        _by_year("40000", "40000", "40500"),
        alone(wages=100_000, itemized=Itemized(charity_cash_cents=9_000_000)),
    ),
    Worked(
        "gifts of property",
        "taxable_income",
        _by_year("70000", "70000", "70500"),
        alone(wages=100_000, itemized=Itemized(charity_other_cents=9_000_000)),
    ),
    # Beside the standard deduction 14,600, 15,750, 16,100: 1,000 from 2026, 2,000 on a joint return.
    Worked(
        "gifts beside the standard deduction",
        "taxable_income",
        _by_year("85400", "84250", "82900"),
        alone(wages=100_000, itemized=Itemized(charity_cash_cents=500_000)),
    ),
    Worked(
        "joint gifts beside the standard deduction",
        "taxable_income",
        _by_year("70800", "68500", "65800"),
        alone(wages=100_000, status=MFJ, itemized=Itemized(charity_cash_cents=500_000)),
    ),
    # 740,600 and 37,000 of interest: from 2026 2/37 of it are lost.
    Worked(
        "top bracket",
        "taxable_income",
        _by_year("703600", "703600", "705600"),
        alone(wages=740_600, itemized=Itemized(mortgage_interest_cents=3_700_000)),
    ),
]
_TIPS = [
    # 50,000 less 14,600; from 2025 less 15,750 or 16,100 and the tips.
    Worked(
        "tips",
        "taxable_income",
        _by_year("35400", "29250", "28900"),
        alone(wages=50_000, person={"tips_cents": 500_000}),
    ),
    Worked(
        "tips at their limit",
        "taxable_income",
        _by_year("85400", "59250", "58900"),
        alone(wages=100_000, person={"tips_cents": 3_000_000}),
    ),
    # 2,999 above 150,000 are two full steps: 200 less.
    Worked(
        "tips in the phase-out",
        "taxable_income",
        _by_year("138399", "132449", "132099"),
        alone(wages=152_999, person={"tips_cents": 500_000}),
    ),
    # Joint: 300,000.
    Worked(
        "joint tips in the phase-out",
        "taxable_income",
        _by_year("273799", "266699", "265999"),
        alone(wages=302_999, status=MFJ, person={"tips_cents": 500_000}),
    ),
    Worked(
        "tips, separate",
        "taxable_income",
        _by_year("35400", "34250", "33900"),
        alone(wages=50_000, status=MFS, person={"tips_cents": 500_000}),
    ),
]
_TABLES = [
    # 20,000 of taxable income lie in the band to 20,050: the tax of 20,025. 2024: 1,160 + 12% of 8,425 = 2,171;
    # 2025: 1,192.50 + 12% of 8,100 = 2,164.50, up to 2,165; 2026: 1,240 + 12% of 7,625 = 2,155.
    Worked(
        "table",
        "income_tax_before_credits",
        _by_year("2171", "2165", "2155"),
        lambda year: alone(wages={2024: 34_600, 2025: 35_750, 2026: 36_100}[year], tables=True)(year),
    ),
    # 99,999: the tax of 99,975. 2024: 5,426 + 22% of 52,825 = 17,047.50, up; 2025: 5,578.50 + 22% of 51,500 =
    # 16,908.50, up; 2026: 5,800 + 22% of 49,575 = 16,706.50, up.
    Worked(
        "table, last band",
        "income_tax_before_credits",
        _by_year("17048", "16909", "16707"),
        lambda year: alone(wages={2024: 114_599, 2025: 115_749, 2026: 116_099}[year], tables=True)(year),
    ),
    # 100,000 by the rates: 5,426 + 22% of 52,850; 5,578.50 + 22% of 51,525; 5,800 + 22% of 49,600.
    Worked(
        "beyond the table",
        "income_tax_before_credits",
        _by_year("17053.00", "16914.00", "16712.00"),
        lambda year: alone(wages={2024: 114_600, 2025: 115_750, 2026: 116_100}[year], tables=True)(year),
    ),
    # Small bands: 4 pays nothing, 6 pays 1 (of 10), 24 pays 2 (of 20), 26 pays 4 (of 37.50), 2,990 pays 299 (of
    # 2,987.50), 3,001 pays 303 (of 3,025).
    *(
        Worked(
            f"table at {amount}",
            "income_tax_before_credits",
            _same(tax),
            lambda year, amount=amount: alone(
                wages={2024: 14_600, 2025: 15_750, 2026: 16_100}[year] + amount, tables=True
            )(year),
        )
        for amount, tax in ((4, "0"), (6, "1"), (24, "2"), (26, "4"), (2_990, "299"), (3_001, "303"))
    ),
    # 10,010 earned, one child: 34% of 10,025 = 3,408.50, up.
    Worked(
        "credit table",
        "eitc",
        _same("3409"),
        alone(wages=10_010, children_ages=(5,), status=HOH, tables=True),
    ),
    # 30,010 earned, one child: the largest credit less 15.98% of what 30,025 exceeds 22,720, 23,350, 23,890 by:
    # 4,213 - 1,167.34 = 3,045.66; 4,328 - 1,066.67 = 3,261.33; 4,427 - 980.37 = 3,446.63.
    Worked(
        "credit table, falling",
        "eitc",
        _by_year("3046", "3261", "3447"),
        alone(wages=30_010, children_ages=(5,), status=HOH, tables=True),
    ),
]
_MINIMUM_TAX = [
    # Wages 100,000 and a long gain of 850,000. Regular: 100,000 less 14,600, 15,750, 16,100 by the rates: 13,841 ...
    # 2024: 85,400: 5,426 + 22% of 38,250 = 13,841. Exemption 85,700 - 25% of 340,650 = 537.50; 26% of 99,462.50 =
    # 25,860.25. Gains: both start at 85,400, 15% to 518,900: the same. 25,860.25 - 13,841 = 12,019.25.
    # 2025: 84,250: 5,578.50 + 22% of 35,775 = 13,449. Exemption 88,100 - 25% of 323,650 = 7,187.50; 26% of 92,812.50
    # = 24,131.25; 10,682.25 more.
    # 2026: 83,900: 5,800 + 22% of 33,500 = 13,170. No exemption: 26% of 100,000 = 26,000; 12,830 more.
    Worked(
        "minimum tax, exemption fading",
        "amt",
        _by_year("12019.25", "10682.25", "12830.00"),
        alone(wages=100_000, long_term_gains_cents=cents(850_000)),
    ),
    # 2026, gain of 500,000: exemption 90,100 - 50% of 100,000 = 40,100; 26% of 59,900 = 15,574; 2,404 more.
    Worked(
        "minimum tax of 2026, exemption fading",
        "amt",
        {2026: "2404.00"},
        alone(wages=100_000, long_term_gains_cents=cents(500_000)),
    ),
    # Wages 400,000, gain 5,000,000, no exemption. 26% up to 232,600, 239,100, 244,500 and 28% above:
    # 60,476 + 46,872 = 107,348; 62,166 + 45,052 = 107,218; 63,570 + 43,540 = 107,110.
    # Regular on 385,400: 55,678.50 + 35% of 141,675 = 105,264.75; on 384,250: 57,231 + 35% of 133,725 = 104,034.75;
    # on 383,900: 58,448 + 35% of 127,675 = 103,134.25.
    Worked(
        "minimum tax at two rates",
        "amt",
        _by_year("2083.25", "3183.25", "3975.75"),
        alone(wages=400_000, long_term_gains_cents=cents(5_000_000)),
    ),
    # Separate: where the exemption is gone (875,950; 900,350; 640,200) 25%, from 2026 50%, of what lies beyond is added
    # to the income, up to the exemption. Wages 100,000, gain 1,000,000: 56,012.50; 49,912.50; 70,100 are added.
    # 26% up to 116,300, 119,550, 122,250 and 28% above: 30,238 + 11,119.50; 31,083 + 8,501.50; 31,785 + 13,398.
    # Regular on the wages 13,841; 13,449; 13,170.
    Worked(
        "minimum tax, separate",
        "amt",
        _by_year("27516.50", "26135.50", "32013.00"),
        alone(wages=100_000, status=MFS, long_term_gains_cents=cents(1_000_000)),
    ),
]
_FAMILY = [
    Worked(
        "child of 16",
        "nonrefundable_credits",
        _by_year("2000", "2200", "2200"),
        alone(wages=100_000, children_ages=(16,)),
    ),
    Worked("child of 17", "nonrefundable_credits", _same("500"), alone(wages=100_000, children_ages=(17,))),
    # 34% of 12,390, 12,730, 13,020 for a child of 18, at most 4,213, 4,328, 4,427; nothing for one of 19.
    Worked(
        "earned credit, child of 18",
        "eitc",
        _by_year("4212.60", "4328.00", "4426.80"),
        alone(age=66, wages=15_000, children_ages=(18,)),
    ),
    Worked("earned credit, child of 19", "eitc", _same("0"), alone(age=66, wages=15_000, children_ages=(19,))),
    # 7.65% of 6,000 without a child, from 25 to 64.
    *(
        Worked(f"earned credit alone at {age}", "eitc", _same(credit), alone(age=age, wages=6_000))
        for age, credit in ((24, "0"), (25, "459.00"), (64, "459.00"), (65, "0"))
    ),
    # Interest of 13,000 ends the earned credit. Two children: 15% of 500; three: 7.65% of 3,000.
    Worked(
        "refundable credit, two children",
        "refundable_ctc",
        _same("75.00"),
        alone(wages=3_000, children_ages=(8, 8), interest_cents=1_300_000),
    ),
    Worked(
        "refundable credit, three children",
        "refundable_ctc",
        _same("229.50"),
        alone(wages=3_000, children_ages=(8, 8, 8), interest_cents=1_300_000),
    ),
    # Investment income at its limit keeps the credit, a dollar more ends it. Adjusted 13,000 + limit is in the
    # phase-out of one child: 4,213 - 15.98% of 1,880 = 3,912.58; 4,328 - 15.98% of 1,600 = 4,072.32;
    # 4,427 - 15.98% of 1,310 = 4,217.66.
    Worked(
        "investment income at its limit",
        "eitc",
        _by_year("3912.58", "4072.32", "4217.66"),
        lambda year: alone(
            wages=13_000, children_ages=(5,), interest_cents={2024: 1_160_000, 2025: 1_195_000, 2026: 1_220_000}[year]
        )(year),
    ),
    Worked(
        "investment income over its limit",
        "eitc",
        _same("0"),
        lambda year: alone(
            wages=13_000, children_ages=(5,), interest_cents={2024: 1_160_100, 2025: 1_195_100, 2026: 1_220_100}[year]
        )(year),
    ),
]
_ELDERLY = [
    # 17,000 of interest at 75 in 2024: 17,000 - 16,550 = 450, tax 45.00; 5,000 - half of 9,500 is 250, 15% 37.50.
    # From 2025 the deduction of seniors leaves no tax at all.
    Worked(
        "credit for the elderly",
        "nonrefundable_credits",
        _by_year("37.50", "0", "0"),
        alone(age=75, interest_cents=1_700_000),
    ),
    # Separate and apart, 75, in 2024: 16,900 - 16,150 = 750, tax 75.00; 3,750 - half of 11,900 is nothing.
    Worked(
        "no credit for the elderly, separate",
        "nonrefundable_credits",
        _same("0"),
        alone(age=75, status=MFS, lived_apart=True, interest_cents=1_690_000),
    ),
]
_BUSINESS = [
    # Above the range: 25% of 40,000 and 2.5% of 1,000,000 are 35,000, more than half of 40,000.
    Worked(
        "wages and property of a business",
        "qbi_deduction",
        _same("35000"),
        alone(profit=700_000, business={"w2_wages_cents": 4_000_000, "ubia_cents": 100_000_000}),
    ),
    Worked(
        "wages of a business",
        "qbi_deduction",
        _same("50000"),
        alone(profit=700_000, business={"w2_wages_cents": 10_000_000}),
    ),
    # 5,000 of loss beside 80,000 of pay: 3,000 count, 1,500 for a separate return.
    Worked("capital loss", "agi", _same("77000"), alone(wages=80_000, long_term_gains_cents=-500_000)),
    Worked(
        "capital loss, separate", "agi", _same("78500"), alone(wages=80_000, status=MFS, long_term_gains_cents=-500_000)
    ),
]
_HIGH_PAY = [
    # Pay of 190,000 and a loss of the spouse's business leave 2,000 of earned income, less than the floor of 2,500. So
    # the employee's tax counts, 7.65% of the base and 1.45% of the rest: 12,897.90 + 310.30; 13,471.65 + 201.55;
    # 14,114.25 + 79.75. Twelve children leave room for it.
    Worked(
        "payroll taxes above the base", "refundable_ctc", _by_year("13208.20", "13673.20", "14194.00"),
        lambda year: Household(
            year=year, filing_status=MFJ, primary=Person(age=40, wages_cents=19_000_000), spouse=Person(age=40),
            businesses=(Business(net_profit_cents=-18_800_000, owner=Owner.SPOUSE),),
            children_ages=(8,) * 12, interest_cents=1_300_000,
        ),
    ),
]  # fmt: skip
CASES: list[Worked] = [
    *_RETIREMENT, *_IRA, *_BENEFITS, *_ITEMIZED, *_TIPS, *_TABLES, *_MINIMUM_TAX, *_FAMILY, *_ELDERLY, *_BUSINESS,
    *_HIGH_PAY,
]  # fmt: skip
