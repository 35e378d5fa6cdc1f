"""What is left of losses for next year."""

from __future__ import annotations

from app.core.tax.adjusted_income import Capital
from app.core.tax.model import NOTHING_CARRIED, Carryovers
from app.core.tax.trace import Sheet

FORM = "Capital Loss Carryover Worksheet"


def carryovers(sheet: Sheet, capital: Capital, below_zero: int, qualified_loss: int) -> Carryovers:
    """Return the losses that go on. Units: cents.

    A deducted loss that met no income is not used up; what was used is taken off the short-term loss first.
    Source: IRC 1212(b), 199A(c)(2).
    """
    if capital.counted >= 0:
        return NOTHING_CARRIED if not qualified_loss else Carryovers(qualified_business_loss=qualified_loss)
    used = sheet.add(
        FORM, "4", "Capital loss used up this year", max(0, -capital.counted - below_zero),
        "max(0, deducted - below_zero)", "", deducted=-capital.counted, below_zero=below_zero,
    )  # fmt: skip
    short = sheet.add(
        FORM, "8", "Short-term loss carried to next year", max(0, -(capital.short + used + max(0, capital.long))),
        "max(0, -(short_term + used + max(0, long_term)))", "",
        short_term=capital.short, used=used, long_term=capital.long,
    )  # fmt: skip
    long = sheet.add(
        FORM, "13", "Long-term loss carried to next year", max(0, -(capital.long + max(0, capital.short + used))),
        "max(0, -(long_term + max(0, short_term + used)))", "",
        long_term=capital.long, short_term=capital.short, used=used,
    )  # fmt: skip
    return Carryovers(short, long, qualified_loss)
