"""The three methods side by side: what each asks, what is still to pay, which is recommended and in what words."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.books.vocabulary import FilingStatus
from app.core.dates import day_from_iso, iso
from app.core.tax.due_dates import DueDateRules
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.instalments.annualized import (
    PeriodTax,
    annualized,
    factor_of,
    federal_period,
    part_of_year,
)
from app.core.tax.instalments.penalty import Rates
from app.core.tax.instalments.plan import Plan, Situation, plan
from app.core.tax.instalments.required import Credit, Facts
from app.core.tax.instalments.required import annualized as by_income
from app.core.tax.instalments.required import prior_year as by_last_year
from app.core.tax.instalments.required import regular as by_this_year
from app.core.tax.instalments.schedule import Rules, dates, file_and_pay_by
from app.core.tax.model import Business, Household, Line, Owner, Person, Result

Make = Callable[..., Plan]


@pytest.fixture
def make(schedules: dict[str, Rules], due_rules: DueDateRules, rates: Rates) -> Make:
    """Plan 2025 in dollars: `make(tax, prior, agi, on="2025-05-01", paid=[(day, dollars)])`."""

    def made(
        tax: int, prior: int | None = None, prior_income: int | None = 100_000, *, on: str = "2025-01-10",
        code: str = "federal", periods: tuple[int, ...] = (), paid: tuple[tuple[str, int], ...] = (),
        withholding: int = 0, income: int = 0, status: FilingStatus = FilingStatus.SINGLE, **more: Any,
    ) -> Plan:  # fmt: skip
        rules = schedules[code]
        return plan(
            Situation(
                rules=rules,
                dues=dates(rules, 2025, due_rules),
                facts=Facts(
                    filing_status=status,
                    tax=tax * 100,
                    income=income * 100,
                    withholding=withholding * 100,
                    prior_tax=None if prior is None else prior * 100,
                    prior_income=None if prior_income is None else prior_income * 100,
                ),
                tax_year=2025,
                as_of=day_from_iso(on),
                payments=tuple(Credit(day_from_iso(day), dollars * 100) for day, dollars in paid),
                periods=tuple(PeriodTax(each * 100) for each in periods),
                rates=rates if code == "federal" else None,
                file_by=file_and_pay_by(2025, due_rules),
                **more,
            )
        )

    return made


def _asked(found: Plan, name: str) -> list[int]:
    method = found.method(name)
    assert method is not None
    return [each.required // 100 for each in method.instalments]


def _to_pay(found: Plan, name: str) -> list[int]:
    method = found.method(name)
    assert method is not None
    return [each.due_now // 100 for each in method.instalments]


def test_a_quarter_of_90_percent_or_of_last_year(make: Make) -> None:
    found = make(20_000, 12_000)
    assert _asked(found, "regular") == [4500] * 4
    assert _asked(found, "prior_year") == [3000] * 4
    assert (found.recommended, iso(found.next_due or 0), found.next_cents) == ("prior_year", "2025-04-15", 300_000)
    # 20,000 less four times 3,000 is left for April.
    assert found.method("prior_year").april == 800_000  # type: ignore[union-attr]
    assert found.method("regular").april == 200_000  # type: ignore[union-attr]
    assert "meets the IRS rule against the underpayment penalty if paid on time" in found.why
    assert "you may still owe tax in April: about $8,000.00" in found.why


@pytest.mark.parametrize(
    ("income", "status", "annual"),
    [
        (150_000, FilingStatus.SINGLE, 12_000), (150_001, FilingStatus.SINGLE, 13_200),
        (150_001, FilingStatus.MFJ, 13_200), (75_000, FilingStatus.MFS, 12_000), (75_001, FilingStatus.MFS, 13_200),
        (None, FilingStatus.SINGLE, 13_200),
    ],
)  # fmt: skip
def test_above_150_000_of_last_year_it_is_110_percent(
    make: Make, income: int | None, status: FilingStatus, annual: int
) -> None:
    found = make(40_000, 12_000, income, status=status)
    assert sum(_asked(found, "prior_year")) == annual
    assert any("adjusted gross income is not entered" in note for note in found.notes) == (income is None)


def test_without_last_years_tax_that_way_is_closed_and_says_why(make: Make) -> None:
    found = make(20_000)
    closed = found.method("prior_year")
    assert closed is not None
    assert (closed.available, closed.instalments, closed.penalty) == (False, (), None)
    assert "not entered" in closed.why_not
    assert found.recommended == "regular"


def test_below_1000_after_withholding_nothing_is_asked(make: Make) -> None:
    small = make(5000, withholding=4001)
    assert _asked(small, "regular") == [0] * 4
    assert "Less than $1,000" in small.why
    exact = make(5000, withholding=4000)
    # 90 % of 5,000 in four parts less 1,000 of withholding each
    assert (_asked(exact, "regular"), _to_pay(exact, "regular")) == ([1125] * 4, [125] * 4)


def test_last_years_tax_of_zero_asks_for_nothing_and_says_what_april_brings(make: Make) -> None:
    found = make(20_000, 0)
    assert (found.recommended, _asked(found, "prior_year")) == ("prior_year", [0] * 4)
    assert "Last year’s tax was zero" in found.why
    assert "$20,000.00" in found.why


def test_a_year_that_gives_money_back_asks_for_nothing(make: Make) -> None:
    # Withholding of 20,000 on a tax of 15,000: 5,000 come back, whatever was paid when.
    found = make(15_000, 30_000, withholding=20_000, on="2026-04-15")
    assert (found.recommended, found.next_cents) == ("regular", 0)
    assert found.method("regular").april == -500_000  # type: ignore[union-attr]
    assert found.method("regular").penalty == 0  # type: ignore[union-attr]
    assert "Withholding covers the tax" in found.why


def test_last_years_way_stands_before_anything_of_this_year_is_known(make: Make) -> None:
    found = make(0, 12_000, tax_known=False)
    assert (found.recommended, found.next_cents) == ("prior_year", 300_000)
    assert "Nothing of this year is entered yet" in found.why
    assert "April." in found.why


def test_payments_and_withholding_fill_the_earliest_instalments(make: Make) -> None:
    found = make(20_000, 12_000, on="2025-07-01", withholding=2000, paid=(("2025-04-10", 1000), ("2025-06-20", 4000)))
    method = found.method("prior_year")
    assert method is not None
    # 3,000 each; 500 of withholding on each date. By 1 July 1,000 + 4,000 + 1,000 came: both are covered.
    assert [each.paid // 100 for each in method.instalments] == [3000, 3000, 500, 500]
    assert _to_pay(found, "prior_year") == [0, 0, 2500, 2500]
    assert (iso(found.next_due or 0), found.next_cents) == ("2025-09-15", 250_000)
    # Late: 1,500 of the first until 15 June (500 of withholding came then) and 20 June.
    # 500 x 0.07 x 61/365 = 5.85; 1,000 x 0.07 x 66/365 = 12.66; the second, 3,000 x 0.07 x 5/365 = 2.88
    assert [each.penalty for each in method.instalments] == [585 + 1266, 288, 0, 0]


def test_what_is_late_is_due_with_the_next_date_and_named(make: Make) -> None:
    found = make(20_000, 12_000, on="2025-07-01")
    assert (found.next_cents, iso(found.next_due or 0)) == (900_000, "2025-09-15")
    method = found.method("prior_year")
    assert method is not None
    assert [each.late for each in method.instalments] == [True, True, False, False]
    assert "$6,000.00 is past due" in found.why
    # 3,000 x 0.07 x 77/365 = 43.73 + 0.58 (76 days, then one of July); 3,000 x 0.07 x 16/365 = 8.63 + 0.58
    assert method.penalty == 4373 + 58 + 863 + 58
    assert method.penalty_unpaid is not None
    assert method.penalty_unpaid > method.penalty


def test_a_year_that_is_over_wants_all_of_it_now(make: Make) -> None:
    found = make(20_000, 12_000, on="2026-02-10")
    assert (found.next_due, found.next_cents) == (day_from_iso("2026-02-10"), 1_200_000)


def test_filing_and_paying_in_january_takes_the_fourth_away(make: Make) -> None:
    paid = (("2025-04-15", 3000), ("2025-06-16", 3000), ("2025-09-15", 3000))
    late = make(20_000, 12_000, on="2026-04-15", paid=paid)
    filed = make(20_000, 12_000, on="2026-04-15", paid=paid, filed_and_paid=day_from_iso("2026-01-31"))
    after = make(20_000, 12_000, on="2026-04-15", paid=paid, filed_and_paid=day_from_iso("2026-02-03"))
    # 3,000 x 0.07 x 90/365 = 51.78
    assert [each.method("prior_year").penalty for each in (late, filed, after)] == [5178, 0, 5178]  # type: ignore[union-attr]
    assert any("end of January" in note for note in late.notes)


def test_income_as_it_came_is_recommended_where_it_puts_off_enough(make: Make) -> None:
    # Nothing earned until September: the regular way wants 4,500 in April already.
    late_income = make(20_000, periods=(0, 0, 0, 20_000))
    assert (late_income.recommended, _asked(late_income, "annualized")) == ("annualized", [0, 0, 0, 18_000])
    assert "one more form" in late_income.why
    # 22.5 % of 19,700 is 4,432: 68 dollars less in April do not pay for a form.
    even = make(20_000, periods=(19_700, 20_000, 20_000, 20_000))
    assert (even.recommended, _asked(even, "annualized")[0]) == ("regular", 4432)


def test_income_as_it_came_saves_a_penalty(make: Make) -> None:
    found = make(20_000, on="2025-10-01", periods=(0, 0, 20_000, 20_000), paid=(("2025-09-15", 13_500),))
    regular, other = found.method("regular"), found.method("annualized")
    assert regular is not None
    assert other is not None
    assert (other.penalty, found.recommended) == (0, "annualized")
    assert (regular.penalty or 0) > 0


def test_california_has_its_own_parts_and_no_way_by_last_year_for_a_million(make: Make) -> None:
    found = make(10_000, 6000, code="CA", periods=(10_000, 10_000, 10_000))
    assert _asked(found, "regular") == [2700, 3600, 2700]
    assert _asked(found, "prior_year") == [1800, 2400, 1800]
    # 27, 63 and 90 % of the annualized tax, never above the smaller way
    assert _asked(found, "annualized") == [1800, 2400, 1800]
    assert found.method("prior_year").penalty is None  # type: ignore[union-attr]
    assert "the rule of CA" in found.why
    rich = make(100_000, 6000, code="CA", income=1_000_000)
    assert "Not open at this year’s income" in rich.method("prior_year").why_not  # type: ignore[union-attr]
    assert rich.recommended == "regular"
    below = make(100_000, 6000, code="CA", income=999_999)
    assert below.recommended == "prior_year"
    apart = make(100_000, 6000, code="CA", income=500_000, status=FilingStatus.MFS)
    assert not apart.method("prior_year").available  # type: ignore[union-attr]
    assert [sum(_asked(make(tax, code="CA"), "regular")) for tax in (499, 500)] == [0, 450]
    separate = [make(tax, code="CA", status=FilingStatus.MFS) for tax in (249, 250)]
    assert [sum(each.required for each in found.methods[0].instalments) for found in separate] == [0, 22_500]


def test_a_state_whose_part_is_not_known_spreads_all_of_the_tax_and_says_so(make: Make) -> None:
    found = make(4000, 3000, code="OR")
    assert _asked(found, "regular") == [1000] * 4
    assert not found.method("prior_year").available  # type: ignore[union-attr]
    assert "exact rule of OR is not known" in found.why
    assert any("were not compared with the state’s own text" in note for note in found.notes)


# What a tax of 10,000 and one of 8,000 last year ask for over the year: by this year's tax, by last year's, by last
# year's above 150,000 of income; and from what tax on anything is asked for. A dash: that way is closed, or no limit.
STATES = """
    AL 9000 8000 8800 1000
    AZ 9000 8000 8000 1000
    CO 7000 8000 8800 1000
    CT 9000 8000 8000 1000
    DC 9000 8800 8800 100
    GA 10000 - - -
    HI 6000 8000 8000 500
    IA 9000 8000 8800 200
    IL 9000 8000 8000 1000
    IN 9000 8000 8800 1000
    KS 9000 8000 8000 500
    KY 10000 - - 500
    MA 8000 8000 8000 400
    MD 9000 8800 8800 500
    ME 10000 - - 1000
    MI 9000 8000 8800 500
    MN 9000 8000 8800 500
    MO 10000 - - -
    MS 10000 - - 200
    MT 9000 8000 8000 500
    NC 9000 8000 8000 1000
    ND 10000 - - 1000
    NE 10000 - - 500
    NJ 8000 8000 8800 400
    NM 9000 8000 8000 1000
    NY 9000 8000 8800 300
    OH 9000 8000 8000 500
    OK 7000 8000 8000 500
    OR 10000 - - 1000
    PA 9000 8000 8000 -
    RI 10000 - - 250
    SC 9000 8000 8800 1000
    VA 9000 8000 8000 -
    VT 10000 - - 500
    WI 10000 - - 500
    WV 9000 8000 8000 600
