"""What must be said beside a tax figure, and the sentences of what was assumed."""

from __future__ import annotations

from datetime import date

from app.core.money import money_text
from app.core.tax.figures import Parameters
from app.core.tax.model import Household
from app.core.tax.state.rules import Fidelity, StateRules

NO_STATE = "No state is set: state tax is not included."
NO_ITEMIZING = "The standard deduction is used: of itemized deductions only state and local income tax is compared."
STATE_TAX_TAKEN = (
    "Itemized: state and local taxes are taken as paid in the year they are for, and gifts within what may be deducted "
    "this year."
)
STANDARD_IS_LARGER = "The standard deduction is used: it is larger than the deductions entered for itemizing."
PLAN_LIMITS = (
    "Own retirement plan: the limits are those of one plan without employees, with no deferral at another job."
)
TIPS_LISTED = "Tips: the occupation is taken to be on the list, and the tips to be on a form you received."
MOST_NAMED = 3
"""Projected figures are named up to this many; a whole year of them is one phrase."""
AS_TABLES = "Tax and earned income credit are looked up as in the printed tables."
CREDITS_BY_FORMULA = "Tax and credits follow the formulas of the law; the printed tables differ by a few dollars."


def standing_note(read: date) -> str:
    """Return the sentence that stands everywhere a tax figure stands."""
    return (
        f"Estimate from your entries and rules of {read.isoformat()}. Not tax advice, not a return. "
        "1099 Ops is not a tax preparer and sends nothing to any tax agency."
    )


def assumed(household: Household, *, itemizes: bool) -> tuple[str, ...]:
    """Return the sentences of what the answer rests on for this household."""
    persons = [person for _, person in household.persons]
    compared = household.itemized is not None
    tips = sum(person.tips_cents for person in persons) + sum(each.tips_cents for each in household.businesses)
    said = (
        (NO_ITEMIZING, not compared),
        (STANDARD_IS_LARGER, compared and not itemizes),
        (STATE_TAX_TAKEN, itemizes),
        (AS_TABLES, household.tables),
        (CREDITS_BY_FORMULA, not household.tables),
        (PLAN_LIMITS, any(person.retirement_cents or person.deferral_cents for person in persons)),
        (TIPS_LISTED, tips > 0),
    )
    return tuple(sentence for sentence, holds in said if holds)


def projected_note(figures: Parameters) -> tuple[str, ...]:
    """Return one sentence when figures of the year are not law yet, else nothing."""
    if not figures.projected:
        return ()
    if len(figures.projected) > MOST_NAMED:
        what = "figures that follow prices, such as the tax brackets and the standard deduction"
    else:
        what = ", ".join(name.partition(".")[2].replace("_cents", "").replace("_", " ") for name in figures.projected)
    return (f"{figures.year} estimate: not yet published and taken from a projection: {what}.",)


def state_not_known(name: str, year: int) -> str:
    return f"The tax of {name} for {year} is not known yet and not included."


def unknown_place(name: str) -> str:
    return f"The income tax of “{name}” itself, if it has one, is not known and not included."


def left_out(what: str) -> str:
    return f"Not included: {what[:1].lower() if what[1:2].islower() else what[:1]}{what[1:]}"


def fidelity_note(state: StateRules) -> str:
    """Return how far the tax of a state can be relied on, in words."""
    if not state.has_income_tax:
        return f"{state.name} has no tax on income."
    if state.fidelity is Fidelity.APPROXIMATE:
        gap = money_text(state.error_p90_cents)
        return f"{state.name}: approximate. In nine of ten test households it is off by no more than {gap}."
    word = "tested against independent programs" if state.fidelity is Fidelity.TESTED else "worked out from its tables"
    return f"{state.name}: income tax {word}."


def projected_state_note(state: StateRules, year: int) -> tuple[str, ...]:
    """Return one sentence when figures of the state are not published yet, else nothing."""
    if state.is_borrowed(year):
        return (f"{state.name} {year} estimate: its figures are not known yet, those of {year - 1} are used.",)
    found = state.years.get(year)
    count = len(found.projected) if found else 0
    if not count:
        return ()
    what = "one of its figures is" if count == 1 else f"{count} of its figures are"
    return (f"{state.name} {year} estimate: {what} not yet published and taken from a projection.",)
