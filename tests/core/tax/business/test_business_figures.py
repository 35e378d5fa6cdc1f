"""The figures of Schedule C typed a second time, and what their reader refuses."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from core.tax.business.conftest import YEARS, business_data

from app.core.dates import iso
from app.core.tax.business.figures import BusinessFigures, load
from app.core.tax.business.state_depreciation import load_states
from app.core.tax.parameters import BadParametersError
from app.services.classify import knowledge

# In dollars and per cent; 2027 repeats 2026 until its figures are out.
BY_YEAR = {
    # mileage, its depreciation, 179: limit, from, SUV; bonus until and after; limits of cars
    2024: "67 30 1220000 3050000 30500 60 60 20400 12400 19800 11900 7160",
    2025: "70 33 2500000 4000000 31300 40 100 20200 12200 19600 11800 7060",
    2026: "72.5 35 2560000 4090000 32000 20 100 20300 12300 19800 11900 7160",
    2027: "72.5 35 2560000 4090000 32000 0 100 20300 12300 19800 11900 7160",
}
EARLIER = {
    # depreciation in the mileage rate, bonus, limits of cars
    2018: "25 100 18000 10000 16000 9600 5760",
    2019: "26 100 18100 10100 16100 9700 5760",
    2020: "27 100 18100 10100 16100 9700 5760",
    2021: "26 100 18200 10200 16400 9800 5860",
    2022: "26 100 19200 11200 18000 10800 6460",
    2023: "28 80 20200 12200 19500 11700 6960",
}
ON_PREMISES = {2024: "0.5", 2025: "0.5", 2026: "0", 2027: "0"}
ALL_YEARS = {
    "limits.meals_rate": "0.5", "limits.meals_hours_of_service_rate": "0.8", "limits.gift_cents": 2500,
    "limits.de_minimis_cents": 250_000, "limits.startup_cents": 500_000, "limits.startup_phase_out_cents": 5_000_000,
    "limits.startup_months": 180, "home_office.per_square_foot_cents": 500, "home_office.largest_square_feet": 300,
    "mileage.most_vehicles": 4,
}  # fmt: skip


def value(figures: BusinessFigures, path: str) -> Any:
    section, name = path.split(".")
    return getattr(getattr(figures, section), name)


@pytest.mark.parametrize("year", YEARS)
def test_the_figures_of_a_year_are_those_typed_a_second_time(figures: dict[int, BusinessFigures], year: int) -> None:
    held, service = figures[year], figures[year].service[year]
    found = [
        *held.mileage.cents_per_mile, service.mileage_depreciation_cents, held.section_179.limit_cents / 100,
        held.section_179.phase_out_from_cents / 100, held.section_179.suv_limit_cents / 100,
        service.bonus_rate_until * 100, service.bonus_rate_after * 100, *_caps(service),
    ]  # fmt: skip
    assert [float(number) for number in found] == [float(text) for text in BY_YEAR[year].split()]
    assert [iso(day) for day in held.mileage.starts] == [f"{year}-01-01"]
    assert held.limits.meals_on_premises_rate == Decimal(ON_PREMISES[year])
    for path, wanted in ALL_YEARS.items():
        assert value(held, path) == (Decimal(wanted) if isinstance(wanted, str) else wanted), path


def test_earlier_years_of_service_are_those_typed_a_second_time(figures: dict[int, BusinessFigures]) -> None:
    for year, text in EARLIER.items():
        service = figures[2026].service[year]
        found = [service.mileage_depreciation_cents, service.bonus_rate_until * 100, *_caps(service)]
        assert [float(number) for number in found] == [float(number) for number in text.split()], year
        assert service.bonus_rate_after == service.bonus_rate_until


def _caps(service: Any) -> list[float]:
    names = ("first_with_bonus", "first", "second", "third", "later")
    return [getattr(service, f"cap_{name}_cents") / 100 for name in names]


def test_the_other_figures_of_the_tables_are_those_typed_a_second_time(figures: dict[int, BusinessFigures]) -> None:
    tables = figures[2026].tables
    assert (tables.building_years, tables.car_years, iso(tables.bonus_acquired_until)) == (39, 5, "2025-01-19")
    assert [float(rate) for rate in tables.sold_in_quarter] == [0.125, 0.375, 0.625, 0.875]
    assert (tables.last_quarter_share, tables.sold_half_year, tables.listed_above) == (
        Decimal("0.4"), Decimal("0.5"), Decimal("0.5"),
    )  # fmt: skip


def test_figures_that_are_not_announced_are_marked(figures: dict[int, BusinessFigures]) -> None:
    assert "mileage.cents_per_mile" in figures[2027].projected
    assert figures[2026].projected == ()


@pytest.mark.parametrize(
    ("path", "entry", "said"),
    [
        (("limits", "gift_cents"), None, "limits.gift_cents"),
        (("limits", "gift_cents", "value"), -1, "whole number"),
        (("limits", "gift_cents", "status"), "guessed", "status"),
        (("limits", "meals_rate", "value"), "1.5", "between 0 and 1"),
        (("limits", "more"), {}, "unknown more"),
        (("mileage", "starts", "value"), ["2026-13-01"], "not a date"),
        (("mileage", "starts", "value"), ["2026-01-01", "2026-07-01"], "each rate needs the day"),
        (("service", "cap_first_cents", "value"), 9_999_999, "below that without"),
        (("other",), {}, "unknown other"),
        (("year",), None, "year and version"),
    ],
)
def test_a_file_that_cannot_be_law_is_refused(path: tuple[str, ...], entry: object, said: str) -> None:
    years, earlier, tables = business_data()
    data = copy.deepcopy(years[2026])
    target: Any = data
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = entry
    with pytest.raises(BadParametersError, match=said):
        load(data, earlier, tables)


def test_a_table_that_does_not_add_up_is_refused() -> None:
    years, earlier, tables = business_data()
    wrong = copy.deepcopy(tables)
    wrong["tables"]["half_year_5"]["value"][0] = "0.21"
    with pytest.raises(BadParametersError, match="half_year_5"):
        load(years[2026], earlier, wrong)


def test_a_state_is_known_by_all_its_rules_or_not_at_all() -> None:
    states = load_states(knowledge.state_depreciation())
    california = states["CA"]
    assert (california.known, california.rules) == (True, (False, 2_500_000, 20_000_000))
    assert [code for code, held in sorted(states.items()) if held.known] == ["AL", "CA", "CO", "DE", "GA", "ID"]
    assert all(held.known or held.note for held in states.values())
    entry = knowledge.state_depreciation()["CA"]["bonus"]
    for wrong in ({"bonus": {**entry, "value": "some"}}, {"bonus": {**entry, "source": ""}}, {"more": entry}):
        with pytest.raises(BadParametersError, match="CA"):
            load_states({"CA": wrong})
