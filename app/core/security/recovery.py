"""The recovery key: 160 random bits as 34 letters that a person can copy from paper.

32 letters hold the secret, two more are check letters: a linear code over 32 symbols whose columns all differ, so that
one wrong letter and two letters exchanged are always noticed, and most other slips. The letters are those of base32
(RFC 4648), which has no 0, 1, 8 and 9: what people write for O, I, L and B is understood.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from app.core.errors import Refused

SIZE = 20
"""Bytes of the secret."""
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LETTERS = 34
_DATA = LETTERS - 2
_GROUP = 4
_LONGEST = 400
"""Characters of a text that may be looked at for a key; more is something else."""

_POSITIONS = {letter: number for number, letter in enumerate(ALPHABET)}
_MEANT = {"0": "O", "8": "B"}
_EITHER = "IL"
"""What a written 1 may be: the check letters tell which."""
_MOST_ONES = 6
_HINT = "Copy all 34 letters from the printed page; blanks, dashes and small letters do not matter."


def render(secret: bytes) -> str:
    """Return the letters of a secret in groups of four, for people."""
    if len(secret) != SIZE:
        raise ValueError("a recovery secret has 20 bytes")
    number = int.from_bytes(secret, "big")
    symbols = [number >> 5 * place & 31 for place in reversed(range(_DATA))]
    letters = "".join(ALPHABET[symbol] for symbol in (*symbols, *_checks(symbols)))
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))


def parse(text: str) -> bytes:
    """Return the secret of a recovery key as a person typed it. Raises: Refused, with what is wrong with it."""
    letters = _letters(text)
    strange = sorted({letter for letter in letters if letter not in _POSITIONS and letter != "1"})
    if strange and len(letters) <= LETTERS:
        raise Refused(f"“{strange[0]}” is not a letter of a recovery key.", _HINT)
    if len(letters) != LETTERS:
        raise Refused(f"A recovery key has {LETTERS} letters; this has {len(letters)}.", _HINT)
    fitting = [symbols for symbols in _readings(letters) if _checks(symbols[:_DATA]) == tuple(symbols[_DATA:])]
    if len(fitting) != 1:
        raise Refused("A letter of this recovery key is wrong: its check letters do not fit.", _HINT)
    number = 0
    for symbol in fitting[0][:_DATA]:
        number = number << 5 | symbol
    return number.to_bytes(SIZE, "big")


def is_unfinished(text: str) -> bool:
    """Return whether letters are still to come: a key that was copied from the page stands in three lines."""
    return 0 < len(_letters(text)) < LETTERS


def looks_like_one(text: str) -> bool:
    """Return whether a text given as a passphrase is a whole recovery key."""
    try:
        parse(text)
    except Refused:
        return False
    return True


def _letters(text: str) -> str:
    """Return what counts of a text: capitals, without what a printed page or a keyboard puts between them."""
    folded = text[:_LONGEST].upper()
    kept = (letter for letter in folded if letter.isalnum())
    return "".join(_MEANT.get(letter, letter) for letter in kept)


def _readings(letters: str) -> Iterator[list[int]]:
    ones = [place for place, letter in enumerate(letters) if letter == "1"]
    if len(ones) > _MOST_ONES:
        return
    for meant in itertools.product(_EITHER, repeat=len(ones)):
        chosen = dict(zip(ones, meant, strict=True))
        yield [_POSITIONS[chosen.get(place, letter)] for place, letter in enumerate(letters)]


def _checks(symbols: list[int]) -> tuple[int, int]:
    """Return the two check symbols: sums with weights in the field of 32 elements.

    The weights of place p are p and p cubed (2 and 0 for the first place), those of the check letters 1 and 0, and 0
    and 1. All 34 pairs differ, so neither one error nor an exchange of two letters adds up to nothing.
    """
    first = second = 0
    for place, symbol in enumerate(symbols):
        first ^= _times(place or 2, symbol)
        second ^= _times(_times(place, _times(place, place)), symbol)
    return first, second


def _times(left: int, right: int) -> int:
    """Multiply in the field of 32 elements, by the polynomial x⁵ + x² + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= 0b100101
        right >>= 1
    return product
