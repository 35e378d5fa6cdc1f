"""The figures typed a second time, and what the reader refuses.

The second list is in dollars and laid out by year and status, so that a slip in one of the two shows.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household
from app.core.tax.parameters import BadParametersError, load
from tests.core.tax.worked_cases import CASES, Worked, cents

ORDER = (FilingStatus.SINGLE, FilingStatus.MFJ, FilingStatus.MFS, FilingStatus.HOH, FilingStatus.QSS)

BRACKETS = {
    2024: """
        11600 23200 11600 16550 23200
        47150 94300 47150 63100 94300
        100525 201050 100525 100500 201050
        191950 383900 191950 191950 383900
        243725 487450 243725 243700 487450
        609350 731200 365600 609350 731200""",
    2025: """
        11925 23850 11925 17000 23850
        48475 96950 48475 64850 96950
        103350 206700 103350 103350 206700
        197300 394600 197300 197300 394600
        250525 501050 250525 250500 501050
        626350 751600 375800 626350 751600""",
    2026: """
        12400 24800 12400 17700 24800
        50400 100800 50400 67450 100800
        105700 211400 105700 105700 211400
        201775 403550 201775 201750 403550
        256225 512450 256225 256200 512450
        640600 768700 384350 640600 768700""",
}
GAINS = {
    2024: "47025 94050 47025 63000 94050\n518900 583750 291850 551350 583750",
    2025: "48350 96700 48350 64750 96700\n533400 600050 300000 566700 600050",
    2026: "49450 98900 49450 66200 98900\n545500 613700 306850 579600 613700",
}
BY_STATUS = {
    "deduction.standard_cents": {
        2024: "14600 29200 14600 21900 29200",
        2025: "15750 31500 15750 23625 31500",
        2026: "16100 32200 16100 24150 32200",
    },
    "deduction.additional_cents": {
        2024: "1950 1550 1550 1950 1550",
        2025: "2000 1600 1600 2000 1600",
        2026: "2050 1650 1650 2050 1650",
    },
    "deduction.senior_cents": {2024: "0 0 0 0 0", 2025: "6000 6000 0 6000 6000", 2026: "6000 6000 0 6000 6000"},
    "deduction.senior_threshold_cents": dict.fromkeys((2024, 2025, 2026), "75000 150000 75000 75000 75000"),
    "additional_medicare.threshold_cents": dict.fromkeys((2024, 2025, 2026), "200000 250000 125000 200000 200000"),
    "niit.threshold_cents": dict.fromkeys((2024, 2025, 2026), "200000 250000 125000 200000 250000"),
    "adjustments.capital_loss_limit_cents": dict.fromkeys((2024, 2025, 2026), "3000 3000 1500 3000 3000"),
    "benefits.first_base_cents": dict.fromkeys((2024, 2025, 2026), "25000 32000 0 25000 25000"),
    "benefits.second_base_cents": dict.fromkeys((2024, 2025, 2026), "34000 44000 0 34000 34000"),
    "child_credit.threshold_cents": dict.fromkeys((2024, 2025, 2026), "200000 400000 200000 200000 200000"),
    "retirement.ira_phase_out_from_cents": {
        2024: "77000 123000 0 77000 123000",
        2025: "79000 126000 0 79000 126000",
        2026: "81000 129000 0 81000 129000",
    },
    "retirement.ira_phase_range_cents": dict.fromkeys((2024, 2025, 2026), "10000 20000 10000 10000 20000"),
    "itemizing.taxes_phase_out_from_cents": {
        2024: "0 0 0 0 0",
        2025: "500000 500000 250000 500000 500000",
        2026: "505000 505000 252500 505000 505000",
    },
    "itemizing.charity_without_cents": {2024: "0 0 0 0 0", 2025: "0 0 0 0 0", 2026: "1000 2000 1000 1000 1000"},
    "tips.limit_cents": {2024: "0 0 0 0 0", 2025: "25000 25000 0 25000 25000", 2026: "25000 25000 0 25000 25000"},
    "tips.threshold_cents": dict.fromkeys((2024, 2025, 2026), "150000 300000 150000 150000 150000"),
    "qbi.threshold_cents": {
        2024: "191950 383900 191950 191950 191950",
        2025: "197300 394600 197300 197300 197300",
        2026: "201750 403500 201775 201750 201750",
    },
    "qbi.phase_range_cents": {
        2024: "50000 100000 50000 50000 50000",
        2025: "50000 100000 50000 50000 50000",
        2026: "75000 150000 75000 75000 75000",
    },
    "amt.exemption_cents": {
        2024: "85700 133300 66650 85700 133300",
        2025: "88100 137000 68500 88100 137000",
        2026: "90100 140200 70100 90100 140200",
    },
    "amt.phase_out_from_cents": {
        2024: "609350 1218700 609350 609350 1218700",
        2025: "626350 1252700 626350 626350 1252700",
        2026: "500000 1000000 500000 500000 1000000",
    },
    "amt.high_rate_above_cents": {
        2024: "232600 232600 116300 232600 232600",
        2025: "239100 239100 119550 239100 239100",
        2026: "244500 244500 122250 244500 244500",
    },
}
AMOUNTS = {
    "self_employment.wage_base_cents": (168600, 176100, 184500),
    "self_employment.floor_cents": (400, 400, 400),
    "retirement.limit_cents": (69000, 70000, 72000),
    "retirement.deferral_limit_cents": (23000, 23500, 24500),
    "retirement.catch_up_cents": (7500, 7500, 8000),
    "retirement.older_catch_up_cents": (7500, 11250, 11250),
    "retirement.ira_limit_cents": (7000, 7000, 7500),
    "retirement.ira_catch_up_cents": (1000, 1000, 1100),
    "retirement.ira_spouse_phase_out_from_cents": (230000, 236000, 242000),
    "retirement.ira_spouse_phase_range_cents": (10000, 10000, 10000),
    "retirement.ira_step_cents": (10, 10, 10),
    "retirement.ira_least_cents": (200, 200, 200),
    "itemizing.taxes_cap_cents": (10000, 40000, 40400),
    "itemizing.taxes_floor_cents": (10000, 10000, 10000),
    "tips.step_cents": (1000, 1000, 1000),
    "tips.step_reduction_cents": (100, 100, 100),
    "tables.below_cents": (100000, 100000, 100000),
    "tables.credit_width_cents": (50, 50, 50),
    "benefits.apart_first_base_cents": (25000, 25000, 25000),
    "benefits.apart_second_base_cents": (34000, 34000, 34000),
    "qbi.minimum_cents": (0, 0, 400),
    "qbi.minimum_income_cents": (0, 0, 1000),
    "child_credit.child_cents": (2000, 2200, 2200),
    "child_credit.refundable_cents": (1700, 1700, 1700),
    "child_credit.other_dependent_cents": (500, 500, 500),
    "child_credit.step_cents": (1000, 1000, 1000),
    "child_credit.step_reduction_cents": (50, 50, 50),
    "child_credit.earned_floor_cents": (2500, 2500, 2500),
    "earned_credit.investment_limit_cents": (11600, 11950, 12200),
}
COUNTS = {
    "retirement.catch_up_from_age": 50,
    "retirement.older_from_age": 60,
    "retirement.older_under_age": 64,
    "deduction.aged_from": 65,
    "child_credit.child_under_age": 17,
    "child_credit.many_children": 3,
    "earned_credit.child_under_age": 19,
    "earned_credit.alone_from_age": 25,
    "earned_credit.alone_under_age": 65,
}
RATES = {
    "retirement.employer_rate": "0.20",
    "itemizing.taxes_separate_share": "0.50",
    "itemizing.charity_cash_rate": "0.60",
    "itemizing.charity_other_rate": "0.30",
    "itemizing.medical_floor_rate": "0.075",
    "self_employment.net_earnings_factor": "0.9235",
    "self_employment.social_security_rate": "0.124",
    "self_employment.medicare_rate": "0.029",
    "self_employment.deductible_share": "0.5",
    "additional_medicare.rate": "0.009",
    "benefits.first_rate": "0.5",
    "benefits.second_rate": "0.85",
    "deduction.senior_rate": "0.06",
    "niit.rate": "0.038",
    "amt.low_rate": "0.26",
    "amt.high_rate": "0.28",
    "qbi.rate": "0.20",
    "qbi.wage_rate": "0.50",
    "qbi.wage_rate_with_property": "0.25",
    "qbi.property_rate": "0.025",
    "child_credit.refundable_rate": "0.15",
    "child_credit.employee_tax_rate": "0.0765",
    "child_credit.employee_medicare_rate": "0.0145",
}
RATES_BY_YEAR = {
    "amt.phase_out_rate": ("0.25", "0.25", "0.5"),
    "itemizing.taxes_phase_out_rate": ("0", "0.30", "0.30"),
    "itemizing.charity_floor_rate": ("0", "0", "0.005"),
}
LISTS = {
    "itemizing.reduction_parts": ((0, 37), (0, 37), (2, 37)),
    "tables.bands_from_cents": ((500, 2500, 300000),) * 3,
    "tables.bands_width_cents": ((1000, 2500, 5000),) * 3,
}
EARNED_CREDIT = {
    2024: "632 8260 10330 6920 | 4213 12390 22720 6920 | 6960 17400 22720 6920 | 7830 17400 22720 6920",
    2025: "649 8480 10620 7110 | 4328 12730 23350 7120 | 7152 17880 23350 7120 | 8046 17880 23350 7120",
    2026: "664 8680 10860 7280 | 4427 13020 23890 7270 | 7316 18290 23890 7270 | 8231 18290 23890 7270",
}
YEARS = (2024, 2025, 2026)


def _get(figures: dict[int, Parameters], name: str) -> object:
    section, _, key = name.partition(".")
    return getattr(getattr(figures, section), key)


def _columns(text: str) -> dict[FilingStatus, tuple[int, ...]]:
    rows = [[int(word) * 100 for word in row.split()] for row in text.strip().splitlines()]
    return {status: tuple(row[place] for row in rows) for place, status in enumerate(ORDER)}


@pytest.mark.parametrize("year", YEARS)
def test_brackets_against_the_second_list(figures: dict[int, Parameters], year: int) -> None:
    assert figures[year].brackets.up_to_cents == _columns(BRACKETS[year])
    assert figures[year].brackets.rates == tuple(map(Decimal, ["0.10", "0.12", "0.22", "0.24", "0.32", "0.35", "0.37"]))
    assert figures[year].gains.up_to_cents == _columns(GAINS[year])
    assert figures[year].gains.rates == (0, Decimal("0.15"), Decimal("0.2"))


@pytest.mark.parametrize("year", YEARS)
def test_figures_by_status_against_the_second_list(figures: dict[int, Parameters], year: int) -> None:
    for name, by_year in BY_STATUS.items():
        expected = {status: row[0] for status, row in _columns(by_year[year]).items()}
        assert _get(figures[year], name) == expected, name


@pytest.mark.parametrize("year", YEARS)
def test_single_figures_against_the_second_list(figures: dict[int, Parameters], year: int) -> None:
    for name, amounts in AMOUNTS.items():
        assert _get(figures[year], name) == amounts[year - 2024] * 100, name
    for name, count in COUNTS.items():
        assert _get(figures[year], name) == count, name
    for name, rate in RATES.items():
        assert _get(figures[year], name) == Decimal(rate), name
    for name, rates in RATES_BY_YEAR.items():
        assert _get(figures[year], name) == Decimal(rates[year - 2024]), name
    for name, rows in LISTS.items():
        assert _get(figures[year], name) == rows[year - 2024], name


@pytest.mark.parametrize("year", YEARS)
def test_earned_income_credit_against_the_second_list(figures: dict[int, Parameters], year: int) -> None:
    credit = figures[year].earned_credit
    columns = zip(
        credit.maximum_cents,
        credit.full_from_cents,
        credit.phase_out_from_cents,
        credit.joint_addition_cents,
        strict=True,
    )
    expected = [tuple(int(word) * 100 for word in part.split()) for part in EARNED_CREDIT[year].split("|")]
    assert list(columns) == expected
    assert credit.rates == tuple(map(Decimal, ["0.0765", "0.34", "0.40", "0.45"]))
    assert credit.phase_out_rates == tuple(map(Decimal, ["0.0765", "0.1598", "0.2106", "0.2106"]))


def test_the_credit_for_the_elderly_against_the_second_list(figures: dict[int, Parameters]) -> None:
    credit = figures[2024].elderly_credit
    assert credit is not None
    assert (credit.rate, credit.excess_share) == (Decimal("0.15"), Decimal("0.5"))
    assert [credit.initial_cents[status] // 100 for status in ORDER] == [5000, 5000, 3750, 5000, 5000]
    assert [credit.threshold_cents[status] // 100 for status in ORDER] == [7500, 10000, 5000, 7500, 7500]


@pytest.mark.parametrize("year", YEARS)
def test_the_second_list_covers_every_figure(figures: dict[int, Parameters], year: int) -> None:
    elderly = {name for name in figures[year].sources if name.startswith("elderly_credit.")}
    assert bool(elderly) is (year == 2024)
    listed = elderly | {*BY_STATUS, *AMOUNTS, *COUNTS, *RATES, *RATES_BY_YEAR, *LISTS}
    listed |= {f"{section}.{name}" for section in ("brackets", "gains") for name in ("rates", "up_to_cents")}
    listed |= {name for name in figures[year].sources if name.startswith("earned_credit.")}
    assert listed == set(figures[year].sources)


@pytest.mark.parametrize("year", YEARS)
def test_every_year_is_law_and_says_where_from(figures: dict[int, Parameters], year: int) -> None:
    assert figures[year].year == year
    assert figures[year].projected == ()
    assert all(figures[year].sources.values())


def _spoiled(data: dict[str, Any], section: str, name: str, **change: object) -> dict[str, Any]:
    copied = copy.deepcopy(data)
    copied[section][name].update(change)
    return copied


@pytest.mark.parametrize(
    ("section", "name", "change"),
    [
        ("qbi", "rate", {"value": "1.2"}),
        ("qbi", "rate", {"value": 0.2}),
        ("qbi", "rate", {"value": "a fifth"}),
        ("qbi", "rate", {"status": "guessed"}),
        ("qbi", "rate", {"source": ""}),
        ("qbi", "rate", {"read": "2026-11-21"}),
        ("qbi", "rate", {"note": "unknown"}),
        ("qbi", "minimum_cents", {"value": -1}),
        ("qbi", "minimum_cents", {"value": True}),
        ("niit", "threshold_cents", {"value": {"single": 1}}),
        ("niit", "threshold_cents", {"value": 20_000_000}),
        ("earned_credit", "maximum_cents", {"value": [1, 2, 3]}),
        ("earned_credit", "maximum_cents", {"value": []}),
        ("brackets", "rates", {"value": ["0.2", "0.1"]}),
        ("brackets", "rates", {"value": ["0.1", "0.2"]}),
        ("brackets", "up_to_cents", {"value": {status.value: [200, 100] for status in ORDER}}),
        ("itemizing", "reduction_parts", {"value": [2]}),
        ("itemizing", "reduction_parts", {"value": [37, 2]}),
        ("tables", "bands_from_cents", {"value": [500, 500, 300000]}),
        ("tables", "bands_width_cents", {"value": [1000, 2500]}),
    ],
)
def test_what_cannot_be_law_is_refused(
    year_data: dict[int, dict[str, Any]], section: str, name: str, change: dict[str, object]
) -> None:
    with pytest.raises(BadParametersError):
        load(_spoiled(year_data[2026], section, name, **change))


def test_missing_and_unknown_parts_are_refused(year_data: dict[int, dict[str, Any]]) -> None:
    data = year_data[2026]
    for damaged in (
        {key: value for key, value in data.items() if key != "qbi"},
        {key: value for key, value in data.items() if key != "version"},
        data | {"qbi": {key: value for key, value in data["qbi"].items() if key != "rate"}},
        data | {"qbi": data["qbi"] | {"extra": data["qbi"]["rate"]}},
        data | {"extra": {}},
    ):
        with pytest.raises(BadParametersError):
            load(damaged)


def test_a_projected_figure_is_said_aloud(
    year_data: dict[int, dict[str, Any]], freelancer: Callable[..., Household]
) -> None:
    figures = load(_spoiled(year_data[2026], "qbi", "threshold_cents", status="projected"))
    assert figures.projected == ("qbi.threshold_cents",)
    assert any(note.startswith("2026 estimate: ") for note in evaluate(freelancer(100_000), figures).assumptions)


UNCOVERED = Path(__file__).parents[2] / "data" / "uncovered-federal-parameters.txt"
"""Written by `PYTHONPATH=. python tests/core/tax/test_tax_parameters.py`."""


def _changed(value: object, sign: int) -> object:
    """Return a figure a tenth off, a rate a fiftieth, a count by one; a rate of zero becomes something."""
    if isinstance(value, dict):
        return {key: _changed(item, sign) for key, item in value.items()}
    if isinstance(value, list):
        return [_changed(item, sign) for item in value]
    if isinstance(value, str):
        return str(Decimal(value) * (1 + Decimal(sign) / 50)) if Decimal(value) else "0.001"
    assert isinstance(value, int)
    return value + sign if 0 < value < 100 else value + sign * value // 10


def _noticed(
    data: dict[str, Any], section: str, key: str, households: list[Household], before: list[Mapping[str, int]]
) -> bool:
    """Return whether a reference household differs by more than a dollar, or one worked by hand by a cent."""
    year = data["year"]
    for sign in (1, -1):
        value = _changed(data[section][key]["value"], sign)
        try:
            changed = load(_spoiled(data, section, key, value=value))
        except BadParametersError:
            return True
        if any(_wrong(case, changed) for case in CASES if year in case.answers):
            return True
        pairs = zip(households, before, strict=True)
        if any(_differs(evaluate(household, changed, explain=False).components, old) for household, old in pairs):
            return True
    return False


def _wrong(case: Worked, figures: Parameters) -> bool:
    found = evaluate(case.household(figures.year), figures, explain=False).components[case.component]
    return found != cents(case.answers[figures.year])


def _differs(new: Mapping[str, int], old: Mapping[str, int]) -> bool:
    return any(abs(new[name] - old[name]) > 100 for name in old)


def _is_nothing(value: object) -> bool:
    """Return whether a figure is zero throughout: a tenth of it is nothing as well."""
    if isinstance(value, dict):
        return all(_is_nothing(part) for part in value.values())
    if isinstance(value, list):
        return all(_is_nothing(part) for part in value)
    return not Decimal(str(value))


def uncovered(data: dict[str, Any], households: list[Household]) -> list[str]:
    """Return the figures of a year whose change no household notices."""
    figures = load(data)
    before = [evaluate(household, figures, explain=False).components for household in households]
    return [
        name
        for name in figures.sources
        if not _is_nothing(data[name.partition(".")[0]][name.partition(".")[2]]["value"])
        and not _noticed(data, *name.split("."), households, before)
    ]


@pytest.mark.parametrize("year", YEARS)
def test_a_change_of_any_figure_is_noticed(
    year_data: dict[int, dict[str, Any]], reference_rows: list[tuple[dict[str, str], Household]], year: int
) -> None:
    households = [household for row, household in reference_rows if household.year == year]
    listed = [line.split(" ")[1] for line in UNCOVERED.read_text("utf-8").splitlines() if line.startswith(str(year))]
    assert uncovered(year_data[year], households) == listed


def test_at_most_one_in_twenty_figures_is_not_covered(figures: dict[int, Parameters]) -> None:
    listed = [line for line in UNCOVERED.read_text("utf-8").splitlines() if line[:1].isdigit()]
    assert len(listed) <= sum(len(figures[year].sources) for year in YEARS) / 20


def _write() -> None:
    from tests.core.tax import conftest

    with conftest.REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = [conftest._household(row) for row in csv.DictReader(file)]
    lines = ["# Figures whose change by a tenth no household notices, by year. Written by test_tax_parameters.py."]
    for year in YEARS:
        data = conftest._data("federal", f"{year}.toml")
        lines += [f"{year} {name}" for name in uncovered(data, [row for row in rows if row.year == year])]
    UNCOVERED.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
