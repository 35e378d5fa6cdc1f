"""What must be said of a year near a line of the law: a specified service, the end of the premium credit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.money import money_text, nearest_cent
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Result

NEAR = Decimal("0.9")
"""From this part of a threshold on it is near."""
_CONTIGUOUS = "contiguous"
_REGIONS = {_CONTIGUOUS, "AK", "HI"}


def specified_service(household: Household, figures: Parameters, result: Result) -> tuple[str, ...]:
    """Ask whether a business is a specified service, near and above the threshold of the QBI deduction.

    What a profession is called settles nothing (consulting is one, software is not), so it is asked and never inferred.
    """
    threshold = figures.qbi.threshold_cents[household.filing_status]
    before = result.components["taxable_income"] + result.components["qbi_deduction"]
    plain = any(not business.sstb and business.net_profit_cents > 0 for business in household.businesses)
    if not plain or before < threshold * NEAR:
        return ()
    question = (
        f"From {money_text(threshold)} of taxable income on the QBI deduction shrinks, most of all for a specified "
        "service (health, law, accounting, consulting, performing arts, athletics, finance, or a name that clients pay "
        "for). A business that is not marked as one counts as none: is that so?"
    )
    return (question,)


# --- the end of the premium tax credit --------------------------------------------------------------------------------


class PovertyLine(NamedTuple):
    """Cents by region, and the multiple at which the credit ends."""

    first: Mapping[str, int]
    each: Mapping[str, int]
    times: Decimal


class CreditEnd(NamedTuple):
    """How far household income is from where the premium tax credit ends. Units: cents."""

    line: int
    income: int
    people: int

    @property
    def room(self) -> int:
        """What income may still rise by; negative above the line."""
        return self.line - self.income


def load_poverty_lines(data: Mapping[str, Any]) -> dict[int, PovertyLine]:
    """Return the lines by tax year from the plain data of their file. Raises: ValueError for a damaged file."""
    found = {}
    for year, rows in data.items():
        if year == "version":
            continue
        if set(rows) != {"times", "first_cents", "each_cents"}:
            raise ValueError(f"{year}: other figures than a poverty line has")
        for name, row in rows.items():
            if row["status"] not in {"enacted", "published"} or not row["source"] or not row["read"]:
                raise ValueError(f"{year}: {name} has no status, source or day")
        first, each = rows["first_cents"]["value"], rows["each_cents"]["value"]
        if set(first) != _REGIONS or set(each) != _REGIONS or not all(0 < each[name] < first[name] for name in first):
            raise ValueError(f"{year}: a poverty line has an amount for each region")
        found[int(year)] = PovertyLine(first, each, Decimal(rows["times"]["value"]))
    return found


def credit_end(lines: Mapping[int, PovertyLine], household: Household, state: str, result: Result) -> CreditEnd | None:
    """Return the distance to the end of the credit; None for a year in which it has none.

    Household income is adjusted gross income with all benefits of Social Security. Source: IRC 36B(d)(2).
    """
    found = lines.get(household.year)
    if found is None:
        return None
    region = state if state in found.first else _CONTIGUOUS
    people = len(household.persons) + len(household.children_ages)
    untaxed = household.social_security_cents - result.facts["taxable_benefits"]
    line = nearest_cent((found.first[region] + found.each[region] * (people - 1)) * found.times)
    return CreditEnd(line, result.components["agi"] + untaxed, people)


def credit_end_note(end: CreditEnd) -> str:
    """Return the distance in words."""
    people = "1 person" if end.people == 1 else f"{end.people} people"
    line = (
        f"Marketplace: the credit ends at {money_text(end.line)} of household income "
        f"(400 % of the poverty line, {people})"
    )
    if end.room >= 0:
        return f"{line}; yours is {money_text(end.income)}, {money_text(end.room)} below."
    above = f"{money_text(-end.room)} above: all of the advance credit would be paid back"
    return f"{line}; yours is {money_text(end.income)}, {above}."
