"""What a passphrase must not be, beyond too short: one of those everybody tries first.

A list of common passwords decides, and what people make of them to reach twelve characters: one written twice, digits
and marks at its ends, letters changed to signs; also one character or a short piece over and over, and rows of the
alphabet or the keyboard. Nothing is asked about kinds of characters. Source: ASVS 5.0, 6.2.4 and 6.2.5.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from app.core.errors import Refused

_SIGNS = str.maketrans("@43!10$57|", "aaeilosstl")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")
_STEPS = frozenset(
    pair for row in _ROWS for each in (row, row[::-1]) for pair in (each[n : n + 2] for n in range(len(each) - 1))
)
_SHORTEST_PIECE = 6
"""A piece shorter than this, repeated, is no passphrase whatever it says."""
_HINT = "Four or more unrelated words are easy to remember, and nobody tries them first."


def refuse_common(text: str, common: frozenset[str]) -> None:
    """Accept what is not among the first guesses. `common` holds passwords in small letters. Raises: Refused."""
    folded = unicodedata.normalize("NFC", text).casefold()
    if _is_row(folded):
        raise Refused("The passphrase follows a row of the alphabet, the digits or the keyboard.", _HINT)
    if len(_piece(folded)) < _SHORTEST_PIECE:
        raise Refused("The passphrase is a short piece, written again and again.", _HINT)
    if any(form in common for form in _forms(folded)):
        raise Refused("The passphrase is one of those that are tried first, or made of one by a small change.", _HINT)


def _forms(folded: str) -> Iterator[str]:
    """Yield what a text may have been made of: itself, its piece, without its ends, with signs read as letters."""
    for form in (folded, "".join(folded.split())):
        yield form
        yield _piece(form)
        bare = _without_ends(form)
        for plain in (bare, _piece(bare), _piece(_without_ends(_piece(form)))):
            yield plain
            yield plain.translate(_SIGNS)
        signed = _piece(form).translate(_SIGNS)
        yield signed
        yield _without_ends(signed)


def _without_ends(text: str) -> str:
    """Return a text without the digits and marks before and after its letters."""
    letters = [place for place, char in enumerate(text) if char.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else text


def _piece(text: str) -> str:
    """Return the shortest piece of which the text is a repetition, perhaps with the last one cut off."""
    for size in range(1, len(text) * 2 // 3 + 1):
        if text[size:] == text[:-size]:
            return text[:size]
    return text


def _is_row(text: str) -> bool:
    """Return whether at least three of four steps from character to character stay, or go on in a row."""
    steps = [text[place : place + 2] for place in range(len(text) - 1)]
    foreseen = sum(step[0] == step[1] or step in _STEPS for step in steps)
    return foreseen * 4 >= len(steps) * 3
