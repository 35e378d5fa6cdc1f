"""Amounts and dates of bank files, read strictly.

Numbers, not entities, are what poisons an import: NaN, 1E+999999 and 4,001 digits pass naive readers. So an amount must
match one shape, and only then becomes cents.
"""

from __future__ import annotations

import re

from app.core.money import LARGEST_CENTS

_PLAIN = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_TYPED = re.compile(r"(?P<whole>[0-9]{1,3}(?:[,. ' ][0-9]{3})+|[0-9]{0,12})(?:(?P<mark>[.,])(?P<part>[0-9]{1,6}))?")
_SIGNS = {"-": -1, "−": -1, "–": -1, "+": 1}


def cents_of_plain(text: str) -> int:
    """Return the cents of a machine-written amount (OFX, QIF without separators): `-12.3` is -1230.

    Raises: ValueError for anything else than digits with at most one decimal mark, for fractions of a cent, and for
    amounts out of range.
    """
    if not _PLAIN.fullmatch(text):
        raise ValueError("not an amount")
    whole, _, part = text.replace(",", ".").partition(".")
    return _cents(whole.lstrip("+-"), part, -1 if text[0] == "-" else 1)


def cents_of_typed(text: str, *, decimal_comma: bool = False) -> int:
    """Return the cents of an amount as people write it: `$1,234.50`, `(1,350.00)`, `- $23.40`, `12.00-`, `USD 5`.

    Raises: ValueError when the text is no amount, has a fraction of a cent, or is out of range.
    """
    rest = text.strip()
    sign = 1
    if rest.startswith("(") and rest.endswith(")"):
        sign, rest = -1, rest[1:-1].strip()
    if rest and rest[-1] in _SIGNS:
        sign, rest = sign * _SIGNS[rest[-1]], rest[:-1].strip()
    for _ in range(2):
        if rest and rest[0] in _SIGNS:
            sign, rest = sign * _SIGNS[rest[0]], rest[1:].strip()
        for mark in ("US$", "USD", "$"):
            if rest.upper().startswith(mark):
                rest = rest[len(mark) :].strip()
            elif rest.upper().endswith(mark):
                rest = rest[: -len(mark)].strip()
    found = _TYPED.fullmatch(rest)
    if not found or not any(c.isdigit() for c in rest):
        raise ValueError("not an amount")
    whole, mark, part = found["whole"], found["mark"], found["part"] or ""
    group = next((c for c in whole if not c.isdigit()), "")
    if mark and group == mark:
        raise ValueError("not an amount")
    if (
        (mark == "," and not decimal_comma and not group and len(part) == 3)
        or (mark == "." and decimal_comma and not group and len(part) == 3)
        or (mark and group == "." and mark == ".")
    ):
        whole, part = whole + part, ""
    digits = "".join(c for c in whole if c.isdigit())
    return _cents(digits or "0", part, sign)


def _cents(whole: str, part: str, sign: int) -> int:
    if part[2:].strip("0"):
        raise ValueError("the amount has a fraction of a cent")
    cents = int(whole) * 100 + int((part[:2] + "00")[:2])
    if cents > LARGEST_CENTS:
        raise ValueError("the amount is out of range")
    return sign * cents
