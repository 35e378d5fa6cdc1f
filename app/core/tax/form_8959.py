"""Form 8959: Additional Medicare Tax. Wages use the threshold first, self-employment takes what is left of it."""

from __future__ import annotations

from app.core.books.vocabulary import FilingStatus
from app.core.money import share
from app.core.tax.figures import AdditionalMedicare
from app.core.tax.trace import Sheet

FORM = "Form 8959"


def form_8959(
    sheet: Sheet, figures: AdditionalMedicare, status: FilingStatus, wages: int, net_earnings: int
) -> tuple[int, int]:
    """Return the tax on wages and the tax on net earnings of the whole return, in cents."""
    threshold = figures.threshold_cents[status]
    if wages + net_earnings <= threshold:
        return 0, 0
    on_wages = sheet.add(
        FORM, "7", "Additional Medicare on wages", share(max(0, wages - threshold), figures.rate),
        f"max(0, wages - threshold) * {figures.rate}", "additional_medicare.rate additional_medicare.threshold_cents",
        wages=wages, threshold=threshold,
    )  # fmt: skip
    left = sheet.add(
        FORM, "11", "Threshold left after wages", max(0, threshold - wages),
        "max(0, threshold - wages)", "additional_medicare.threshold_cents", wages=wages, threshold=threshold,
    )  # fmt: skip
    on_earnings = sheet.add(
        FORM, "13", "Additional Medicare on net earnings", share(max(0, net_earnings - left), figures.rate),
        f"max(0, net_earnings - left) * {figures.rate}", "additional_medicare.rate",
        net_earnings=net_earnings, left=left,
    )  # fmt: skip
    sheet.add(
        FORM, "18", "Additional Medicare Tax", on_wages + on_earnings,
        "on_wages + on_earnings", "", on_wages=on_wages, on_earnings=on_earnings,
    )  # fmt: skip
    return on_wages, on_earnings
