"""Amounts and texts of bank files, read strictly.

Numbers, not entities, are what poisons an import: NaN, 1E+999999 and 4,001 digits pass naive readers. So an amount must
match one shape, and only then becomes cents. Where a text can be read two ways, it is refused rather than guessed.
"""

from __future__ import annotations

from app.core.later import later
from app.core.money import LARGEST_CENTS

LONGEST_TEXT = 1000
"""Characters kept of one text of a row; banks write at most a few hundred."""

UNREADABLE = "the amount cannot be read"

_PLAIN = later(r"([+-]?)([0-9]{1,12})(?:([.,])([0-9]{1,6}))?")
_TYPED = later(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<group>[,.'’ ])[0-9]{3}(?:(?P=group)[0-9]{3}){0,4}|[0-9]{0,12})"
    r"(?:(?P<mark>[.,])(?P<part>[0-9]{0,6}))?"
)
_SIGNS = {"-": -1, "−": -1, "–": -1, "‐": -1, "‑": -1, "+": 1}
_CURRENCY = ("US$", "USD", "$")


def cents_of_plain(text: str) -> int:
    """Return the cents of a machine-written amount (OFX): `-12.3` is -1230.

    Raises: ValueError for anything else than digits with at most one decimal mark, for a comma before exactly three
    digits (thousands or decimals: nobody can tell), for fractions of a cent, and for amounts out of range.
    """
    if text[-3:-2] == "." and len(text) <= 15:
        # nearly every amount: digits, a point, two digits
        digits = text[:-3] + text[-2:]
        unsigned = digits[1:] if digits[0] in "+-" else digits
        if unsigned.isdecimal() and unsigned.isascii() and len(unsigned) > 2:
            return int(digits)
    found = _PLAIN.fullmatch(text)
    if not found:
        raise ValueError(UNREADABLE)
    sign, whole, mark, part = found.groups()
    if mark == "," and len(part) == 3:
        raise ValueError("the amount can be read two ways")
    return _cents(whole, part or "", -1 if sign == "-" else 1)


def cents_of_typed(text: str, *, decimal_comma: bool = False) -> int:
    """Return the cents of an amount as people write it: `$1,234.50`, `(1,350.00)`, `- $23.40`, `12.00-`, `USD 5`.

    One mark before exactly three digits separates thousands, unless it is the decimal mark of the file
    (`decimal_comma` says which); then it is a fraction of a cent, or `.000`.

    Raises: ValueError when the text is no amount, says its sign twice, has a fraction of a cent, or is out of range.
    """
    rest, sign = _unsigned(" ".join(text.split()))
    found = _TYPED.fullmatch(rest)
    if not found or not any(c.isdigit() for c in rest):
        raise ValueError(UNREADABLE)
    whole, mark, part = found["whole"], found["mark"], found["part"] or ""
    group = found["group"]
    if mark and group == mark:
        raise ValueError(UNREADABLE)
    if group == ("," if decimal_comma else ".") and not mark and whole.count(group) == 1:
        # `1.234` in a file with decimal points: the mark cannot stand for thousands here
        whole, part = whole.split(group)
    digits = "".join(c for c in whole if c.isdigit())
    return _cents(digits or "0", part, sign)


def _unsigned(text: str) -> tuple[str, int]:
    """Return the text without sign and currency, and the sign. Raises: ValueError when two signs are given."""
    rest, signs = text, []
    previous = None
    while rest and rest != previous:
        previous = rest
        if rest[0] == "(" and rest[-1] == ")":
            signs.append(-1)
            rest = rest[1:-1].strip()
        elif rest[0] in _SIGNS:
            signs.append(_SIGNS[rest[0]])
            rest = rest[1:].strip()
        elif rest[-1] in _SIGNS:
            signs.append(_SIGNS[rest[-1]])
            rest = rest[:-1].strip()
        else:
            rest = _without_currency(rest)
    # `-(5.00)` and `(-5.00)` are both seen for minus five; `+ -5` and a third sign are not amounts
    if len(signs) > 2 or (len(signs) == 2 and (1 in signs or "(" not in text)):
        raise ValueError(UNREADABLE)
    return rest, -1 if -1 in signs else 1


def _without_currency(text: str) -> str:
    upper = text.upper()
    for mark in _CURRENCY:
        if upper.startswith(mark):
            return text[len(mark) :].strip()
        if upper.endswith(mark):
            return text[: -len(mark)].strip()
    return text


def _cents(whole: str, part: str, sign: int) -> int:
    if len(part) > 2 and part[2:].strip("0"):
        raise ValueError("the amount has a fraction of a cent")
    cents = int(whole) * 100 + int((part + "00")[:2])
    if cents > LARGEST_CENTS:
        raise ValueError("the amount is out of range")
    return sign * cents


def folded(text: str) -> str:
    """Return a text on one line, blanks folded, at most LONGEST_TEXT characters."""
    return " ".join(text.split())[:LONGEST_TEXT]


def joined(name: str, memo: str) -> str:
    """Return a name and its memo as one descriptor, saying nothing twice.

    Banks cut the OFX name at 32 characters and repeat the whole text in the memo, or go on there. Both are folded.
    """
    if not memo or name == memo:
        return name
    if not name:
        return memo
    low_name, low_memo = name.casefold(), memo.casefold()
    if low_memo in low_name:
        return name
    if low_memo.startswith(low_name):
        return memo
    return f"{name} {memo}"[:LONGEST_TEXT]
