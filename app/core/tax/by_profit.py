"""The tax of a household as a function of its profit, for questions like "what does this deposit change?"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from app.core.money import split_by_weights
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household
from app.core.tax.state.rules import StateRules
from app.core.tax.whole import evaluate_return


class TaxParts(NamedTuple):
    """The tax by what causes it, in cents."""

    federal: int
    """Income tax after credits, with net investment income tax."""
    self_employment: int
    """Self-employment tax, with Additional Medicare Tax."""
    state: int = 0
    local: int = 0

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def to_federal(self) -> int:
        """What goes to the federal government: the rest goes to the state, with the tax of the place."""
        return self.federal + self.self_employment

    @property
    def to_state(self) -> int:
        return self.state + self.local

    def less(self, other: TaxParts) -> TaxParts:
        return TaxParts(*(one - two for one, two in zip(self, other, strict=True)))


TaxByProfit = Callable[[int], TaxParts]


def with_profit(household: Household, profit: int) -> Household:
    """Return the household with this profit in all; the difference goes to its businesses in step with their profit."""
    businesses = household.businesses or (Business(net_profit_cents=0),)
    change = profit - household.net_profit_cents
    weights = [max(0, business.net_profit_cents) for business in businesses]
    if not any(weights):
        weights[0] = 1
    parts = split_by_weights(change, weights)
    return replace(
        household,
        businesses=tuple(
            replace(business, net_profit_cents=business.net_profit_cents + part)
            for business, part in zip(businesses, parts, strict=True)
        ),
    )


def tax_by_profit(
    household: Household, figures: Parameters, state: StateRules | None = None, locality: str = ""
) -> TaxByProfit:
    """Return T: profit of the year in cents -> the taxes of the whole return."""

    def tax(profit: int) -> TaxParts:
        totals = evaluate_return(with_profit(household, profit), figures, state, locality, explain=False).totals
        return TaxParts(
            federal=totals["federal_income_tax_cents"] + totals["niit_cents"],
            self_employment=totals["se_tax_cents"] + totals["additional_medicare_cents"],
            state=totals["state_tax_cents"],
            local=totals["local_tax_cents"],
        )

    return tax
