"""Texts that differ in their digits only are looked at once, so what stands for them must be the same text."""

from __future__ import annotations

import pytest

from app.core.digits import blotted


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("AMZN Mktp US*2K4T19 #0912", "AMZN Mktp US*0K0T00 #0000"),
        ("Café 21, Größe 9 ½", "Café 00, Größe 0 ½"),
        ("no digits", "no digits"),
        ("３ and ٣ are not digits of a bank", "３ and ٣ are not digits of a bank"),
        ("a lone half \ud800 of 1 letter", "a lone half \ud800 of 0 letter"),
        ("", ""),
    ],
)
def test_plain_digits_are_blotted_and_nothing_else(text: str, same: str) -> None:
    assert blotted(text) == same
