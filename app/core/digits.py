"""Texts without what their digits say: bank rows that differ in numbers only are looked at once."""

from __future__ import annotations

_BYTES = bytes.maketrans(b"123456789", b"000000000")
_BLOT = str.maketrans("123456789", "000000000")


def blotted(text: str) -> str:
    """Return the text with each of the digits 1 to 9 turned to 0."""
    # By its bytes where it can be, in a quarter of the time: every row of a file comes through here.
    return text.encode().translate(_BYTES).decode() if text.isascii() else text.translate(_BLOT)
