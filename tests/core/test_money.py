"""Rounding: to the cent, half away from zero, exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.money import portion, share

RATES = st.decimals(0, 3, allow_nan=False, allow_infinity=False, places=6)
AMOUNTS = st.integers(-(10**14), 10**14)


@given(cents=AMOUNTS, rate=RATES)
@example(cents=1, rate=Decimal("0.5"))
@example(cents=-1, rate=Decimal("0.5"))
@example(cents=-3, rate=Decimal("0.5"))
@example(cents=10**14, rate=Decimal("0.9235"))
def test_a_share_is_the_exact_product_rounded_half_away_from_zero(cents: int, rate: Decimal) -> None:
    exact = Context(prec=60).multiply(Decimal(cents), rate)
    assert share(cents, rate) == int(exact.quantize(Decimal(1), ROUND_HALF_UP, Context(prec=60)))


@given(cents=AMOUNTS, part=st.integers(0, 10**9), whole=st.integers(1, 10**9))
def test_a_portion_is_never_more_than_half_a_cent_off(cents: int, part: int, whole: int) -> None:
    found = portion(cents, part, whole)
    assert abs(found - Fraction(cents * part, whole)) <= Fraction(1, 2)
    assert found == -portion(-cents, part, whole)


@pytest.mark.parametrize("rate", ["-0.1", "NaN", "Infinity"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="not a factor"):
        share(100, Decimal(rate))


@pytest.mark.parametrize(("part", "whole"), [(-1, 2), (1, 0), (1, -2)])
def test_what_is_no_portion_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="not a portion"):
        portion(100, part, whole)