"""


@pytest.mark.parametrize("row", STATES.split("\n")[1:-1], ids=lambda row: row.split()[0])
def test_what_a_state_asks_for(make: Make, row: str) -> None:
    code, current, prior, high, least = row.split()
    plain, rich = make(10_000, 8000, 150_000, code=code), make(10_000, 8000, 150_001, code=code)
    assert sum(_asked(plain, "regular")) == int(current)
    assert _asked(plain, "regular") == [int(current) // 4] * 4
    for found, expected in ((plain, prior), (rich, high)):
        method = found.method("prior_year")
        assert method is not None
        assert method.available == (expected != "-")
        if method.available:
            assert method.annual == int(expected) * 100
    if least != "-":
        assert sum(_asked(make(int(least) - 1, code=code), "regular")) == 0
        assert sum(_asked(make(int(least), code=code), "regular")) > 0


# --- properties


taxes = st.integers(0, 20_000_000)


@given(st.lists(taxes, min_size=4, max_size=4), st.one_of(st.none(), taxes))
def test_income_as_it_came_never_asks_more_than_the_equal_parts(
    schedules_once: tuple[Rules, tuple[Any, ...]], periods: list[int], prior: int | None
) -> None:
    rules, dues = schedules_once
    facts = Facts(tax=periods[-1], prior_tax=prior, prior_income=0)
    ways = [by_this_year(rules, facts, dues), by_last_year(rules, facts, dues)]
    smaller = min((each for each in ways if each.available), key=lambda each: each.annual)
    found = by_income(rules, dues, [PeriodTax(each) for each in periods], smaller.annual)
    for until in range(1, 5):
        assert 0 <= sum(found.required[:until]) <= sum(smaller.required[:until])
    # Whatever was put off is asked for in the end: the year's part is reached.
    assert abs(sum(found.required) - smaller.annual) <= 1


@pytest.fixture(scope="module")
def schedules_once(schedules: dict[str, Rules], due_rules: DueDateRules) -> tuple[Rules, tuple[Any, ...]]:
    rules = schedules["federal"]
    return rules, dates(rules, 2025, due_rules)


# --- the household of a period


def test_a_period_is_taken_for_twelve_months_and_what_belongs_to_the_year_stays() -> None:
    household = Household(
        year=2026,
        primary=Person(age=40, wages_cents=1000, withholding_cents=100, retirement_cents=50),
        businesses=(
            Business(net_profit_cents=-300, w2_wages_cents=20, ubia_cents=7000),
            Business(net_profit_cents=500, owner=Owner.SPOUSE),
        ),
        children_ages=(3, 8),
        long_term_gains_cents=40,
        qbi_loss_carryover_cents=900,
    )
    whole = annualized(household, Decimal("2.4"))
    assert [business.net_profit_cents for business in whole.businesses] == [-720, 1200]
    assert (whole.businesses[0].w2_wages_cents, whole.businesses[0].ubia_cents) == (48, 7000)
    assert (whole.primary.wages_cents, whole.primary.retirement_cents, whole.primary.age) == (2400, 120, 40)
    assert (whole.long_term_gains_cents, whole.qbi_loss_carryover_cents) == (96, 900)
    assert whole.children_ages == (3, 8)
    part = part_of_year(household, [11, 22], 3)
    assert [business.net_profit_cents for business in part.businesses] == [11, 22]
    assert (part.primary.wages_cents, part.long_term_gains_cents) == (250, 10)
    assert annualized(part_of_year(household, [-300, 500], 12), factor_of(12)) == household


def test_the_last_period_is_the_year_itself_and_an_even_year_is_its_own_quarter(
    reference_rows: list[tuple[dict[str, str], Household]], figures: dict[int, Parameters]
) -> None:
    off = []
    for row, household in reference_rows[::25]:
        year = figures[household.year]

        def evaluated(each: Household, year: Parameters = year) -> Result:
            return evaluate(each, year, explain=False)

        tax_of = federal_period(year, evaluated, explain=False)
        total = max(0, evaluated(household).totals["total_federal_cents"])
        assert tax_of(household, factor_of(12)).tax == total
        quarter = tax_of(annualized(household, Decimal("0.25")), factor_of(3)).tax
        if abs(quarter - total) > 10:
            off.append((row["id"], quarter, total))
    assert off == []


# --- the work shown


class _ExactNumbers(ast.NodeTransformer):
    """Rates are decimal fractions; Python's own floats would miss the last cent."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        exact = ast.Call(ast.Name("Decimal", ast.Load()), [ast.Constant(str(node.value))], [])
        return ast.copy_location(exact, node)


