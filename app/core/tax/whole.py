"""The whole return: federal, state and place, which lean on each other where state tax is deducted federally."""

from __future__ import annotations

from dataclasses import replace

from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Result
from app.core.tax.state.evaluate import NONE, StateTax, evaluate_state
from app.core.tax.state.facts import Facts
from app.core.tax.state.rules import StateRules, StateYear


def evaluate_return(
    household: Household, figures: Parameters, rules: StateRules | None, locality: str = "", *, explain: bool = True
) -> Result:
    """Return the taxes of a household with every line that led to them; no state when `rules` is None.

    Units: cents. Raises: ValueError when the figures are of another year than the household.
    """
    year = rules.years.get(household.year) if rules else None
    federal = evaluate(household, figures, explain=explain)
    if rules is None or year is None:
        return federal
    tax = evaluate_state(rules, year, Facts(household, federal.facts), locality, explain=explain)
    return _joined(federal, tax)


def _joined(federal: Result, tax: StateTax) -> Result:
    if tax == NONE:
        return replace(federal, components={**federal.components, **_components(tax)})
    return replace(
        federal,
        totals={
            **federal.totals,
            "state_tax_cents": tax.before_refundable - tax.refundable,
            "local_tax_cents": tax.local - tax.local_refundable,
        },
        components={**federal.components, **_components(tax)},
        lines=federal.lines + tax.lines,
    )


def _components(tax: StateTax) -> dict[str, int]:
    return {
        "state_income_tax_before_refundable_credits": tax.before_refundable,
        "state_refundable_credits": tax.refundable,
        "state_income_tax": tax.before_refundable - tax.refundable,
        "local_income_tax": tax.local - tax.local_refundable,
        "local_before_refundable": tax.local,
    }


def state_year(rules: StateRules, year: int) -> StateYear | None:
    """Return a state's year; None when the program has no figures of it."""
    return rules.years.get(year)
