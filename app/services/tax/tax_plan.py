"""What to pay when, federal and state apart: three methods side by side from the books, and which one to take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from app.core.dates import Day, year_days, year_of
from app.core.tax import wording
from app.core.tax.by_profit import with_profit
from app.core.tax.instalments.annualized import (
    PeriodTax,
    annualized,
    factor_of,
    federal_period,
    part_of_year,
)
from app.core.tax.instalments.penalty import Rates, load_rates
from app.core.tax.instalments.plan import Plan, Situation, plan
from app.core.tax.instalments.required import Credit, Facts
from app.core.tax.instalments.schedule import FEDERAL, NO_TAX, VOLUNTARY, Due, Rules, file_and_pay_by
from app.core.tax.model import Household, Line, Result
from app.core.tax.profile_keys import cents_of
from app.core.tax.projection import Projection
from app.services.books.open_books import Books
from app.services.classify import knowledge
from app.services.tax import postponed, tax_cautions, taxes, taxes_paid
from app.services.tax.tax_rules import TaxRules

NO_DATES = "1099 Ops has no instalment dates for {0}: use your state’s own voucher dates."
STILL_OPEN = "The last instalment of {0} is still to come: look at the plan of {0} too."
NO_FIGURES = "The tax of {0} for {1} is not worked out by this program, so its instalments are not either."


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan of every jurisdiction of a household, federal first."""

    year: int
    as_of: Day
    projection: Projection
    household: Household
    """With the projected profit."""
    plans: tuple[Plan, ...]
    assumptions: tuple[str, ...]
    state_name: str = ""

    def name_of(self, plan: Plan) -> str:
        """Return how a plan is headed: Federal, Illinois."""
        return "Federal" if plan.jurisdiction == FEDERAL else self.state_name or plan.jurisdiction


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPayment:
    """What one jurisdiction gets next, by the method that is recommended."""

    jurisdiction: str
    tax_year: int
    due: Day
    cents: int
    """Late instalments included."""
    method: str | None


@cache
def _rates() -> Rates:
    return load_rates(knowledge.interest())


def planned(
    books: Books,
    *,
    year: int | None = None,
    as_of: Day | None = None,
    withheld: Sequence[Credit] | None = None,
    filed_and_paid: Day | None = None,
) -> Planned:
    """Return what to pay when, for the projected year; a past year as it ended, with what was paid since.

    `withheld` are days and amounts of federal withholding; None: evenly. Raises: Refused.
    """
    paid_until = as_of if as_of is not None else taxes.today(books)
    if year is None and year_of(paid_until) not in knowledge.federal_years():
        year = year_of(paid_until) - 1
    wanted, day = taxes.as_of_day(books, year, as_of)
    before = wanted - 1
    open_before = year is None and before in knowledge.federal_years() and _still_due(books, before, paid_until)
    case = _case(books, wanted, day, paid_until)
    plans = [_federal(books, case, withheld, filed_and_paid)]
    if case.state:
        plans.append(_state(books, case))
    notes = [STILL_OPEN.format(before)] if open_before else []
    notes += [*case.notes, *case.projection.assumptions]
    figures = case.rules.figures
    notes += [*wording.projected_note(figures), wording.standing_note(figures.read)]
    return Planned(
        year=wanted, as_of=paid_until, projection=case.projection, household=case.household, plans=tuple(plans),
        assumptions=tuple(dict.fromkeys(notes)), state_name=case.rules.state.name if case.rules.state else "",
    )  # fmt: skip


def next_payments(books: Books, *, as_of: Day | None = None) -> tuple[NextPayment, ...]:
    """Return the next payment of each jurisdiction; in January that is still one of the year before.

    Raises: Refused.
    """
    day = as_of if as_of is not None else taxes.today(books)
    known = knowledge.federal_years()
    found: dict[str, NextPayment] = {}
    for year in (year_of(day) - 1, year_of(day)):
        if year not in known or (year_of(day) - 1 == year and not _still_due(books, year, day)):
            continue
        for each in planned(books, year=year, as_of=day).plans:
            if each.jurisdiction in found or each.next_due is None or each.next_due < day:
                continue
            found[each.jurisdiction] = NextPayment(
                jurisdiction=each.jurisdiction, tax_year=year, due=each.next_due, cents=each.next_cents,
                method=each.recommended,
            )  # fmt: skip
    return tuple(found.values())


def _still_due(books: Books, year: int, day: Day) -> bool:
    values, _ = books.settings.profile(year)
    places = (FEDERAL, values.get("state") or "")
    return any(due.due >= day for place in places for due in postponed.dues(books, place, year))


# --- what a plan is made from -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """The year as the books and the profile tell it."""

    year: int
    day: Day
    paid_until: Day
    profile: dict[str, str]
    exact_profile: bool
    """Whether the profile is of this very year: last year's tax in one carried over is of another year."""
    household: Household
    projection: Projection
    notes: tuple[str, ...]
    rules: TaxRules
    result: Result
    periods: dict[Day, Household] = field(default_factory=dict)
    """What was worked out already, by the last day: a state mostly looks at the same periods."""

    @property
    def known(self) -> bool:
        """Whether there is anything of the year to work a tax out from."""
        return bool(self.projection.days) or self.result.totals["total_federal_cents"] != 0

    @property
    def state(self) -> str:
        return self.profile.get("state") or ""

    def evaluate(self, household: Household) -> Result:
        return self.rules.evaluate(household, explain=False)

    def cents(self, key: str) -> int | None:
        typed = self.profile.get(key)
        return cents_of(key, typed) if typed else None

    def prior(self, key: str) -> int | None:
        return self.cents(key) if self.exact_profile else None


