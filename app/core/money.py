"""Money as whole US cents.

Every amount in this program is an `int` number of cents; positive is money in, negative is money out.
Floats never carry money. Rounding happens only in the functions of this module, always half away from zero.
A percentage is an `int` of basis points (10000 is 100 %), so that a business share is exact to two decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

WHOLE = 10_000
"""100 % in basis points."""

LARGEST_CENTS = 10**14
"""The largest amount the books take: a trillion dollars; anything above is an error of its source."""


def share(cents: int, rate: Decimal) -> int:
    """Return `rate` of `cents`, rounded to a whole cent, half away from zero.

    Units: `cents` in US cents; `rate` is a plain factor (Decimal("0.5") is 50 %).
    Raises: ValueError when the rate is negative or not finite.
    """
    double, denominator, double_denominator = _ratio(rate)
    if cents < 0:
        return -((denominator - cents * double) // double_denominator)
    return (cents * double + denominator) // double_denominator


@lru_cache(maxsize=512)
def _ratio(rate: Decimal) -> tuple[int, int, int]:
    """Return a rate as the whole numbers `share` rounds with: a tax asks for the same few dozen rates all day."""
    if not rate.is_finite() or rate < 0:
        raise ValueError(f"rate {rate} is not a factor")
    numerator, denominator = rate.as_integer_ratio()
    return 2 * numerator, denominator, 2 * denominator


def portion(cents: int, part: int, whole: int) -> int:
    """Return `cents` times part / whole, rounded to a whole cent, half away from zero.

    Raises: ValueError when the part is negative or the whole is not above zero.
    """
    if part < 0 or whole <= 0:
        raise ValueError(f"{part} of {whole} is not a portion")
    sign = -1 if cents < 0 else 1
    return sign * ((2 * abs(cents) * part + whole) // (2 * whole))


def nearest_cent(amount: Decimal) -> int:
    """Return an exact amount as a whole cent, half away from zero."""
    from decimal import ROUND_HALF_UP, Decimal  # noqa: PLC0415 - as above

    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def fraction(cents: int, part: int, whole: int) -> int:
    """Return `part` of `whole` of an amount, rounded to a whole cent, half away from zero. `whole` is above zero."""
    sign = -1 if (cents < 0) != (part < 0) else 1
    return sign * ((2 * abs(cents * part) + whole) // (2 * whole))


def percent_of(cents: int, basis_points: int) -> int:
    """Return the business part of an amount. The same rule stands in SQL in the view `lines`."""
    sign = -1 if cents < 0 else 1
    return sign * ((abs(cents) * basis_points + WHOLE // 2) // WHOLE)


def split_by_weights(cents: int, weights: Sequence[int]) -> list[int]:
    """Return `cents` shared out by non-negative weights, to the cent, by largest remainder; ties go to the earlier one.

    Raises: ValueError when the weights sum to zero and there is something to share, or one is negative.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    total = sum(weights)
    if total == 0:
        if cents:
            raise ValueError("nothing to share by")
        return [0] * len(weights)
    sign = -1 if cents < 0 else 1
    whole = [abs(cents) * weight // total for weight in weights]
    rest = abs(cents) - sum(whole)
    order = sorted(range(len(weights)), key=lambda i: (-(abs(cents) * weights[i] % total), i))
    for i in order[:rest]:
        whole[i] += 1
    return [sign * part for part in whole]


def dollars(cents: int) -> str:
    """Return an amount as plain digits for files: `-1234.50`, no sign of currency, no separators."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def money_text(cents: int) -> str:
    """Return an amount for people: `-$1,234.50`."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}${whole:,}.{rest:02d}"


def money_of(cents: int, currency: str) -> str:
    """Return an amount for people in its own currency: `-$1,234.50`, `-1,234.50 EUR`."""
    return money_text(cents) if currency == "USD" else f"{money_text(cents).replace('$', '')} {currency}"


def rate_text(basis_points: int) -> str:
    """Return a percentage for people without needless zeros: `50`, `12.5`."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def whole_dollars(cents: int) -> int:
    """Return an amount in whole dollars, rounded half away from zero as forms are."""
    sign = -1 if cents < 0 else 1
    return sign * ((abs(cents) + 50) // 100)


def change_rate(cents: int, before: int) -> int:
    """Return by how much an amount differs from an earlier one, in basis points of the earlier one's size.

    Raises: ZeroDivisionError when there was nothing before.
    """
    change = cents - before
    sign = -1 if change < 0 else 1
    return sign * ((abs(change) * WHOLE + abs(before) // 2) // abs(before))
