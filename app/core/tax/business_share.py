"""What the deductions of a person mean for each of the person's businesses, and the deduction for tips.

Half the tax, health insurance and own retirement lower the profit of the businesses they come from: the tips that may
be deducted and the qualified income are what is left.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.money import split_by_weights
from app.core.tax.adjusted_income import OwnDeductions
from app.core.tax.figures import Tips
from app.core.tax.model import Business, Household, Owner
from app.core.tax.trace import Sheet

FORM = "Schedule 1-A"


class BusinessShare(NamedTuple):
    """One business with its part of the owner's deductions and of the deduction for tips. Cents."""

    business: Business
    deductions: int
    tips: int


def business_shares(household: Household, own: dict[Owner, OwnDeductions]) -> list[BusinessShare]:
    """Return every business with its part of the deductions, in step with its profit; a loss takes none."""
    shares = []
    for owner, _ in household.persons:
        businesses = [business for business in household.businesses if business.owner is owner]
        weights = [max(0, business.net_profit_cents) for business in businesses]
        parts = split_by_weights(own[owner].total if any(weights) else 0, weights)
        shares += [BusinessShare(business, part, 0) for business, part in zip(businesses, parts, strict=True)]
    return shares


def tips_deduction(
    sheet: Sheet, figures: Tips, household: Household, shares: list[BusinessShare], adjusted: int
) -> tuple[int, list[BusinessShare]]:
    """Return the deduction for tips and the businesses with their part of it, which is no qualified income. Cents.

    Tips of a business count up to what it earned; a specified service has none. Source: IRC 224, 199A(c)(4).
    """
    limit = figures.limit_cents[household.filing_status]
    by_business = [0 if share.business.sstb else min(share.business.tips_cents, _earned(share)) for share in shares]
    wage_tips = sum(person.tips_cents for _, person in household.persons)
    tips = sum(by_business) + wage_tips
    if not limit or not tips:
        return 0, shares
    threshold = figures.threshold_cents[household.filing_status]
    deduction = sheet.add(
        FORM, "13", "Tips",
        max(0, min(tips, limit)
            - max(0, adjusted - threshold) // figures.step_cents * figures.step_reduction_cents),
        "max(0, min(tips, limit) - floor(max(0, adjusted_income - threshold) / step) * step_reduction)",
        "tips.limit_cents tips.threshold_cents tips.step_cents tips.step_reduction_cents",
        tips=tips, limit=limit, adjusted_income=adjusted, threshold=threshold, step=figures.step_cents,
        step_reduction=figures.step_reduction_cents,
    )  # fmt: skip
    *parts, _ = split_by_weights(deduction, [*by_business, wage_tips])
    return deduction, [share._replace(tips=part) for share, part in zip(shares, parts, strict=True)]


def _earned(share: BusinessShare) -> int:
    return max(0, share.business.net_profit_cents - share.deductions)
