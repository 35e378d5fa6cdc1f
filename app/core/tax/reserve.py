"""How much of every deposit belongs to the tax of the year.

Mode `share`: a deposit d sets aside T(P) x d / D, where P is the projected profit and D the projected deposits of the
year. Shares add up to the whole tax in any order of deposits, which marginal figures cannot do; the marginal tax of a
deposit, T(P) - T(P - d), stands beside it as explanation. T is the tax of the whole return, a spouse's wages included;
withholding is taken off what is needed, not off the deposits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.dates import Day, iso, year_days
from app.core.money import share, split_by_weights
from app.core.tax.by_profit import TaxByProfit, TaxParts
from app.core.tax.model import Line
from app.core.tax.projection import Projection

SHARE, ANNUALIZED = "share", "annualized"
FEDERAL = "federal"
COVERED = "covered"
OPEN = "open"

WAGES_IN_TAX = "The tax of the whole return is shared over your deposits; withholding up to the day is taken off."
DEPOSITS_BELOW_ZERO = "Deposits of zero or less set nothing aside."
ONE_PAYS_NOT_THE_OTHER = (
    "More than its share is paid to one government: that pays nothing to the other, so look at both."
)


class Deposit(NamedTuple):
    """One deposit of kind income, gross of fees, by its tax date. A suggested one counts like a booked one."""

    transaction_id: int
    day: Day
    payer: str | None
    cents: int
    status: str
    """booked or suggested."""


class SetAside(NamedTuple):
    """What one deposit asks for. `status`: covered by what is held and paid, oldest first, or open."""

    deposit: Deposit
    set_aside_cents: int
    marginal: TaxParts
    marginal_rate: float
    status: str


class Paid(NamedTuple):
    """What one government has of the year's tax already, in cents, and when it next wants some."""

    withholding_to_date: int = 0
    paid: int = 0
    """Estimate, extension and applied payments for the year."""
    next_due: Day | None = None

    @property
    def total(self) -> int:
        return self.withholding_to_date + self.paid


NOTHING_PAID = Paid()
NOTHING_KEPT: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the money stands on `as_of`. Cents."""

    year: int
    as_of: Day
    federal: Paid = NOTHING_PAID
    state: Paid = NOTHING_PAID
    """What the state has, with what was paid for the tax of the place."""
    state_code: str = ""
    """Empty when the profile names no state, or none whose tax is known for the year."""
    held_cents: int = 0
    """Balance of the reserve accounts."""
    mode: str = SHARE
    first_guess: bool = True

    @property
    def withholding_to_date_cents(self) -> int:
        return self.federal.withholding_to_date + self.state.withholding_to_date

    @property
    def paid_cents(self) -> int:
        return self.federal.paid + self.state.paid

    @property
    def next_due(self) -> tuple[Day, str] | None:
        """Return the next day money is due, and to whom; the federal government first on the same day."""
        days = [(self.federal.next_due, 0, FEDERAL), (self.state.next_due, 1, self.state_code)]
        known = [(day, order, code) for day, order, code in days if day is not None]
        if not known:
            return None
        day, _, code = min(known)
        return day, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """The answer, in cents. `range` is low, expected, high of what is needed."""

    standing: Standing
    needed_cents: int
    federal_needed_cents: int
    state_needed_cents: int
    """Each government's own need, never below zero."""
    tax: TaxParts
    """The tax of the year at the projected profit."""
    range_cents: tuple[int, int, int]
    gap_cents: int
    projection: Projection
    deposits: tuple[SetAside, ...]
    lines: tuple[Line, ...]
    assumptions: tuple[str, ...]
    true_up_cents: int = 0
    """By how much the kept set-asides fall short of their share now (negative: have too much)."""


def withholding_to(withholding_cents: int, year: int, as_of: Day) -> int:
    """Return the part of a year's withholding that counts up to a day: evenly by days. Source: IRC 6654(g)."""
    first, last = year_days(year)
    days = min(max(0, as_of - first + 1), last - first + 1)
    return share(withholding_cents, Decimal(days) / (last - first + 1))


