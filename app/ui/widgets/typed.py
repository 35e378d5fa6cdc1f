"""What a person types for an amount or a day, understood or answered with a sentence."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.core.dates import FIRST_DAY, LAST_DAY, Day, day_of, year_of
from app.core.money import LARGEST_CENTS

STEP = re.compile(r"\s*([+\-*/])?\s*\$?\s*(\d[\d,]*(?:\.\d*)?|\.\d+)\s*")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NOT_AN_AMOUNT = "Type an amount such as 1,234.50 or 12+30."
NOT_A_DAY = "Type a date such as 11/18, 2026-11-18 or yesterday."


def cents_of(text: str) -> int:
    """Return the cents of `1,234.5`, `1234.50` or a sum such as `12+30*2`; times and divided go first.

    Raises: ValueError with a sentence for the person.
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    terms: list[Decimal] = []
    at = 0
    while at < len(text):
        found = STEP.match(text, at)
        if found is None or ((found[1] is None) != (at == 0) and not (at == 0 and found[1] in {"+", "-"})):
            raise ValueError(NOT_AN_AMOUNT)
        sign, number = found[1] or "+", _number(found[2])
        if sign in "+-":
            terms.append(-number if sign == "-" else number)
        elif not terms or (sign == "/" and not number):
            raise ValueError(NOT_AN_AMOUNT)
        else:
            terms[-1] = terms[-1] * number if sign == "*" else terms[-1] / number
        at = found.end()
    if not terms:
        raise ValueError(NOT_AN_AMOUNT)
    total = sum(terms, Decimal(0)) * 100
    if abs(total) > LARGEST_CENTS:
        raise ValueError("This amount is larger than the books take.")
    return int(total.quantize(Decimal(1), ROUND_HALF_UP))


def _number(text: str) -> Decimal:
    if "," in text and not GROUPED.fullmatch(text):
        raise ValueError(NOT_AN_AMOUNT)
    return Decimal(text.replace(",", "").rstrip(".") or "0")


def day_typed(text: str, today: Day) -> Day:
    """Return the day of `11/18`, `11/18/26`, `2026-11-18`, `nov 18`, `today` or `yesterday`.

    A date without a year is the latest one that is not after today. Raises: ValueError with a sentence for the person.
    """
    words = text.strip().lower().rstrip(".")
    if words in {"today", "t"}:
        return today
    if words in {"yesterday", "y"}:
        return today - 1
    parts = [part for part in re.split(r"[\s/.,-]+", words) if part]
    try:
        day = _day_of_parts(parts, today)
    except (ValueError, IndexError):
        raise ValueError(NOT_A_DAY) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("This date is outside the years the books take.")
    return day


def _day_of_parts(parts: list[str], today: Day) -> Day:
    if len(parts) == 3 and len(parts[0]) == 4:
        return day_of(date(int(parts[0]), _month(parts[1]), int(parts[2])))
    if len(parts) == 3:
        year = int(parts[2])
        return day_of(date(year + 2000 if year < 100 else year, _month(parts[0]), int(parts[1])))
    if len(parts) != 2:
        raise ValueError(NOT_A_DAY)
    this_year = year_of(today)
    month, number = _month(parts[0]), int(parts[1])
    for year in range(this_year, this_year - 8, -1):
        try:
            day = day_of(date(year, month, number))
        except ValueError:
            continue
        if day <= today:
            return day
    raise ValueError(NOT_A_DAY)


def _month(text: str) -> int:
    return MONTHS.index(text[:3]) + 1 if text[:1].isalpha() else int(text)
