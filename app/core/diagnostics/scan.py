"""The last look at a finished report: anything shaped like private data stops it.

Nothing of the kind can get in by the way the report is made. This is a second, separate net, wide on purpose: a report
that is stopped for nothing costs a message, one that lets something through cannot be called back.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

_SHAPES = {
    "social_security_number": re.compile(r"(?<!\d)\d{3}[-. ]\d{2}[-. ]\d{4}(?!\d)"),
    "employer_number": re.compile(r"(?<!\d)\d{2}-\d{7}(?!\d)"),
    "email": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"),
    "phone": re.compile(r"(?<!\d)(?:\+?1[-. ]?)?\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)"),
    "internet_address": re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    "network_card": re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", re.IGNORECASE),
    "home_folder": re.compile(r"/home/|/Users/|/root/|[A-Za-z]:\\|\\\\Users\\\\", re.IGNORECASE),
    "bank_token": re.compile(r"(?:access|public|link|processor)-(?:sandbox|development|production)-", re.IGNORECASE),
    "signed_token": re.compile(r"eyJ[A-Za-z0-9_-]{6,}\."),
    "private_key": re.compile(r"-----BEGIN"),
    "long_hex": re.compile(r"[0-9a-f]{32}", re.IGNORECASE),
}
_DIGITS = re.compile(r"\d(?:[ -]?\d){7,18}")
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{20,}")
_ENTROPY = 3.6
"""Bits a character; words and names of functions lie below it."""


def findings(text: str) -> list[str]:
    """Return the kinds of private data this text may hold; an empty list is what is wanted."""
    found = [name for name, shape in _SHAPES.items() if shape.search(text)]
    found += {kind for match in _DIGITS.finditer(text) for kind in _of_digits(match[0])}
    if any(_looks_random(match[0]) for match in _TOKEN.finditer(text)):
        found.append("random_text")
    return sorted(set(found))


def _of_digits(text: str) -> Iterator[str]:
    if re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", text):
        return
    digits = [int(each) for each in text if each.isdigit()]
    if len(digits) == 9 and _is_routing(digits):
        yield "routing_number"
    if len(digits) >= 13 and _is_card(digits):
        yield "card_number"
    if len(digits) >= 9 and text.isdecimal():
        yield "long_number"


def _is_routing(digits: list[int]) -> bool:
    return sum(digit * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0


def _is_card(digits: list[int]) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _looks_random(token: str) -> bool:
    if sum(each.isdigit() for each in token) < 3 or not any(map(str.isalpha, token)):
        return False
    counts = Counter(token)
    return -sum(n / len(token) * math.log2(n / len(token)) for n in counts.values()) > _ENTROPY
