"""Standard deduction and the senior deduction of 2025 to 2028."""

from __future__ import annotations

from app.core.money import share
from app.core.tax.figures import Deduction
from app.core.tax.model import Household
from app.core.tax.trace import Sheet

RETURN = "Form 1040"


def standard_deduction(sheet: Sheet, figures: Deduction, household: Household) -> int:
    """Return the standard deduction with the additions for age and blindness, in cents."""
    status = household.filing_status
    marks = sum(
        int(person.age is not None and person.age >= figures.aged_from) + int(person.blind)
        for _, person in household.persons
    )
    basic, addition = figures.standard_cents[status], figures.additional_cents[status]
    return sheet.add(
        RETURN, "12", "Standard deduction", basic + marks * addition,
        "basic + aged_or_blind_count * addition", "deduction.standard_cents deduction.additional_cents",
        basic=basic, aged_or_blind_count=marks, addition=addition,
    )  # fmt: skip


def senior_deduction(sheet: Sheet, figures: Deduction, household: Household, adjusted: int) -> int:
    """Return the deduction for persons of 65 and more; each one's amount is reduced by the full excess. Cents."""
    status = household.filing_status
    full = figures.senior_cents[status]
    seniors = sum(person.age is not None and person.age >= figures.aged_from for _, person in household.persons)
    if not full or not seniors:
        return 0
    threshold = figures.senior_threshold_cents[status]
    one = sheet.add(
        "Schedule 1-A", "", "Senior deduction of one person",
        max(0, full - share(max(0, adjusted - threshold), figures.senior_rate)),
        f"max(0, full - max(0, adjusted_income - threshold) * {figures.senior_rate})",
        "deduction.senior_cents deduction.senior_threshold_cents",
        full=full, adjusted_income=adjusted, threshold=threshold,
    )  # fmt: skip
    return sheet.add(
        "Schedule 1-A", "", "Senior deduction", seniors * one,
        "senior_count * one", "deduction.senior_cents", senior_count=seniors, one=one,
    )  # fmt: skip
