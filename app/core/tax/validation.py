"""A household that cannot be: refused with the name of the field, before any tax is worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from app.core.books.vocabulary import FilingStatus
from app.core.errors import Refused
from app.core.money import LARGEST_CENTS
from app.core.tax.model import Business, Household, Itemized, Owner, Person

OLDEST = 130
SIGNED = frozenset({"net_profit_cents", "short_term_gains_cents", "long_term_gains_cents", "other_income_cents"})
"""Amounts that may be losses."""


def validated(household: Household) -> Household:
    """Return the household as it is.

    Raises: Refused with the first thing that cannot be.
    """
    for message, hint in household_problems(household):
        raise Refused(message, hint)
    return household


def household_problems(household: Household) -> Iterator[tuple[str, str]]:
    """Yield a sentence that names the field, and a hint, for everything that cannot be."""
    if not _is(household.filing_status, FilingStatus):
        yield f"filing_status cannot be “{household.filing_status}”.", f"Choose one of: {', '.join(FilingStatus)}."
        return
    yield from _amounts("", household)
    yield from _person("", household.primary)
    if household.spouse is not None:
        yield from _person("spouse_", household.spouse)
    yield from _spouses(household)
    for number, business in enumerate(household.businesses, start=1):
        yield from _business(f"business {number}: ", business)
    if household.itemized is not None:
        yield from _amounts("", household.itemized)
    for age in household.children_ages:
        yield from _age("children", age)
    if household.qualified_dividends_cents > household.dividends_cents:
        yield "qualified_dividends are more than dividends, which include them.", "Correct one of the two."


def _spouses(household: Household) -> Iterator[tuple[str, str]]:
    joint = household.filing_status is FilingStatus.MFJ
    if joint and household.spouse is None:
        yield "filing_status is mfj, but there is no spouse.", "Add the spouse, or choose another filing status."
    if not joint and household.spouse is not None:
        yield (
            f"A spouse does not belong on a return of filing_status {household.filing_status}.",
            "Leave the spouse out.",
        )
    if not joint and any(business.owner is Owner.SPOUSE for business in household.businesses):
        yield "A business with owner spouse belongs on a joint return only.", "Leave it out, or choose mfj."


def _person(prefix: str, person: Person) -> Iterator[tuple[str, str]]:
    yield from _amounts(prefix, person)
    if person.age is not None:
        yield from _age(f"{prefix}age", person.age)
    if person.tips_cents > person.wages_cents:
        yield f"{prefix}tips are more than {prefix}wages, which include them.", "Correct one of the two."


def _business(prefix: str, business: Business) -> Iterator[tuple[str, str]]:
    if not _is(business.owner, Owner):
        yield f"{prefix}owner cannot be “{business.owner}”.", f"Choose one of: {', '.join(Owner)}."
    yield from _amounts(prefix, business)


def _age(name: str, age: int) -> Iterator[tuple[str, str]]:
    if not 0 <= age <= OLDEST:
        yield f"{name} cannot be {age}.", f"Use an age from 0 to {OLDEST}."


def _amounts(prefix: str, part: Household | Person | Business | Itemized) -> Iterator[tuple[str, str]]:
    for name, cents in _cents_of(part).items():
        shown = prefix + name.removesuffix("_cents")
        if cents < 0 and name not in SIGNED:
            yield f"{shown} cannot be negative.", "Use an amount of 0 or more."
        elif abs(cents) > LARGEST_CENTS:
            yield f"{shown} is larger than any amount the tax is worked out for.", "Check the amount."


def _cents_of(part: Household | Person | Business | Itemized) -> Mapping[str, int]:
    return {field.name: getattr(part, field.name) for field in fields(part) if field.name.endswith("_cents")}


def _is(value: object, kind: type) -> bool:
    """Return whether a value is what its annotation promises; a caller that reads text may have broken it."""
    return isinstance(value, kind)
