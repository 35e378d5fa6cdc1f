"""The federal tax of one household: the worksheets in their order, and the named totals.

Pure and quick, so that a reserve can ask hundreds of times what one deposit changes.
"""

from __future__ import annotations

from app.core.tax import wording
from app.core.tax.adjusted_income import AdjustedIncome, adjusted_income, own_deductions
from app.core.tax.amt import alternative_minimum_tax
from app.core.tax.carryovers import carryovers
from app.core.tax.credits import ChildCredits, child_credits, earned_income_credit, elderly_credit, employee_taxes
from app.core.tax.federal_facts import IncomeTax, Own, federal_facts, investment_income
from app.core.tax.figures import Parameters
from app.core.tax.form_8959 import form_8959
from app.core.tax.model import Household, Owner, Result
from app.core.tax.niit import net_investment_income_tax
from app.core.tax.regular_tax import regular_tax
from app.core.tax.schedule_se import schedule_se
from app.core.tax.taxable_income import taxable_income
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
    income = adjusted_income(sheet, figures, household, {owner: person.deductions for owner, person in own.items()})
    income_tax = _income_tax(sheet, figures, household, own, income)
    found = income_tax.income
    carried = carryovers(sheet, income.capital, found.below_zero, found.qbi.loss)
    wages = sum(person.wages_cents for _, person in household.persons)
    net_earnings = sum(person.tax.net_earnings for person in own.values())
    additional = sum(form_8959(sheet, figures.additional_medicare, household.filing_status, wages, net_earnings))
    investment = investment_income(household, income.capital.counted)
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
        facts=federal_facts(figures, household, own, income, income_tax, niit=niit, additional=additional),
        lines=tuple(sheet.lines),
        assumptions=(
            wording.standing_note(figures.read),
            *wording.assumed(household, itemizes=found.itemizes),
            *wording.projected_note(figures),
        ),
        parameters_version=figures.version,
        schedule_a=found.schedule_a,
        carryovers=carried,
    )


def _self_employment(sheet: Sheet, figures: Parameters, household: Household) -> dict[Owner, Own]:
    result = {}
    for owner, person in household.persons:
        whose = " (spouse)" if owner is Owner.SPOUSE else ""
        # All trades of one person are one profit for this tax; a spouse's loss never lowers it.
        profit = sum(business.net_profit_cents for business in household.businesses if business.owner is owner)
        tax = schedule_se(sheet, figures.self_employment, profit, person.wages_cents, whose)
        result[owner] = Own(tax, own_deductions(sheet, figures, person, profit, tax, whose))
    return result


def _income_tax(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, Own], income: AdjustedIncome
) -> IncomeTax:
    preferred = max(0, household.qualified_dividends_cents) + income.capital.net_gain
    deductions = {owner: person.deductions for owner, person in own.items()}
    found = taxable_income(sheet, figures, household, deductions, income, preferred)
    regular = regular_tax(sheet, figures, household, found.taxable, preferred)
    amt = alternative_minimum_tax(
        sheet, figures, household.filing_status, adjusted=income.adjusted, qbi=found.qbi.deduction,
        kept=found.kept_for_minimum_tax, taxable=found.taxable, preferred=preferred, regular=regular,
    )  # fmt: skip
    elderly = elderly_credit(
        sheet, figures, household, adjusted=income.adjusted, tax=regular + amt,
        untaxed_benefits=household.social_security_cents - income.taxable_benefits,
    )  # fmt: skip
    children, earned_credit = _credits(sheet, figures, household, own, income, regular + amt - elderly)
    after = sheet.add(
        "Form 1040", "", "Income tax after credits",
        regular + amt - elderly - children.nonrefundable - earned_credit - children.refundable,
        "tax + amt - elderly_credit - child_credit - earned_income_credit - additional_child_credit", "",
        tax=regular, amt=amt, elderly_credit=elderly, child_credit=children.nonrefundable,
        earned_income_credit=earned_credit, additional_child_credit=children.refundable,
    )  # fmt: skip
    return IncomeTax(found, amt, regular + amt, elderly, children, earned_credit, after)


def _credits(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, Own], income: AdjustedIncome, tax: int
) -> tuple[ChildCredits, int]:
    wages = sum(person.wages_cents for _, person in household.persons)
    half = sum(person.tax.deductible_half for person in own.values())
    earned = wages + household.net_profit_cents - half
    earned_credit = earned_income_credit(
        sheet, figures, household,
        earned=earned, adjusted=income.adjusted,
        investment=investment_income(household, max(0, income.capital.counted)),
    )  # fmt: skip
    children = child_credits(
        sheet, figures.child_credit, household, adjusted=income.adjusted, tax=tax, earned=earned,
        social_taxes=half + employee_taxes(figures.child_credit, figures.self_employment, household),
        earned_credit=earned_credit,
    )  # fmt: skip
    return children, earned_credit
