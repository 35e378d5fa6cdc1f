"""Form 6251: alternative minimum tax of a return without preference items but the taxes itemized.

It bites few Schedule C filers: mostly large long-term gains beside a small profit, once the exemption is phased out.
"""

from __future__ import annotations

from app.core.books.vocabulary import FilingStatus
from app.core.money import share
from app.core.tax.figures import Amt, Parameters
from app.core.tax.regular_tax import split_gains
from app.core.tax.trace import Sheet

FORM = "Form 6251"


def alternative_minimum_tax(
    sheet: Sheet, figures: Parameters, status: FilingStatus,
    *, adjusted: int, qbi: int, kept: int, taxable: int, preferred: int, regular: int,
) -> int:  # fmt: skip
    """Return what the tentative minimum tax asks beyond the regular tax, in cents.

    `kept` are the deductions that count here as well: what is itemized but taxes, tips, gifts beside the standard
    deduction. Source: IRC 55, 56(b)(1)(A), (D), (E) (taxes, the standard and the personal deductions do not count,
    section 68 does not apply), 199A(f)(2) (the QBI deduction does).
    """
    rules = figures.amt
    start = rules.phase_out_from_cents[status]
    full = rules.exemption_cents[status]
    income = max(0, adjusted - qbi - kept)
    if status is FilingStatus.MFS:
        income = _separate(sheet, rules, income, start, full)
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


def _separate(sheet: Sheet, rules: Amt, income: int, start: int, full: int) -> int:
    """Return the income of a separate filer, raised where a joint exemption would still be fading out."""
    gone = start + share(full, 1 / rules.phase_out_rate)
    if income <= gone:
        return income
    return sheet.add(
        FORM, "4", "Minimum tax income, filing separately",
        income + min(full, share(income - gone, rules.phase_out_rate)),
        f"income + min(full, (income - exemption_gone) * {rules.phase_out_rate})",
        "amt.exemption_cents amt.phase_out_rate", income=income, full=full, exemption_gone=gone,
    )  # fmt: skip


def _two_rates(figures: Parameters, status: FilingStatus, income: int) -> int:
    rules = figures.amt
    edge = rules.high_rate_above_cents[status]
    return share(min(income, edge), rules.low_rate) + share(max(0, income - edge), rules.high_rate)
