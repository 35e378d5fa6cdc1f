"""Figures of the western and midwestern states that no reference household touches, year by year, worked by hand.

Each case is a state, a household, the line that is looked at, and its amount in 2024, 2025 and 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.core.tax.figures import Parameters
from tests.core.tax.states.places import HEAD, JOINT, SEPARATE, Place, line, paid_out, tax

YEARS = (2024, 2025, 2026)
TAX, PAID_OUT = "tax", "paid out"
Case = tuple[str, Mapping[str, Any], str, tuple[float, float, float]]

CASES: dict[str, Case] = {
    # 5 % of the credit goes with each 1,000 begun above 200,000: three tenths at 205,500.
    "Arizona, children under 17 and older": (
        "az", {"wages": 205_500, "status": HEAD, "children": (10, 18)}, "Dependent tax credit", (87.50, 87.50, 105)
    ),
    "Arizona, old and blind": ("az", {"age": 70, "blind": True}, "Exemptions for age and blindness", (3_600,) * 3),
    "Arizona, mortgage": ("az", {"wages": 90_000, "mortgage": 40_000}, TAX, (1_250, 1_250, 1_250)),
    "California, investment income ends the credit": (
        "ca", {"wages": 10_000, "interest": 5_000}, PAID_OUT, (0, 0, 0)
    ),
    # 6 % of what lies above 244,857 / 252,203 / 257,919 is lost of 40,000.
    "California, mortgage of a high income": (
        "ca", {"wages": 400_000, "mortgage": 40_000}, "Reduction of itemized deductions of high incomes",
        (9_308.58, 8_867.82, 8_524.86),
    ),
    "California, mortgage of a very high income": (
        "ca", {"wages": 2_000_000, "mortgage": 40_000}, "Reduction of itemized deductions of high incomes",
        (32_000, 32_000, 32_000),
    ),
    "California, 1 % above a million": (
        "ca", {"wages": 1_206_000}, "Behavioral Health Services Tax", (2_004.60, 2_002.94, 2_001.65)
    ),
    "Colorado, benefits from 55 to 64": (
        "co", {"wages": 50_000, "age": 60, "benefits": 35_000}, "Social Security benefits of people of 55 and more",
        (20_000, 20_000, 20_000),
    ),
    "Colorado, benefits from 55 to 64 with a lower income": (
        "co", {"wages": 44_000, "age": 60, "benefits": 35_000}, "Social Security benefits of people of 55 and more",
        (20_000, 27_875, 27_875),
    ),
    # The schedule up to 24,000, in the new one up to 48,000, where its rates pass 7.25 %; that rate on what is above.
    "Hawaii, gain": ("hi", {"gains": 110_000, "wages": 20_000}, TAX, (8_636.66, 8_082.26, 7_821.26)),
    # 100,000 above 166,800 by 33,200: 3 % of it, but at most four fifths of the deduction.
    "Hawaii, mortgage of a high income": (
        "hi", {"wages": 200_000, "mortgage": 20_000}, "Reduction of itemized deductions", (996, 996, 996)
    ),
    "Hawaii, small mortgage of a very high income": (
        "hi", {"wages": 1_000_000, "mortgage": 20_000}, "Reduction of itemized deductions", (16_000, 16_000, 16_000)
    ),
    # Without children and over 64 the credit at its highest, 632 / 649 / 664, times a fifth.
    "Illinois, older filer": ("il", {"wages": 9_000, "age": 70}, PAID_OUT, (126.40, 129.80, 132.80)),
    "Illinois, investment income ends the credit": (
        "il", {"wages": 5_000, "age": 70, "interest": 12_000}, PAID_OUT, (0, 0, 38.86)
    ),
    "Illinois, no exemption of a high income": ("il", {"wages": 260_000}, TAX, (12_870, 12_870, 12_870)),
    # (35,000 - 32,000) x 5.7 / 4.3 %, less 40 and 20.
    "Iowa, alternate tax": ("ia", {"wages": 35_000, "status": SEPARATE, "age": 66}, TAX, (111, 69, 69)),
    "Iowa, reduced tax": ("ia", {"wages": 24_070, "age": 66}, TAX, (10, 0, 0)),
    "Michigan, born in 1953": (
        "mi", {"wages": 40_000, "age": 70, "benefits": 10_000}, "Michigan standard deduction for seniors",
        (5_900, 5_700, 14_100),
    ),
    "Michigan, blind": ("mi", {"wages": 40_000, "blind": True}, "Exemptions", (8_900, 9_200, 9_300)),
    # Six steps of 4,000 are begun: two fifths of the taxable 17,000 are left; in 2024 it is seven.
    "Minnesota, benefits": (
        "mn", {"wages": 90_000, "age": 66, "benefits": 20_000}, "Social Security subtraction by income",
        (5_100, 6_800, 6_800),
    ),
    "Minnesota, benefits of a higher income": (
        "mn", {"wages": 92_500, "age": 66, "benefits": 20_000}, "Social Security subtraction by income",
        (5_100, 5_100, 6_800),
    ),
    # 4,560 - (85,000 - 1,700 + 1,000 - 69,250) x 20 %.
    "Minnesota, small benefits": (
        "mn", {"wages": 83_300, "age": 66, "benefits": 2_000}, "Social Security subtraction by the older rule",
        (1_550, 1_550, 1_550),
    ),
    "Minnesota, one senior": ("mn", {"wages": 16_500, "age": 66}, "Subtraction for seniors", (8_600, 8_600, 8_600)),
    "Minnesota, two seniors": (
        "mn", {"wages": 20_000, "age": 66, "spouse_age": 66, "status": JOINT}, "Subtraction for seniors", (11_000,) * 3
    ),
    "Minnesota, grown child": (
        "mn", {"wages": 40_000, "status": HEAD, "children": (18,)}, PAID_OUT, (536.90, 654.70, 748.80)
    ),
    "Minnesota, investment income ends the credit": (
        "mn", {"wages": 15_000, "status": HEAD, "children": (8,), "interest": 12_250}, PAID_OUT, (0, 0, 0)
    ),
    "Minnesota, investment tax": ("mn", {"gains": 1_200_000}, "Net investment income tax", (2_000, 2_000, 2_000)),
    "Minnesota, marriage credit at its highest": (
        "mn", {"wages": 600_000, "spouse": 600_000, "status": JOINT}, "Marriage credit", (1_801.30, 1_851.44, 1_893.73)
    ),
    # 2024: 46,330 x 5.35 % + 2,520 x 6.8 % against twice 24,425 x 5.35 %, and so on.
    "Minnesota, marriage credit of low incomes": (
        "mn", {"wages": 40_050, "spouse": 40_050, "status": JOINT}, "Marriage credit", (66.99, 37.41, 11.60)
    ),
    # 2024: 4,316.02 joint; 17,925 alone costs 958.99 and 55,425 costs 3,309.40.
    "Minnesota, marriage credit of unlike incomes": (
        "mn", {"wages": 70_000, "spouse": 32_500, "status": JOINT}, "Marriage credit", (47.63, 36.25, 26.25)
    ),
    "Minnesota, no marriage credit below 30,000": (
        "mn", {"wages": 200_000, "spouse": 29_900, "status": JOINT}, "Marriage credit", (0, 0, 0)
    ),
    # 2024: (222,000 - 69,530 + 109,500 / 4) x 6.75 % = 12,139.54 against 11,514.10.
    "Minnesota, minimum tax of a large family": (
        "mn", {"wages": 222_000, "status": HEAD, "children": (3, 5, 7, 9, 11)},
        "Alternative minimum tax above the ordinary tax", (625.44, 657.42, 682.35),
    ),
    "Minnesota, mortgage": (
        "mn", {"wages": 90_000, "mortgage": 40_000}, "Taxable income", (50_000, 50_000, 50_000)
    ),
    "New Mexico, benefits of a middle income": (
        "nm", {"wages": 90_000, "age": 70, "benefits": 10_000}, "Social Security exemption", (8_500, 8_500, 8_500)
    ),
    "New Mexico, benefits of a high income": (
        "nm", {"wages": 95_000, "age": 70, "benefits": 10_000}, "Social Security exemption", (0, 0, 0)
    ),
    "North Dakota, marriage credit at its highest": (
        "nd", {"wages": 250_000, "spouse": 250_000, "status": JOINT}, "Marriage penalty credit", (303, 312, 319)
    ),
    # 2024: 220,800 joint 2,769.49; 35,400 is free alone and 185,400 costs 2,695.88.
    "North Dakota, marriage credit": (
        "nd", {"wages": 200_000, "spouse": 50_000, "status": JOINT}, "Marriage penalty credit", (73.61, 34.13, 13.16)
    ),
    "North Dakota, no marriage credit for a small second income": (
        "nd", {"wages": 200_000, "spouse": 46_000, "status": JOINT}, "Marriage penalty credit", (0, 0, 0)
    ),
    "Ohio, just above 26,050": ("oh", {"wages": 28_451}, TAX, (340.72, 322.03, 312.03)),
    # 33,000 - 2,400 = 30,600 is too much for the exemption credit: base + 4,550 x 2.75 %.
    "Ohio, no exemption credit": ("oh", {"wages": 33_000}, TAX, (485.82, 467.13, 457.13)),
    "Ohio, joint credit at its highest": (
        "oh", {"wages": 246_000, "spouse": 246_000, "status": JOINT}, "Joint filing credit", (650, 650, 650)
    ),
    "Ohio, joint credit of a very high income": (
        "oh", {"wages": 400_000, "spouse": 400_000, "status": JOINT}, "Joint filing credit", (650, 0, 0)
    ),
    # 5 % of 360.69 / 342 / 332 and 60,670 x 2.75 %.
    "Ohio, second income just enough": (
        "oh", {"wages": 90_000, "spouse": 520, "status": JOINT}, "Joint filing credit", (101.46, 100.52, 100.02)
    ),
    "Ohio, second income too small": (
        "oh", {"wages": 90_000, "spouse": 480, "status": JOINT}, "Joint filing credit", (0, 0, 0)
    ),
    "Ohio, senior credit": ("oh", {"wages": 90_000, "age": 70}, "Senior citizen credit", (50, 50, 50)),
    "Ohio, no senior credit": ("oh", {"wages": 102_500, "age": 70}, "Senior citizen credit", (0, 0, 0)),
    # 30 % of the federal credit, which falls by 15.98 % of what is above 22,720 / 23,350 / 23,890.
    "Ohio, earned income credit": (
        "oh", {"wages": 30_000, "status": HEAD, "children": (8,)}, "Earned income credit", (914.89, 979.60, 1_035.19)
    ),
    # The highest federal credit, of 4,212.60, 4,328 and 4,426.80, at 12 %, 12 % and 17 %.
    "Oregon, young child": (
        "or", {"wages": 20_000, "status": HEAD, "children": (2,)}, "Oregon earned income credit",
        (505.51, 519.36, 752.56),
    ),
    "Oregon, kids credit for five at most": (
        "or", {"wages": 20_000, "status": HEAD, "children": (1, 2, 3, 4, 5, 5)}, "Oregon Kids Credit",
        (5_000, 5_250, 5_250),
    ),
    "Oregon, kids credit near its end": (
        "or", {"wages": 30_000, "status": HEAD, "children": (4,)}, "Oregon Kids Credit", (150, 325.50, 325.50)
    ),
    # 200,000 less the standard deduction; no subtraction is left at that income.
    "Oregon, Metro": (
        "or", {"wages": 200_000, "locality": "METRO_OR"}, "Supportive housing services tax of the Metro district",
        (722.55, 721.65, 721.05),
    ),
    "Oregon, mortgage": ("or", {"wages": 200_000, "mortgage": 40_000}, "Taxable income", (160_000,) * 3),
    # 17,000 x rate less 2.5 % of the income above 45,000, from 2025 54,000.
    "Utah, benefits": (
        "ut", {"wages": 50_000, "age": 70, "benefits": 20_000}, "Social Security benefits credit",
        (223.50, 440, 431.50),
    ),
    "Utah, born before 1953": (
        "ut", {"wages": 30_000, "age": 75}, "Retirement credit of filers born before 1953", (325, 325, 325)
    ),
    "Utah, young child": (
        "ut", {"wages": 50_000, "status": HEAD, "children": (3,)}, "Child tax credit", (300, 300, 900)
    ),
    "Utah, earned income credit": (
        "ut", {"wages": 30_000, "status": HEAD, "children": (8,)}, "Earned income tax credit, at most the wages",
        (609.92, 653.07, 690.11),
    ),
    # 2024: 640 x (49,084 - 47,000) / 5,000.
    "Washington, credit near its end": (
        "wa", {"wages": 47_000, "status": HEAD, "children": (8,)}, PAID_OUT, (266.75, 453.29, 620.06)
    ),
    "Washington, least credit": (
        "wa", {"wages": 49_000, "status": HEAD, "children": (8,)}, PAID_OUT, (50, 189.29, 350.06)
    ),
    # 1,130,000 x 7 %; later 70,000 and 9.9 % of what is above a million.
    "Washington, large gain": ("wa", {"gains": 1_400_000}, TAX, (79_100, 82_078, 81_484)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_figure_of_each_year_is_the_one_of_the_law(name: str, figures: dict[int, Parameters]) -> None:
    code, facts, label, expected = CASES[name]
    found = []
    for year in YEARS:
        result = Place(figures, code, year)(**facts)
        found.append({TAX: tax, PAID_OUT: paid_out}.get(label, lambda answer: line(answer, label))(result))
    assert found == pytest.approx(expected, abs=0.011)


@pytest.mark.parametrize("year", YEARS)
def test_colorado_takes_the_business_deduction_back_above_half_a_million(
    year: int, figures: dict[int, Parameters]
) -> None:
    label = "Deduction for qualified business income, added back"
    below = Place(figures, "co", year)(profit=490_000, business_wages=400_000)
    above = Place(figures, "co", year)(profit=545_000, business_wages=400_000)
    assert line(below, label) == 0
    assert line(above, label) == above.components["qbi_deduction"] / 100 > 100_000


@pytest.mark.parametrize(("year", "last"), [(2024, 78), (2025, 79), (2026, 80)])
def test_michigan_deducts_in_full_for_those_born_from_1946_to_1952(
    year: int, last: int, figures: dict[int, Parameters]
) -> None:
    michigan, label = Place(figures, "mi", year), "Michigan standard deduction for seniors"
    assert line(michigan(50_000, age=last), label) == 20_000
    assert line(michigan(50_000, age=last + 1), label) == 0


@pytest.mark.parametrize(("year", "wages", "expected"), [(2024, 27_130, 1_023.98), (2026, 28_550, 1_085.74)])
def test_california_young_child_credit_has_its_own_figures_each_year(
    year: int, wages: int, expected: float, figures: dict[int, Parameters]
) -> None:
    # Six begun hundreds at 21.67 of 1,154, and at 21.71 of 1,216.
    found = line(Place(figures, "ca", year)(wages, status=HEAD, children=(3,)), "Young child tax credit")
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(("year", "wages"), [(2024, 49_000), (2025, 50_300), (2026, 51_500)])
def test_washington_pays_fifty_dollars_at_least(year: int, wages: int, figures: dict[int, Parameters]) -> None:
    assert paid_out(Place(figures, "wa", year)(wages, status=HEAD, children=(8,))) == 50


@pytest.mark.parametrize(
    ("year", "wages", "spouse", "expected"),
    [(2024, 60_000, 50_000, 39.49), (2025, 62_000, 51_500, 19.99), (2026, 64_000, 52_200, 23.40)],
)
def test_north_dakota_credit_begins_where_the_joint_rates_do(
    year: int, wages: int, spouse: int, expected: float, figures: dict[int, Parameters]
) -> None:
    found = Place(figures, "nd", year)(wages, spouse=spouse, status=JOINT)
    assert line(found, "Marriage penalty credit") == pytest.approx(expected, abs=0.011)
