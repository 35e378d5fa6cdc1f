"""How much each instalment has to be: a part of this year's tax, of last year's, or of income as it came.

Source: IRC 6654(d), (e); Form 2210 Parts I and IV and Schedule AI. States follow the same shape with their own parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.dates import Day
from app.core.money import share
from app.core.tax.instalments.annualized import PeriodTax
from app.core.tax.instalments.schedule import Due, Rules
from app.core.tax.model import Line
from app.core.tax.trace import Sheet

REGULAR, PRIOR_YEAR, ANNUALIZED = "regular", "prior_year", "annualized"

RULE = "instalments.rule"
"""Where the figures of a jurisdiction's rule come from; one source for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rule looks at. Cents. The tax is after all credits but those for payments."""

    filing_status: FilingStatus = FilingStatus.SINGLE
    tax: int
    income: int = 0
    """Adjusted gross income of this year."""
    withholding: int = 0
    prior_tax: int | None = None
    """Tax of last year's return; None when it is not known."""
    prior_income: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """The instalments by one method, in the order of the dates; or why the method is not open."""

    name: str
    annual: int = 0
    required: tuple[int, ...] = ()
    why_not: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def available(self) -> bool:
        return not self.why_not


NO_PRIOR = "Last year’s tax is not entered."
PRIOR_RULE_UNKNOWN = "The part of last year’s tax that is enough is not known to this program."
INCOME_TOO_HIGH = "Not open at this year’s income."
NO_ANNUALIZED = "Not known for this jurisdiction."


NO_PRIOR_TAX = "Last year’s tax was zero, so no instalment is required if that year had twelve months."


def exempt(rules: Rules, facts: Facts) -> str:
    """Return why this year's tax asks for no instalment, or nothing. Source: IRC 6654(e)(1)."""
    owed = facts.tax - facts.withholding
    least = None if rules.minimum_cents is None else rules.minimum_cents[facts.filing_status]
    if facts.tax <= 0:
        return "No tax is expected for the year, so no instalment is required."
    if owed <= 0:
        return "Withholding covers the tax of the year, so no instalment is required."
    if least is not None and owed < least:
        return f"Less than ${least // 100:,} is left after withholding, so no instalment is required."
    return ""


def regular(rules: Rules, facts: Facts, dues: Sequence[Due]) -> Requirement:
    """Return the instalments of the needed part of this year's tax; all of it where the part is not known."""
    sheet = _sheet(rules)
    tax = max(0, facts.tax)
    rate = rules.current_rate
    if rate is None:
        annual = sheet.add(_form(rules), "", "Tax of this year", tax, "tax", RULE, tax=tax)
    else:
        annual = sheet.add(
            _form(rules), "5", "Needed part of this year’s tax", share(tax, rate), f"tax * {rate}", RULE, tax=tax
        )
    return Requirement(
        name=REGULAR, annual=annual, required=_spread(sheet, rules, annual, dues), lines=tuple(sheet.lines)
    )


def prior_year(rules: Rules, facts: Facts, dues: Sequence[Due]) -> Requirement:
    """Return the instalments by last year's tax, or why that way is closed."""
    why_not = _prior_closed(rules, facts)
    if why_not or rules.prior_rate is None or facts.prior_tax is None:
        return Requirement(name=PRIOR_YEAR, why_not=why_not)
    sheet = _sheet(rules)
    rate = rules.prior_rate
    if high_prior(rules, facts) and rules.high_prior_rate is not None:
        rate = rules.high_prior_rate
    annual = sheet.add(
        _form(rules), "8", "Needed part of last year’s tax", share(max(0, facts.prior_tax), rate),
        f"last_year_tax * {rate}", RULE, last_year_tax=max(0, facts.prior_tax),
    )  # fmt: skip
    return Requirement(
        name=PRIOR_YEAR, annual=annual, required=_spread(sheet, rules, annual, dues), lines=tuple(sheet.lines)
    )


def high_prior(rules: Rules, facts: Facts) -> bool:
    """Whether last year's income asks for the higher part; an income that is not known is taken to be high."""
    if rules.high_income_cents is None:
        return False
    return facts.prior_income is None or facts.prior_income > rules.high_income_cents[facts.filing_status]


def _prior_closed(rules: Rules, facts: Facts) -> str:
    if rules.prior_rate is None:
        return PRIOR_RULE_UNKNOWN
    if rules.no_prior_from_cents is not None and facts.income >= rules.no_prior_from_cents[facts.filing_status]:
        return INCOME_TOO_HIGH
    return NO_PRIOR if facts.prior_tax is None else ""


def annualized(rules: Rules, dues: Sequence[Due], periods: Sequence[PeriodTax], annual: int) -> Requirement:
    """Return the instalments by income as it came, none above the regular one with what was saved before.

    `annual` is the required annual payment: the smaller of the two other methods. Source: IRC 6654(d)(2).
    """
    if rules.current_rate is None or not rules.annualized or not periods:
        return Requirement(name=ANNUALIZED, why_not=NO_ANNUALIZED)
    sheet = _sheet(rules)
    form = f"{_form(rules)} Schedule AI" if rules.jurisdiction == "federal" else _form(rules)
    plain = _steps(annual, dues)
    asked: list[int] = []
    lines: list[Line] = []
    saved = 0
    for due, period, equal in zip(dues, periods, plain, strict=True):
        rate = rules.current_rate * due.share
        whose = instalment_label(due.number)
        target = sheet.add(
            form, "21", f"{whose}needed by then", share(max(0, period.tax), rate),
            f"annualized_tax * {rate.normalize():f}", RULE, annualized_tax=max(0, period.tax),
        )  # fmt: skip
        left = sheet.add(
            form, "23", f"{whose}less those before", max(0, target - sum(asked)),
            "max(0, needed - before)", "", needed=target, before=sum(asked),
        )  # fmt: skip
        most = sheet.add(
            form, "26", f"{whose}equal part and what was saved before", equal + saved,
            "equal_part + saved", "", equal_part=equal, saved=saved,
        )  # fmt: skip
        now = sheet.add(form, "27", f"{whose}required", min(left, most), "min(left, most)", "", left=left, most=most)
        lines += [*period.lines, *sheet.lines]
        sheet.lines.clear()
        saved = most - now
        asked.append(now)
    return Requirement(name=ANNUALIZED, annual=sum(asked), required=tuple(asked), lines=tuple(lines))


def instalment_label(number: int) -> str:
    """Return how the label of a line that belongs to one instalment begins."""
    return f"Instalment {number}: "


def _steps(annual: int, dues: Sequence[Due]) -> tuple[int, ...]:
    """Return each instalment of a payment by the schedule; cents that do not divide fall to the later one."""
    reached = [0, *(share(annual, due.share) for due in dues)]
    return tuple(high - low for low, high in pairwise(reached))


def _spread(sheet: Sheet, rules: Rules, annual: int, dues: Sequence[Due]) -> tuple[int, ...]:
    steps = _steps(annual, dues)
    before = 0
    for due, step in zip(dues, steps, strict=True):
        sheet.add(
            _form(rules), "", f"Instalment {due.number}", step, f"annual_payment * {due.share} - before", RULE,
            annual_payment=annual, before=before,
        )  # fmt: skip
        before += step
    return steps


def _sheet(rules: Rules) -> Sheet:
    return Sheet({RULE: rules.source}, explain=True)


def _form(rules: Rules) -> str:
    return "Form 2210" if rules.jurisdiction == "federal" else f"Instalments {rules.jurisdiction}"


class Credit(NamedTuple):
    """Money that counts for the year on a day. Cents."""

    day: Day
    cents: int
