"""No figure of a state is there for nothing: change it by a tenth, and a reference household leaves the dollar.

What no household of the two tables feels stands in tests/data/reference/uncovered-state-figures.txt, written anew by

    PYTHONPATH=.:tests python tests/core/tax/states/test_every_figure_counts.py
"""

from __future__ import annotations

from functools import cache

import pytest
from state_reference import DATA, MORE, PUBLIC, YEARS, Row, changes, codes, rows, rules_of, within

UNCOVERED = DATA / "uncovered-state-figures.txt"
HEAD = "# State figures no reference household feels; see test_every_figure_counts.py\n"
MOST = 0.05
TAXING = tuple(code for code in codes() if rules_of(code).has_income_tax)


@cache
def _households(code: str) -> dict[int, list[tuple[Row, frozenset[str]]]]:
    """Return by year the households of a state, each with the components that are within a dollar."""
    rules = rules_of(code)
    mine = [row for path in (MORE, PUBLIC) for row in rows(path) if row.state == code]
    judged = [(row, within(row, rules)) for row in mine]
    return {year: [(row, fit) for row, fit in judged if row.household.year == year and fit] for year in YEARS}


def uncovered(code: str) -> list[str]:
    """Return the changes of a state's figures that no household feels."""
    found, rules = [], rules_of(code)
    for year in YEARS:
        households = _households(code)[year]
        for change in changes(rules, year):
            for place, (row, fit) in enumerate(households):
                if any(not fit <= within(row, changed) for changed in change.rules):
                    # Neighbouring figures are felt by the same household: it is asked first next time.
                    households.insert(0, households.pop(place))
                    break
            else:
                found.append(change.name)
    return found


def _listed() -> list[str]:
    return UNCOVERED.read_text("utf-8").removeprefix(HEAD).splitlines()


@pytest.mark.parametrize("code", TAXING)
def test_a_change_of_any_figure_is_felt_by_a_household_of_the_state(code: str) -> None:
    assert sorted(uncovered(code)) == sorted(name for name in _listed() if name.startswith(f"{code} ")), (
        "write the list anew: PYTHONPATH=.:tests python tests/core/tax/states/test_every_figure_counts.py"
    )


def test_few_figures_are_felt_by_nobody() -> None:
    every = [change.name for code in TAXING for year in YEARS for change in changes(rules_of(code), year)]
    assert set(_listed()) <= set(every)
    assert len(_listed()) <= MOST * len(every)


@pytest.mark.parametrize("code", TAXING)
def test_the_households_chosen_for_it_are_within_a_dollar(code: str) -> None:
    off = [row.id for row in rows(MORE) if row.state == code and within(row, rules_of(code)) != set(row.expected)]
    assert off == []


if __name__ == "__main__":
    lines = [name for code in TAXING for name in uncovered(code)]
    UNCOVERED.write_text(HEAD + "".join(f"{name}\n" for name in lines), "utf-8")
    print(f"{len(lines)} uncovered")
