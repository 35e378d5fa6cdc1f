"""Section 199A: the deduction for qualified business income.

Source: IRC 199A(b), (d)(3), (e)(2), (i). Losses are spread over the winners first; above the threshold wages paid and
property owned cap each business; a specified service fades out over the same range.
"""

from __future__ import annotations

from typing import NamedTuple

from app.core.money import portion, share, split_by_weights
from app.core.tax.business_share import BusinessShare
from app.core.tax.figures import Qbi
from app.core.tax.model import Household
from app.core.tax.trace import Sheet

FORM = "Form 8995"


class QbiDeduction(NamedTuple):
    """Cents. `loss` is the qualified loss that goes on to next year."""

    deduction: int
    loss: int


class _Part(NamedTuple):
    """One business: its qualified income, wages paid and property. Cents."""

    income: int
    wages: int
    property: int


def qbi_deduction(
    sheet: Sheet, figures: Qbi, household: Household, shares: list[BusinessShare],
    *, taxable_before: int, preferred: int,
) -> QbiDeduction:  # fmt: skip
    """Return the deduction; `taxable_before` is taxable income without it, `preferred` the gains in it. Cents."""
    status = household.filing_status
    over = min(max(0, taxable_before - figures.threshold_cents[status]), figures.phase_range_cents[status])
    phase_range = figures.phase_range_cents[status]
    all_parts = _parts(sheet, shares, over, phase_range)
    parts = _after_losses(sheet, all_parts, household)
    total_income = sum(part.income for part in parts)
    if not total_income:
        loss = household.qbi_loss_carryover_cents - sum(part.income for part in all_parts)
        return QbiDeduction(0, max(0, loss))
    components = [
        _component(sheet, figures, part, over, phase_range, number) for number, part in enumerate(parts, start=1)
    ]
    limit = sheet.add(
        FORM, "14", "Income limit", share(max(0, taxable_before - preferred), figures.rate),
        f"max(0, taxable_before - gains) * {figures.rate}", "qbi.rate", taxable_before=taxable_before, gains=preferred,
    )  # fmt: skip
    deduction = sheet.add(
        FORM, "15", "Qualified business income deduction", min(sum(components), limit),
        "min(components, limit)", "", components=sum(components), limit=limit,
    )  # fmt: skip
    if figures.minimum_cents and total_income >= figures.minimum_income_cents and deduction < figures.minimum_cents:
        deduction = sheet.add(
            FORM, "", "Minimum deduction", figures.minimum_cents,
            "minimum if qualified_income >= minimum_income else deduction", "qbi.minimum_cents",
            minimum=figures.minimum_cents, qualified_income=total_income, minimum_income=figures.minimum_income_cents,
            deduction=deduction,
        )  # fmt: skip
    return QbiDeduction(deduction, 0)


def _parts(sheet: Sheet, shares: list[BusinessShare], over: int, phase_range: int) -> list[_Part]:
    """Return each business after its share of the owner's deductions and, for a specified service, of the fade-out."""
    parts = []
    for business, taken, tips in shares:
        if tips:
            income = sheet.add(
                FORM, "1", "Qualified income of a business", business.net_profit_cents - taken - tips,
                "net_profit - own_deductions - tips_deducted", "",
                net_profit=business.net_profit_cents, own_deductions=taken, tips_deducted=tips,
            )  # fmt: skip
        else:
            income = sheet.add(
                FORM, "1", "Qualified income of a business", business.net_profit_cents - taken,
                "net_profit - own_deductions", "", net_profit=business.net_profit_cents, own_deductions=taken,
            )  # fmt: skip
        part = _Part(income, business.w2_wages_cents, business.ubia_cents)
        parts.append(_faded(sheet, part, over, phase_range) if business.sstb and over else part)
    return parts


def _faded(sheet: Sheet, part: _Part, over: int, phase_range: int) -> _Part:
    left = phase_range - over
    income = sheet.add(
        "Form 8995-A Schedule A", "", "Specified service: income that still counts",
        portion(part.income, left, phase_range),
        "qualified_income * (phase_range - over) / phase_range", "qbi.threshold_cents qbi.phase_range_cents",
        qualified_income=part.income, phase_range=phase_range, over=over,
    )  # fmt: skip
    return _Part(income, portion(part.wages, left, phase_range), portion(part.property, left, phase_range))


def _after_losses(sheet: Sheet, parts: list[_Part], household: Household) -> list[_Part]:
    """Return the winners, each less its share of this year's and last year's losses; none when losses eat all."""
    winners = [part for part in parts if part.income > 0]
    losses = sum(-part.income for part in parts if part.income < 0) + household.qbi_loss_carryover_cents
    earned = sum(part.income for part in winners)
    if not losses or not winners:
        return winners
    left = sheet.add(
        "Form 8995-A Schedule C", "", "Qualified income after losses", max(0, earned - losses),
        "max(0, income - losses)", "", income=earned, losses=losses,
    )  # fmt: skip
    spread = split_by_weights(left, [part.income for part in winners])
    return [part._replace(income=income) for part, income in zip(winners, spread, strict=True)]


def _component(sheet: Sheet, figures: Qbi, part: _Part, over: int, phase_range: int, number: int) -> int:
    full = sheet.add(
        FORM, "5", f"Share of qualified income, business {number}", share(part.income, figures.rate),
        f"qualified_income * {figures.rate}", "qbi.rate", qualified_income=part.income,
    )  # fmt: skip
    if not over:
        return full
    cap = sheet.add(
        "Form 8995-A", "10", f"Limit by wages and property, business {number}",
        max(
            share(part.wages, figures.wage_rate),
            share(part.wages, figures.wage_rate_with_property) + share(part.property, figures.property_rate),
        ),
        f"max(wages * {figures.wage_rate}, wages * {figures.wage_rate_with_property}"
        f" + property * {figures.property_rate})",
        "qbi.wage_rate qbi.wage_rate_with_property qbi.property_rate", wages=part.wages, property=part.property,
    )  # fmt: skip
    lost = portion(max(0, full - cap), over, phase_range)
    return sheet.add(
        "Form 8995-A", "13", f"Component, business {number}", full - lost,
        "full - max(0, full - cap) * over / phase_range", "qbi.threshold_cents qbi.phase_range_cents",
        full=full, cap=cap, over=over, phase_range=phase_range,
    )  # fmt: skip
