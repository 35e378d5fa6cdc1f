"""The part of docs/tax-sources.md about the states is made from their files and the reference households.

Written anew by: PYTHONPATH=.:tests python tests/core/tax/states/test_tax_sources_page.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from textwrap import fill

from state_reference import BEFORE, DOLLAR, LOCAL_BEFORE, MORE, PUBLIC, Row, codes, gaps, rows, rules_of

from app.core.tax.state.rules import StateRules

PAGE = Path(__file__).parents[4] / "docs" / "tax-sources.md"
BEGIN, END = "<!-- states: made by a test, do not edit -->\n", "<!-- end of states -->\n"
OWN, TAXABLE = "own kinds of income", "federal taxable income"
BASES = {
    **dict.fromkeys(("AL", "AR", "MA", "NJ", "PA"), OWN),
    **dict.fromkeys(("CO", "IA", "ND"), TAXABLE),
    "MT": f"{TAXABLE} before QBI",
    "NH": "interest and dividends, 2024 only",
    "SC": f"{TAXABLE}, from 2026 federal AGI",
    "WA": "large long-term gains only",
}
"""What a state starts from where that is not federal adjusted gross income."""
NOT_FOR_READERS = "Amounts are whole cents, rates are strings"
"""How the sentence about the notation begins; in one file it goes on to the end."""
MOST_NAMED = 8
WIDTH = 120


def written() -> str:
    """Return the part as it should stand."""
    return "\n".join([BEGIN.strip(), "", *_table(), "", *_words(), END])


def _table() -> Iterator[str]:
    yield "| state | starts from | label | both agree: within $1 | others: within $1 | nine of ten others within |"
    yield "|---|---|---|---|---|---|"
    for code in codes():
        rules = rules_of(code)
        if not rules.has_income_tax:
            yield f"| {code} | no income tax | {rules.fidelity} | | | |"
            continue
        agreed, others = [], []
        for row in rows(PUBLIC):
            if row.state == code:
                (agreed if row.agreed else others).append(_gap(row, rules))
        base, ninth = BASES.get(code, "federal AGI"), sorted(others)[int(0.9 * (len(others) - 1))]
        yield f"| {code} | {base} | {rules.fidelity} | {_share(agreed)} | {_share(others)} | ${ninth / 100:,.2f} |"


def _gap(row: Row, rules: StateRules) -> int:
    found = gaps(row, rules)
    return max(found.get(BEFORE, 0), found.get(LOCAL_BEFORE, 0))


def _share(found: list[int]) -> str:
    return f"{sum(gap <= DOLLAR for gap in found)} of {len(found)}" if found else "none"


def _words() -> Iterator[str]:
    for code in codes():
        rules = rules_of(code)
        yield fill(f"**{rules.name}.** {_comment(code)}", WIDTH, break_on_hyphens=False)
        for line in _points(rules):
            yield fill(line, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
        yield ""


def _points(rules: StateRules) -> Iterator[str]:
    if rules.local_note or rules.localities:
        yield f"Places: {rules.local_note or _several(rules.localities.values())}"
    if rules.not_included:
        yield f"Not in it: {' '.join(rules.not_included)}"
    if rules.warnings:
        yield f"Also owed by many: {' '.join(rules.warnings)}"
    for year, law in sorted(rules.years.items()):
        if law.projected:
            yield f"Projected in {year}: {_several(name.replace('_', ' ') for name in law.projected)}."


def _several(names: Iterable[str]) -> str:
    every = list(names)
    rest = len(every) - MOST_NAMED
    return ", ".join(every[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _comment(code: str) -> str:
    """Return the words at the head of a state's file."""
    text = resources.files("resources").joinpath("tax", "states", f"{code.lower()}.toml").read_text(encoding="utf-8")
    head = [line.removeprefix("#").strip() for line in text.partition("\ncode")[0].splitlines()]
    before, _, after = " ".join(line for line in head if line).partition(NOT_FOR_READERS)
    return f"{before.strip()} {after.removeprefix('.').strip()}".strip() if after.startswith(".") else before.strip()


def test_the_page_of_sources_says_what_the_state_files_and_the_households_say() -> None:
    page = PAGE.read_text("utf-8")
    found = BEGIN + page.partition(BEGIN)[2].partition(END)[0] + END
    assert found == written(), "write it anew: PYTHONPATH=.:tests python tests/core/tax/states/test_tax_sources_page.py"


def test_every_chosen_household_is_of_a_state_on_the_page() -> None:
    assert {row.state for row in rows(MORE)} <= set(codes())


if __name__ == "__main__":
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(before + written() + rest.partition(END)[2], "utf-8")
