"""The three ways to pay a jurisdiction during the year side by side, what each asks now, and which one to take.

Nothing here knows a clock: the day is given. What is late is taken to be paid on that day, what is still to come on
time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.dates import Day
from app.core.tax.instalments import penalty as delay
from app.core.tax.instalments import required as ways
from app.core.tax.instalments import words
from app.core.tax.instalments.annualized import PeriodTax
from app.core.tax.instalments.penalty import Rates
from app.core.tax.instalments.required import ANNUALIZED, PRIOR_YEAR, REGULAR, Credit, Facts, Requirement
from app.core.tax.instalments.schedule import Due, Rules, last_counted_day
from app.core.tax.model import Line

WORTH_THE_FORM_CENTS = 10_000
"""Annualizing means one more form with the return: it must put off this much, or save a penalty."""

_SIMPLE_FIRST = (PRIOR_YEAR, REGULAR, ANNUALIZED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One date by one method. Cents."""

    number: int
    due: Day
    required: int
    paid: int
    """Of it, by payments up to the day and by withholding, the withholding to come included."""
    due_now: int
    """Still to pay: late when the date is behind the day, else by the date."""
    penalty: int
    late: bool
    postponed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way to pay. `why_not` says why it is closed; then nothing else is filled."""

    name: str
    why_not: str = ""
    instalments: tuple[Instalment, ...] = ()
    annual: int = 0
    penalty: int | None = None
    """Up to the day; None where the jurisdiction's rate is not known."""
    penalty_unpaid: int | None = None
    """Up to 15 April when nothing more is paid."""
    april: int = 0
    """Still to pay with the return when the instalments are paid; below zero: comes back."""
    lines: tuple[Line, ...] = ()

    @property
    def available(self) -> bool:
        return not self.why_not

    @property
    def to_pay(self) -> int:
        return sum(each.due_now for each in self.instalments)

    def until(self, day: Day) -> int:
        """Return what is to be paid up to a day, late ones included."""
        return sum(each.due_now for each in self.instalments if each.due <= day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a jurisdiction's plan rests on. `payments` count for the year; those after the day are left out."""

    rules: Rules
    dues: tuple[Due, ...]
    facts: Facts
    tax_year: int
    as_of: Day
    payments: tuple[Credit, ...] = ()
    withheld: tuple[Credit, ...] | None = None
    """Withholding by its days; None: evenly over the dates."""
    periods: tuple[PeriodTax, ...] = ()
    rates: Rates | None = None
    """The rates of interest; None where they are not known."""
    tax_known: bool = True
    """Whether anything is known of this year: without an entry a tax of zero is no finding."""
    filed_and_paid: Day | None = None
    """When the return was filed with all of its tax paid."""
    file_by: Day | None = None
    """By when that makes the last instalment needless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The answer for one jurisdiction. `next_due` and `next_cents` are by the recommended method."""

    jurisdiction: str
    tax_year: int
    as_of: Day
    facts: Facts
    methods: tuple[Method, ...] = ()
    recommended: str | None = None
    why: str = ""
    exempt: str = ""
    notes: tuple[str, ...] = ()
    next_due: Day | None = None
    next_cents: int = 0
    """What to pay by `next_due`, late instalments included."""

    @property
    def asked_by_period(self) -> int:
        """Return what is still asked until the next date on the income of each period, in cents.

        Where that method is not open, what the recommended one asks.
        """
        by_name = {method.name: method for method in self.methods if method.available}
        method = by_name.get(ANNUALIZED) or by_name.get(self.recommended or "")
        if method is None:
            return 0
        coming = min((each.due for each in method.instalments if each.due >= self.as_of), default=None)
        return method.to_pay if coming is None else method.until(coming)

    def method(self, name: str | None) -> Method | None:
        return next((each for each in self.methods if each.name == name), None)


def plan(case: Situation) -> Plan:
    """Return the three methods of a jurisdiction with the one that asks least."""
    exempt = ways.exempt(case.rules, case.facts) if case.tax_known else ""
    needs = _requirements(case)
    if exempt:
        # Last year's way stays as it is: it holds whatever this year brings.
        needs = tuple(_nothing(each) if each.available and each.name != PRIOR_YEAR else each for each in needs)
    if case.filed_and_paid is not None and case.file_by is not None and case.filed_and_paid <= case.file_by:
        needs = tuple(_without_last(each) for each in needs)
    late_notes: list[str] = []
    methods = tuple(_method(case, each, late_notes) for each in needs)
    best = _best(case, methods)
    # A date that was put off may lie behind those that come after it.
    coming = min((due.due for due in case.dues if due.due >= case.as_of), default=None)
    if coming is None and best is not None and best.to_pay:
        coming = case.as_of
    return Plan(
        jurisdiction=case.rules.jurisdiction,
        tax_year=case.tax_year,
        as_of=case.as_of,
        facts=case.facts,
        methods=methods,
        recommended=None if best is None else best.name,
        why=exempt or ("" if best is None else words.why(case, methods, best, coming)),
        exempt=exempt,
        notes=(*words.notes(case, exempt=bool(exempt)), *dict.fromkeys(late_notes)),
        next_due=coming,
        next_cents=0 if best is None or coming is None else best.until(coming),
    )


def _requirements(case: Situation) -> tuple[Requirement, ...]:
    by_current = ways.regular(case.rules, case.facts, case.dues)
    by_prior = ways.prior_year(case.rules, case.facts, case.dues)
    annual = min(each.annual for each in (by_current, by_prior) if each.available)
    return by_current, by_prior, ways.annualized(case.rules, case.dues, case.periods, annual)


def _nothing(need: Requirement) -> Requirement:
    return replace(need, annual=0, required=(0,) * len(need.required), lines=())


def _without_last(need: Requirement) -> Requirement:
    if not need.available or not need.required:
        return need
    return replace(need, required=(*need.required[:-1], 0))


def _method(case: Situation, need: Requirement, notes: list[str]) -> Method:
    if not need.available:
        return Method(name=need.name, why_not=need.why_not)
    withheld = delay.withheld_evenly(case.facts.withholding, case.dues) if case.withheld is None else case.withheld
    paid = [each for each in case.payments if each.day <= case.as_of]
    so_far = [*paid, *(each for each in withheld if each.day <= case.as_of)]
    rest = _rest(case, need.required, so_far, [each for each in withheld if each.day > case.as_of])
    end = last_counted_day(case.tax_year)
    lines, by_number, unpaid = need.lines, (0,) * len(case.dues), None
    if case.rates is not None:
        until = delay.penalty(case.dues, need.required, so_far, case.rates, until=min(case.as_of, end))
        never = delay.penalty(case.dues, need.required, [*paid, *withheld], case.rates, until=end)
        lines, by_number, unpaid = (*lines, *until.lines), until.by_instalment, never.cents
        notes += [words.assumed(quarter) for quarter in until.assumed]
    instalments = tuple(
        Instalment(
            number=due.number, due=due.due, required=asked, paid=asked - still, due_now=still, penalty=cents,
            late=due.due < case.as_of and still > 0, postponed=due.postponed,
        )
        for due, asked, still, cents in zip(case.dues, need.required, rest, by_number, strict=True)
    )  # fmt: skip
    counted = sum(each.cents for each in paid) + sum(each.cents for each in withheld)
    return Method(
        name=need.name,
        instalments=instalments,
        annual=need.annual,
        penalty=None if case.rates is None else sum(by_number),
        penalty_unpaid=unpaid,
        april=case.facts.tax - counted - sum(rest),
        lines=lines,
    )


def _rest(
    case: Situation, required: Sequence[int], so_far: Sequence[Credit], to_come: Sequence[Credit]
) -> tuple[int, ...]:
    """Return what is still to pay of each instalment, when what is late is paid now and the others on time."""
    pool = sum(each.cents for each in so_far)
    coming = sorted(to_come)
    found = []
    for due, asked in zip(case.dues, required, strict=True):
        while coming and coming[0].day <= due.due:
            pool += coming.pop(0).cents
        used = min(asked, pool)
        pool -= used
        found.append(asked - used)
    return tuple(found)


def _best(case: Situation, methods: Sequence[Method]) -> Method | None:
    """Return the method that meets the rule and asks least: in penalty, over the year, by the next date.

    Of equals the simpler one; without anything known of this year, last year's where it can be had.
    """
    open_ = [each for each in methods if each.available]
    if not open_:
        return None
    days = [due.due for due in case.dues]
    coming = min((day for day in days if day >= case.as_of), default=max(days, default=0))
    ordered = sorted(open_, key=lambda each: _SIMPLE_FIRST.index(each.name))
    if not case.tax_known:
        return ordered[0]
    simple = min(
        (each for each in ordered if each.name != ANNUALIZED),
        key=lambda each: (each.penalty or 0, each.annual, each.until(coming)),
    )
    other = next((each for each in open_ if each.name == ANNUALIZED), None)
    if other is None:
        return simple
    saves = (simple.penalty or 0) > (other.penalty or 0)
    puts_off = simple.until(coming) - other.until(coming) >= WORTH_THE_FORM_CENTS
    return other if (saves or puts_off) and (other.penalty or 0) <= (simple.penalty or 0) else simple
