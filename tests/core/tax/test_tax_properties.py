"""What holds for any household."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.books.vocabulary import FilingStatus
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Itemized, Owner, Person

YEARS = st.sampled_from((2024, 2025, 2026))
PROFITS = st.integers(0, 90_000_000)
WAGES = st.integers(0, 40_000_000)
LOSSES_TOO = st.integers(-10_000_000, 60_000_000)


def _total(household: Household, figures: dict[int, Parameters]) -> int:
    return evaluate(household, figures[household.year], explain=False).totals["total_federal_cents"]


@settings(max_examples=150, deadline=None)
@given(year=YEARS, status=st.sampled_from(FilingStatus), profit=PROFITS, more=st.integers(1, 2_000_000), wages=WAGES)
def test_more_profit_never_means_less_tax(
    figures: dict[int, Parameters], year: int, status: FilingStatus, profit: int, more: int, wages: int
) -> None:
    # No children, age unknown: no credits, whose steps are documented exceptions. The $400 QBI minimum of 2026 begins
    # at one point: there the tax may fall by at most 37% of it.
    def total(cents: int) -> int:
        spouse = Person() if status is FilingStatus.MFJ else None
        business = Business(net_profit_cents=cents)
        primary = Person(wages_cents=wages)
        return _total(
            Household(year=year, filing_status=status, primary=primary, spouse=spouse, businesses=(business,)), figures
        )

    cliff = 14_800 if year == 2026 else 0
    rounding = 3
    assert total(profit + more) >= total(profit) - cliff - rounding


@settings(max_examples=100, deadline=None)
@given(
    year=YEARS, mine=LOSSES_TOO, theirs=LOSSES_TOO, my_wages=WAGES, their_wages=WAGES,
    ages=st.tuples(st.integers(25, 80), st.integers(25, 80)), children=st.integers(0, 4), sstb=st.booleans(),
)  # fmt: skip
def test_swapping_the_spouses_changes_nothing(
    figures: dict[int, Parameters],
    year: int,
    mine: int,
    theirs: int,
    my_wages: int,
    their_wages: int,
    ages: tuple[int, int],
    children: int,
    *,
    sstb: bool,
) -> None:
    def total(first: tuple[int, int, int], second: tuple[int, int, int]) -> int:
        (profit, wages, age), (profit_2, wages_2, age_2) = first, second
        household = Household(
            year=year,
            filing_status=FilingStatus.MFJ,
            primary=Person(age=age, wages_cents=wages),
            spouse=Person(age=age_2, wages_cents=wages_2),
            children_ages=(8,) * children,
            businesses=(
                Business(net_profit_cents=profit, sstb=sstb),
                Business(net_profit_cents=profit_2, owner=Owner.SPOUSE, sstb=sstb),
            ),
        )
        return _total(household, figures)

    me, them = (mine, my_wages, ages[0]), (theirs, their_wages, ages[1])
    # A cent may fall differently when losses are spread; a child-credit step of $50 may hang on that cent.
    assert abs(total(me, them) - total(them, me)) <= 5


@settings(max_examples=100, deadline=None)
@given(year=YEARS, first=PROFITS, second=PROFITS, wages=WAGES)
def test_two_trades_of_one_person_are_taxed_like_one(
    figures: dict[int, Parameters], year: int, first: int, second: int, wages: int
) -> None:
    one = Household(
        year=year, primary=Person(age=40, wages_cents=wages), businesses=(Business(net_profit_cents=first + second),)
    )
    two = replace(one, businesses=(Business(net_profit_cents=first), Business(net_profit_cents=second)))
    assert abs(_total(one, figures) - _total(two, figures)) <= 3


@settings(max_examples=60, deadline=None)
@given(year=YEARS, wages=WAGES, status=st.sampled_from(FilingStatus))
def test_no_profit_no_self_employment_tax(
    figures: dict[int, Parameters], year: int, wages: int, status: FilingStatus
) -> None:
    household = Household(
        year=year,
        filing_status=status,
        primary=Person(wages_cents=wages),
        spouse=Person(wages_cents=wages) if status is FilingStatus.MFJ else None,
        businesses=(Business(net_profit_cents=0),),
    )
    components = evaluate(household, figures[year], explain=False).components
    assert components["se_tax"] == components["half_se_deduction"] == components["qbi_deduction"] == 0


@settings(max_examples=150, deadline=None)
@given(
    year=YEARS, status=st.sampled_from(FilingStatus), profit=PROFITS, wages=WAGES,
    paid=st.tuples(*[st.integers(0, 6_000_000)] * 6), gains=st.integers(0, 30_000_000),
)  # fmt: skip
def test_a_chance_to_itemize_never_costs_tax(
    figures: dict[int, Parameters],
    year: int,
    status: FilingStatus,
    profit: int,
    wages: int,
    paid: tuple[int, ...],
    gains: int,
) -> None:
    taxes, tax_on_property, interest, cash, given_property, medical = paid
    household = Household(
        year=year,
        filing_status=status,
        primary=Person(wages_cents=wages),
        spouse=Person() if status is FilingStatus.MFJ else None,
        businesses=(Business(net_profit_cents=profit),),
        long_term_gains_cents=gains,
    )
    listed = Itemized(
        state_income_tax_cents=taxes,
        property_tax_cents=tax_on_property,
        mortgage_interest_cents=interest,
        charity_cash_cents=cash,
        charity_other_cents=given_property,
        medical_cents=medical,
    )
    assert _total(replace(household, itemized=listed), figures) <= _total(household, figures) + 3


@settings(max_examples=150, deadline=None)
@given(
    year=YEARS, status=st.sampled_from(FilingStatus), profit=PROFITS, more=st.integers(1, 2_000_000), wages=WAGES,
    saved=st.integers(0, 8_000_000), deferred=st.integers(0, 4_000_000), insurance=st.integers(0, 3_000_000),
    tips=st.integers(0, 4_000_000), age=st.integers(25, 64),
)  # fmt: skip
def test_more_profit_never_means_less_tax_with_plans_and_tips(
    figures: dict[int, Parameters],
    year: int,
    status: FilingStatus,
    profit: int,
    more: int,
    wages: int,
    saved: int,
    deferred: int,
    insurance: int,
    tips: int,
    age: int,
) -> None:
    # A plan lets a part of the new profit be saved, never more than it; what more is deducted never exceeds the profit.
    def total(cents: int) -> tuple[int, int]:
        household = Household(
            year=year,
            filing_status=status,
            primary=Person(
                age=age,
                wages_cents=wages,
                retirement_cents=saved,
                deferral_cents=deferred,
                health_insurance_cents=insurance,
            ),
            spouse=Person() if status is FilingStatus.MFJ else None,
            businesses=(Business(net_profit_cents=cents, tips_cents=tips),),
        )
        components = evaluate(household, figures[year], explain=False).components
        return components["agi"], components["se_tax"]

    # At the floor of 400 the tax begins at once, and half of its 61.20 comes off the income.
    (income, tax), (less_income, less_tax) = total(profit + more), total(profit)
    assert income >= less_income - 3_060 - 3
    assert tax >= less_tax


@settings(max_examples=100, deadline=None)
@given(
    year=YEARS, wages=st.integers(0, 30_000_000), children=st.integers(0, 3),
    status=st.sampled_from([FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.HOH]),
)  # fmt: skip
def test_the_printed_tables_stay_near_the_formula(
    figures: dict[int, Parameters], year: int, wages: int, children: int, status: FilingStatus
) -> None:
    household = Household(
        year=year,
        filing_status=status,
        primary=Person(age=40, wages_cents=wages),
        spouse=Person(age=40) if status is FilingStatus.MFJ else None,
        children_ages=(8,) * children,
    )
    # At most half a band: 25 at 24% and 45%, and half a dollar each of rounding.
    assert abs(_total(replace(household, tables=True), figures) - _total(household, figures)) <= 600 + 1_125 + 100
