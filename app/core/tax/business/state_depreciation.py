"""What a state takes back of the federal depreciation: the same schedules by the state's own rules.

How each state does it is data; a state that is not there is not known, and that is said rather than guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.core.tax.business import depreciation
from app.core.tax.business.depreciation import Asset, Rules
from app.core.tax.business.figures import BusinessFigures
from app.core.tax.parameters import STATUSES, BadParametersError

FEDERAL = "federal"
NONE = "none"
OWN = "own"
_KNOWN = frozenset({"bonus", "section_179", "section_179_limit_cents", "section_179_phase_out_cents", "note"})


class StateRules(NamedTuple):
    """One state. `known` is False where its way is not worked out here, and `note` says why."""

    state: str
    rules: Rules
    known: bool
    note: str


def load_states(data: Mapping[str, Any]) -> dict[str, StateRules]:
    """Return the states of the file by code. Raises: BadParametersError that names the figure."""
    return {state: _state(state, entries) for state, entries in data.items()}


def _state(state: str, entries: Mapping[str, Any]) -> StateRules:
    unknown = set(entries) - _KNOWN
    if unknown:
        raise BadParametersError(f"{state}: unknown {', '.join(sorted(unknown))}")
    for name, entry in entries.items():
        if not isinstance(entry, Mapping) or set(entry) != {"value", "status", "source", "read"}:
            raise BadParametersError(f"{state}.{name}: value, status, source and read are needed")
        if entry["status"] not in STATUSES or not entry["source"] or not isinstance(entry["read"], date):
            raise BadParametersError(f"{state}.{name}: status, source or read is not usable")
    value = {name: entry["value"] for name, entry in entries.items()}
    bonus, election = value.get("bonus"), value.get("section_179")
    limit, start = value.get("section_179_limit_cents"), value.get("section_179_phase_out_cents")
    if bonus not in {FEDERAL, NONE, OWN} or election not in {None, FEDERAL}:
        raise BadParametersError(f"{state}: bonus is federal, none or own; section_179 is federal or its limits")
    missing = []
    if bonus == OWN:
        missing.append(f"it {value.get('note', 'has a way of its own')}")
    if election is None and (limit is None or start is None):
        missing.append("its limits of section 179 are not known here")
    return StateRules(state, Rules(bonus == FEDERAL, limit, start), not missing, "; ".join(missing))


def state_rules(states: Mapping[str, StateRules], state: str) -> StateRules:
    """Return what is known of a state; of one that is not there: nothing."""
    return states.get(state) or StateRules(state, depreciation.FEDERAL, False, "its depreciation is not known here")


def difference(
    figures: Mapping[int, BusinessFigures], assets: Sequence[Asset], year: int, rules: Rules,
    quarterly: Mapping[int, bool],
) -> int:  # fmt: skip
    """Return by how much the state's profit of a year is above the federal one (negative: below). Units: cents.

    `figures` has the years of service that are known. The limit of section 179 by income is not applied: both sides
    would meet it.
    """
    return sum(
        _year(figures, assets, asset, year, depreciation.FEDERAL, quarterly)
        - _year(figures, assets, asset, year, rules, quarterly)
        for asset in assets
        if asset.year <= year
    )


def _year(
    figures: Mapping[int, BusinessFigures], assets: Sequence[Asset], asset: Asset, year: int, rules: Rules,
    quarterly: Mapping[int, bool],
) -> int:  # fmt: skip
    then = figures.get(asset.year)
    allowed = depreciation.elected_179(then, assets, rules).get(asset.key, 0) if then else asset.section_179_cents
    taken = depreciation.schedule(
        figures[year], asset, year, quarterly=quarterly.get(asset.year, False), allowed_179=allowed, rules=rules
    )[-1]
    return taken.total - taken.recapture
