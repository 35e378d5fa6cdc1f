"""Which rules a profile is taxed by in a year: the federal ones, those of its state and of its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.errors import Refused
from app.core.tax import wording
from app.core.tax.by_profit import TaxByProfit, tax_by_profit
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Result
from app.core.tax.state.rules import StateRules
from app.core.tax.whole import evaluate_return
from app.services.tax import tax_figures


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRules:
    """The rules of one year for one profile. `state` is None when none is named, or none is known for the year."""

    figures: Parameters
    state: StateRules | None
    locality: str
    notes: tuple[str, ...]
    """What must be said about the state beside a figure."""

    @property
    def state_code(self) -> str:
        return self.state.code if self.state else ""

    @property
    def version(self) -> str:
        """Return which rules these are: `US 2026.1 and CA 2026.2`."""
        state = f" and {self.state.code} {self.state.version}" if self.state else ""
        return f"US {self.figures.version}{state}"

    def by_profit(self, household: Household) -> TaxByProfit:
        """Return the taxes of the household as a function of its profit."""
        return tax_by_profit(household, self.figures, self.state, self.locality)

    def evaluate(self, household: Household, *, explain: bool = True) -> Result:
        """Return the taxes of the household."""
        return evaluate_return(household, self.figures, self.state, self.locality, explain=explain)


def rules_of(profile: Mapping[str, str], year: int) -> TaxRules:
    """Return the rules of a year for a profile. Raises: Refused for a year without federal figures."""
    figures = tax_figures.federal(year)
    code = (profile.get("state") or "").strip().upper()
    if not code:
        return TaxRules(figures=figures, state=None, locality="", notes=(wording.NO_STATE,))
    found = tax_figures.state(code)
    if found.year(year) is None:
        return TaxRules(figures=figures, state=None, locality="", notes=(wording.state_not_known(found.name, year),))
    named = (profile.get("locality") or "").strip()
    try:
        place, unknown = tax_figures.locality(found, named), ""
    except Refused:
        place, unknown = "", named
    return TaxRules(
        figures=figures, state=found, locality=place, notes=tuple(_notes(found, year, place, unknown)),
    )  # fmt: skip


def _notes(found: StateRules, year: int, place: str, unknown: str) -> Iterator[str]:
    yield wording.fidelity_note(found)
    yield from wording.projected_state_note(found, year)
    if unknown:
        yield wording.unknown_place(unknown)
    elif found.local_note and not place:
        yield found.local_note
    yield from map(wording.left_out, found.not_included)
    yield from found.warnings