def _case(books: Books, year: int, day: Day, paid_until: Day) -> _Case:
    rules = taxes.rules_of(books, year)
    _, by_business = taxes.profit_on_return(books, year, day)
    booked, notes = taxes.household_and_notes(books, year, by_business)
    ahead = taxes.projected_year(books, year, day)
    household = with_profit(booked, ahead.profit)
    values, source = books.settings.profile(year)
    result = rules.evaluate(household, explain=False)
    notes = (*tax_cautions.said(values, rules, household, result), *notes)
    return _Case(
        year=year, day=day, paid_until=paid_until, profile=values, exact_profile=source == year, household=household,
        projection=ahead, notes=(*notes, *rules.notes), rules=rules, result=result,
    )  # fmt: skip


def _periods(books: Books, case: _Case, dues: Sequence[Due]) -> list[tuple[Household, int]]:
    """Return the household of each period with its months."""
    found = []
    for due in dues:
        if due.income_to not in case.periods:
            case.periods[due.income_to] = _period(books, case, due)
        found.append((case.periods[due.income_to], due.months))
    return found


def _period(books: Books, case: _Case, due: Due) -> Household:
    """Return the household from 1 January on: booked by tax date, what is to come at the pace so far."""
    _, year_end = year_days(case.year)
    if due.income_to >= year_end:
        return case.household
    net, by_business = taxes.profit_on_return(books, case.year, min(due.income_to, case.day))
    profit = net.expected
    if due.income_to > case.day:
        ahead = case.projection.profit - profit
        profit += ahead * (due.income_to - case.day) // (year_end - case.day)
    period = with_profit(taxes.household_of(books, case.year, by_business), profit)
    return part_of_year(period, [business.net_profit_cents for business in period.businesses], due.months)


def _federal(books: Books, case: _Case, withheld: Sequence[Credit] | None, filed_and_paid: Day | None) -> Plan:
    dues = postponed.dues(books, FEDERAL, case.year)
    period_tax = federal_period(case.rules.figures, case.evaluate)
    facts = Facts(
        filing_status=case.household.filing_status,
        tax=case.result.totals["total_federal_cents"],
        income=case.result.components["agi"],
        withholding=case.household.withholding_cents if withheld is None else sum(row.cents for row in withheld),
        prior_tax=case.prior("prior_year_tax"),
        prior_income=case.prior("prior_year_agi"),
    )
    return plan(
        Situation(
            rules=postponed.rules()[FEDERAL],
            dues=dues,
            facts=facts,
            tax_year=case.year,
            as_of=case.paid_until,
            tax_known=case.known,
            payments=_payments(books, case, FEDERAL),
            withheld=None if withheld is None else tuple(withheld),
            periods=tuple(period_tax(each, factor_of(months)) for each, months in _periods(books, case, dues)),
            rates=_rates(),
            filed_and_paid=filed_and_paid,
            file_by=file_and_pay_by(case.year, postponed.closed_days()),
        )
    )


def _state(books: Books, case: _Case) -> Plan:
    code = case.state
    rules = postponed.rules().get(code)
    facts = Facts(
        filing_status=case.household.filing_status,
        tax=_state_tax(case.result),
        income=case.result.components["agi"],
        withholding=case.household.state_withholding_cents,
        prior_tax=case.prior("prior_year_state_tax"),
        prior_income=case.prior("prior_year_agi"),
    )
    if rules is None or not rules.slots or case.rules.state is None:
        dated = rules is not None and bool(rules.slots)
        why = NO_FIGURES.format(code, case.year) if dated else no_instalments(code, rules)
        return Plan(jurisdiction=code, tax_year=case.year, as_of=case.paid_until, facts=facts, why=why)
    dues = postponed.dues(books, code, case.year)
    return plan(
        Situation(
            rules=rules, dues=dues, facts=facts, tax_year=case.year, as_of=case.paid_until,
            tax_known=case.known, payments=_payments(books, case, code),
            periods=_state_periods(code, case.evaluate, _periods(books, case, dues)) if rules.annualized else (),
        )
    )  # fmt: skip


def no_instalments(code: str, rules: Rules | None) -> str:
    """Return why there is nothing to plan for a state."""
    if rules is not None and rules.kind == NO_TAX:
        return f"{code} has no tax on this income: nothing to pay."
    if rules is not None and rules.kind == VOLUNTARY:
        return f"{code} asks individuals for no instalments; the tax is due with the return."
    return NO_DATES.format(code)


def _state_tax(result: Result) -> int:
    return result.totals["state_tax_cents"] + result.totals["local_tax_cents"]


def _state_periods(
    code: str, evaluate: Callable[[Household], Result], periods: Sequence[tuple[Household, int]]
) -> tuple[PeriodTax, ...]:
    found = []
    for period, months in periods:
        tax = max(0, _state_tax(evaluate(annualized(period, factor_of(months)))))
        line = Line(f"Instalments {code}", "19", "Annualized tax after credits", tax, "tax", {"tax": tax}, "")
        found.append(PeriodTax(tax, (line,)))
    return tuple(found)


def _payments(books: Books, case: _Case, jurisdiction: str) -> tuple[Credit, ...]:
    return tuple(Credit(row.day, row.cents) for row in taxes_paid.paid(books, case.year, jurisdiction, case.paid_until))
