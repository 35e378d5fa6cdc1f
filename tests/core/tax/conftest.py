"""Figures, households and rules the tax tests share. The reference rows are described in tests/data/reference."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax.due_dates import DueDateRules, load_rules
from app.core.tax.figures import Parameters
from app.core.tax.model import Business, Household, Owner, Person
from app.core.tax.parameters import load

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "oracle-federal-public.csv"
YEARS = (2024, 2025, 2026)


def _data(*names: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("resources").joinpath("tax", *names).read_text(encoding="utf-8"))


def _cents(text: str) -> int:
    return round(float(text or 0) * 100)


def _household(row: dict[str, str]) -> Household:
    status = FilingStatus(row["filing_status"])
    joint = status is FilingStatus.MFJ
    sstb = row["sstb"] == "1"
    businesses = [
        Business(
            net_profit_cents=_cents(row["se_net_primary"]),
            sstb=sstb,
            w2_wages_cents=_cents(row["business_w2_wages"]),
            ubia_cents=_cents(row["business_ubia"]),
        )
    ]
    spouse = None
    if joint:
        businesses.append(
            Business(net_profit_cents=_cents(row["se_net_spouse"]), owner=Owner.SPOUSE, sstb=sstb),
        )
        spouse = Person(age=int(row["age_spouse"]) or None, wages_cents=_cents(row["wages_spouse"]))
    return Household(
        year=int(row["year"]),
        filing_status=status,
        primary=Person(
            age=int(row["age_primary"]) or None,
            wages_cents=_cents(row["wages_primary"]),
            health_insurance_cents=_cents(row["se_health_insurance"]),
            retirement_cents=_cents(row["sep_contribution"]),
        ),
        spouse=spouse,
        children_ages=(int(row["child_age"]),) * int(row["n_children"]),
        businesses=tuple(businesses),
        interest_cents=_cents(row["taxable_interest"]),
        dividends_cents=_cents(row["ordinary_dividends"]),
        qualified_dividends_cents=_cents(row["qualified_dividends"]),
        short_term_gains_cents=_cents(row["st_capital_gains"]),
        long_term_gains_cents=_cents(row["lt_capital_gains"]),
        social_security_cents=_cents(row["social_security_benefits"]),
        # The reference programs give separate filers the earned income credit: they assume the separated-spouse rule.
        lived_apart=True,
        apart_by_assumption=True,
    )


@pytest.fixture(scope="session")
def year_data() -> dict[int, dict[str, Any]]:
    """The plain data of each tax year, as a service would hand it over."""
    return {year: _data("federal", f"{year}.toml") for year in YEARS}


@pytest.fixture(scope="session")
def figures(year_data: dict[int, dict[str, Any]]) -> dict[int, Parameters]:
    """Loaded figures by year."""
    return {year: load(data) for year, data in year_data.items()}


@pytest.fixture(scope="session")
def reference_rows() -> list[tuple[dict[str, str], Household]]:
    """(row, household) of every reference household that has an agreed answer."""
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["authority"] != "none" and "CONTESTED" not in row["notes"]]
    return [(row, _household(row)) for row in rows]


@pytest.fixture(scope="session")
def due_rules() -> DueDateRules:
    return load_rules(_data("due_dates.toml"))


@pytest.fixture
def freelancer() -> Callable[..., Household]:
    """Make a single filer of 40 with one business: `freelancer(profit_cents, year=2026, **household)`."""

    def make(
        profit: int, year: int = 2026, *, person: Person | None = None, sstb: bool = False, **household: object
    ) -> Household:
        return Household(
            year=year,
            primary=person or Person(age=40),
            businesses=(Business(net_profit_cents=profit, sstb=sstb),),
            **household,
        )

    return make
