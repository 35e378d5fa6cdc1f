"""What a plan says of itself: the recommendation, what it leaves for April, and what it does not know.

Wording by the design's tax rules 8: a safe harbour meets the rule against the penalty; it is never said to protect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.core.dates import Day
from app.core.money import money_text
from app.core.tax.instalments import required as ways
from app.core.tax.instalments.required import ANNUALIZED, PRIOR_YEAR, REGULAR
from app.core.tax.instalments.schedule import FEDERAL

if TYPE_CHECKING:
    from app.core.tax.instalments.plan import Method, Situation

_SAID = {
    REGULAR: "Paying {part} of this year’s tax in parts",
    PRIOR_YEAR: "Paying by last year’s tax",
    ANNUALIZED: "Paying by income as it came",
}
_ONE_MORE_FORM = "It takes one more form with the return, and figures for each period."


def why(case: Situation, methods: Sequence[Method], best: Method, coming: Day | None) -> str:
    """Return the recommendation in words: what it asks, what it meets, and what it leaves for April."""
    if best.name == PRIOR_YEAR and case.facts.prior_tax is not None and case.facts.prior_tax <= 0:
        return f"{ways.NO_PRIOR_TAX} In April all of the tax is due: about {money_text(max(0, best.april))}."
    rate = case.rules.current_rate
    part = "all" if rate is None else f"{(rate * 100).normalize():f} %"
    whose = "the IRS rule" if case.rules.jurisdiction == FEDERAL else f"the rule of {case.rules.jurisdiction}"
    head = _SAID[best.name].format(part=part)
    now = money_text(0 if coming is None else best.until(coming))
    if not case.tax_known:
        said = ["Nothing of this year is entered yet.", f"{head} asks for {now} by the next date, whatever comes."]
    elif any(each.available and each is not best for each in methods):
        said = [f"{head} asks the least: {now} by the next date."]
    else:
        said = [f"{head} is the way that can be worked out: {now} by the next date."]
    late = sum(each.due_now for each in best.instalments if each.late)
    if late:
        said.append(f"Of that {money_text(late)} is past due: pay it now, each day costs interest.")
    if rate is None:
        said.append(
            f"The exact rule of {case.rules.jurisdiction} is not known to this program; all of the projected tax is "
            "spread over the dates."
        )
    else:
        left = f": about {money_text(best.april)}" if best.april > 0 else "; as projected nothing more"
        left = left if case.tax_known else ""
        said.append(
            f"It meets {whose} against the underpayment penalty if paid on time; you may still owe tax in April{left}."
        )
    if best.penalty:
        said.append(f"The penalty for what was or is late comes to about {money_text(best.penalty)} so far.")
    if best.name == ANNUALIZED:
        said.append(_ONE_MORE_FORM)
    return " ".join(said)


def assumed(quarter: str) -> str:
    """Return what must be said of a quarter without a rate of its own."""
    return f"The rate of interest of {quarter} is not yet published: the last known one is used."


def notes(case: Situation, *, exempt: bool) -> list[str]:
    """Return what a plan rests on and does not know."""
    rules, facts = case.rules, case.facts
    found = []
    if not rules.verified and rules.slots:
        found.append(
            f"The dates and parts of {rules.jurisdiction} are from {rules.source} and were not compared with the "
            f"state’s own text: check them on {rules.form or 'your voucher'}."
        )
    if facts.prior_tax is not None and facts.prior_income is None and ways.high_prior(rules, facts):
        found.append("Last year’s adjusted gross income is not entered: the higher part of last year’s tax is taken.")
    if case.rates is None and rules.slots:
        found.append(f"The penalty of {rules.jurisdiction} is not computed.")
    if any(due.postponed for due in case.dues):
        found.append("A due date was postponed by you; check that it holds for where you live.")
    if rules.file_by_january and not exempt:
        found.append("The fourth instalment is not needed if you file and pay everything by the end of January.")
    return found
