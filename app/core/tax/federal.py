"""The federal tax of one household: the worksheets in their order, and the named totals.

Pure and quick, so that a reserve can ask hundreds of times what one deposit changes.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.tax import wording
from app.core.tax.adjusted_income import AdjustedIncome, OwnDeductions, adjusted_income, own_deductions
from app.core.tax.amt import alternative_minimum_tax
from app.core.tax.credits import ChildCredits, child_credits, earned_income_credit, employee_taxes
from app.core.tax.deduction import senior_deduction, standard_deduction
from app.core.tax.figures import Parameters
from app.core.tax.form_8959 import form_8959
from app.core.tax.model import Household, Owner, Result
from app.core.tax.niit import net_investment_income_tax
from app.core.tax.qbi import qbi_deduction
from app.core.tax.regular_tax import regular_tax
from app.core.tax.schedule_se import SelfEmploymentTax, schedule_se
from app.core.tax.trace import Sheet


def evaluate(household: Household, figures: Parameters, *, explain: bool = True) -> Result:
    """Return the federal tax of the household with every line that led to it.

    Units: cents. Without `explain` the lines stay empty and the evaluation is quicker.
    Raises: ValueError when the household and the figures are of different years.
    """
    if household.year != figures.year:
        raise ValueError(f"a household of {household.year} needs the figures of {household.year}")
    sheet = Sheet(figures.sources, explain=explain)
    own = _self_employment(sheet, figures, household)
    income = adjusted_income(sheet, figures, household, [person.deductions for person in own.values()])
    income_tax = _income_tax(sheet, figures, household, own, income)
    wages = sum(person.wages_cents for _, person in household.persons)
    net_earnings = sum(person.tax.net_earnings for person in own.values())
    additional = sum(form_8959(sheet, figures.additional_medicare, household.filing_status, wages, net_earnings))
    investment = _investment(household, income.capital)
    niit = net_investment_income_tax(
        sheet, figures.niit, household.filing_status, investment=investment, adjusted=income.adjusted
    )
    se_tax = sum(person.tax.tax for person in own.values())
    total = sheet.add(
        "Estimate", "", "Federal tax", income_tax.after_credits + niit + se_tax + additional,
        "income_tax + net_investment_income_tax + self_employment_tax + additional_medicare_tax", "",
        income_tax=income_tax.after_credits, net_investment_income_tax=niit, self_employment_tax=se_tax,
        additional_medicare_tax=additional,
    )  # fmt: skip
    return Result(
        year=household.year,
        totals={
            "net_profit_cents": household.net_profit_cents,
            "se_tax_cents": se_tax,
            "federal_income_tax_cents": income_tax.after_credits,
            "niit_cents": niit,
            "additional_medicare_cents": additional,
            "total_federal_cents": total,
            "state_tax_cents": 0,
            "local_tax_cents": 0,
        },
        components={
            "se_tax": se_tax,
            "addl_medicare_tax": additional,
            "half_se_deduction": sum(person.tax.deductible_half for person in own.values()),
            "agi": income.adjusted,
            **income_tax.components(),
            "niit": niit,
            "income_tax": income_tax.after_credits + niit,
            "total_federal": total,
        },
        facts=_facts(figures, household, own, income, income_tax, niit=niit, additional=additional),
        lines=tuple(sheet.lines),
        assumptions=(
            wording.standing_note(figures.read),
            wording.NO_ITEMIZING,
            wording.CREDITS_BY_FORMULA,
            *wording.projected_note(figures),
        ),
        parameters_version=figures.version,
    )


class _Own(NamedTuple):
    """The self-employed side of one person."""

    tax: SelfEmploymentTax
    deductions: OwnDeductions


class _IncomeTax(NamedTuple):
    """Cents, in the order of the return."""

    standard: int
    senior: int
    qbi: int
    taxable: int
    amt: int
    before_credits: int
    children: ChildCredits
    earned_credit: int
    after_credits: int

    def components(self) -> dict[str, int]:
        return {
            "standard_deduction": self.standard,
            "senior_deduction": self.senior,
            "qbi_deduction": self.qbi,
            "taxable_income": self.taxable,
            "income_tax_before_credits": self.before_credits,
            "amt": self.amt,
            "nonrefundable_credits": self.children.nonrefundable,
            "eitc": self.earned_credit,
            "refundable_ctc": self.children.refundable,
            "refundable_credits": self.earned_credit + self.children.refundable,
        }


def _self_employment(sheet: Sheet, figures: Parameters, household: Household) -> dict[Owner, _Own]:
    result = {}
    for owner, person in household.persons:
        whose = " (spouse)" if owner is Owner.SPOUSE else ""
        # All trades of one person are one profit for this tax; a spouse's loss never lowers it.
        profit = sum(business.net_profit_cents for business in household.businesses if business.owner is owner)
        tax = schedule_se(sheet, figures.self_employment, profit, person.wages_cents, whose)
        result[owner] = _Own(tax, own_deductions(sheet, figures, person, profit, tax, whose))
    return result


def _income_tax(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, _Own], income: AdjustedIncome
) -> _IncomeTax:
    status = household.filing_status
    standard = standard_deduction(sheet, figures.deduction, household)
    senior = senior_deduction(sheet, figures.deduction, household, income.adjusted)
    before_qbi = max(0, income.adjusted - standard - senior)
    preferred = max(0, household.qualified_dividends_cents) + max(
        0, min(household.long_term_gains_cents, household.long_term_gains_cents + household.short_term_gains_cents)
    )
    qbi = qbi_deduction(
        sheet, figures.qbi, household, {owner: person.deductions for owner, person in own.items()},
        taxable_before=before_qbi, preferred=preferred,
    )  # fmt: skip
    taxable = sheet.add(
        "Form 1040", "15", "Taxable income", max(0, before_qbi - qbi),
        "max(0, max(0, adjusted_income - standard - senior) - qbi)", "",
        adjusted_income=income.adjusted, standard=standard, senior=senior, qbi=qbi,
    )  # fmt: skip
    regular = regular_tax(sheet, figures, status, taxable, preferred)
    amt = alternative_minimum_tax(
        sheet, figures, status,
        adjusted=income.adjusted, qbi=qbi, taxable=taxable, preferred=preferred, regular=regular,
    )  # fmt: skip
    children, earned_credit = _credits(sheet, figures, household, own, income, regular + amt)
    after = sheet.add(
        "Form 1040", "", "Income tax after credits",
        regular + amt - children.nonrefundable - earned_credit - children.refundable,
        "tax + amt - child_credit - earned_income_credit - additional_child_credit", "",
        tax=regular, amt=amt, child_credit=children.nonrefundable, earned_income_credit=earned_credit,
        additional_child_credit=children.refundable,
    )  # fmt: skip
    return _IncomeTax(standard, senior, qbi, taxable, amt, regular + amt, children, earned_credit, after)


def _credits(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, _Own], income: AdjustedIncome, tax: int
) -> tuple[ChildCredits, int]:
    wages = sum(person.wages_cents for _, person in household.persons)
    half = sum(person.tax.deductible_half for person in own.values())
    earned = wages + household.net_profit_cents - half
    earned_credit = earned_income_credit(
        sheet, figures.earned_credit, household,
        earned=earned, adjusted=income.adjusted, investment=_investment(household, max(0, income.capital)),
    )  # fmt: skip
    children = child_credits(
        sheet, figures.child_credit, household, adjusted=income.adjusted, tax=tax, earned=earned,
        social_taxes=half + employee_taxes(figures.child_credit, figures.self_employment, household),
        earned_credit=earned_credit,
    )  # fmt: skip
    return children, earned_credit


def _facts(
    figures: Parameters, household: Household, own: dict[Owner, _Own], income: AdjustedIncome, tax: _IncomeTax,
    *, niit: int, additional: int,
) -> dict[str, int]:  # fmt: skip
    primary, spouse = own[Owner.SELF], own.get(Owner.SPOUSE)
    profits = {
        owner: sum(each.net_profit_cents for each in household.businesses if each.owner is owner) for owner in Owner
    }
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
        "capital": income.capital,
        "taxable_benefits": income.taxable_benefits,
        "health_insurance": health,
        "retirement": retirement,
        "adjustments": half + health + retirement,
        "federal_agi": income.adjusted,
        "federal_standard": tax.standard,
        "federal_senior": tax.senior,
        "federal_deduction": tax.standard,
        "federal_itemizes_count": 0,
        "federal_salt": 0,
        "federal_qbi": tax.qbi,
        "federal_taxable": tax.taxable,
        "federal_tax_before_credits": tax.before_credits,
        "federal_amt": tax.amt,
        "federal_nonrefundable": tax.children.nonrefundable,
        "federal_income_tax": tax.after_credits,
        "federal_niit": niit,
        "eitc": tax.earned_credit,
        "child_credit": tax.children.nonrefundable + tax.children.refundable,
        "refundable_child_credit": tax.children.refundable,
        "investment": _investment(household, max(0, income.capital)),
        "earned": sum(person.wages_cents for _, person in household.persons) + household.net_profit_cents - half,
    }


def _investment(household: Household, capital: int) -> int:
    return household.interest_cents + household.dividends_cents + capital
