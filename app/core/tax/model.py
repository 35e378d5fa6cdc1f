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
    """Own contribution to a SEP or solo 401(k), before its limit."""


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
    social_security_cents: int = 0
    other_income_cents: int = 0
    qbi_loss_carryover_cents: int = 0
    """Last year's qualified business loss, a positive amount."""
    lived_apart: bool = False
    """Filing separately: the caller states that the separated-spouse rules are met. The engine does not check them."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The federal tax of one household."""

    year: int
    totals: Mapping[str, int]
    """Cents, by the keys of `tax estimate`."""
    components: Mapping[str, int]
    """Cents, by the output columns of the scenario table."""
    facts: Mapping[str, int]
    """What a state return starts from, by the names of `state.facts`."""
    lines: tuple[Line, ...]
    """Empty when the evaluation was asked not to explain."""
    assumptions: tuple[str, ...]
    parameters_version: str
