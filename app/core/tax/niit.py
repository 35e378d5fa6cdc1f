"""Form 8960: net investment income tax. Profit is not investment income, but it raises the income that is tested."""

from __future__ import annotations

from app.core.books.vocabulary import FilingStatus
from app.core.money import share
from app.core.tax.figures import Niit
from app.core.tax.trace import Sheet

FORM = "Form 8960"


def net_investment_income_tax(
    sheet: Sheet, figures: Niit, status: FilingStatus, *, investment: int, adjusted: int
) -> int:
    """Return the tax in cents; `investment` is interest, dividends and capital gain or deductible loss."""
    threshold = figures.threshold_cents[status]
    if investment <= 0 or adjusted <= threshold:
        return 0
    return sheet.add(
        FORM, "17", "Net investment income tax", share(min(investment, adjusted - threshold), figures.rate),
        f"min(investment_income, adjusted_income - threshold) * {figures.rate}", "niit.rate niit.threshold_cents",
        investment_income=investment, adjusted_income=adjusted, threshold=threshold,
    )  # fmt: skip
