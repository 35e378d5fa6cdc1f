"""Figures of Schedule C and makers of vehicles and equipment for the hand-worked cases."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from importlib import resources
from typing import Any

import pytest

from app.core.dates import day_of
from app.core.tax.business.depreciation import Asset
from app.core.tax.business.figures import BusinessFigures, load
from app.core.tax.trace import Sheet

YEARS = (2024, 2025, 2026, 2027)


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("resources").joinpath("tax", "business", name).read_text("utf-8"))


def business_data() -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, Any]], dict[str, Any]]:
    """Return the plain data of the years, of earlier years of service, and of the tables."""
    earlier = {int(year): {"service": held} for year, held in _file("earlier.toml").items()}
    return {year: _file(f"{year}.toml") for year in YEARS}, earlier, _file("tables.toml")


def loaded() -> dict[int, BusinessFigures]:
    years, earlier, tables = business_data()
    return {year: load(years[year], {**earlier, **years}, tables) for year in YEARS}


@pytest.fixture(scope="session")
def figures() -> dict[int, BusinessFigures]:
    return loaded()


@pytest.fixture
def sheet(figures: dict[int, BusinessFigures]) -> Sheet:
    return Sheet(figures[2026].sources, explain=True)


@pytest.fixture
def thing() -> Callable[..., Asset]:
    """Make equipment in dollars: `thing(10_000, (2026, 3, 1), bonus=False)`."""

    def make(dollars: int, first: tuple[int, int, int], **more: object) -> Asset:
        day = day_of(date(*first))
        section_179 = more.pop("section_179", 0)
        assert isinstance(section_179, int)
        facts: dict[str, Any] = {"key": "1", "name": "Thing", "acquired": day, **more}
        return Asset(cost_cents=dollars * 100, in_service=day, section_179_cents=section_179 * 100, **facts)

    return make
