"""Schedule A: what itemizing would deduct, and the cap on its value in the top bracket.

The limits look at this year's income only: what a gift exceeds them by is carried to later years, which is not kept.
"""

from __future__ import annotations

from app.core.books.vocabulary import FilingStatus
from app.core.money import portion, share
from app.core.tax.figures import Brackets, Itemizing
from app.core.tax.model import Household, Itemized, ScheduleA
from app.core.tax.trace import Sheet

FORM = "Schedule A"


def schedule_a(sheet: Sheet, figures: Itemizing, household: Household, adjusted: int) -> ScheduleA | None:
    """Return the deductions after their own limits, before the cap on their value; None when nothing was entered.

    Units: cents; `adjusted` is adjusted gross income. Source: IRC 164(b), 163(h), 170, 213.
    """
    paid = household.itemized
    if paid is None:
        return None
    base = max(0, adjusted)
    found = ScheduleA(
        medical=_medical(sheet, figures, paid, base),
        taxes=_taxes(sheet, figures, paid, household.filing_status, base),
        interest=paid.mortgage_interest_cents,
        charity=_charity(sheet, figures, paid, base),
        other=paid.other_cents,
    )
    sheet.add(
        FORM, "17", "Itemized deductions", found.total, "medical + taxes + mortgage_interest + gifts + other", "",
        medical=found.medical, taxes=found.taxes, mortgage_interest=found.interest, gifts=found.charity,
        other=found.other,
    )  # fmt: skip
    return found


def gifts_beside_standard(sheet: Sheet, figures: Itemizing, household: Household) -> int:
    """Return the cash gifts that may be deducted beside the standard deduction, in cents. Source: IRC 170(p)."""
    limit = figures.charity_without_cents[household.filing_status]
    if household.itemized is None or not limit or not household.itemized.charity_cash_cents:
        return 0
    gifts = household.itemized.charity_cash_cents
    return sheet.add(
        "Form 1040", "", "Cash gifts beside the standard deduction", min(gifts, limit), "min(gifts, limit)",
        "itemizing.charity_without_cents", gifts=gifts, limit=limit,
    )  # fmt: skip


def value_cap(
    sheet: Sheet, figures: Itemizing, brackets: Brackets, status: FilingStatus, deductions: ScheduleA, otherwise: int
) -> ScheduleA:
    """Return the deductions less what the top bracket loses of them.

    `otherwise` is taxable income without any of them, in cents. Source: IRC 68 as of 2026: deductions that fall into
    the top bracket save no more than 35 cents on the dollar.
    """
    part, whole = figures.reduction_parts
    top = brackets.up_to_cents[status][-1]
    if not part or otherwise <= top:
        return deductions
    reduction = sheet.add(
        FORM, "18", "Reduction in the top bracket",
        portion(min(deductions.before_reduction, otherwise - top), part, whole),
        f"min(itemized, income - top_bracket_from) * {part} / {whole}",
        "itemizing.reduction_parts brackets.up_to_cents",
        itemized=deductions.before_reduction, income=otherwise, top_bracket_from=top,
    )  # fmt: skip
    return deductions._replace(reduction=reduction)


def _medical(sheet: Sheet, figures: Itemizing, paid: Itemized, base: int) -> int:
    if not paid.medical_cents:
        return 0
    return sheet.add(
        FORM, "4", "Medical costs above the floor",
        max(0, paid.medical_cents - share(base, figures.medical_floor_rate)),
        f"max(0, paid - adjusted_income * {figures.medical_floor_rate})", "itemizing.medical_floor_rate",
        paid=paid.medical_cents, adjusted_income=base,
    )  # fmt: skip


def _taxes(sheet: Sheet, figures: Itemizing, paid: Itemized, status: FilingStatus, base: int) -> int:
    income_taxes = paid.state_income_tax_cents + paid.local_income_tax_cents
    taxes = max(0, income_taxes, paid.sales_tax_cents) + paid.property_tax_cents
    if not taxes:
        return 0
    sheet.add(
        FORM, "5d", "State and local taxes paid", taxes,
        "max(0, state_income_tax + local_income_tax, sales_tax) + property_tax", "",
        state_income_tax=paid.state_income_tax_cents, local_income_tax=paid.local_income_tax_cents,
        sales_tax=paid.sales_tax_cents, property_tax=paid.property_tax_cents,
    )  # fmt: skip
    cap, floor = figures.taxes_cap_cents, figures.taxes_floor_cents
    start = figures.taxes_phase_out_from_cents[status]
    lost = share(max(0, base - start), figures.taxes_phase_out_rate)
    whole = sheet.add(
        FORM, "5e", "Cap on state and local taxes", max(floor, cap - lost),
        f"max(floor, cap - max(0, adjusted_income - phase_out_from) * {figures.taxes_phase_out_rate})",
        "itemizing.taxes_cap_cents itemizing.taxes_floor_cents itemizing.taxes_phase_out_from_cents",
        floor=floor, cap=cap, adjusted_income=base, phase_out_from=start,
    )  # fmt: skip
    if status is FilingStatus.MFS:
        whole = sheet.add(
            FORM, "5e", "Half of the cap, filing separately", share(whole, figures.taxes_separate_share),
            f"cap * {figures.taxes_separate_share}", "itemizing.taxes_separate_share", cap=whole,
        )  # fmt: skip
    return sheet.add(
        FORM, "7", "State and local taxes deducted", min(taxes, whole), "min(taxes, cap)", "", taxes=taxes, cap=whole
    )


def _charity(sheet: Sheet, figures: Itemizing, paid: Itemized, base: int) -> int:
    if not paid.charity_cash_cents and not paid.charity_other_cents:
        return 0
    most = share(base, figures.charity_cash_rate)
    property_given = min(paid.charity_other_cents, share(base, figures.charity_other_rate))
    floor = share(base, figures.charity_floor_rate)
    return sheet.add(
        FORM, "14", "Gifts to charity", max(0, min(most, paid.charity_cash_cents + property_given) - floor),
        f"max(0, min(adjusted_income * {figures.charity_cash_rate}, cash + min(property_given, adjusted_income"
        f" * {figures.charity_other_rate})) - adjusted_income * {figures.charity_floor_rate})",
        "itemizing.charity_cash_rate itemizing.charity_other_rate itemizing.charity_floor_rate",
        adjusted_income=base, cash=paid.charity_cash_cents, property_given=paid.charity_other_cents,
    )  # fmt: skip
