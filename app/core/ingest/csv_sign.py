"""Whether a bare amount column has charges as positive numbers, and how many rows went which way.

Bank and wallet files are taken as they are signed. A card's file is turned round when most of its amounts are positive
or a payment to the card stands on a negative row; a card's file that shows neither has to be asked about.
"""

from __future__ import annotations

import re

from app.core.errors import NeedsMapping
from app.core.ingest.statement import SourceRow
from app.core.money import dollars, money_text

_PAYMENT = re.compile(
    r"\b(?:(?:auto ?pay|automatic|online|mobile|internet|electronic|web|e-?)\s*-?\s*(?:payment|pymt|pmt)"
    r"|payment\s*-?,?\s*(?:received\s*-?,?\s*)?thank|thank you for your payment|payment received|auto ?pay)\b",
    re.IGNORECASE,
)
_CARD_SIDE = re.compile(r"payment\s*(?:received)?\s*[-,]?\s*thank|autopay payment", re.IGNORECASE)
CARD_KIND = "credit"


def decide(rows: list[SourceRow], kind: str | None, *, told: bool) -> str:
    """Return `signed` or `flipped` for rows read as signed.

    `kind` is the account kind if known; `told` says that the user named it, not the file.
    Raises: NeedsMapping for a card the user named whose rows show neither direction.
    """
    moved = [row for row in rows if row.cents]
    positive = sum(1 for row in moved if row.cents > 0)
    mostly_positive = positive * 2 > len(moved)
    if kind is not None and kind != CARD_KIND:
        return "signed"
    if kind is None:
        thanks = any(row.cents < 0 and _CARD_SIDE.search(row.text) for row in moved)
        return "flipped" if thanks and mostly_positive else "signed"
    paid_in = any(row.cents > 0 and _PAYMENT.search(row.text) for row in moved)
    paid_out = any(row.cents < 0 and _PAYMENT.search(row.text) for row in moved)
    if paid_out and not (paid_in and not mostly_positive):
        return "flipped"
    if paid_in and not paid_out:
        return "signed"
    if mostly_positive:
        return "flipped"
    if told and moved:
        raise NeedsMapping(
            "The rows of this card do not show whether a positive amount is a charge or a payment.",
            "Import it again with --sign signed (charges are negative) or --sign flipped (charges are positive).",
        )
    return "signed"


def turned(rows: list[SourceRow]) -> list[SourceRow]:
    """Return the rows with every amount turned round."""
    return [
        row._replace(
            cents=-row.cents, gross_cents=_turned(row.gross_cents), fee_cents=_turned(row.fee_cents),
            usd_cents=_turned(row.usd_cents),
        )
        for row in rows
    ]  # fmt: skip


def _turned(cents: int | None) -> int | None:
    return None if cents is None else -cents


def sentence(rows: list[SourceRow], sign: str, currency: str) -> str:
    """Return the choice and what came of it, for the user to see. `currency` is that of rows that name none."""
    ways = [row.cents for row in rows]
    money_in, money_out = sum(1 for cents in ways if cents > 0), sum(1 for cents in ways if cents < 0)
    how = "turned round, positive amounts being charges" if sign == "flipped" else "taken as signed"
    net = money_text(sum(ways)) if currency == "USD" else f"{dollars(sum(ways))} {currency}"
    told = "" if any(row.currency for row in rows) else f", net {net}"
    return f"Amounts were {how}: {money_in} in, {money_out} out{told}."
