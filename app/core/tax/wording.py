"""What must be said beside a tax figure, and the sentences of what was assumed."""

from __future__ import annotations

from datetime import date

from app.core.tax.figures import Parameters

STATE_NOT_INCLUDED = "State tax is not yet included."
NO_ITEMIZING = "The standard deduction is used; itemized deductions are not compared."
CREDITS_BY_FORMULA = "Tax and credits follow the formulas of the law; the printed tables differ by a few dollars."


def standing_note(read: date) -> str:
    """Return the sentence that stands everywhere a tax figure stands."""
    return (
        f"Estimate from your entries and rules of {read.isoformat()}. Not tax advice, not a return. "
        "1099 Ops is not a tax preparer and sends nothing to any tax agency."
    )


def projected_note(figures: Parameters) -> tuple[str, ...]:
    """Return one sentence when figures of the year are not law yet, else nothing."""
    if not figures.projected:
        return ()
    names = ", ".join(name.partition(".")[2].replace("_cents", "").replace("_", " ") for name in figures.projected)
    return (f"{figures.year} estimate: not yet published and taken from a projection: {names}.",)
