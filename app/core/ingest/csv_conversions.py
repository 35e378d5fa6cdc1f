"""The dollars that a row in another currency states itself: in its words, or in columns beside its amount.

Only what is written is taken, and only where the row's own amount is one of the two that are written. Nothing is
worked out from a rate.
"""

from __future__ import annotations

import re

from app.core.ingest.values import cents_of_typed
from app.core.later import later

_AMOUNT = r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?)"
_CONVERTED = later(
    rf"\bconverted {_AMOUNT} ([A-Z]{{3}})(?: from (?:your )?[A-Z]{{3}} balance)? to {_AMOUNT} ([A-Z]{{3}})\b",
    re.IGNORECASE,
)
_CHARGED = later(rf"\bcard transaction of {_AMOUNT} USD\b", re.IGNORECASE)
_DOLLARS = "USD"


def dollars_in_words(text: str, cents: int, currency: str, fee_cents: int = 0) -> int | None:
    """Return the US cents that a text states for an amount, with its sign; None where it states none.

    What a wallet converts may be written with or without its fee; what a shop charged in dollars is the whole of it.
    """
    if charged := _CHARGED.search(text):
        return _signed(cents_of_typed(charged[1]), cents)
    converted = _CONVERTED.search(text)
    if converted is None:
        return None
    said = {converted[2].upper(): cents_of_typed(converted[1]), converted[4].upper(): cents_of_typed(converted[3])}
    if said.keys() != {currency, _DOLLARS} or said[currency] not in {abs(cents), abs(cents) - abs(fee_cents)}:
        return None
    return _signed(said[_DOLLARS], cents)


def _signed(dollars: int, cents: int) -> int | None:
    return (dollars if cents > 0 else -dollars) if dollars and cents else None


def dollars_beside(cents: int, currency: str, source: str, target: str, target_cents: int) -> int | None:
    """Return the US cents of an amount that left in one currency to arrive as dollars, where both are written."""
    is_to_dollars = target.strip().upper() == _DOLLARS and source.strip().upper() in {"", currency}
    return _signed(abs(target_cents), cents) if is_to_dollars else None
