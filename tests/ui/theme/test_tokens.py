"""Every pair of colours that carries words or meaning can be told apart, in both modes."""

from __future__ import annotations

import pytest

from app.ui.theme.tokens import DARK, LIGHT, Tokens

TEXT = 4.5
MARK = 3.0

PAIRS = [
    *[("text", on, TEXT) for on in ("surface", "bg", "sel", "warn_bg", "sunken", "hover")],
    *[("muted", on, TEXT) for on in ("surface", "bg", "sunken", "sel", "av", "key_bg", "hover")],
    *[("faint", on, TEXT) for on in ("surface", "bg", "sunken", "sel")],
    *[("accent", on, TEXT) for on in ("surface", "sunken", "sel", "c_band", "track", "bg")],
    ("on_accent", "accent", TEXT),
    ("on_accent", "accent_hover", TEXT),
    *[("money_in", on, TEXT) for on in ("surface", "sel", "sunken", "in_bg")],
    *[("warn", on, TEXT) for on in ("surface", "warn_bg", "sunken")],
    *[("danger", on, TEXT) for on in ("surface", "danger_bg")],
    *[("control", on, MARK) for on in ("surface", "sunken", "sel")],
    *[(mark, "surface", MARK) for mark in ("c_in", "c_out", "c_tax")],
    ("c_out", "hover", MARK),
    ("c_tax", "c_band", MARK),
    *[(part, on, MARK) for part in ("s1", "s2", "s3", "s4", "s5", "s6") for on in ("surface", "sel")],
    ("toast_text", "toast", TEXT),
    ("toast_text", "toast_fill", TEXT),
    ("toast_mark", "toast", MARK),
]


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=str)
def test_what_is_written_can_be_read(tokens: Tokens, front: str, back: str, least: float) -> None:
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= least


def test_the_measure_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast(LIGHT.text, LIGHT.surface) == pytest.approx(17.8, abs=0.05)
