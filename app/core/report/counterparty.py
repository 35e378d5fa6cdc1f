"""Whom a row was paid by or to, for sums by name.

A bank wraps the name in its own words and numbers; a payment service hides it behind its own. Where nothing but a
cheque number is left, that is what stands here.
"""

from __future__ import annotations

import re

from app.core.report.lines import LineRow
from app.core.report.own_csv import initials, is_vendor

SERVICES = frozenset({"bill.com", "zelle", "venmo", "paypal", "cash app", "stripe", "square", "melio", "wise"})
"""Merchants that only carry another's money: the other side stands in the descriptor."""

_ADDRESSED = re.compile(r"^.*\bB/O:\s*", re.IGNORECASE)
_INVOICE = re.compile(r"^(?:invoice|inv)\b[\s#.:]*\d+\s*[-–:]\s*", re.IGNORECASE)
_SENT = re.compile(r"^(?:zelle|venmo|paypal|cash app)\s+(?:payment|transfer)?\s*(?:from|to)\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s+(?:(?:CCD|PPD|WEB|CTX|TEL)\s+ID:|REF[:#]|CONF\s?#|TRN[:#]).*$", re.IGNORECASE)
_NUMBER = re.compile(r"\s+[#*]?\d{5,}$")
_PAYMENT = re.compile(r"\s+(?:(?:AP|VENDOR|ACH)\s+)?(?:PAYMENT|PAYMENTS|PMT|INVOICE|BILL\.COM)$", re.IGNORECASE)
_WRAPPINGS = (_ADDRESSED, _INVOICE, _SENT, _TAIL, _NUMBER, _PAYMENT)


def counterparty(row: LineRow) -> str:
    """Return the name on one line; empty when the row has neither merchant nor descriptor."""
    merchant = " ".join((row.merchant or "").split())
    if merchant and merchant.casefold() not in SERVICES:
        return merchant
    text = " ".join(row.description.split())
    for pattern in _WRAPPINGS:
        text = pattern.sub("", text) or text
    return text or merchant


def shown(row: LineRow, *, initials_only: bool) -> str:
    """Return the name as a report may print it."""
    name = counterparty(row)
    return initials(name) if initials_only and not is_vendor(row) else name
