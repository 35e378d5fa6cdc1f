"""What a purchase of equipment would take off the profit of a year, federal and state."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.core.dates import day_of
from app.core.errors import Refused
from app.core.tax.business import depreciation, state_depreciation
from app.core.tax.business.depreciation import Asset
from app.services.classify import knowledge

BONUS, SECTION_179, YEARS = "bonus", "section_179", "years"
METHODS = (BONUS, SECTION_179, YEARS)


class Bought(NamedTuple):
    """Cents: what the federal return deducts, and by how much the state's profit is above the federal one."""

    deducted: int
    state_difference: int
    notes: tuple[str, ...]


def bought(year: int, cents: int, method: str, state: str) -> Bought:
    """Return what five-year equipment used from 1 July on, for business alone, takes off a year.

    Raises: Refused for a method there is not, or a year without figures.
    """
    if method not in METHODS:
        raise Refused(f"equipment_method cannot be “{method}”.", f"Choose one of: {', '.join(METHODS)}.")
    figures = knowledge.business_figures(year)
    if figures is None:
        raise Refused(f"How equipment is written off in {year} is not known.", "Choose another year.")
    day = day_of(date(year, 7, 1))
    asset = Asset(
        key="bought", name="Equipment", cost_cents=cents, in_service=day, acquired=day, bonus=method == BONUS,
        section_179_cents=cents if method == SECTION_179 else 0,
    )  # fmt: skip
    allowed = depreciation.elected_179(figures, [asset]).get(asset.key, 0)
    taken = depreciation.schedule(figures, asset, year, allowed_179=allowed)[-1].total
    notes = ["Equipment is taken as five-year property used for business alone from 1 July on."]
    if method == SECTION_179:
        notes.append("Section 179 cannot deduct more than the business earns; that limit is not applied here.")
    if not state:
        return Bought(taken, 0, tuple(notes))
    rules = state_depreciation.state_rules(state_depreciation.load_states(knowledge.state_depreciation()), state)
    if not rules.known:
        notes.append(f"{state} may write off equipment otherwise than the federal return: {rules.note}.")
        return Bought(taken, 0, tuple(notes))
    difference = state_depreciation.difference({year: figures}, [asset], year, rules.rules, {})
    return Bought(taken, difference, tuple(notes))