def reserve(
    deposits: Sequence[Deposit],
    tax: TaxByProfit,
    projection: Projection,
    standing: Standing,
    assumptions: Sequence[str] = (),
    kept: Mapping[int, int] = NOTHING_KEPT,
) -> Reserve:
    """Return what is needed on the day, and each deposit's share of it.

    Units: cents. Deposits after the day are left out. `kept` are set-asides the user has kept, by transaction: they
    stay when the projection moves, and the difference is spread over the other deposits and those to come. The cost is
    one evaluation for each different amount.
    """
    counted = sorted(
        (row for row in deposits if row.day <= standing.as_of), key=lambda row: (row.day, row.transaction_id)
    )
    amounts = [max(0, row.cents) for row in counted]
    stays = [kept.get(row.transaction_id) for row in counted]
    whole_year = max(projection.deposits, sum(amounts))
    full = tax(projection.profit)
    shares, spread, left = _shares(max(0, full.total), amounts, stays, whole_year)
    # What is kept says nothing about how the year may still turn out: the range is that of the plain shares.
    needed = [
        _needed(_asked(_shares(max(0, tax(profit).total), amounts, [None] * len(amounts), whole_year)), standing)
        for profit in (projection.profit_low, projection.profit_high)
    ]
    asked = sum(shares) + left
    expected = _needed(asked, standing)
    for_federal, for_state = _by_government(full, asked)
    federal, state = max(0, for_federal - standing.federal.total), max(0, for_state - standing.state.total)
    notes = [*assumptions, WAGES_IN_TAX, *projection.assumptions]
    if any(row.cents <= 0 for row in counted):
        notes.append(DEPOSITS_BELOW_ZERO)
    if federal + state > expected:
        notes.append(ONE_PAYS_NOT_THE_OTHER)
    return Reserve(
        standing=standing,
        needed_cents=expected,
        federal_needed_cents=federal,
        state_needed_cents=state,
        tax=full,
        range_cents=(min(expected, *needed), expected, max(expected, *needed)),
        gap_cents=expected - standing.held_cents,
        projection=projection,
        deposits=_set_asides(counted, shares, tax, projection.profit, full, standing),
        lines=_lines(full, sum(amounts), whole_year, asked, expected, standing, kept=any(kept)),
        assumptions=tuple(dict.fromkeys(notes)),
        true_up_cents=spread,
    )


def by_period(result: Reserve, federal: int, state: int) -> Reserve:
    """Return the reserve by what each government asks until its next date, on the income of each period.

    Units: cents, what is paid already taken off. The deposits so far share what was asked up to that date.
    """
    standing = replace(result.standing, mode=ANNUALIZED)
    needed = federal + state
    asked = needed + standing.withholding_to_date_cents + standing.paid_cents
    amounts = [max(0, row.deposit.cents) for row in result.deposits]
    shares = split_by_weights(asked, amounts) if any(amounts) else [0] * len(amounts)
    money = standing.held_cents + standing.paid_cents
    so_far, deposits = 0, []
    for row, cents in zip(result.deposits, shares, strict=True):
        so_far += cents
        deposits.append(row._replace(set_aside_cents=cents, status=COVERED if so_far <= money else OPEN))
    low, _, high = result.range_cents
    lines = (
        Line("Reserve", "3", "Asked until the next date, on the income so far", needed, "federal + state",
             {"federal": federal, "state": state}, ""),
        Line("Reserve", "4", "Still to move", needed - standing.held_cents, "needed - held",
             {"needed": needed, "held": standing.held_cents}, ""),
    )  # fmt: skip
    return replace(
        result, standing=standing, needed_cents=needed, federal_needed_cents=federal, state_needed_cents=state,
        range_cents=(min(low, needed), needed, max(high, needed)), gap_cents=needed - standing.held_cents,
        deposits=tuple(deposits), lines=(*result.lines[:2], *lines),
    )  # fmt: skip


def _by_government(tax: TaxParts, cents: int) -> tuple[int, int]:
    """Split what is set aside between the federal government and the state, as the year's tax is split."""
    weights = [max(0, tax.to_federal), max(0, tax.to_state)]
    if not any(weights):
        return cents, 0
    federal, state = split_by_weights(cents, weights)
    return federal, state


class _Shares(NamedTuple):
    """Set-asides in the order of the deposits, and what the kept ones lack (or have too much), in cents.

    `left` is the part of it that no deposit is there to take: it is asked for at once, or no longer.
    """

    set_asides: list[int]
    true_up: int
    left: int


def _shares(total: int, amounts: list[int], kept: list[int | None], whole_year: int) -> _Shares:
    """Share the year's tax over the deposits so far and, as one last weight, the deposits still to come."""
    if not whole_year:
        return _Shares([0] * len(amounts), 0, 0)
    plain = split_by_weights(total, [*amounts, whole_year - sum(amounts)])[:-1]
    if all(cents is None for cents in kept):
        return _Shares(plain, 0, 0)
    true_up = sum(one - two for one, two in zip(plain, kept, strict=True) if two is not None)
    weights = [0 if cents is not None else amount for amount, cents in zip(amounts, kept, strict=True)]
    weights.append(whole_year - sum(amounts))
    rest = total - sum(cents for cents in kept if cents is not None)
    if not any(weights):
        return _Shares([cents or 0 for cents in kept], true_up, rest)
    # What was kept beyond the whole tax asks the others for nothing, and no more than the tax is needed in all.
    spread = split_by_weights(max(0, rest), weights)[:-1]
    set_asides = [part if cents is None else cents for part, cents in zip(spread, kept, strict=True)]
    return _Shares(set_asides, true_up, min(0, rest))


def _asked(shares: _Shares) -> int:
    return sum(shares.set_asides) + shares.left


