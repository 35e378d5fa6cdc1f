"""From all income to adjusted gross income: limits on losses, benefits, health insurance and own retirement."""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.money import share
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Owner, Person
from app.core.tax.retirement import ira_deduction, own_plan
from app.core.tax.schedule_se import SelfEmploymentTax
from app.core.tax.trace import Sheet

ADJUSTMENTS = "Schedule 1"
RETURN = "Form 1040"


class OwnDeductions(NamedTuple):
    """What one self-employed person takes off income tax, not off self-employment tax. Cents."""

    half: int
    health: int
    retirement: int

    @property
    def total(self) -> int:
        return self.half + self.health + self.retirement


class Capital(NamedTuple):
    """Gains after the losses carried over, in cents. `counted` is the gain, or the loss that may be deducted."""

    short: int
    long: int
    counted: int

    @property
    def net_gain(self) -> int:
        """Net capital gain: the long-term gain beyond a short-term loss, taxed at its own rates."""
        return max(0, min(self.long, self.long + self.short))


class AdjustedIncome(NamedTuple):
    """Cents."""

    adjusted: int
    capital: Capital
    taxable_benefits: int
    ira: int


def own_deductions(
    sheet: Sheet, figures: Parameters, person: Person, net_profit: int, tax: SelfEmploymentTax, whose: str = ""
) -> OwnDeductions:
    """Return the half of the tax, health insurance and retirement, each within what the profit allows.

    Source: IRC 162(l)(2)(A): no more than the earned income of the business.
    """
    retirement = own_plan(sheet, figures.retirement, person, net_profit, tax.deductible_half, whose)
    health = 0
    if person.health_insurance_cents:
        health = sheet.add(
            ADJUSTMENTS, "17", f"Self-employed health insurance{whose}",
            min(person.health_insurance_cents, max(0, net_profit - tax.deductible_half) - retirement),
            "min(paid, max(0, net_profit - half) - retirement)", "",
            paid=person.health_insurance_cents, net_profit=net_profit, half=tax.deductible_half, retirement=retirement,
        )  # fmt: skip
    return OwnDeductions(tax.deductible_half, health, retirement)


def adjusted_income(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, OwnDeductions]
) -> AdjustedIncome:
    """Return adjusted gross income with its parts. Units: cents."""
    ira = 0
    if any(person.ira_cents for _, person in household.persons):
        # The phase-out looks at the income as it would be without the deduction, benefits included.
        without = _adjusted(Sheet({}, explain=False), figures, household, own, 0)
        ira = _ira(sheet, figures, household, own, without.adjusted)
    return _adjusted(sheet, figures, household, own, ira)


def _ira(sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, OwnDeductions], without: int) -> int:
    earned, covered = {}, {}
    for owner, person in household.persons:
        profit = sum(business.net_profit_cents for business in household.businesses if business.owner is owner)
        earned[owner] = person.wages_cents + max(0, profit - own[owner].half - own[owner].retirement)
        covered[owner] = person.workplace_plan or own[owner].retirement > 0
    return ira_deduction(sheet, figures.retirement, household, earned, covered, without)


def _adjusted(
    sheet: Sheet, figures: Parameters, household: Household, own: dict[Owner, OwnDeductions], ira: int
) -> AdjustedIncome:
    wages = sum(person.wages_cents for _, person in household.persons)
    capital = _capital(sheet, figures, household)
    other = (
        wages + household.interest_cents + household.dividends_cents + capital.counted
        + household.net_profit_cents + household.other_income_cents
    )  # fmt: skip
    sheet.add(
        RETURN, "9", "Income without Social Security benefits", other,
        "wages + interest + dividends + capital + net_profit + other_income", "",
        wages=wages, interest=household.interest_cents, dividends=household.dividends_cents, capital=capital.counted,
        net_profit=household.net_profit_cents, other_income=household.other_income_cents,
    )  # fmt: skip
    half = sum(each.half for each in own.values())
    health = sum(each.health for each in own.values())
    retirement = sum(each.retirement for each in own.values())
    deducted = sheet.add(
        RETURN, "10", "Adjustments", half + health + retirement + ira,
        "half_self_employment_tax + health_insurance + retirement + ira", "",
        half_self_employment_tax=half, health_insurance=health, retirement=retirement, ira=ira,
    )  # fmt: skip
    benefits = _taxable_benefits(sheet, figures, household, other - deducted)
    adjusted = sheet.add(
        RETURN, "11", "Adjusted gross income", other + benefits - deducted,
        "income + taxable_benefits - adjustments", "",
        income=other, taxable_benefits=benefits, adjustments=deducted,
    )  # fmt: skip
    return AdjustedIncome(adjusted, capital, benefits, ira)


def _capital(sheet: Sheet, figures: Parameters, household: Household) -> Capital:
    short = household.short_term_gains_cents - household.short_term_loss_carryover_cents
    long = household.long_term_gains_cents - household.long_term_loss_carryover_cents
    if not short and not long:
        return Capital(0, 0, 0)
    limit = figures.adjustments.capital_loss_limit_cents[household.filing_status]
    counted = sheet.add(
        RETURN, "7", "Capital gain or deductible loss", max(short + long, -limit),
        "max(short_term + long_term - carried_over, -loss_limit)", "adjustments.capital_loss_limit_cents",
        short_term=household.short_term_gains_cents, long_term=household.long_term_gains_cents,
        carried_over=household.short_term_loss_carryover_cents + household.long_term_loss_carryover_cents,
        loss_limit=limit,
    )  # fmt: skip
    return Capital(short, long, counted)


def _taxable_benefits(sheet: Sheet, figures: Parameters, household: Household, other: int) -> int:
    """Return the taxable part of Social Security benefits. Source: IRC 86."""
    benefits = household.social_security_cents
    if not benefits:
        return 0
    rules = figures.benefits
    status = household.filing_status
    apart = status is FilingStatus.MFS and household.lived_apart
    first = rules.apart_first_base_cents if apart else rules.first_base_cents[status]
    second = rules.apart_second_base_cents if apart else rules.second_base_cents[status]
    half = share(benefits, rules.first_rate)
    provisional = other + half
    lower = min(half, share(max(0, min(provisional, second) - first), rules.first_rate))
    upper = share(max(0, provisional - second), rules.second_rate)
    most = share(benefits, rules.second_rate)
    sheet.add(
        RETURN, "6b", "Half of the benefits and other income", provisional,
        "other_income + half_benefits", "benefits.first_rate", other_income=other, half_benefits=half,
    )  # fmt: skip
    return sheet.add(
        RETURN, "6b", "Taxable Social Security benefits", min(most, lower + upper),
        f"min(most, min(half_benefits, max(0, min(provisional, second_base) - first_base) * {rules.first_rate})"
        f" + max(0, provisional - second_base) * {rules.second_rate})",
        "benefits.first_base_cents benefits.second_rate",
        most=most, half_benefits=half, provisional=provisional, first_base=first, second_base=second,
    )  # fmt: skip
