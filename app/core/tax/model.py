"""The household as the tax sees it, and the answer with its work shown.

All amounts are whole cents of one tax year; ages are those reached by 31 December. Nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus


class Owner(StrEnum):
    """Whose Schedule C it is. Self-employment tax is a tax of the person, never of the couple."""

    SELF = "self"
    SPOUSE = "spouse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One taxpayer. `age` is None while the birth year is unknown; nothing that hangs on age is granted then."""

    age: int | None = None
    blind: bool = False
    wages_cents: int = 0
    """Wages of Form W-2; taken to be Social Security and Medicare wages as well."""
    withholding_cents: int = 0
    state_withholding_cents: int = 0
    health_insurance_cents: int = 0
    """Premiums of the self-employed, before their limit."""
    retirement_cents: int = 0
    """Own contribution to a SEP, or the employer's part of a solo 401(k), before its limit."""
    deferral_cents: int = 0
    """The employee's part of a solo 401(k), catch-up included, before its limit."""
    ira_cents: int = 0
    """Contribution to a traditional IRA."""
    workplace_plan: bool = False
    """Takes part in an employer's retirement plan. One's own SEP or solo 401(k) counts by itself."""
    tips_cents: int = 0
    """Qualified tips inside the wages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One Schedule C. `net_profit_cents` is line 31, negative for a loss."""

    net_profit_cents: int
    owner: Owner = Owner.SELF
    sstb: bool = False
    """A specified service trade or business (section 199A(d))."""
    w2_wages_cents: int = 0
    ubia_cents: int = 0
    """Cost of qualified property."""
    tips_cents: int = 0
    """Qualified tips inside the receipts: reported to the business, in a listed occupation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Itemized:
    """What Schedule A may deduct, before its limits. All amounts were paid in the year, in cents."""

    state_income_tax_cents: int = 0
    local_income_tax_cents: int = 0
    sales_tax_cents: int = 0
    """General sales tax; counts instead of the income taxes when it is larger."""
    property_tax_cents: int = 0
    mortgage_interest_cents: int = 0
    """Within the limit on the debt: the caller's duty."""
    charity_cash_cents: int = 0
    charity_other_cents: int = 0
    """Property given, at the value that may be deducted."""
    medical_cents: int = 0
    other_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One return. `spouse` is None on every return but a joint one."""

    year: int
    filing_status: FilingStatus = FilingStatus.SINGLE
    primary: Person = Person()
    spouse: Person | None = None
    children_ages: tuple[int, ...] = ()
    """Dependent children by age; a child born after the year must not be listed."""
    businesses: tuple[Business, ...] = ()
    interest_cents: int = 0
    dividends_cents: int = 0
    """Ordinary dividends, the qualified ones included."""
    qualified_dividends_cents: int = 0
    short_term_gains_cents: int = 0
    long_term_gains_cents: int = 0
    short_term_loss_carryover_cents: int = 0
    long_term_loss_carryover_cents: int = 0
    """Last year's capital losses that were not deducted, positive amounts."""
    social_security_cents: int = 0
    other_income_cents: int = 0
    qbi_loss_carryover_cents: int = 0
    """Last year's qualified business loss, a positive amount."""
    itemized: Itemized | None = None
    """None compares nothing: the standard deduction is taken."""
    state_profit_difference_cents: int = 0
    """By how much the state's profit is above the federal one, because it depreciates otherwise."""
    apart_by_assumption: bool = False
    """Filing separately: the credit of single people is given without asking, as reference tables assume."""
    lived_apart: bool = False
    """Filing separately: the caller states that the separated-spouse rules are met. The engine does not check them."""
    tables: bool = False
    """Look tax and earned income credit up in steps as the printed tables do, to match the form."""

    @property
    def persons(self) -> tuple[tuple[Owner, Person], ...]:
        if self.spouse is None:
            return ((Owner.SELF, self.primary),)
        return ((Owner.SELF, self.primary), (Owner.SPOUSE, self.spouse))

    @property
    def net_profit_cents(self) -> int:
        return sum(business.net_profit_cents for business in self.businesses)

    @property
    def withholding_cents(self) -> int:
        return sum(person.withholding_cents for _, person in self.persons)

    @property
    def state_withholding_cents(self) -> int:
        return sum(person.state_withholding_cents for _, person in self.persons)


class Line(NamedTuple):
    """One line of a worksheet. `formula` is arithmetic over the names of `inputs`, so that anybody can redo it."""

    form: str
    line: str
    label: str
    cents: int
    formula: str
    inputs: Mapping[str, int]
    """Cents, but for names that end in `_count`."""
    source: str


class ScheduleA(NamedTuple):
    """Itemized deductions after their limits, in cents; a state's own deduction starts from the parts."""

    medical: int = 0
    taxes: int = 0
    interest: int = 0
    charity: int = 0
    other: int = 0
    reduction: int = 0
    """What the cap on their value takes off again in the top bracket (section 68)."""

    @property
    def before_reduction(self) -> int:
        return self.medical + self.taxes + self.interest + self.charity + self.other

    @property
    def total(self) -> int:
        return self.before_reduction - self.reduction


class Carryovers(NamedTuple):
    """Losses that go on to next year, positive amounts in cents."""

    short_term_loss: int = 0
    long_term_loss: int = 0
    qualified_business_loss: int = 0


NOTHING_CARRIED = Carryovers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The federal tax of one household."""

    year: int
    totals: Mapping[str, int]
    """Cents, by the keys of `tax estimate`."""
    components: Mapping[str, int]
    """Cents, by the output columns of the scenario table; `itemizes` is 0 or 1."""
    facts: Mapping[str, int]
    """What a state return starts from, by the names of `state.facts`."""
    lines: tuple[Line, ...]
    """Empty when the evaluation was asked not to explain."""
    assumptions: tuple[str, ...]
    parameters_version: str
    schedule_a: ScheduleA | None = None
    """What itemizing would deduct; None when nothing was entered for it. Taken when `itemizes` is 1."""
    carryovers: Carryovers = NOTHING_CARRIED
