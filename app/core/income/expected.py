"""What was expected against what came: each payment stands for one expectation only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.core.dates import Day

EARLY_DAYS, AFTER_DAYS = 21, 60
"""A payment stands for what was due within so many days before and after it."""
EARLY_PART_DAYS = 7
"""A payment of another amount is a part of it only from so many days before: earlier ones were for something else."""
_TOLERANCE_CENTS = 100
_TOLERANCE_SHARE = 100
"""Equal within a dollar or a hundredth: a wire's fee is no debt."""


class State(StrEnum):
    EXPECTED = "expected"
    RECEIVED = "received"
    SHORT = "short"
    OVER = "over"
    LATE = "late"


class Expectation(NamedTuple):
    id: int
    payer: int
    due: Day
    cents: int


class Receipt(NamedTuple):
    """A payment that came. `gross` is before fees; what was expected may be either."""

    transaction_id: int
    payer: int
    day: Day
    cents: int
    gross: int


class Met(NamedTuple):
    expectation: Expectation
    state: State
    received_cents: int
    open_cents: int
    """What is still to come."""
    days_late: int
    transactions: tuple[int, ...]


def met(expectations: Iterable[Expectation], receipts: Iterable[Receipt], as_of: Day) -> list[Met]:
    """Return how each expectation stands on a day, in order of their dates; the same for any order given."""
    wanted = sorted(expectations, key=lambda each: (each.due, each.id))
    came = sorted(
        (each for each in receipts if each.day <= as_of and each.cents > 0), key=lambda r: (r.day, r.transaction_id)
    )
    taken: dict[int, list[tuple[Receipt, int]]] = {each.id: [] for each in wanted}
    free = _exact(wanted, came, taken)
    for receipt in free:
        _into_parts(receipt, wanted, taken)
    return [_judged(each, taken[each.id], as_of) for each in wanted]


def tolerance(cents: int) -> int:
    return max(_TOLERANCE_CENTS, cents // _TOLERANCE_SHARE)


def _fits(expectation: Expectation, receipt: Receipt) -> int | None:
    """Return the amount of a receipt that is what was expected, net or gross; None when neither is."""
    allowed = tolerance(expectation.cents)
    for cents in (receipt.gross, receipt.cents):
        if abs(cents - expectation.cents) <= allowed:
            return cents
    return None


def _in_reach(expectation: Expectation, receipt: Receipt) -> bool:
    return receipt.payer == expectation.payer and -EARLY_DAYS <= receipt.day - expectation.due <= AFTER_DAYS


def _exact(
    wanted: Sequence[Expectation], came: Sequence[Receipt], taken: dict[int, list[tuple[Receipt, int]]]
) -> list[Receipt]:
    """Give each expectation the payment of its amount that is nearest by date; returns what is left."""
    pairs = sorted(
        (abs(receipt.day - each.due), each.due, each.id, receipt.transaction_id, place, cents)
        for each in wanted
        for place, receipt in enumerate(came)
        if _in_reach(each, receipt) and (cents := _fits(each, receipt)) is not None
    )
    used: set[int] = set()
    for _, _, number, _, place, cents in pairs:
        if not taken[number] and place not in used:
            taken[number].append((came[place], cents))
            used.add(place)
    return [receipt for place, receipt in enumerate(came) if place not in used]


def _into_parts(receipt: Receipt, wanted: Sequence[Expectation], taken: dict[int, list[tuple[Receipt, int]]]) -> None:
    """Count a payment of another amount towards the earliest expectation in reach that is not met yet."""
    for each in wanted:
        early = receipt.day < each.due - EARLY_PART_DAYS
        if (
            not early
            and _in_reach(each, receipt)
            and sum(cents for _, cents in taken[each.id]) < each.cents - tolerance(each.cents)
        ):
            taken[each.id].append((receipt, receipt.gross))
            return


def _judged(each: Expectation, got: Sequence[tuple[Receipt, int]], as_of: Day) -> Met:
    cents = sum(amount for _, amount in got)
    missing = each.cents - cents
    late = max(0, as_of - each.due)
    if abs(missing) <= tolerance(each.cents):
        state, missing, late = State.RECEIVED, 0, 0
    elif missing < 0:
        state, missing, late = State.OVER, 0, 0
    elif got:
        state = State.SHORT
    else:
        state = State.LATE if late else State.EXPECTED
    return Met(each, state, cents, missing, late, tuple(receipt.transaction_id for receipt, _ in got))
