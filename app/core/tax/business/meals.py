"""What may be deducted of meals and gifts, costs before the first day of business, and of small equipment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from app.core.money import fraction, share
from app.core.tax.business.figures import Limits
from app.core.tax.trace import Sheet

FORM = "Schedule C"


class Meals(NamedTuple):
    """Cents spent in a year by kind of meal."""

    usual: int = 0
    """With clients, and on travel."""
    hours_of_service: int = 0
    """Of people under the hours-of-service limits of the Department of Transportation, away from home."""
    on_premises: int = 0
    """Staff meals and coffee on the premises, for the convenience of the employer."""


def deductible_meals(sheet: Sheet, limits: Limits, meals: Meals) -> int:
    """Return the deductible part of the meals of a year, each kind by its own share. Units: cents."""
    parts = (
        ("Meals with clients and on travel", meals.usual, limits.meals_rate, "limits.meals_rate"),
        ("Meals under hours-of-service limits", meals.hours_of_service, limits.meals_hours_of_service_rate,
         "limits.meals_hours_of_service_rate"),
        ("Meals and coffee on the premises", meals.on_premises, limits.meals_on_premises_rate,
         "limits.meals_on_premises_rate"),
    )  # fmt: skip
    return sum(
        sheet.add(FORM, "24b", label, share(spent, rate), f"spent * {rate}", figure, spent=spent)
        for label, spent, rate, figure in parts
        if spent
    )


def deductible_gifts(sheet: Sheet, limits: Limits, people: Iterable[int]) -> int:
    """Return what counts of gifts: so much for each person and year. `people` has the cents spent on each of them."""
    spent = list(people)
    if not spent:
        return 0
    return sheet.add(
        FORM, "27", "Business gifts", sum(min(cents, limits.gift_cents) for cents in spent),
        " + ".join(f"min(person_{number}, limit)" for number in range(1, len(spent) + 1)), "limits.gift_cents",
        limit=limits.gift_cents, **{f"person_{number}": cents for number, cents in enumerate(spent, 1)},
    )  # fmt: skip


def startup_costs(sheet: Sheet, limits: Limits, costs: int, months_since: int, months_before: int) -> int:
    """Return what a year may deduct of the costs before the first day of business. Units: cents.

    `months_since` are the months of business in the year, `months_before` those in the years before it.
    """
    if costs <= 0 or months_since <= 0:
        return 0
    first = min(costs, max(0, limits.startup_cents - max(0, costs - limits.startup_phase_out_cents)))
    first = sheet.add(
        FORM, "27", "Start-up costs that count in the first year", first,
        "min(costs, max(0, at_once - max(0, costs - phase_out_from)))",
        "limits.startup_cents limits.startup_phase_out_cents",
        costs=costs, at_once=limits.startup_cents, phase_out_from=limits.startup_phase_out_cents,
    )  # fmt: skip
    months = max(0, min(months_since, limits.startup_months - months_before))
    spread = sheet.add(
        FORM, "27", "Start-up costs spread over months", fraction(costs - first, months, limits.startup_months),
        "(costs - first) * months / all_months", "limits.startup_months",
        costs=costs, first=first, months=months, all_months=limits.startup_months,
    )  # fmt: skip
    return spread if months_before else first + spread
