"""A plain copy of a text to look for secrets in, with the way back to the original.

Numbers hide behind other digits (fullwidth, Devanagari), invisible characters, typographic dashes and web escapes. The
shadow has only plain digits, `-` and single spaces where the original has any of those; every place of the shadow
knows which stretch of the original it stands for, so that masking happens in the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

BARRIER = "\x01"
"""Stands for a mask that is already there (or just made): part of nothing."""

_MASK = re.compile(r"\[(?:(?:card|account) …[0-9A-Za-z]{1,4}|ssn|routing|token|id)\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));|&(nbsp|ndash|mdash|shy|minus);")
_NAMED = {"nbsp": " ", "ndash": "-", "mdash": "-", "shy": "-", "minus": "-"}
_DASHES = {0x00AD, 0x2043, 0x2212, 0x02D7, 0x30FC, 0x2500, 0x2011}
_DROPPED = {"Cf", "Mn", "Me", "Mc", "Cc", "Cs"}


class Shadow(NamedTuple):
    text: str
    starts: list[int] | None
    """Where in the original each character begins; None when places are the same in both."""
    ends: list[int] | None
    """Where in the original each character ends."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original behind `start:end` of the shadow."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def shadow_of(text: str) -> Shadow:
    base = text.replace(BARRIER, "\x02") if BARRIER in text else text
    if "[" in base:
        base = _MASK.sub(lambda found: BARRIER * len(found[0]), base)
    escaped = ("%" in base or "&" in base) and _ESCAPE.search(base) is not None
    if base.isascii() and not escaped and base.replace(BARRIER, "").isprintable():
        return Shadow(base, None, None)
    return _mapped(base, escaped=escaped)


def _mapped(base: str, *, escaped: bool) -> Shadow:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(base):
        found = _ESCAPE.match(base, place) if escaped and base[place] in "%&" else None
        plain = (_unescaped(found) if found else "") or base[place]
        end = found.end() if found and plain != base[place] else place + 1
        for letter in _plain(plain):
            out.append(letter)
            starts.append(place)
            ends.append(end)
        place = end
    return Shadow("".join(out), starts, ends)


def _unescaped(found: re.Match[str]) -> str:
    """Return the character an escape stands for, empty when it stands for none that numbers are written with."""
    byte, hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(byte or hexadecimal, 16) if byte or hexadecimal else int(decimal)
    if code > 0x10FFFF or (byte and code > 0x7E):
        return ""
    return chr(code)


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """Return the plain form of one character: digits, dashes and spaces folded."""
    code = ord(letter)
    if letter == BARRIER or 0x20 <= code < 0x7F:
        return letter
    if letter in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    if code in _DASHES:
        return "-"
    return "".join(_folded(part) for part in unicodedata.normalize("NFKD", letter))


def _folded(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in _DROPPED:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category == "Pd" or ord(letter) in _DASHES:
        return "-"
    if category == "Zs":
        return " "
    if letter in "․·•∙⋅‧・｡。":
        return "."
    # Some letters grow when lowered; places must stay where they are.
    return letter if len(letter.lower()) == 1 else "?"
