"""Every figure of every state against a list that was made by others.

The second list (tests/data/reference/state-parameters.csv) holds the parameter values of an independent program. It
names its values otherwise than our files do, so a figure counts as confirmed when each of its amounts and rates stands
somewhere among the values of that state and year, or among the federal ones that state laws lean on.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from typing import Any

import pytest
from state_reference import DATA, YEARS, codes, state_data

SECOND = DATA / "state-parameters.csv"
NO_LIMIT = 1_000_000_000
"""Dollars that stand for "no limit" in a file: the list writes inf."""
ONE_PERCENT = Decimal("0.01")
COUNT_BELOW = 150
"""Whole numbers below it may be heads, years of age or percent, written as they are."""

EXCEPTIONS: dict[str, str] = {
    "AR adjusted_least": "Act 1 of 2026: the smallest adjustment, the largest less what its steps take away",
    "AR adjusted_most": "Act 1 of 2026: the largest adjustment; the list has the figure of 2025",
    "AR half_band": "AR1000F tables: a band is 100 wide and taxed at its middle, 49.50 above its start",
    "AR last_income": "AR1000F tables: the printed tables end at 100,000",
    "AR last_tax": "AR1000F tables: the tax of the last band; the list works it out",
    "AR low_base_few": "AR1000F low-income tables, fitted; the list holds every printed band",
    "AR low_base_many": "the same",
    "AR low_rise_few": "AR1000F low-income tables, fitted: the rise by band",
    "AR low_rise_many": "the same",
    "AR reductions": "Act 1 of 2026: what the lower rates save; the list has the figures of 2025",
    "CA eitc_rate": "R&TC 17052(b): 85 percent of the federal rates, multiplied out; the list keeps the two factors",
    "HI itemized_fall": "HRS 235-2.4 takes the federal 3 percent as it was before 2018; the list has it elsewhere",
    "HI itemized_most": "HRS 235-2.4: 80 percent of the same rule",
    "IL childless_end": "where the federal credit without children ends: its start plus its most over its rate",
    "KS personal_exemption": "SB 1 of 2024: a head of household has 9,160 and one more exemption of 2,320",
    "MA no_tax_base": "M.G.L. c. 62, s. 5(a): 14,400 and 16,400 are sums; the list adds them up itself",
    "MD childless_phase_out": "joint returns: start plus joint addition of the federal credit",
    "MD senior_couple": "Tax-Gen. 10-754: 1,750 for two, 1,000 for one; the file holds the difference",
    "ME childless_phase_out": "joint returns: start plus joint addition of the federal credit",
    "MI tier_two_from_count": "MCL 206.30(9) names years of birth; the file holds the age in the year",
    "MI tier_two_until_count": "the same",
    "MN elderly_both_offset": "Minn. Stat. 290.0802: 18,000 where both are 65; the list: 14,500 for one",
    "NJ childless_phase_out": "joint returns: start plus joint addition of the federal credit",
    "NY child_threshold": "Tax Law 606(c-1): 110,000 for joint returns; the list has it from 2025 only",
    "OH base_tax": "R.C. 5747.02: the fixed amount at the foot of a bracket; the list writes it as a rate below",
    "OR kids_limit": "ORS 315.273: kept as of 2025 until that of 2026 is published; the list indexes it",
    "OR housing_rate": "Metro Code 7.06; the list has the tax of Multnomah County only",
    "SC deduction_unit": "SC1040 2026: the deduction is worked out in units of 10; a step, no figure of the list",
    "SC earned_beyond": "S.C. Code 12-6-3632: 125 percent of the federal credit; the file has the part beyond it",
    "SC standard_rise": "SC1040 2025: what the state adds back of the federal rise, the difference of two figures",
    "WA family_end": "where the federal credit ends: start plus most over rate",
}
"""Figures the second list does not have, or has otherwise, with the reason."""
LAW_ALL_THE_SAME: dict[str, str] = {
    "CA eitc_slow": "FTB 3514 of 2025; the list comes to the same dollars by its own index",
    "MA surtax_rate": "the amendment of 2022 fixes the rate; only the threshold beside it is indexed",
    "MN working_rate": "Minn. Stat. 290.0671 fixes the rate; the amounts beside it are indexed",
}
"""Figures the second list continues by its own indexing although the number is law, with the source."""


@cache
def _second() -> dict[tuple[str, int], dict[Decimal, set[str]]]:
    """Return by state and year: each value in dollars with the statuses it stands there with."""
    found: dict[tuple[str, int], dict[Decimal, set[str]]] = defaultdict(lambda: defaultdict(set))
    with SECOND.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, _, last = row["year"].partition("-")
            for year in range(int(first), int(last or first) + 1):
                for text in filter(None, (row["key"], row["value"])):
                    found[row["state"], year][Decimal(text)].add(row["status"])
    return found


def _leaves(value: Any) -> Iterator[tuple[set[Decimal], bool]]:
    """Yield every number of a figure: the ways it may stand in the list, and whether it is an amount."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for start, item in value:
            for ways, amount in _leaves(start):
                # The list writes "above 25,000" as "from 25,001", our files as "from 25,000" or "from 25,000.01".
                yield ways | {way.quantize(1, ROUND_FLOOR) + 1 for way in ways if way.is_finite()}, amount
            yield from _leaves(item)
    elif isinstance(value, str):
        yield {Decimal(value)}, False
    elif value:
        yield _written(value), True