def _needed(set_aside: int, standing: Standing) -> int:
    return max(0, set_aside - standing.withholding_to_date_cents - standing.paid_cents)


def _set_asides(
    counted: list[Deposit], shares: list[int], tax: TaxByProfit, profit: int, full: TaxParts, standing: Standing
) -> tuple[SetAside, ...]:
    without = {cents: tax(profit - cents) for cents in {row.cents for row in counted if row.cents > 0}}
    money = standing.held_cents + standing.paid_cents
    asked = 0
    result = []
    for row, cents in zip(counted, shares, strict=True):
        asked += cents
        marginal = full.less(without[row.cents]) if row.cents > 0 else TaxParts(0, 0)
        rate = round(marginal.total / row.cents, 4) if row.cents > 0 else 0.0
        result.append(SetAside(row, cents, marginal, rate, COVERED if asked <= money else OPEN))
    return tuple(result)


def _lines(
    full: TaxParts,
    so_far: int,
    whole_year: int,
    set_aside: int,
    needed: int,
    standing: Standing,
    *,
    kept: bool,
) -> tuple[Line, ...]:
    withheld, paid, held = standing.withholding_to_date_cents, standing.paid_cents, standing.held_cents
    rows: tuple[tuple[str, int, str, dict[str, int]], ...] = (
        (
            "Tax of the year at the projected profit", max(0, full.total),
            "max(0, income_tax + self_employment_tax + state_tax + local_tax)",
            {
                "income_tax": full.federal, "self_employment_tax": full.self_employment, "state_tax": full.state,
                "local_tax": full.local,
            },
        ),
        (
            "Set aside from the deposits so far", set_aside,
            "kept_and_spread" if kept else "tax * deposits_so_far / deposits_of_year if deposits_of_year else 0",
            {
                "tax": max(0, full.total), "deposits_so_far": so_far, "deposits_of_year": whole_year,
                **({"kept_and_spread": set_aside} if kept else {}),
            },
        ),
        (
            "Needed", needed, "max(0, set_aside - withholding_to_date - paid)",
            {"set_aside": set_aside, "withholding_to_date": withheld, "paid": paid},
        ),
        ("Still to move", needed - held, "needed - held", {"needed": needed, "held": held}),
    )  # fmt: skip
    return tuple(
        Line("Reserve", str(number), label, cents, formula, inputs, "")
        for number, (label, cents, formula, inputs) in enumerate(rows, start=1)
    )


def contract(result: Reserve) -> dict[str, Any]:
    """Return the answer under the keys of the command line."""
    standing, projection = result.standing, result.projection
    low, expected, high = result.range_cents
    due = standing.next_due
    due_cents = {FEDERAL: result.federal_needed_cents}
    return {
        "as_of": iso(standing.as_of),
        "year": standing.year,
        "mode": standing.mode,
        "needed_cents": result.needed_cents,
        "range": {"low_cents": low, "expected_cents": expected, "high_cents": high},
        "first_guess": standing.first_guess,
        "assumptions": list(result.assumptions),
        "held_cents": standing.held_cents,
        "paid_cents": standing.paid_cents,
        "gap_cents": result.gap_cents,
        "federal": _government(standing.federal, result.federal_needed_cents),
        "state": {
            "jurisdiction": standing.state_code or None,
            "included": bool(standing.state_code),
            **_government(standing.state, result.state_needed_cents),
        },
        "next_due": None
        if due is None
        else {
            "date": iso(due[0]),
            "jurisdiction": due[1],
            "due_cents": due_cents.get(due[1], result.state_needed_cents),
        },
        "projection": {
            "method": projection.method,
            "profit_cents": projection.profit,
            "low_cents": projection.profit_low,
            "high_cents": projection.profit_high,
            "deposits_cents": projection.deposits,
            "days": projection.days,
        },
        "deposits": [_deposit(row) for row in result.deposits],
        "true_up_cents": result.true_up_cents,
        "lines": [row._asdict() for row in result.lines],
    }


def _government(has: Paid, needed: int) -> dict[str, Any]:
    return {
        "needed_cents": needed,
        "paid_cents": has.paid,
        "withholding_to_date_cents": has.withholding_to_date,
        "next_due": None if has.next_due is None else {"date": iso(has.next_due), "due_cents": needed},
    }


def _deposit(row: SetAside) -> dict[str, Any]:
    return {
        "transaction_id": row.deposit.transaction_id,
        "date": iso(row.deposit.day),
        "payer": row.deposit.payer,
        "amount_cents": row.deposit.cents,
        "set_aside_cents": row.set_aside_cents,
        "marginal_cents": row.marginal.total,
        "marginal_rate": row.marginal_rate,
        "parts": {
            "federal_cents": row.marginal.federal,
            "se_cents": row.marginal.self_employment,
            "state_cents": row.marginal.state,
            "local_cents": row.marginal.local,
        },
        "booked": row.deposit.status == "booked",
        "status": row.status,
    }
