"""Which legs are worth comparing.

Blocked by amount and day, so that 100,000 rows of which few speak of moving money cost little more than sorting them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence

from app.core.match.scoring import DAYS_AFTER, DAYS_BEFORE, LARGEST_FEE_CENTS, Leg, fee_points

_NEAREST = 12
"""Inflows of equal amount looked at for each outflow: the nearest by day."""


def order(leg: Leg) -> tuple[int, int, int, str, int]:
    """Return the key that all legs are sorted by, so that the order of the input never matters."""
    return leg.day, leg.account_id, leg.cents, leg.text, leg.transaction_id


def equal_amounts(legs: Sequence[Leg], telling: Collection[int] = ()) -> list[tuple[Leg, Leg]]:
    """Return outflow and inflow of equal cents near in time, of two accounts, one of them with a phrase.

    `telling` are rows without one whose texts give the digits of another account.
    """
    outs: dict[int, list[Leg]] = defaultdict(list)
    ins: dict[int, list[Leg]] = defaultdict(list)
    for leg in legs:
        (ins if leg.cents > 0 else outs)[abs(leg.cents)].append(leg)
    found: list[tuple[Leg, Leg]] = []
    for cents, paying in outs.items():
        receiving = ins.get(cents)
        if not receiving:
            continue
        worded = [leg for leg in receiving if leg.phrase or leg.transaction_id in telling]
        for out in paying:
            speaks = out.phrase or out.transaction_id in telling
            found += [(out, into) for into in _window(out, receiving if speaks else worded)]
    return found


def _window(out: Leg, receiving: Sequence[Leg]) -> list[Leg]:
    """Return the inflows of other accounts near in time, the nearest when there are very many."""
    first = bisect_left(receiving, out.day - DAYS_BEFORE, key=lambda leg: leg.day)
    last = bisect_right(receiving, out.day + DAYS_AFTER, key=lambda leg: leg.day)
    near = [into for into in receiving[first:last] if into.account_id != out.account_id]
    if len(near) > _NEAREST:
        near.sort(key=lambda into: (abs(into.day - out.day), order(into)))
        del near[_NEAREST:]
    return near


def with_fee(legs: Sequence[Leg], wallets: Collection[int] = ()) -> list[tuple[Leg, Leg]]:
    """Return outflow and inflow with a fee between them; only legs that both speak of moving money.

    What leaves one of the `wallets` may name only whom it went to.
    """
    ins: dict[int, list[Leg]] = defaultdict(list)
    for leg in legs:
        if leg.phrase and leg.cents > 0:
            ins[leg.day].append(leg)
    for of_day in ins.values():
        of_day.sort(key=lambda leg: (leg.cents, order(leg)))
    found: list[tuple[Leg, Leg]] = []
    for out in legs:
        if out.cents > 0 or not (out.phrase or out.account_id in wallets):
            continue
        gross = -out.cents
        least = gross - max(LARGEST_FEE_CENTS, gross // 50)
        for day in range(out.day - DAYS_BEFORE, out.day + DAYS_AFTER + 1):
            of_day = ins.get(day, [])
            for into in of_day[bisect_left(of_day, least, key=lambda leg: leg.cents) :]:
                if into.cents >= gross:
                    break
                if into.account_id != out.account_id and fee_points(gross, into.cents) is not None:
                    found.append((out, into))
    return found


def funded(legs: Sequence[Leg], wallets: Collection[int]) -> list[tuple[Leg, Leg]]:
    """Return bank debits with a phrase and purchases of equal cents with a wallet near in time."""
    spent: dict[int, list[Leg]] = defaultdict(list)
    for leg in legs:
        if leg.account_id in wallets and leg.cents < 0 and not leg.phrase:
            spent[leg.cents].append(leg)
    found: list[tuple[Leg, Leg]] = []
    for out in legs:
        if out.phrase and out.account_id not in wallets and out.cents in spent:
            rivals = spent[out.cents]
            first = bisect_left(rivals, out.day - DAYS_AFTER, key=lambda leg: leg.day)
            last = bisect_right(rivals, out.day + 1, key=lambda leg: leg.day)
            found += [(out, leg) for leg in rivals[first:last]]
    return found
