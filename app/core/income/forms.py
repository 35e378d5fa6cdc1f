"""Forms 1099 against the books: what the payer reported, what came, and what explains the difference.

Source: tax rules 7 to 9 of the design. Line 1 shows gross receipts at least equal to the forms; a form 1099-K is gross
of fees, refunds and sales tax, and a payer counts a payment in the year it left, the books in the year it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from app.core.dates import Day, date_of, day_of, year_days

_YEAR_END_DAYS = 15
_MOST_TRIED = 10
"""Payments at a year's end of which all sums are tried."""

FEES = "Fees kept back before the deposit"
REFUNDS = "Refunds to customers"
SALES_TAX = "Sales tax collected"
NETWORK = "Paid by card or through a payment network, which reports it itself"
LAST_JANUARY = "Came in early January: perhaps on last year's form"
NEXT_JANUARY = "Came early the January after: perhaps on this year's form"


class FormType(StrEnum):
    NEC = "1099-NEC"
    MISC = "1099-MISC"
    K = "1099-K"


class Form(NamedTuple):
    """One form received. Units: US cents; fees, refunds and sales tax are in the box, as the payer's statement says."""

    id: int
    payer: int
    year: int
    type: str
    cents: int
    fees: int
    refunds: int
    sales_tax: int


class Came(NamedTuple):
    """A payment of one payer. `gross` is before the fees the books know of."""

    day: Day
    gross: int
    by_network: bool


class Step(NamedTuple):
    what: str
    cents: int


class Checked(NamedTuple):
    """reported + the steps of the bridge + the difference = received. Units: US cents."""

    reported: int
    received: int
    bridge: tuple[Step, ...]
    difference: int


def check(year: int, forms: Sequence[Form], came: Iterable[Came]) -> Checked:
    """Return the forms of one payer for a year against what came from it.

    `came` has the payments of the year and of the January after it.
    """
    first, last = year_days(year)
    payments = list(came)
    received = sum(each.gross for each in payments if first <= each.day <= last)
    reported = sum(form.cents for form in forms)
    by_network = sum(each.gross for each in payments if each.by_network and first <= each.day <= last)
    only_nec = all(form.type != FormType.K for form in forms)
    steps = [
        Step(FEES, -sum(form.fees for form in forms)),
        Step(REFUNDS, -sum(form.refunds for form in forms)),
        Step(SALES_TAX, -sum(form.sales_tax for form in forms)),
    ]
    left = received - reported - sum(step.cents for step in steps)
    if only_nec and by_network and left:
        step = Step(NETWORK, min(by_network, left) if left > 0 else 0)
        steps.append(step)
        left -= step.cents
    for step in _at_year_end(year, payments, left):
        steps.append(step)
        left -= step.cents
    return Checked(reported, received, tuple(step for step in steps if step.cents), left)


def _at_year_end(year: int, payments: Sequence[Came], left: int) -> list[Step]:
    """Return what payments of the Januaries explain of a difference: only sums that explain all of it, to the cent."""
    if not left:
        return []
    early = _in_january(payments, year)
    following = _in_january(payments, year + 1)
    signed = [(cents, LAST_JANUARY) for cents in early] + [(-cents, NEXT_JANUARY) for cents in following]
    for size in range(1, len(signed) + 1 if len(signed) <= _MOST_TRIED else 3):
        for chosen in combinations(signed, size):
            if sum(cents for cents, _ in chosen) == left:
                totals = {what: sum(c for c, w in chosen if w == what) for what in (LAST_JANUARY, NEXT_JANUARY)}
                return [Step(what, cents) for what, cents in totals.items() if cents]
    return []


def _in_january(payments: Sequence[Came], year: int) -> list[int]:
    first = year_days(year)[0]
    last = day_of(date_of(first).replace(day=_YEAR_END_DAYS))
    return sorted((each.gross for each in payments if first <= each.day <= last and each.gross > 0), reverse=True)
