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

from app.core.later import later

BARRIER = "\x01"
"""Stands for a mask that is already there (or just made): part of nothing."""

_MASK = later(r"\[(?:(?:card|account) …[0-9A-Za-z]{1,4}|ssn|routing|token|id)\]")
_NAMED = {
    **dict.fromkeys(("nbsp", "ensp", "emsp", "thinsp", "hairsp", "numsp", "puncsp", "Tab", "NewLine"), " "),
    **dict.fromkeys(("ndash", "mdash", "shy", "minus", "hyphen", "dash", "horbar"), "-"),
    **dict.fromkeys(("zwnj", "zwj", "lrm", "rlm", "ZeroWidthSpace", "NoBreak"), "\u200b"),
    "sol": "/",
    "period": ".",
    "comma": ",",
    "lowbar": "_",
    "colon": ":",
    "num": "#",
    "equals": "=",
    "quot": '"',
    "apos": "'",
    "lt": "<",
    "gt": ">",
    "commat": "@",
}
# Escapes of addresses, web pages and JSON; those of the first two are often written twice (`%2520`, `&amp;nbsp;`).
_ESCAPE = later(
    r"(?P<bytes>(?:%(?:25)?[0-9A-Fa-f]{2})+)"
    r"|&(?:amp;)?(?:#(?:[xX](?P<hex>[0-9A-Fa-f]{1,6})|(?P<dec>[0-9]{1,7}))|(?P<name>[A-Za-z]{2,14}));"
    r"|\\{1,2}u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\{1,2}u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|\\{1,2}(?:u|x(?=[0-9A-Fa-f]{2}(?![0-9A-Fa-f]{2})))(?P<code>(?<=u)[0-9A-Fa-f]{4}|(?<=x)[0-9A-Fa-f]{2})"
    r"|\\{1,2}(?P<sign>[ntr\"/])"
)
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


def shadow_of(text: str, *, escapes: bool = True) -> Shadow:
    """Return the shadow of a text; without `escapes`, `%41` is a percent sign and a number."""
    base = text.replace(BARRIER, "\x02") if BARRIER in text else text
    if "[" in base:
        base = _MASK.sub(lambda found: BARRIER * len(found[0]), base)
    escaped = escapes and ("%" in base or "&" in base or "\\" in base) and _ESCAPE.search(base) is not None
    if base.isascii() and not escaped and base.replace(BARRIER, "").isprintable():
        return Shadow(base, None, None)
    return _mapped(base, escaped=escaped)


def _mapped(base: str, *, escaped: bool) -> Shadow:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(base):
        found = _ESCAPE.match(base, place) if escaped and base[place] in "%&\\" else None
        letters, end = _unescaped(found) if found else ("", place)
        if end == place:
            letters, end = base[place], place + 1
        for letter in letters:
            for plain in _plain(letter):
                out.append(plain)
                starts.append(place)
                ends.append(end)
        place = end
    return Shadow("".join(out), starts, ends)


def _unescaped(found: re.Match[str]) -> tuple[str, int]:
    """Return what an escape stands for and where it ends; where it begins when it stands for nothing."""
    start = found.start()
    if found["bytes"]:
        return _unquoted(found[0], start)
    if found["name"]:
        return (_NAMED[found["name"]], found.end()) if found["name"] in _NAMED else ("", start)
    if found["sign"]:
        return found["sign"].translate({ord(c): " " for c in "ntr"}), found.end()
    if found["high"]:
        code = 0x10000 + ((int(found["high"], 16) & 0x3FF) << 10) + (int(found["low"], 16) & 0x3FF)
    else:
        code = int(found["dec"]) if found["dec"] else int(found["hex"] or found["code"], 16)
    return (_safe(chr(code)), found.end()) if code <= 0x10FFFF else ("", start)


def _unquoted(escapes: str, start: int) -> tuple[str, int]:
    """Return the first character of a run of `%2D%E2%80%93` and where its escapes end."""
    codes = [(int(match[1], 16), match.end()) for match in re.finditer(r"%(?:25(?=[0-9A-Fa-f]{2}))?(..)", escapes)]
    for size in range(1, min(4, len(codes)) + 1):
        try:
            letter = bytes(code for code, _ in codes[:size]).decode()
        except UnicodeDecodeError:
            continue
        return _safe(letter), start + codes[size - 1][1]
    return "", start


def _safe(letter: str) -> str:
    """An escape never makes a barrier."""
    return "\x02" if letter == BARRIER else letter


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