def _redo(line: Line) -> int:
    tree = ast.fix_missing_locations(_ExactNumbers().visit(ast.parse(line.formula, mode="eval")))
    names: dict[str, Any] = {name: Decimal(value) for name, value in line.inputs.items()}
    known = {"min": min, "max": max, "Decimal": Decimal}
    value = eval(compile(tree, "formula", "eval"), {"__builtins__": {}}, known | names)  # noqa: S307 our own formulas
    return int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


def test_every_line_of_a_plan_can_be_redone(
    schedules: dict[str, Rules], due_rules: DueDateRules, rates: Rates, figures: dict[int, Parameters]
) -> None:
    year, rules = figures[2026], schedules["federal"]
    dues = dates(rules, 2026, due_rules)
    tax_of = federal_period(year, lambda household: evaluate(household, year, explain=False))
    households = [
        Household(
            year=2026,
            filing_status=FilingStatus.MFJ,
            primary=Person(age=40, wages_cents=due.months * 1_000_033),
            spouse=Person(age=38),
            businesses=(
                Business(net_profit_cents=due.months * due.months * 77_777),
                Business(net_profit_cents=due.months * 123_457 - 500_000, owner=Owner.SPOUSE),
            ),
            long_term_gains_cents=due.months * 33_333,
        )
        for due in dues
    ]
    periods = tuple(tax_of(household, factor_of(due.months)) for household, due in zip(households, dues, strict=True))
    found = plan(
        Situation(
            rules=rules, dues=dues, facts=Facts(tax=periods[-1].tax, prior_tax=1_234_567, prior_income=20_000_000),
            tax_year=2026, as_of=day_from_iso("2026-11-20"), payments=(Credit(day_from_iso("2026-05-05"), 77_777),),
            periods=periods, rates=rates,
        )
    )  # fmt: skip
    lines = [line for method in found.methods for line in method.lines]
    assert len(lines) > 80
    assert [line for line in lines if abs(_redo(line) - line.cents) > 1] == []
    assert {"28", "31", "36", "19", "27"} <= {line.line for line in lines}
