"""The mistakes other tax programs made, each as a household where it would show.

Arithmetic in dollars, tax year 2026 unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from app.core.books.vocabulary import FilingStatus
from app.core.dates import day_from_iso
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Person
from app.core.tax.projection import YearToDate, project


def _components(household: Household, figures: dict[int, Parameters]) -> Mapping[str, int]:
    return evaluate(household, figures[household.year], explain=False).components


def test_bug_1_qualified_income_is_after_half_the_tax_insurance_and_retirement(figures: dict[int, Parameters]) -> None:
    # Elsewhere a fifth of the bare profit of 80,000, 16,000, was deducted. Right: 80,000 - 5,651.82 - 6,000 - 5,000 =
    # 63,348.18, a fifth 12,669.64 (pay of 50,000 keeps the income limit away).
    person = Person(age=40, wages_cents=5_000_000, health_insurance_cents=600_000, retirement_cents=500_000)
    household = Household(year=2026, primary=person, businesses=(Business(net_profit_cents=8_000_000),))
    assert _components(household, figures)["qbi_deduction"] == 1_266_964


def test_bug_2_own_wages_use_up_the_social_security_base_of_their_owner_only(figures: dict[int, Parameters]) -> None:
    # Elsewhere the base was one for the couple, or wages did not count. Profit 60,000 (55,410 counted), wages 150,000:
    # 34,500 of the base are left for their owner: 4,278 + 1,606.89; the spouse would owe on all: 8,477.73.
    def couple(mine: int, theirs: int) -> Household:
        return Household(
            year=2026,
            filing_status=FilingStatus.MFJ,
            primary=Person(age=40, wages_cents=mine),
            spouse=Person(age=40, wages_cents=theirs),
            businesses=(Business(net_profit_cents=6_000_000),),
        )

    assert _components(couple(15_000_000, 0), figures)["se_tax"] == 588_489
    assert _components(couple(0, 15_000_000), figures)["se_tax"] == 847_773


def test_bug_3_no_self_employment_tax_below_the_floor(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    # Elsewhere 15.3% was charged from the first dollar. 433.12 x 0.9235 = 399.99; 433.13 x 0.9235 = 400.00.
    assert _components(freelancer(43_312), figures)["se_tax"] == 0
    assert _components(freelancer(43_313), figures)["se_tax"] == 6_120


def test_bug_4_additional_medicare_is_due_without_wages(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    # Elsewhere it hung on a W-2. 400,000 x 0.9235 = 369,400; 0.9% of 169,400.
    assert _components(freelancer(40_000_000), figures)["addl_medicare_tax"] == 152_460


def test_bug_5_a_surviving_spouse_has_the_single_thresholds_of_qbi_and_child_credit(
    figures: dict[int, Parameters],
) -> None:
    # Elsewhere the joint ones were used. A specified service of 400,000: above 276,750 nothing but the joint range
    # would leave a deduction. Pay of 201,000: one step of 50.
    service = Household(
        year=2026,
        filing_status=FilingStatus.QSS,
        primary=Person(age=40),
        businesses=(Business(net_profit_cents=40_000_000, sstb=True),),
    )
    assert _components(service, figures)["qbi_deduction"] == 0
    pay = Household(
        year=2026, filing_status=FilingStatus.QSS, primary=Person(age=40, wages_cents=20_100_000), children_ages=(8,)
    )
    assert _components(pay, figures)["nonrefundable_credits"] == 215_000


def test_bug_6_the_child_credit_falls_in_whole_steps(figures: dict[int, Parameters]) -> None:
    # Elsewhere 100 over the threshold took 5 off. The law takes 50 for each 1,000 or part of it.
    household = Household(
        year=2026, filing_status=FilingStatus.HOH, primary=Person(age=40, wages_cents=20_010_000), children_ages=(8,)
    )
    assert _components(household, figures)["nonrefundable_credits"] == 215_000


def test_bug_7_a_specified_service_is_told_apart(
    freelancer: Callable[..., Household], figures: dict[int, Parameters]
) -> None:
    # Elsewhere there was no input for it. Inside the range a part of the income of a service does not count, before
    # what wages paid limit; far above it nothing does.
    def deduction(*, sstb: bool) -> int:
        household = Household(
            year=2026,
            primary=Person(age=40, wages_cents=20_000_000),
            businesses=(Business(net_profit_cents=5_604_400, sstb=sstb),),
        )
        return _components(household, figures)["qbi_deduction"]

    # Profit 56,044 above the wage base: Medicare part only, 1,500.95, half 750.48: 255,293.52 - 16,100 = 239,193.52
    # before the deduction, 37,443.52 into the range of 75,000. Qualified 55,293.52, a fifth 11,058.70.
    over = Decimal("37443.52") / 75_000
    plain = Decimal("11058.70") * (1 - over)
    assert abs(deduction(sstb=False) - plain * 100) <= 2
    assert abs(deduction(sstb=True) - plain * (1 - over) * 100) <= 2
    assert _components(freelancer(50_000_000, sstb=True), figures)["qbi_deduction"] == 0


def test_bug_8_a_good_month_is_not_the_year() -> None:
    # Elsewhere the average of the months so far was taken for all of them, so one good January made a year of it.
    # 20,000 earned in January: the pace of 31 days would make 235,484; the low end says half that pace for the rest.
    start, end = day_from_iso("2026-01-01"), day_from_iso("2026-01-31")
    found = project(2026, end, YearToDate(2_000_000, 2_000_000, 2_000_000, 2_000_000), start, end)
    assert found.profit == 23_548_387
    assert found.profit_low == 12_774_194
    assert any("taken at the pace of 2026-01-01 to 2026-01-31 (31 days)" in note for note in found.assumptions)
    # Three days with one large payment are not taken as a pace at all: they count as thirty.
    few = project(2026, day_from_iso("2026-01-03"), YearToDate(1, 2_000_000, 1, 2_000_000), start, start + 2)
    assert few.profit == 2_000_000 + round(2_000_000 * 362 / 30)


def test_bug_9_each_status_and_year_has_its_own_figures(
    figures: dict[int, Parameters],
) -> None:
    # Elsewhere one status of one year kept the figure of another. The taxes on 250,000 of pay, worked from the tables.
    expected: dict[tuple[int, FilingStatus], str] = {}
    # 235,400: 1,160 + 4,266 + 11,742.50 + 21,942 = 39,110.50 up to 191,950, then 32% of 43,450 = 13,904.
    expected[2024, FilingStatus.SINGLE] = "53014.50"
    # 234,250 (2025): 1,192.50 + 4,386 + 12,072.50 + 22,548 = 40,199 up to 197,300, then 32% of 36,950 = 11,824.
    expected[2025, FilingStatus.SINGLE] = "52023.00"
    # 225,850, head of household (2026): 1,770 + 5,970 + 8,415 + 23,052 = 39,207 up to 201,750, 32% of 24,100 = 7,712.
    expected[2026, FilingStatus.HOH] = "46919.00"
    # 233,900, separate (2026): 1,240 + 4,560 + 12,166 + 23,058 = 41,024 up to 201,775, then 32% of 32,125 = 10,280.
    expected[2026, FilingStatus.MFS] = "51304.00"
    for (year, status), tax in expected.items():
        household = Household(year=year, filing_status=status, primary=Person(age=40, wages_cents=25_000_000))
        assert _components(household, figures)["income_tax_before_credits"] == Decimal(tax) * 100, (year, status)
