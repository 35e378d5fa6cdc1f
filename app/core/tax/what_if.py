"""What would be different: two returns side by side line by line, a curve over one input, and where it meets a target.

Nothing here knows the books. A question is a changed copy of a household; the original is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from app.core.tax.model import Line

POINTS = 200
"""Points of a curve."""
EVALUATIONS = 40
"""Halvings of a search: enough to find a cent in a trillion dollars."""

TaxAt = Callable[[int], int]
"""Value of one input in cents -> all taxes in cents."""


class LineChange(NamedTuple):
    """A line of either return. Cents; a line that one of them does not have is 0 there."""

    form: str
    line: str
    label: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


class Point(NamedTuple):
    """One point of a curve, in cents."""

    value: int
    tax: int


def changes(before: Iterable[Line], after: Iterable[Line]) -> tuple[LineChange, ...]:
    """Return every line that differs, in the order of the forms; what only one return has counts as 0 in the other."""
    old, new = _by_place(before), _by_place(after)
    found = []
    for place in _merged(list(old), list(new)):
        one, two = old.get(place, 0), new.get(place, 0)
        if one != two:
            form, line, label, _ = place
            found.append(LineChange(form, line, label, one, two))
    return tuple(found)


_Place = tuple[str, str, str, int]


def _by_place(lines: Iterable[Line]) -> dict[_Place, int]:
    """Return the amounts by their place; a line that stands twice (two businesses) keeps both."""
    found: dict[_Place, int] = {}
    for line in lines:
        place, number = (line.form, line.line, line.label), 0
        while (*place, number) in found:
            number += 1
        found[(*place, number)] = line.cents
    return found


def _merged(old: list[_Place], new: list[_Place]) -> list[_Place]:
    """Return all places: the new return's order, with what only the old one has behind its neighbour there."""
    known = set(new)
    merged = list(new)
    at = 0
    for place in old:
        if place in known:
            at = merged.index(place) + 1
        else:
            merged.insert(at, place)
            at += 1
    return merged


def sweep(tax: TaxAt, low: int, high: int, points: int = POINTS) -> tuple[Point, ...]:
    """Return the taxes at evenly spaced values from `low` to `high`, both included. Raises: ValueError."""
    if high <= low or points < 2:
        raise ValueError("a curve goes from a lower value to a higher one")
    return tuple(
        Point(value, tax(value)) for value in ((low + (high - low) * step // (points - 1)) for step in range(points))
    )


def break_even(tax: TaxAt, target: int, low: int, high: int) -> int | None:
    """Return the value between `low` and `high` at which the taxes reach `target`; None when they never do.

    Where taxes jump over the target (a cliff), the first value behind the jump is returned. Taxes must rise or fall
    all the way between the two ends; otherwise it is one of several crossings.
    """
    above = tax(low) >= target
    if tax(low) == target:
        return low
    if (tax(high) >= target) is above:
        return None
    for _ in range(EVALUATIONS):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        if (tax(middle) >= target) is above:
            low = middle
        else:
            high = middle
    return high
