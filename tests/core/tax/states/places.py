"""Households by a few facts in dollars, worked out in a state."""

from __future__ import annotations

import tomllib
from importlib import resources

from app.core.books.vocabulary import FilingStatus
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Itemized, Person, Result
from app.core.tax.state.rules import load_state
from app.core.tax.whole import evaluate_return

SINGLE, JOINT, SEPARATE, HEAD = FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH


class Place:
    """A state in one year: `place(60_000)` is the answer for a single filer of 40 with so much in wages."""

    def __init__(self, figures: dict[int, Parameters], code: str, year: int) -> None:
        path = resources.files("resources").joinpath("tax", "states", f"{code}.toml")
        self.rules = load_state(tomllib.loads(path.read_text(encoding="utf-8")))
        self.figures, self.year = figures[year], year

    def __call__(
        self,
        wages: int = 0,
        *,
        status: FilingStatus = SINGLE,
        age: int = 40,
        blind: bool = False,
        spouse: int = 0,
        spouse_age: int = 40,
        children: tuple[int, ...] = (),
        profit: int = 0,
        business_wages: int = 0,
        interest: int = 0,
        gains: int = 0,
        benefits: int = 0,
        mortgage: int = 0,
        locality: str = "",
    ) -> Result:
        business = Business(net_profit_cents=profit * 100, w2_wages_cents=business_wages * 100)
        household = Household(
            year=self.year,
            filing_status=status,
            primary=Person(age=age, wages_cents=wages * 100, blind=blind),
            spouse=Person(age=spouse_age, wages_cents=spouse * 100) if status is JOINT else None,
            children_ages=children,
            businesses=(business,) if profit else (),
            interest_cents=interest * 100,
            long_term_gains_cents=gains * 100,
            social_security_cents=benefits * 100,
            itemized=Itemized(mortgage_interest_cents=mortgage * 100) if mortgage else None,
        )
        return evaluate_return(household, self.figures, self.rules, locality)


def tax(result: Result) -> float:
    return result.components["state_income_tax_before_refundable_credits"] / 100


def paid_out(result: Result) -> float:
    return result.components["state_refundable_credits"] / 100


def line(result: Result, label: str) -> float:
    """Return the amount of the state's line; federal lines, which may be called the same, come before it."""
    return next(line.cents for line in reversed(result.lines) if line.label == label) / 100
