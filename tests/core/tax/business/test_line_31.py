"""Schedule C of one business by hand, and every line worked out again from what it was made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from core.tax.test_tax_formulas import _redo

from app.core.dates import day_of
from app.core.report.schedule_c import LIMITS, LineSum, schedule_c
from app.core.tax.business import home_office, meals, state_depreciation, vehicle
from app.core.tax.business.depreciation import CAR, Asset, Rules
from app.core.tax.business.figures import BusinessFigures
from app.core.tax.business.home_office import HomeCosts
from app.core.tax.business.inputs import Home, Inputs, Large
from app.core.tax.business.profit import BusinessProfit, line_31
from app.core.tax.business.vehicle import Vehicle, VehicleYear
from app.core.tax.trace import Sheet

Figures = dict[int, BusinessFigures]
Thing = Callable[..., Asset]
D = Decimal


def sums(**dollars: int) -> dict[str, LineSum]:
    return {code: LineSum(amount * 100, 1) for code, amount in dollars.items()}


def day(*parts: int) -> int:
    return day_of(date(*parts))


@pytest.fixture
def worked(figures: Figures) -> Callable[..., BusinessProfit]:
    """Work out line 31; every line that is written on the way is done again from its inputs."""

    def make(year: int = 2026, **inputs: Any) -> BusinessProfit:
        sheet = Sheet(figures[year].sources, explain=True)
        found = line_31(sheet, figures[year], Inputs(**inputs))
        assert [line for line in sheet.lines if _redo(line) != line.cents] == []
        assert sheet.lines[-1].cents == found.net_profit
        blank = line_31(Sheet({}, explain=False), figures[year], Inputs(**inputs))
        assert blank.net_profit == found.net_profit
        return found

    return make


def codes(found: BusinessProfit) -> dict[str, int]:
    """Return what the form prints, in whole cents, by code."""
    return {line.code: line.form_cents for line in found.form.lines}


def test_with_nothing_to_work_out_the_form_is_that_of_the_books(worked: Callable[..., BusinessProfit]) -> None:
    held = sums(C1=50_000, C2=-500, C24b=-301, C9A=-800, C22=-1_200, C30=-40)
    found = worked(sums=held)
    assert found.form == schedule_c(2026, held)
    assert found.questions == ("Vehicle costs of $800.00 count as booked: add the vehicle and say by which method.",)


def test_the_books_and_the_figures_agree_on_meals(figures: Figures) -> None:
    assert {year: held.limits.meals_rate * 10_000 for year, held in figures.items()} == dict.fromkeys(
        figures, LIMITS["C24b"]
    )


@pytest.mark.parametrize(("year", "premises"), [(2024, 50), (2025, 50), (2026, 0)])
def test_meals_count_by_kind_and_year(worked: Callable[..., BusinessProfit], year: int, premises: int) -> None:
    # 1,000 of meals: 300 under hours-of-service limits (80 %), 100 coffee for the staff, 600 with clients (50 %).
    found = worked(
        year, sums=sums(C1=9_000, C24b=-1_000), meals_hours_of_service=30_000, meals_on_premises=10_000
    )  # fmt: skip
    assert codes(found)["C24b"] == 24_000 + 100 * premises + 30_000


def test_gifts_count_25_a_person(worked: Callable[..., BusinessProfit]) -> None:
    # 60 + 10 for Ann and 20 for Bo: 25 and 20; of the 90 on the line 45 stays.
    gifts = {"ann": 7_000, "bo": 2_000}
    found = worked(sums=sums(C1=9_000, C27=-190), gifts=gifts, gift_lines={"C27": 9_000})
    assert codes(found)["C27"] == 10_000 + 4_500
    assert (
        worked(sums=sums(C1=1, C27=-90), gifts={"": 9_000}, gift_lines={"C27": 9_000})
        .questions[0]
        .startswith("Some gifts name nobody")
    )


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_limits_that_no_year_has_moved(
    worked: Callable[..., BusinessProfit], figures: Figures, sheet: Sheet, year: int
) -> None:
    held = sums(C1=9_000, C27=-90, C22=-5_000)
    found = worked(
        year, sums=held, gifts={"ann": 9_000}, gift_lines={"C27": 9_000}, homes=[office(area=500)],
        large=[Large("C22", 250_001, "Desk"), Large("C22", 250_000, "Chair")],
    )  # fmt: skip
    assert (codes(found)["C27"], codes(found)["C30"]) == (2_500, 150_000)
    assert [question.split(",")[0] for question in found.questions] == ["Desk"]
    assert meals.startup_costs(sheet, figures[year].limits, 5_360_000, 12, 0) == 140_000 + 348_000
    assert meals.startup_costs(sheet, figures[year].limits, 932_000, 12, 171) == 21_600
    assert meals.startup_costs(sheet, figures[year].limits, 932_000, 12, 0) == 500_000 + 28_800
    assert [day for day, _ in vehicle.rates_of(figures[year].mileage, year)] == [day_of(date(year, 1, 1))]
    at_once = [
        vehicle.deduct(sheet, figures[year], car(year), booked_cents=0, used_together=count).mileage > 0
        for count in (4, 5)
    ]
    assert at_once == [True, False]


def test_startup_costs_count_5_000_and_the_rest_over_fifteen_years(figures: Figures, sheet: Sheet) -> None:
    limits = figures[2026].limits
    # 9,320 from October on: 5,000 + 4,320 / 180 x 3 months; then 4,320 / 180 x 12; at the end 9 months.
    assert meals.startup_costs(sheet, limits, 932_000, 3, 0) == 500_000 + 7_200
    assert meals.startup_costs(sheet, limits, 932_000, 12, 3) == 28_800
    assert meals.startup_costs(sheet, limits, 932_000, 12, 171) == 21_600
    assert meals.startup_costs(sheet, limits, 932_000, 12, 180) == 0
    # Above 50,000 the 5,000 shrink dollar for dollar: 53,600 leaves 1,400, and 52,200 / 180 x 12 = 3,480.
    assert meals.startup_costs(sheet, limits, 5_360_000, 12, 0) == 140_000 + 348_000
    assert [line for line in sheet.lines if _redo(line) != line.cents] == []


def test_costs_before_the_first_day_wait_for_their_own_rule(worked: Callable[..., BusinessProfit]) -> None:
    before = {"booked_before_start": {"C22": 100_000}, "started": day(2026, 7, 1)}
    asked = worked(sums=sums(C1=9_000, C22=-3_000), **before)
    assert codes(asked)["C22"] == 300_000
    assert "Costs of $1,000.00 are dated before" in asked.questions[0]
    told = worked(sums=sums(C1=9_000, C22=-3_000), startup=100_000, **before)
    assert (codes(told)["C22"], codes(told)["C27"]) == (200_000, 100_000)


def test_inventory_moves_the_cost_of_goods(worked: Callable[..., BusinessProfit]) -> None:
    # Opening 1,000 + purchases 5,000 - closing 1,500 = 4,500.
    found = worked(sums=sums(C1=9_000, C36=-5_000), opening_inventory=100_000, closing_inventory=150_000)
    assert (found.form.goods_cents, found.net_profit) == (450_000, 450_000)


def test_a_cost_above_the_election_for_small_items_is_asked(worked: Callable[..., BusinessProfit]) -> None:
    large = [Large("C22", 250_000, "Chair"), Large("C22", 250_001, "Desk")]
    found = worked(sums=sums(C1=9_000, C22=-5_000), large=large)
    assert [question.split(",")[0] for question in found.questions] == ["Desk"]


# --- vehicles ---------------------------------------------------------------------------------------------------------

MILES = VehicleYear(
    method="standard", business_miles=12_000, commuting_miles=2_000, other_miles=6_000, personal_use=True,
    another_car=False, evidence=True, written=True,
)  # fmt: skip


def car(year: int = 2026, said: VehicleYear = MILES, **more: Any) -> Vehicle:
    facts = {"key": "1", "name": "Golf", "in_service": day(year, 1, 1), "years": {year: said}, **more}
    return Vehicle(**facts)


def test_the_mileage_rate_stands_in_for_all_vehicle_costs_but_parking(worked: Callable[..., BusinessProfit]) -> None:
    # 12,000 miles at 72.5 cents = 8,700; fuel of 2,000 is in it, parking of 150 is not.
    held = sums(C1=60_000, C9A=-2_000, C9P=-150)
    found = worked(sums=held, vehicles=[car()], used_together=1)
    assert (codes(found)["C9M"], codes(found)["C9A"], codes(found)["C9P"]) == (870_000, 0, 15_000)
    assert (found.net_profit, found.questions, found.vehicle_share) == (6_000_000 - 870_000 - 15_000, (), 0)
    for year, cents in ((2024, 804_000), (2025, 840_000)):
        assert codes(worked(year, sums=held, vehicles=[car(year)], used_together=1))["C9M"] == cents


def test_a_rate_that_changes_in_the_year_takes_each_mile_by_its_day(figures: Figures, sheet: Sheet) -> None:
    # As in 2022: 58.5 cents to June, 62.5 from July. 7,000 and 5,000 miles: 4,095 + 3,125.
    changed = replace(
        figures[2026].mileage, starts=(day(2026, 1, 1), day(2026, 7, 1)), cents_per_mile=(D("58.5"), D("62.5"))
    )
    two = replace(figures[2026], mileage=changed)
    said = replace(MILES, late_business_miles=5_000)
    found = vehicle.deduct(sheet, two, car(said=said), booked_cents=0, used_together=1)
    assert (found.mileage, found.questions) == (409_500 + 312_500, ())
    asked = vehicle.deduct(sheet, two, car(), booked_cents=0, used_together=1)
    assert asked.questions == ("Golf: how many of its business miles from 2026-07-01 on?",)
    assert [line for line in sheet.lines if _redo(line) != line.cents] == []
    # The rate of an earlier year that still holds covers the whole year.
    held = replace(changed, starts=(day(2025, 1, 1), day(2026, 7, 1)))
    assert [rate for _, rate in vehicle.rates_of(held, 2026)] == [D("58.5"), D("62.5")]
    assert [rate for _, rate in vehicle.rates_of(held, 2025)] == [D("58.5")]


def test_actual_costs_count_by_business_miles_with_depreciation(worked: Callable[..., BusinessProfit]) -> None:
    # 12,000 of 20,000 miles = 60 %. Fuel and repairs 5,000 -> 3,000; loan interest 800 -> 480; property tax 300 -> 180.
    # The car cost 50,000 in 2024: bonus is held to 20,400 x 60 % = 12,240.
    said = replace(MILES, method="actual", interest_cents=80_000, property_tax_cents=30_000)
    found = worked(
        2024, sums=sums(C1=60_000, C9A=-5_000), vehicles=[car(2024, said, basis_cents=5_000_000)], used_together=1
    )  # fmt: skip
    held = codes(found)
    assert (held["C9A"], held["C16b"], held["C23"], held["C13"]) == (300_000, 48_000, 18_000, 1_224_000)
    assert (found.vehicle_share, found.fixed, found.questions) == (6_000, 1_224_000, ())


def test_a_vehicle_that_began_at_the_rate_goes_on_by_straight_line(worked: Callable[..., BusinessProfit]) -> None:
    # 30,000, 2024 and 2025 at the rate with 10,000 miles each: 30,000 - 3,000 - 3,300 = 23,700 over three years: 7,900;
    # 60 % business = 4,740. No bonus, however new the law.
    rate = replace(MILES, business_miles=10_000)
    actual = replace(MILES, method="actual")
    golf = car(2024, rate, basis_cents=3_000_000)
    golf = replace(golf, years={2024: rate, 2025: rate, 2026: actual})
    found = worked(sums=sums(C1=60_000, C9A=-1_000), vehicles=[golf], used_together=1)
    assert (codes(found)["C13"], codes(found)["C9A"]) == (474_000, 60_000)


@pytest.mark.parametrize(
    ("facts", "year", "method", "together", "said"),
    [
        ({"first_method": "actual"}, 2027, "standard", 1, "began with it in its first year"),
        ({"first_method": "standard"}, 2027, "standard", 1, None),
        ({"first_method": "standard"}, 2027, "actual", 1, None),
        ({"leased": True, "first_method": "standard"}, 2027, "actual", 1, "keeps its first method, the mileage rate"),
        ({"leased": True, "first_method": "actual"}, 2027, "standard", 1, "keeps its first method, actual costs"),
        ({"section_179_cents": 1}, 2026, "standard", 1, "section 179"),
        ({}, 2026, "standard", 4, None),
        ({}, 2026, "standard", 5, "With 5 vehicles"),
        ({}, 2026, "actual", 5, None),
    ],
)
def test_the_first_year_decides_which_method_is_open(
    facts: dict[str, Any], year: int, method: str, together: int, said: str | None
) -> None:
    held = car(2026, VehicleYear(), **facts)
    refused = vehicle.refusal(held, year, method, used_together=together, most=4)
    assert (refused is None) if said is None else (refused is not None and said in refused)


def test_a_method_that_is_not_open_deducts_nothing_and_says_why(worked: Callable[..., BusinessProfit]) -> None:
    found = worked(sums=sums(C1=9_000), vehicles=[car(section_179_cents=100)], used_together=1)
    assert "C9M" not in codes(found)
    assert "section 179" in found.questions[0]


def test_part_iv_asks_by_name_for_what_is_missing(worked: Callable[..., BusinessProfit]) -> None:
    found = worked(sums=sums(C1=9_000), vehicles=[car(said=VehicleYear())], used_together=1)
    assert found.net_profit == 900_000
    assert found.questions == (
        "Golf: the mileage rate or actual costs in 2026?", "Golf: how many business miles in 2026?",
        "Golf: how many commuting miles in 2026?", "Golf: how many other miles in 2026?",
        "Golf: was it free for private trips when off duty?", "Golf: is there another car for private use?",
        "Golf: is there evidence of the miles?",
    )  # fmt: skip


def test_costs_of_two_vehicles_count_once_it_is_said_whose_they_are(worked: Callable[..., BusinessProfit]) -> None:
    actual = replace(MILES, method="actual")
    two = [car(said=actual, basis_cents=0), car(key="2", name="Van")]
    open_yet = worked(sums=sums(C1=60_000, C9A=-5_000), vehicles=two, used_together=2)
    assert codes(open_yet)["C9A"] == 0
    assert "Golf: which part of the vehicle costs of 2026 is its own?" in open_yet.questions
    told = replace(actual, actual_cents=400_000)
    found = worked(sums=sums(C1=60_000, C9A=-5_000), vehicles=[car(said=told, basis_cents=0), two[1]], used_together=2)
    assert (codes(found)["C9A"], codes(found)["C9M"]) == (240_000, 870_000)


def test_vehicles_are_counted_while_they_are_in_use_together() -> None:
    held = [car(), car(key="2", sold=day(2026, 3, 1)), car(key="3", in_service=day(2026, 3, 2))]
    assert vehicle.together(held, 2026) == 2
    assert vehicle.together(held, 2025) == 0


# --- equipment --------------------------------------------------------------------------------------------------------


def test_section_179_never_makes_a_loss_and_waits_for_income(
    worked: Callable[..., BusinessProfit], thing: Thing
) -> None:
    # 3,000 of profit and 1,000 of wages against 6,000 elected: 4,000 now, 2,000 next year.
    asset = thing(6_000, (2026, 3, 1), section_179=6_000)
    first = worked(sums=sums(C1=3_000), assets=[asset], other_income=100_000)
    assert (codes(first)["C13"], first.section_179_carry) == (400_000, 200_000)
    second = worked(2027, sums=sums(C1=9_000), assets=[asset], section_179_carried=200_000)
    assert (codes(second)["C13"], second.section_179_carry, second.net_profit) == (200_000, 0, 700_000)


def test_a_booked_purchase_is_not_deducted_twice(worked: Callable[..., BusinessProfit], thing: Thing) -> None:
    # The 3,200 on line 22 is the asset: 20 % of it is depreciation, the row itself counts for nothing.
    asset = thing(3_200, (2026, 3, 1), bonus=False)
    found = worked(sums=sums(C1=9_000, C22=-4_000), assets=[asset], booked_assets={"C22": 320_000})
    assert (codes(found)["C22"], codes(found)["C13"]) == (80_000, 64_000)


def test_what_comes_back_is_income_of_line_6(worked: Callable[..., BusinessProfit], thing: Thing) -> None:
    # The recaptured 14,936 of test_business_depreciation, beside 4,720 of depreciation.
    asset = thing(60_000, (2025, 3, 1), kind=CAR, listed=True, shares={2025: 10_000, 2027: 4_000})
    found = worked(2027, sums=sums(C1=9_000, C6=100), assets=[asset])
    assert (codes(found)["C6"], codes(found)["C13"]) == (10_000 + 1_493_600, 472_000)


def test_a_state_without_bonus_sees_another_profit(figures: Figures, thing: Thing) -> None:
    # 10,000 in 2026, all of it federal bonus; the state takes 20 %: 8,000 more profit, then 3,200 less.
    asset = thing(10_000, (2026, 3, 1))
    rules = Rules(bonus=False, section_179_limit=2_500_000, section_179_phase_out=20_000_000)
    assert state_depreciation.difference(figures, [asset], 2026, rules, {}) == 800_000
    assert state_depreciation.difference(figures, [asset], 2027, rules, {}) == -320_000
    # California: of 40,000 elected it allows 25,000, and 20 % of the other 15,000: 28,000.
    asset = thing(40_000, (2026, 3, 1), section_179=40_000)
    assert state_depreciation.difference(figures, [asset], 2026, rules, {}) == 4_000_000 - 2_800_000


def test_a_state_that_is_not_known_says_so() -> None:
    assert state_depreciation.state_rules({}, "ZZ").note == "its depreciation is not known here"


# --- the home office --------------------------------------------------------------------------------------------------


def office(**more: Any) -> Home:
    facts = {"name": "Office", "method": "simplified", "exclusive": True, "first_day": day(2020, 1, 1), "area": 200}
    return Home(**{**facts, **more})


def test_the_simplified_office_counts_300_square_feet_at_most(worked: Callable[..., BusinessProfit]) -> None:
    # 350 square feet count as 300: 1,500; from 10 April on nine months: 1,125.
    assert codes(worked(sums=sums(C1=9_000), homes=[office(area=350)]))["C30"] == 150_000
    late = office(area=350, first_day=day(2026, 4, 10))
    assert codes(worked(sums=sums(C1=9_000), homes=[late]))["C30"] == 112_500
    # A month with less than fifteen days does not count.
    assert codes(worked(sums=sums(C1=9_000), homes=[office(first_day=day(2026, 4, 17))]))["C30"] == 66_667


def test_offices_that_together_are_too_large_are_asked(worked: Callable[..., BusinessProfit]) -> None:
    at_once = worked(sums=sums(C1=9_000), homes=[office(area=200), office(name="Shed", area=200)])
    assert "together no more than 300 square feet" in at_once.questions[0]
    assert codes(at_once)["C30"] == 150_000
    moved = [office(area=300, last_day=day(2026, 6, 30)), office(name="New", area=300, first_day=day(2026, 7, 1))]
    after = worked(sums=sums(C1=9_000), homes=moved)
    assert (after.questions, codes(after)["C30"]) == ((), 150_000)


def test_the_simplified_office_is_held_to_the_profit_and_the_rest_is_lost(
    worked: Callable[..., BusinessProfit],
) -> None:
    found = worked(sums=sums(C1=2_000, C22=-1_400), homes=[office(area=300)])
    assert (codes(found)["C30"], found.net_profit, found.home.carry_operating) == (60_000, 0, 0)
    loss = worked(sums=sums(C1=2_000, C22=-2_400), homes=[office(area=300)])
    assert (codes(loss)["C30"], loss.net_profit) == (0, -40_000)


def test_form_8829_carries_what_does_not_fit_over_two_years(worked: Callable[..., BusinessProfit]) -> None:
    # A tenth of the home. 2025: 20,000 of the home -> 2,000, 500 of the office alone; building 390,000 - 90,000 =
    # 300,000, a tenth 30,000, x 2.564 % = 769.20. Profit before the office 1,900: costs 2,500, 1,900 count, 600 wait;
    # no depreciation counts, 769.20 wait.
    home = office(
        method="actual", area=150, home_area=1_500, owned=True, basis_cents=39_000_000, land_cents=9_000_000,
        direct_cents=50_000, indirect_cents=2_000_000,
    )  # fmt: skip
    first = worked(2025, sums=sums(C1=1_900), homes=[home])
    assert first.home == (190_000, 60_000, 76_920)
    # 2026: the same and 600 carried: 3,100 of costs; 769.20 x 2 of depreciation, with 4,000 of profit 900 count,
    # 638.40 wait.
    again = replace(home, carry_operating_cents=60_000, carry_depreciation_cents=76_920)
    second = worked(2026, sums=sums(C1=4_000), homes=[again])
    assert second.home == (400_000, 0, 63_840)
    assert second.net_profit == 0
    # A year by the simplified method keeps them waiting.
    third = worked(sums=sums(C1=9_000), homes=[replace(again, method="simplified")])
    assert third.home == (75_000, 60_000, 76_920)


def test_interest_and_property_tax_are_limited_unless_they_are_itemized(sheet: Sheet) -> None:
    # A fifth of 10,000 interest and 5,000 tax = 3,000, and a fifth of 5,000 other costs, against 2,500 of profit.
    home = HomeCosts(area=200, home_area=1_000, indirect=500_000, mortgage_interest=1_000_000, property_tax=500_000)
    assert home_office.form_8829(sheet, 250_000, home) == (250_000, 150_000, 0)
    anyway = home._replace(itemizes=True)
    # Itemized they count in full, and leave nothing for the other costs.
    assert home_office.form_8829(sheet, 250_000, anyway) == (300_000, 100_000, 0)
    assert [line for line in sheet.lines if _redo(line) != line.cents] == []


def test_a_building_begins_and_ends_in_the_middle_of_a_month(figures: Figures) -> None:
    tables = figures[2026].tables

    def rate(year: int, start: tuple[int, int] = (2026, 4), end: int | None = None) -> Decimal:
        return home_office.building_rate(tables, start_year=start[0], start_month=start[1], year=year, end_month=end)

    assert (rate(2026), rate(2027), rate(2025)) == (D("0.01819"), D("0.02564"), 0)
    assert rate(2027, end=6) == D("0.01175")  # 5.5 of 12 months
    assert rate(2026, end=10) == D("0.01819") * 12 / 17  # six of its eight and a half months
    assert rate(2065) == 1 - D("0.01819") - 38 * D("0.02564")
    assert rate(2066) == 0


def test_the_building_table_is_a_thirty_ninth_by_the_middle_of_the_month(figures: Figures) -> None:
    for month in range(1, 13):
        rate = home_office.building_rate(
            figures[2026].tables, start_year=2026, start_month=month, year=2026, end_month=None
        )  # fmt: skip
        # The printed table takes 0.214 % for a month.
        assert rate == D("0.00214") * (D("12.5") - month)
    later = home_office.building_rate(figures[2026].tables, start_year=2020, start_month=1, year=2026, end_month=None)
    assert float(later) == pytest.approx(1 / 39, abs=0.00001)


def test_an_office_that_is_not_only_for_business_deducts_nothing(worked: Callable[..., BusinessProfit]) -> None:
    asked = worked(sums=sums(C1=9_000), homes=[office(exclusive=None, method=None, area=None)])
    assert (asked.net_profit, len(asked.questions)) == (900_000, 3)
    assert worked(sums=sums(C1=9_000), homes=[office(exclusive=False)]).net_profit == 900_000
    actual = worked(sums=sums(C1=9_000), homes=[office(method="actual")])
    assert [question.split(": ")[1] for question in actual.questions] == [
        "how many square feet has the whole home?", "is the home rented or owned?",
    ]  # fmt: skip


def test_the_costs_of_an_office_are_not_counted_on_line_30_as_well(worked: Callable[..., BusinessProfit]) -> None:
    found = worked(sums=sums(C1=9_000, C30=-700), homes=[office()])
    assert codes(found)["C30"] == 100_000
    assert "tag the costs of the home" in found.questions[0]
