"""The tax figures the program ships, typed and kept once read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from app.core.errors import Refused
from app.core.tax import parameters
from app.core.tax.figures import Parameters
from app.core.tax.profile_keys import STATES
from app.core.tax.state.rules import StateRules, load_state
from app.services.classify import knowledge


@cache
def federal(year: int) -> Parameters:
    """Return the federal figures of a year. Raises: Refused for a year the program does not know."""
    years = knowledge.federal_years()
    if year not in years:
        raise Refused(
            f"1099 Ops knows the federal tax of {years[0]} to {years[-1]}, not of {year}.",
            "Choose one of these with --year.",
        )
    return parameters.load(knowledge.federal(year))


@cache
def state(code: str) -> StateRules:
    """Return the rules of a state by its two letters. Raises: Refused for letters no state has."""
    if code not in STATES:
        raise Refused(f"state cannot be “{code}”.", "Use the two letters of a state or DC, like NY.")
    return load_state(knowledge.state(code))


def locality(rules: StateRules, code: str) -> str:
    """Return the code of a place, given by code or name, whose own income tax is worked out; empty for none.

    Raises: Refused for a place the state's rules do not have.
    """
    wanted = code.strip().upper().replace(" ", "_")
    if not wanted or wanted in rules.localities:
        return wanted
    if named := place_named(rules.localities, code):
        return named
    if rules.localities:
        some = ", ".join(sorted(rules.localities)[:6])
        raise Refused(f"locality “{code}” is not a place in {rules.name} with a known income tax.", f"Such as: {some}.")
    raise Refused(f"locality “{code}”: no place in {rules.name} has a known income tax of its own.", "Leave it empty.")


def place_named(localities: Mapping[str, str], text: str) -> str:
    """Return the code of a place typed by its code or its name; empty for any other text."""
    wanted = _bare(text)
    return next((code for code, name in localities.items() if wanted in {_bare(code), _bare(name)}), "")


def _bare(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")
