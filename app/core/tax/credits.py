"""Child tax credit, credit for other dependents, earned income credit and the credit for the elderly.

The law prints the earned income credit as a table in $50 steps; the formula differs from it by some dollars. A
household may ask for the table.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.money import share, whole_dollars
from app.core.tax.figures import ChildCredit, EarnedCredit, Parameters, SelfEmployment
from app.core.tax.model import Household
from app.core.tax.trace import Sheet

CHILD_FORM = "Schedule 8812"
EARNED_FORM = "Schedule EIC"


class ChildCredits(NamedTuple):
    """Cents: what lowers the tax to zero at most, and what is paid out beyond it."""

    nonrefundable: int
    refundable: int


def earned_income_credit(
    sheet: Sheet, parameters: Parameters, household: Household, *, earned: int, adjusted: int, investment: int
) -> int:
    """Return the credit in cents. `investment` is interest, dividends and gains, losses not counted."""
    figures = parameters.earned_credit
    children = sum(age < figures.child_under_age for age in household.children_ages)
    if earned <= 0 or investment > figures.investment_limit_cents or not _may_claim(figures, household, children):
        return 0
    row = min(children, 3)
    joint = household.filing_status is FilingStatus.MFJ
    start = figures.phase_out_from_cents[row] + (figures.joint_addition_cents[row] if joint else 0)
    rate, out_rate = figures.rates[row], figures.phase_out_rates[row]
    tested = max(adjusted, earned)
    if household.tables:
        width = parameters.tables.credit_width_cents
        earned, tested = (income // width * width + width // 2 for income in (earned, tested))
    # Section 32(a)(2) takes the phase-out from the largest credit, not from the one the earned income builds.
    built = share(min(earned, figures.full_from_cents[row]), rate)
    lost = share(max(0, tested - start), out_rate)
    credit = sheet.add(
        EARNED_FORM, "", "Earned income credit", max(0, min(built, figures.maximum_cents[row] - lost)),
        f"max(0, min(min(earned, full_from) * {rate}, maximum - max(0, max(adjusted_income, earned) - start)"
        f" * {out_rate}))",
        "earned_credit.maximum_cents earned_credit.phase_out_from_cents",
        maximum=figures.maximum_cents[row], earned=earned, full_from=figures.full_from_cents[row],
        adjusted_income=tested, start=start,
    )  # fmt: skip
    if not household.tables:
        return credit
    return sheet.add(
        EARNED_FORM, "", "Earned income credit by the table", whole_dollars(credit) * 100,
        "floor(credit_at_middle / 100 + 1 / 2) * 100", "tables.credit_width_cents", credit_at_middle=credit,
    )  # fmt: skip


def elderly_credit(
    sheet: Sheet, figures: Parameters, household: Household, *, adjusted: int, untaxed_benefits: int, tax: int
) -> int:
    """Return the credit for the elderly, in cents. Source: IRC 22; disability before the age is not asked."""
    rules = figures.elderly_credit
    if rules is None or not tax:
        return 0
    if not any(person.age is not None and person.age >= figures.deduction.aged_from for _, person in household.persons):
        return 0
    threshold, initial = (
        rules.threshold_cents[household.filing_status], rules.initial_cents[household.filing_status],
    )  # fmt: skip
    left = initial - untaxed_benefits - share(max(0, adjusted - threshold), rules.excess_share)
    if left <= 0:
        return 0
    return sheet.add(
        "Schedule R", "22", "Credit for the elderly", min(tax, share(left, rules.rate)),
        f"min(tax, (initial - untaxed_benefits - max(0, adjusted_income - threshold) * {rules.excess_share})"
        f" * {rules.rate})",
        "elderly_credit.initial_cents elderly_credit.threshold_cents",
        tax=tax, initial=initial, untaxed_benefits=untaxed_benefits, adjusted_income=adjusted, threshold=threshold,
    )  # fmt: skip


def _may_claim(figures: EarnedCredit, household: Household, children: int) -> bool:
    if household.filing_status is FilingStatus.MFS and not household.apart_by_assumption:
        # Section 32(d)(2): a separate filer needs a child who lives with them.
        return household.lived_apart and bool(children)
    if children:
        return True
    return any(
        person.age is not None and figures.alone_from_age <= person.age < figures.alone_under_age
        for _, person in household.persons
    )


def child_credits(
    sheet: Sheet, figures: ChildCredit, household: Household,
    *, adjusted: int, tax: int, earned: int, social_taxes: int, earned_credit: int,
) -> ChildCredits:  # fmt: skip
    """Return both parts of the credit. Units: cents.

    `tax` is income tax with AMT; `social_taxes` the employee's share of payroll taxes and the half of self-employment
    tax, which families with many children may use instead of their earned income. Source: IRC 24.
    """
    children = sum(age < figures.child_under_age for age in household.children_ages)
    others = len(household.children_ages) - children
    full = children * figures.child_cents + others * figures.other_dependent_cents
    if not full:
        return ChildCredits(0, 0)
    threshold = figures.threshold_cents[household.filing_status]
    steps = -(-max(0, adjusted - threshold) // figures.step_cents)
    allowed = sheet.add(
        CHILD_FORM, "12", "Credit for children and other dependents",
        max(0, full - steps * figures.step_reduction_cents),
        "max(0, children_count * child + others_count * other - ceil(max(0, adjusted_income - threshold) / step)"
        " * step_reduction)",
        "child_credit.child_cents child_credit.threshold_cents",
        children_count=children, child=figures.child_cents, others_count=others, other=figures.other_dependent_cents,
        adjusted_income=adjusted, threshold=threshold, step=figures.step_cents,
        step_reduction=figures.step_reduction_cents,
    )  # fmt: skip
    nonrefundable = sheet.add(
        CHILD_FORM, "14", "Part that lowers the tax", min(allowed, tax),
        "min(allowed, tax)", "", allowed=allowed, tax=tax,
    )  # fmt: skip
    limit = share(max(0, earned - figures.earned_floor_cents), figures.refundable_rate)
    if children >= figures.many_children:
        limit = max(limit, social_taxes - earned_credit)
    most = children * figures.refundable_cents
    refundable = sheet.add(
        CHILD_FORM, "27", "Additional child tax credit", max(0, min(allowed - nonrefundable, most, limit)),
        "max(0, min(allowed - nonrefundable, children_count * refundable, limit))",
        "child_credit.refundable_cents child_credit.refundable_rate",
        allowed=allowed, nonrefundable=nonrefundable, children_count=children, refundable=figures.refundable_cents,
        limit=limit,
    )  # fmt: skip
    return ChildCredits(nonrefundable, refundable)


def employee_taxes(figures: ChildCredit, self_employment: SelfEmployment, household: Household) -> int:
    """Return the Social Security and Medicare tax withheld from wages, per person up to the wage base. Cents."""
    base = self_employment.wage_base_cents
    return sum(
        share(min(person.wages_cents, base), figures.employee_tax_rate)
        + share(max(0, person.wages_cents - base), figures.employee_medicare_rate)
        for _, person in household.persons
    )
