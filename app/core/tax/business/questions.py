"""What is asked of costs that a worksheet may change, also where a business has none yet."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.money import money_text
from app.core.tax.business.inputs import Large


def large_costs(limit_cents: int, rows: Iterable[Large]) -> list[str]:
    """Return a question for each cost above what the election for small items covers."""
    limit = money_text(limit_cents)
    return [
        f"{row.text}, {money_text(row.cents)}: above {limit} a thing is written off over years. Add it under assets "
        "with the row's id, or leave it if it is several things of less."
        for row in rows
        if row.cents > limit_cents
    ]


def vehicle_costs(booked_cents: int) -> list[str]:
    """Return the question of actual vehicle costs that stand in the books before any vehicle does."""
    if not booked_cents:
        return []
    return [f"Vehicle costs of {money_text(booked_cents)} count as booked: add the vehicle and say by which method."]
