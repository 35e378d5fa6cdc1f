"""What the federal return hands on: the parts a state return and the reserve start from."""

from __future__ import annotations

from typing import NamedTuple

from app.core.tax.adjusted_income import AdjustedIncome, OwnDeductions
from app.core.tax.credits import ChildCredits, employee_taxes
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Owner
from app.core.tax.schedule_se import SelfEmploymentTax
from app.core.tax.taxable_income import TaxableIncome


class Own(NamedTuple):
    """The self-employed side of one person."""

    tax: SelfEmploymentTax
    deductions: OwnDeductions


class IncomeTax(NamedTuple):
    """Cents, in the order of the return."""

    income: TaxableIncome
    amt: int
    before_credits: int
    elderly: int
    children: ChildCredits
    earned_credit: int
    after_credits: int

    def components(self) -> dict[str, int]:
        found = self.income
        return {
            "standard_deduction": found.standard,
            "senior_deduction": found.senior,
            "qbi_deduction": found.qbi.deduction,
            "taxable_income": found.taxable,
            "income_tax_before_credits": self.before_credits,
            "amt": self.amt,
            "nonrefundable_credits": self.elderly + self.children.nonrefundable,
            "eitc": self.earned_credit,
            "refundable_ctc": self.children.refundable,
            "refundable_credits": self.earned_credit + self.children.refundable,
            "itemizes": int(found.itemizes),
        }


def federal_facts(
    figures: Parameters, household: Household, own: dict[Owner, Own], income: AdjustedIncome, tax: IncomeTax,
    *, niit: int, additional: int,
) -> dict[str, int]:  # fmt: skip
    """Return what a state return starts from, by the names of `state.facts`. Units: cents, or heads for a count."""
    found = tax.income
    primary, spouse = own[Owner.SELF], own.get(Owner.SPOUSE)
    profits = {
        owner: sum(each.net_profit_cents for each in household.businesses if each.owner is owner) for owner in Owner
    }
    spouse_agi = 0
    if spouse and household.spouse:
        spouse_agi = household.spouse.wages_cents + profits[Owner.SPOUSE] - spouse.deductions.total
    half = sum(person.tax.deductible_half for person in own.values())
    health = sum(person.deductions.health for person in own.values())
    retirement = sum(person.deductions.retirement for person in own.values())
    return {
        "profit": household.net_profit_cents,
        "primary_profit": profits[Owner.SELF],
        "spouse_profit": profits[Owner.SPOUSE],
        "half_se": half,
        "primary_half_se": primary.tax.deductible_half,
        "spouse_half_se": spouse.tax.deductible_half if spouse else 0,
        "se_tax": sum(person.tax.tax for person in own.values()),
        "primary_se_tax": primary.tax.tax,
        "spouse_se_tax": spouse.tax.tax if spouse else 0,
        "se_earnings": sum(person.tax.net_earnings for person in own.values()),
        "additional_medicare": additional,
        "employee_tax": employee_taxes(figures.child_credit, figures.self_employment, household),
        "short_gains": income.capital.short,
        "long_gains": income.capital.long,
        "net_long_gain": income.capital.net_gain,
        "capital": income.capital.counted,
        "taxable_benefits": income.taxable_benefits,
        "health_insurance": health,
        "retirement": retirement,
        "adjustments": half + health + retirement + income.ira,
        "federal_agi": income.adjusted,
        "primary_agi": income.adjusted - spouse_agi,
        "spouse_agi": spouse_agi,
        "federal_standard": found.standard,
        "federal_senior": found.senior,
        "federal_deduction": found.deducted,
        "federal_itemizes_count": int(found.itemizes),
        "federal_salt": found.taxes_deducted,
        "federal_qbi": found.qbi.deduction,
        "federal_taxable": found.taxable,
        "federal_tax_before_credits": tax.before_credits,
        "federal_amt": tax.amt,
        "federal_nonrefundable": tax.elderly + tax.children.nonrefundable,
        "federal_income_tax": tax.after_credits,
        "federal_niit": niit,
        "eitc": tax.earned_credit,
        "child_credit": tax.children.nonrefundable + tax.children.refundable,
        "refundable_child_credit": tax.children.refundable,
        "investment": investment_income(household, max(0, income.capital.counted)),
        "earned": sum(person.wages_cents for _, person in household.persons) + household.net_profit_cents - half,
    }


def investment_income(household: Household, capital: int) -> int:
    """Return interest, dividends and gains in cents."""
    return household.interest_cents + household.dividends_cents + capital
