"""Equipment and cars written off over years: hand-worked cases, the arithmetic in the comment above each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.core.dates import day_of
from app.core.tax.business import depreciation
from app.core.tax.business.depreciation import CAR, SUV, Asset
from app.core.tax.business.figures import BusinessFigures

Figures = dict[int, BusinessFigures]
Thing = Callable[..., Asset]


def totals(figures: Figures, asset: Asset, year: int, **more: object) -> list[int]:
    """Return what each year takes, in cents."""
    held = figures[min(year, max(figures))]  # the tables are those of every year
    return [taken.total for taken in depreciation.schedule(held, asset, year, **more)]  # type: ignore[arg-type]


def test_five_years_by_the_half_year_convention(figures: Figures, thing: Thing) -> None:
    # 10,000 in March 2024 without bonus: 20 %, 32 %, 19.2 %, 11.52 % of it.
    asset = thing(10_000, (2024, 3, 1), bonus=False)
    assert totals(figures, asset, 2027) == [200_000, 320_000, 192_000, 115_200]


def test_five_years_by_the_mid_quarter_convention(figures: Figures, thing: Thing) -> None:
    # The only thing of the year, in November: all of it came in the last quarter, so 5 %, 38 %, 22.8 %, 13.68 %.
    asset = thing(10_000, (2024, 11, 20), bonus=False)
    assert depreciation.mid_quarter(figures[2024], [asset], 2024, {})
    assert totals(figures, asset, 2027, quarterly=True) == [50_000, 380_000, 228_000, 136_800]


def test_the_last_quarter_counts_when_it_has_more_than_two_fifths(figures: Figures, thing: Thing) -> None:
    early, late = thing(6_000, (2025, 2, 1)), thing(4_000, (2025, 10, 1), key="2")
    assert not depreciation.mid_quarter(figures[2025], [early, late], 2025, {})  # 4,000 is two fifths, not more
    more = thing(4_001, (2025, 10, 1), key="2")
    assert depreciation.mid_quarter(figures[2025], [early, more], 2025, {})
    # Section 179 comes off first: of the late 4,001 nothing is left to count.
    assert not depreciation.mid_quarter(figures[2025], [early, more], 2025, {"2": 400_100})


def test_seven_years_add_up_to_the_cost(figures: Figures, thing: Thing) -> None:
    # 14.29 and 24.49 % of 7,000; by quarter from the second one 17.85 and 23.47 %.
    desk = thing(7_000, (2024, 5, 1), life=7, bonus=False)
    assert totals(figures, desk, 2025) == [100_030, 171_430]
    assert totals(figures, desk, 2025, quarterly=True) == [124_950, 164_290]


@pytest.mark.parametrize(
    ("acquired", "first", "rate"),
    [
        ((2024, 6, 1), (2024, 6, 1), 60),
        ((2025, 1, 19), (2025, 4, 1), 40),
        ((2025, 1, 20), (2025, 4, 1), 100),
        ((2025, 1, 10), (2026, 2, 1), 20),
        ((2026, 2, 1), (2026, 2, 1), 100),
        ((2023, 5, 1), (2023, 5, 1), 80),
    ],
)
def test_bonus_goes_by_the_day_of_the_contract(
    figures: Figures, thing: Thing, acquired: tuple[int, int, int], first: tuple[int, int, int], rate: int
) -> None:
    asset = thing(10_000, first, acquired=day_of(date(*acquired)))
    taken = depreciation.schedule(figures[2026], asset, 2026)[0]
    assert taken.bonus == rate * 10_000
    # The table works on what bonus leaves: 20 % of it in the first year.
    assert taken.regular == (100 - rate) * 10_000 // 5


def test_section_179_comes_before_bonus_and_bonus_before_the_table(figures: Figures, thing: Thing) -> None:
    # 10,000 in 2024, 4,000 elected: 60 % of 6,000 = 3,600 bonus, 20 % of 2,400 = 480; next year 32 % of 2,400 = 768.
    asset = thing(10_000, (2024, 3, 1), section_179=4_000)
    first, second = depreciation.schedule(figures[2025], asset, 2025)
    assert (first.section_179, first.bonus, first.regular, second.total) == (400_000, 360_000, 48_000, 76_800)


def test_section_179_shrinks_above_its_second_limit(figures: Figures, thing: Thing) -> None:
    # 2026: of 4,200,000 placed in service 110,000 is above 4,090,000: 2,560,000 - 110,000 = 2,450,000.
    asset = thing(4_200_000, (2026, 3, 1), section_179=4_200_000)
    assert depreciation.elected_179(figures[2026], [asset]) == {"1": 245_000_000}
    # 2024: 1,220,000 less 3,060,000 - 3,050,000 = 1,210,000. 2025: 2,500,000 less 4,010,000 - 4,000,000.
    for year, cost, allowed in ((2024, 3_060_000, 1_210_000), (2025, 4_010_000, 2_490_000)):
        asset = thing(cost, (year, 3, 1), section_179=cost)
        assert depreciation.elected_179(figures[year], [asset]) == {"1": allowed * 100}


@pytest.mark.parametrize(("year", "limit"), [(2024, 30_500), (2025, 31_300), (2026, 32_000)])
def test_a_heavy_suv_has_a_lower_limit_for_section_179(figures: Figures, thing: Thing, year: int, limit: int) -> None:
    suv = thing(80_000, (year, 3, 1), kind=SUV, listed=True, section_179=80_000)
    assert depreciation.elected_179(figures[year], [suv]) == {"1": limit * 100}


def test_section_179_needs_business_use_above_half(figures: Figures, thing: Thing) -> None:
    half = thing(3_000, (2026, 3, 1), section_179=3_000, shares={2026: 5_000})
    assert depreciation.elected_179(figures[2026], [half]) == {"1": 0}


def test_a_car_is_held_to_the_limit_of_each_year_times_its_business_share(figures: Figures, thing: Thing) -> None:
    # 60,000 in March 2024, 80 % business: basis 48,000, bonus 60 % = 28,800, limit 20,400 x 80 % = 16,320.
    # The table works on 48,000 - 28,800 = 19,200: 32 % = 6,144, 19.2 % = 3,686.40, 11.52 % = 2,211.84,
    # each below its limit (19,800, 11,900, 7,160, x 80 %).
    car = thing(60_000, (2024, 3, 1), kind=CAR, listed=True, shares={2024: 8_000})
    assert totals(figures, car, 2027) == [1_632_000, 614_400, 368_640, 221_184]


def test_a_car_without_bonus_meets_all_four_limits(figures: Figures, thing: Thing) -> None:
    # 100,000: 20, 32, 19.2, 11.52 % are all above 12,400, 19,800, 11,900 and 7,160.
    car = thing(100_000, (2024, 3, 1), kind=CAR, listed=True, bonus=False)
    assert totals(figures, car, 2027) == [1_240_000, 1_980_000, 1_190_000, 716_000]
    assert totals(figures, thing(100_000, (2025, 3, 1), kind=CAR, listed=True, bonus=False), 2027) == [
        1_220_000, 1_960_000, 1_180_000,
    ]  # fmt: skip
    assert totals(figures, thing(100_000, (2026, 3, 1), kind=CAR, listed=True, bonus=False), 2027) == [
        1_230_000, 1_980_000,
    ]  # fmt: skip
    # One of 2020 in its seventh year has had its table: what the limits left goes on at the last of them.
    old = thing(100_000, (2020, 3, 1), kind=CAR, listed=True, bonus=False)
    assert totals(figures, old, 2026) == [1_010_000, 1_610_000, 970_000, 576_000, 576_000, 576_000, 576_000]


def test_a_car_with_full_bonus_spreads_what_its_limit_left(figures: Figures, thing: Thing) -> None:
    # 60,000 after 19 January 2025: 20,200 at once; of the 39,800 left 32 % = 12,736, then 19.2 % = 7,641.60.
    car = thing(60_000, (2025, 3, 1), kind=CAR, listed=True)
    assert totals(figures, car, 2027) == [2_020_000, 1_273_600, 764_160]
    # In 2026 the limit with bonus is 20,300; in 2024 20,400.
    assert totals(figures, thing(60_000, (2026, 3, 1), kind=CAR, listed=True), 2026) == [2_030_000]


def test_a_business_share_that_falls_to_half_brings_earlier_deductions_back(figures: Figures, thing: Thing) -> None:
    # As above: 20,200 + 12,736 = 32,936 by the end of 2026. Straight line would have given 10 % = 6,000 and
    # 20 % = 12,000: 18,000. 2027 is at 40 %: 14,936 comes back as income, and straight line goes on:
    # 20 % of 24,000 = 4,800, held to 11,800 x 40 % = 4,720.
    car = thing(60_000, (2025, 3, 1), kind=CAR, listed=True, shares={2025: 10_000, 2027: 4_000})
    last = depreciation.schedule(figures[2027], car, 2027)[-1]
    assert (last.recapture, last.regular, last.bonus) == (1_493_600, 472_000, 0)


def test_a_car_used_half_for_business_goes_by_straight_line_from_the_start(figures: Figures, thing: Thing) -> None:
    # 20,000 at 50 %: 10,000; 10 %, then 20 %. No bonus, no section 179.
    car = thing(20_000, (2025, 3, 1), kind=CAR, listed=True, section_179=5_000, shares={2025: 5_000})
    assert totals(figures, car, 2027) == [100_000, 200_000, 200_000]


def test_something_sold_gets_half_of_its_last_year(figures: Figures, thing: Thing) -> None:
    # 10,000 of May 2024 sold in June 2026: half of 19.2 %. By quarter 18 % of year three, of it 37.5 %.
    sold = thing(10_000, (2024, 5, 1), bonus=False, sold=day_of(date(2026, 6, 5)))
    assert totals(figures, sold, 2027) == [200_000, 320_000, 96_000, 0]
    assert totals(figures, sold, 2027, quarterly=True) == [250_000, 300_000, 67_500, 0]


def test_what_an_accountant_has_taken_is_believed(figures: Figures, thing: Thing) -> None:
    # 10,000 of 2024; 9,000 taken by the end of 2025: 19.2 % would be 1,920, but 1,000 is left.
    asset = thing(10_000, (2024, 3, 1), bonus=False, prior_cents=900_000, prior_year=2025)
    assert totals(figures, asset, 2027)[2:] == [100_000, 0]


def test_straight_line_by_quarter_begins_in_its_middle() -> None:
    # First quarter 7 eighths of a year of five: 17.5 %; last quarter one eighth: 2.5 %.
    assert [float(rate) for rate in depreciation.straight_line(5, 1)] == [0.175, 0.2, 0.2, 0.2, 0.2, 0.025]
    assert float(depreciation.straight_line(5, 4)[0]) == 0.025
    assert float(depreciation.straight_line(5, 0)[0]) == 0.1


def test_after_the_mileage_rate_the_rest_is_spread_evenly(figures: Figures, thing: Thing) -> None:
    # 30,000 in January 2024; 10,000 miles at 30 cents in 2024 and 10,000 at 33 in 2025 lower it to 23,700. Three of
    # five years are left: 7,900 a year, 75 % business: 5,925.
    car = thing(30_000, (2024, 1, 1), kind=CAR, listed=True, shares={2024: 7_500})
    [taken] = depreciation.after_mileage(figures[2026], car, 2026, {2024: 10_000, 2025: 10_000}, [2026])
    assert taken.regular == 592_500


# --- every figure by itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("life", [5, 7])
@pytest.mark.parametrize("month", [0, 2, 5, 8, 11])
def test_the_tables_follow_from_the_method_they_stand_for(
    figures: Figures, thing: Thing, life: int, month: int
) -> None:
    """Twice the straight rate on what is left, until the straight rate over the rest is more; 0 = half a year."""
    first = 1 - (month - 0.5) / 12 if month else 0.5
    left, used, wanted = 1.0, 0.0, []
    for year in range(life + 1):
        part = first if not year else min(1.0, life - used)
        rate = max(2 / life, 1 / (life - used)) if life - used > 0 else 0
        taken = min(left, left * rate * part if life - used >= 1 else left)
        wanted.append(taken)
        left, used = left - taken, used + part
    asset = thing(1_000_000, (2024, month or 3, 1), life=life, bonus=False)
    found = [cents / 100_000_000 for cents in totals(figures, asset, 2024 + life, quarterly=bool(month))]
    # The printed tables round each year to a hundredth of a per cent and set the last ones right.
    assert found == pytest.approx(wanted, abs=0.0003)
    # The last share stands for itself too, not only for what is left: here nothing was taken before.
    late = thing(1_000_000, (2024, month or 3, 1), life=life, bonus=False, prior_cents=0, prior_year=2023 + life)
    last = totals(figures, late, 2024 + life, quarterly=bool(month))[-1]
    assert last / 100_000_000 == pytest.approx(wanted[-1], abs=0.0003)


LIMITS = {
    # with bonus, without, second, third, later years; in dollars
    2018: (18_000, 10_000, 16_000, 9_600, 5_760), 2019: (18_100, 10_100, 16_100, 9_700, 5_760),
    2020: (18_100, 10_100, 16_100, 9_700, 5_760), 2021: (18_200, 10_200, 16_400, 9_800, 5_860),
    2022: (19_200, 11_200, 18_000, 10_800, 6_460), 2023: (20_200, 12_200, 19_500, 11_700, 6_960),
    2024: (20_400, 12_400, 19_800, 11_900, 7_160), 2025: (20_200, 12_200, 19_600, 11_800, 7_060),
    2026: (20_300, 12_300, 19_800, 11_900, 7_160),
}  # fmt: skip


@pytest.mark.parametrize("year", LIMITS)
def test_a_dear_car_meets_every_limit_of_its_year(figures: Figures, thing: Thing, year: int) -> None:
    first, *rest = LIMITS[year]
    plain = thing(300_000, (year, 3, 1), kind=CAR, listed=True, bonus=False)
    found = [taken.total for taken in depreciation.schedule(figures[2026], plain, year + 3)]
    assert found == [dollars * 100 for dollars in rest]
    # Bonus of that year, or of a contract of that day, lifts the first limit.
    assert depreciation.schedule(figures[2026], thing(300_000, (year, 3, 1), kind=CAR, listed=True), year)[0].total == (
        first * 100
    )


@pytest.mark.parametrize(
    ("year", "until", "after"),
    [
        (2018, 100, 100), (2019, 100, 100), (2020, 100, 100), (2021, 100, 100), (2022, 100, 100), (2023, 80, 80),
        (2024, 60, 60), (2025, 40, 100), (2026, 20, 100),
    ],
)  # fmt: skip
def test_bonus_by_year_of_service_and_day_of_the_contract(figures: Figures, year: int, until: int, after: int) -> None:
    found = [depreciation.bonus_rate(figures[2026], year, day_of(date(2025, 1, number))) for number in (19, 20)]
    assert [rate * 100 for rate in found] == [until, after]


@pytest.mark.parametrize(
    ("year", "cents"),
    [(2018, 25), (2019, 26), (2020, 27), (2021, 26), (2022, 26), (2023, 28), (2024, 30), (2025, 33), (2026, 35)],
)
def test_each_mile_at_the_rate_lowers_the_basis_by_the_cents_of_its_year(
    figures: Figures, thing: Thing, year: int, cents: int
) -> None:
    # 40,000 in January; 10,000 miles; a fifth of the life is gone: a quarter of what is left, in the next year.
    asset = thing(40_000, (year, 1, 1))
    [taken] = depreciation.after_mileage(figures[2026], asset, year + 1, {year: 10_000}, [year + 1])
    assert taken.regular == (4_000_000 - 10_000 * cents) // 4


@pytest.mark.parametrize(("month", "eighths"), [(2, 1), (5, 3), (8, 5), (11, 7)])
def test_something_of_the_mid_quarter_convention_is_sold_in_the_middle_of_a_quarter(
    figures: Figures, thing: Thing, month: int, eighths: int
) -> None:
    # 38 % of 10,000 in the second year, and of it as many eighths of a year as it was still there.
    sold = thing(10_000, (2024, 11, 1), bonus=False, sold=day_of(date(2025, month, 5)))
    assert totals(figures, sold, 2025, quarterly=True)[1] == 380_000 * eighths // 8


def test_just_above_half_is_enough_for_listed_property(figures: Figures, thing: Thing) -> None:
    some = thing(10_000, (2026, 3, 1), listed=True, section_179=1_000, shares={2026: 5_100})
    assert depreciation.elected_179(figures[2026], [some]) == {"1": 100_000}
    assert totals(figures, some, 2026) == [510_000]
