"""The shipped rules of the instalments, and the household of a period."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from app.core.tax.instalments.penalty import Rates, load_rates
from app.core.tax.instalments.schedule import Rules, load


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("resources").joinpath("tax", name).read_text("utf-8"))


@pytest.fixture(scope="session")
def schedule_data() -> dict[str, Any]:
    return _data("instalments.toml")


@pytest.fixture(scope="session")
def schedules(schedule_data: dict[str, Any]) -> dict[str, Rules]:
    return load(schedule_data)


@pytest.fixture(scope="session")
def rates() -> Rates:
    return load_rates(_data("interest.toml"))