def _written(cents: int) -> set[Decimal]:
    dollars = Decimal(cents) / 100
    if abs(dollars) >= NO_LIMIT // 10:
        return {Decimal("inf").copy_sign(dollars)}
    ways = {dollars, dollars - Decimal("0.01")} if cents % 100 == 1 else {dollars}
    return ways | {Decimal(cents)} if 0 < cents < COUNT_BELOW else ways


def _unknown(code: str, year: int, figure: dict[str, Any]) -> list[str]:
    known, shared = _second()[code, year], _second()["US", year]
    missing = []
    for ways, amount in _leaves(figure["value"]):
        if any(way in known or way in shared for way in ways):
            continue
        continued = amount and figure["status"] == "projected" and _continued(min(ways), known)
        if not continued:
            missing.append(str(min(ways)))
    return missing


def _continued(dollars: Decimal, known: dict[Decimal, set[str]]) -> bool:
    """Return whether the list continues a figure to about the same amount: two projections round in their own way."""
    return any(
        abs(value - dollars) <= max(1, dollars * ONE_PERCENT)
        for value, status in known.items()
        if status == {"projected"}
    )


def _figures(code: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for year, figures in state_data(code)["years"].items():
        for name, figure in figures.items():
            yield f"{code} {name}", int(year), figure


@pytest.mark.parametrize("code", codes())
def test_every_figure_of_a_state_stands_in_the_second_list(code: str) -> None:
    unknown = {
        f"{name} {year}": missing
        for name, year, figure in _figures(code)
        if name not in EXCEPTIONS and (missing := _unknown(code, year, figure))
    }
    assert unknown == {}


@pytest.mark.parametrize("code", codes())
def test_what_the_second_list_only_continues_is_projected_here_too(code: str) -> None:
    wrong = []
    for name, year, figure in _figures(code):
        if figure["status"] == "projected" or name in LAW_ALL_THE_SAME:
            continue
        wrong += [f"{name} {year}: {amount}" for amount in _only_continued(code, year, figure)]
    assert wrong == []


def _only_continued(code: str, year: int, figure: dict[str, Any]) -> list[str]:
    known, shared = _second()[code, year], _second()["US", year]
    return [
        str(min(ways))
        for ways, _ in _leaves(figure["value"])
        if set().union(*(lists.get(way, set()) for way in ways for lists in (known, shared))) == {"projected"}
    ]


@pytest.mark.parametrize("name", sorted({*EXCEPTIONS, *LAW_ALL_THE_SAME}))
def test_an_exception_is_still_needed(name: str) -> None:
    code = name[:2]
    mine = [(year, figure) for called, year, figure in _figures(code) if called == name]
    assert mine, "no figure is called so"
    if name in EXCEPTIONS:
        assert any(_unknown(code, year, figure) for year, figure in mine)
    else:
        law = [(year, figure) for year, figure in mine if figure["status"] != "projected"]
        assert any(_only_continued(code, year, figure) for year, figure in law)


def test_the_second_list_holds_every_state_with_an_income_tax() -> None:
    listed = {state for state, _ in _second()} - {"US"}
    assert {code for code in codes() if state_data(code).get("worksheet")} <= listed
    assert all(_second()["US", year] for year in YEARS)
