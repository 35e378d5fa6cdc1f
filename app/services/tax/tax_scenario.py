"""A table of households in, the same table with their taxes out, row by row and without the books."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import IO

from app.core.errors import BadFile, Refused
from app.core.money import dollars
from app.core.tax.model import Household, Result
from app.core.tax.scenario import ERROR_COLUMN, OUTPUT_COLUMNS, columns_of, household_of
from app.core.tax.state.rules import Fidelity, StateRules
from app.core.tax.whole import evaluate_return
from app.services.ingest import csv_tables
from app.services.tax import tax_figures

NEEDED = ("year", "filing_status")
_DOLLAR = 100


def computed(source: IO[str]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header and the rows of the answer, streaming.

    A row that cannot be computed keeps its cells and says why in the last column. Raises: BadFile.
    """
    reader = csv.DictReader(source)
    names = csv_tables.header(reader, NEEDED, f"{', '.join(NEEDED)}, se_net_primary")
    header = [name for name in names if name not in OUTPUT_COLUMNS and name != ERROR_COLUMN]
    return [*header, *OUTPUT_COLUMNS, ERROR_COLUMN], _rows(reader, header)


def _rows(reader: csv.DictReader[str], header: list[str]) -> Iterator[list[str]]:
    try:
        for row in reader:
            kept = [row.get(name) or "" for name in header]
            try:
                found = _answer(row)
            except Refused as error:
                yield [*kept, *[""] * len(OUTPUT_COLUMNS), str(error)]
            else:
                yield [*kept, *(found[name] for name in OUTPUT_COLUMNS), ""]
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile(
            f"The table could not be read behind line {reader.line_num}.", "Save it as CSV in UTF-8."
        ) from error


def _answer(row: Mapping[str, str]) -> dict[str, str]:
    if None in row:
        raise Refused("The row has more cells than the table has columns.", "Check its commas.")
    if None in row.values():
        raise Refused("The row has fewer cells than the table has columns.", "Check its commas.")
    household = household_of(row)
    code, place = (row.get("state") or "").strip().upper(), row.get("locality") or ""
    rules = tax_figures.state(code) if code else None
    if rules is None and place.strip():
        raise Refused("locality needs its state.", "Fill in the column state.")
    place = tax_figures.locality(rules, place) if rules else ""
    result = _evaluated(household, rules, place)
    next_dollar = _total(_evaluated(_with_more(household), rules, place)) - _total(result)
    return {
        **columns_of(result),
        "state_fidelity": _fidelity(rules, household.year),
        "state_error_p90": dollars(rules.error_p90_cents) if rules else "",
        "marginal_rate_next_dollar": f"{next_dollar / _DOLLAR:.2f}",
    }


def _evaluated(household: Household, rules: StateRules | None, place: str) -> Result:
    figures = tax_figures.federal(household.year)
    if rules is not None and rules.year(household.year) is None:
        raise Refused(f"year {household.year}: the tax of {rules.name} is not known for it.", "Leave the state empty.")
    return evaluate_return(household, figures, rules, place, explain=False)


def _fidelity(rules: StateRules | None, year: int) -> str:
    if rules is None:
        return ""
    return Fidelity.APPROXIMATE if rules.is_borrowed(year) else rules.fidelity


def _with_more(household: Household) -> Household:
    first, *others = household.businesses
    return replace(household, businesses=(replace(first, net_profit_cents=first.net_profit_cents + _DOLLAR), *others))


def _total(result: Result) -> int:
    totals = result.totals
    return totals["total_federal_cents"] + totals["state_tax_cents"] + totals["local_tax_cents"]
