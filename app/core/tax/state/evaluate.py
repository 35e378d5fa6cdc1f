"""Working out a state's worksheet for one household."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from app.core.money import nearest_cent
from app.core.tax.model import Line
from app.core.tax.state.facts import Facts
from app.core.tax.state.rules import LOCAL, LOCAL_REFUNDABLE, REFUNDABLE, TAX, StateRules, StateYear, printed


class StateTax(NamedTuple):
    """Cents. `lines` are empty when nobody asked for the work."""

    before_refundable: int
    refundable: int
    local: int
    local_refundable: int
    lines: tuple[Line, ...]


NONE = StateTax(0, 0, 0, 0, ())


def evaluate_state(rules: StateRules, year: StateYear, facts: Facts, locality: str, *, explain: bool) -> StateTax:
    """Return the tax of the state and of the place, each before its refundable credits. Units: cents."""
    if not year.lines:
        return NONE
    status = facts.household.filing_status
    names = _Names(facts)
    names.update(year.values(status, locality))  # type: ignore[arg-type]
    for line in year.lines:
        value = line.formula.compute(names)
        names[line.name] = value if type(value) is int else nearest_cent(Decimal(value))
    shown = tuple(_shown(rules, year, names, locality)) if explain else ()
    return StateTax(names[TAX], names.get(REFUNDABLE, 0), names.get(LOCAL, 0), names.get(LOCAL_REFUNDABLE, 0), shown)


class _Names(dict[str, int]):
    """Facts, figures and the lines so far."""

    __slots__ = ("facts",)

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def __missing__(self, name: str) -> int:
        return self.facts[name]


def _shown(rules: StateRules, year: StateYear, names: _Names, locality: str) -> list[Line]:
    status = names.facts.household.filing_status
    lines = []
    difference = names.facts.household.state_profit_difference_cents
    if difference:
        label = "Depreciation the state counts otherwise; in its figures of profit and income"
        lines.append(
            Line(f"{rules.code} adjustment", "", label, difference, "difference", {"difference": difference}, "")
        )
    for line in year.lines:
        text = printed(year, line, status, locality)
        inputs = {name: names[name] for name in text.inputs}
        form = f"{rules.code} {line.form}"
        lines.append(Line(form, line.line, line.label, names[line.name], text.formula, inputs, text.source))
    return lines
