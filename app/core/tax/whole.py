"""The whole return: federal, state and place, which lean on each other where state tax is deducted federally."""

from __future__ import annotations

from dataclasses import replace

from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Itemized, Result
from app.core.tax.state.evaluate import NONE, StateTax, evaluate_state
from app.core.tax.state.facts import Facts
from app.core.tax.state.rules import StateRules


def evaluate_return(
    household: Household, figures: Parameters, rules: StateRules | None, locality: str = "", *, explain: bool = True
) -> Result:
    """Return the taxes of a household with every line that led to them; no state when `rules` is None.

    State and local tax of the year is taken as paid in it, so it counts among the itemized deductions where they are
    larger than the standard deduction. States whose own base follows the federal deductions are worked out once more
    on that return; the circle is not followed further, for it is worth a few dollars at most.
    Units: cents. Raises: ValueError when the figures are of another year than the household.
    """
    year = rules.year(household.year) if rules else None
    federal = evaluate(household, figures, explain=explain)
    if rules is None or year is None:
        return federal
    tax = evaluate_state(rules, year, Facts(household, federal.facts), locality, explain=explain)
    itemizing = _with_state_tax(household, federal, tax)
    if itemizing is not None:
        federal = evaluate(itemizing, figures, explain=explain)
        if federal.facts["federal_itemizes_count"]:
            tax = evaluate_state(rules, year, Facts(itemizing, federal.facts), locality, explain=explain)
    return _joined(federal, tax)


def _with_state_tax(household: Household, federal: Result, tax: StateTax) -> Household | None:
    """Return the household with its state tax among what it may itemize; None when that cannot change its return."""
    entered = household.itemized
    state, local = max(0, tax.before_refundable - tax.refundable), max(0, tax.local - tax.local_refundable)
    if entered is None:
        if state + local <= federal.facts["federal_standard"]:
            return None
        entered = Itemized()
    if entered.state_income_tax_cents or entered.local_income_tax_cents:
        return None
    return replace(
        household, itemized=replace(entered, state_income_tax_cents=state, local_income_tax_cents=local)
    )  # fmt: skip


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
