"""Form 6251: alternative minimum tax of a return with the standard deduction and no preference items.

It bites few Schedule C filers: mostly large long-term gains beside a small profit, once the exemption is phased out.
"""

from __future__ import annotations

from app.core.books.vocabulary import FilingStatus
from app.core.money import share
from app.core.tax.figures import Parameters
from app.core.tax.regular_tax import split_gains
from app.core.tax.trace import Sheet

FORM = "Form 6251"


def alternative_minimum_tax(
    sheet: Sheet, figures: Parameters, status: FilingStatus,
    *, adjusted: int, qbi: int, taxable: int, preferred: int, regular: int,
) -> int:  # fmt: skip
    """Return what the tentative minimum tax asks beyond the regular tax, in cents.

    Source: IRC 55, 56(b)(1)(D) (standard and personal deductions do not count), 199A(f)(2) (the QBI deduction does).
    """
    rules = figures.amt
    income = max(0, adjusted - qbi)
    start = rules.phase_out_from_cents[status]
    full = rules.exemption_cents[status]
    exemption = max(0, full - share(max(0, income - start), rules.phase_out_rate))
    base = max(0, income - exemption)
    if not base:
        return 0
    sheet.add(
        FORM, "5", "Exemption", exemption,
        f"max(0, full - max(0, income - phase_out_from) * {rules.phase_out_rate})",
        "amt.exemption_cents amt.phase_out_from_cents amt.phase_out_rate",
        full=full, income=income, phase_out_from=start,
    )  # fmt: skip
    sheet.add(FORM, "6", "Income after exemption", base, "income - exemption", "", income=income, exemption=exemption)
    on_all = _two_rates(figures, status, base)
    regular_gains = max(0, min(taxable, preferred))
    gains = min(base, max(0, preferred))
    bands = split_gains(figures.gains, status, taxable - regular_gains, gains)
    _, middle_rate, top_rate = figures.gains.rates
    split = _two_rates(figures, status, base - gains) + share(bands.middle, middle_rate) + share(bands.top, top_rate)
    tentative = sheet.add(
        FORM, "9", "Tentative minimum tax", min(on_all, split), "min(on_all, with_gains_rates)",
        "amt.low_rate amt.high_rate_above_cents", on_all=on_all, with_gains_rates=split,
    )  # fmt: skip
    return sheet.add(
        FORM, "11", "Alternative minimum tax", max(0, tentative - regular),
        "max(0, tentative - regular_tax)", "", tentative=tentative, regular_tax=regular,
    )  # fmt: skip


def _two_rates(figures: Parameters, status: FilingStatus, income: int) -> int:
    rules = figures.amt
    edge = rules.high_rate_above_cents[status]
    return share(min(income, edge), rules.low_rate) + share(max(0, income - edge), rules.high_rate)
