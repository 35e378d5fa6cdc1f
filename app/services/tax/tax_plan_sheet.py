"""The plan of a year as a worksheet to print: three methods side by side, and the work behind income as it came."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.books import naming
from app.core.dates import iso
from app.core.money import money_text
from app.core.tax.instalments.required import ANNUALIZED, instalment_label
from app.core.tax.instalments.schedule import FEDERAL

if TYPE_CHECKING:
    from datetime import date

    from app.core.tax.instalments.plan import Method, Plan
    from app.core.tax.model import Line
    from app.services.tax.tax_plan import Planned

METHOD_NAMES = {
    "regular": "By this year’s tax",
    "prior_year": "By last year’s tax",
    "annualized": "By income as it came",
}
_LAST_LINE = "27"
"""With it each column of the form ends."""
_OF_ONE = re.compile(re.escape(instalment_label(0)).replace("0", r"\d+"))


def write(planned: Planned, out: Path, day: date) -> None:
    """Write the worksheet to a new file. Raises: Exists, BadFile."""
    from app.adapters import safe_files  # noqa: PLC0415 - only where one is written

    safe_files.write_atomic(out, as_pdf(planned, day), replace=False)


def as_pdf(planned: Planned, day: date) -> bytes:
    """Return the worksheet as a PDF, dated on a day."""
    from app.adapters import pdf  # noqa: PLC0415 - heavy, and only for this

    return pdf.render("tax_plan", data(planned, day), timestamp=day)


def as_images(planned: Planned, day: date, dpi: int) -> list[bytes]:
    """Return the pages as PNG images, as the PDF would print them."""
    from app.adapters import pdf  # noqa: PLC0415 - as above

    return pdf.page_images("tax_plan", data(planned, day), timestamp=day, dpi=dpi)


def data(planned: Planned, day: date) -> dict[str, object]:
    """Return the words and figures of the worksheet."""
    return {
        "title": f"Instalments for {planned.year}",
        "what": f"What to pay when, as of {iso(planned.as_of)}, with a profit of "
        f"{money_text(planned.projection.profit)} expected for the year.",
        "jurisdictions": [_jurisdiction(plan, planned.name_of(plan)) for plan in planned.plans],
        "worksheets": [sheet for plan in planned.plans for sheet in _worksheets(plan, planned.name_of(plan))],
        "notes": list(planned.assumptions),
        "foot": f"Made {day.isoformat()} by 1099 Ops. An estimate, not tax advice and not a return.",
    }


def _jurisdiction(plan: Plan, name: str) -> dict[str, object]:
    open_ = [each for each in plan.methods if each.available]
    facts = [
        ("Tax expected", plan.facts.tax),
        ("Withholding", plan.facts.withholding),
        ("Last year’s tax", plan.facts.prior_tax),
    ]
    return {
        "name": name,
        "facts": [
            {"label": label, "value": "not entered" if cents is None else money_text(cents)} for label, cents in facts
        ]
        if plan.methods
        else [],
        "methods": [{"name": METHOD_NAMES[each.name], "best": each.name == plan.recommended} for each in open_],
        "rows": _rows(open_),
        "why": plan.why,
        "notes": [
            *(f"{METHOD_NAMES[each.name]}: {each.why_not}" for each in plan.methods if not each.available),
            *plan.notes,
        ],
    }


def _rows(methods: list[Method]) -> list[dict[str, object]]:
    if not methods:
        return []
    rows = [
        _row(
            naming.date_words(first.due),
            [cents for each in methods for cents in (each.instalments[n].required, each.instalments[n].due_now)],
        )
        for n, first in enumerate(methods[0].instalments)
    ]
    rows.append(_row("In all", [cents for each in methods for cents in (each.annual, each.to_pay)], total=True))
    rows.append(_row("Left for April", [cents for each in methods for cents in (None, each.april)]))
    if any(each.penalty for each in methods):
        rows.append(_row("Penalty so far, about", [cents for each in methods for cents in (None, each.penalty)]))
    return rows


def _row(label: str, cents: list[int | None], *, total: bool = False) -> dict[str, object]:
    return {"label": label, "cells": ["" if each is None else money_text(each) for each in cents], "total": total}


def _worksheets(plan: Plan, name: str) -> list[dict[str, object]]:
    """Return the lines of the annualized method, one column for each period."""
    method = plan.method(ANNUALIZED)
    if method is None or not method.available:
        return []
    columns: list[list[Line]] = [[]]
    for line in method.lines:
        if not line.form.endswith("worksheet"):
            columns[-1].append(line)
        if line.line == _LAST_LINE:
            columns.append([])
    columns = [each for each in columns if each]
    if not columns:
        return []
    keys = _in_order([[(line.line, _plain(line.label)) for line in column] for column in columns])
    found = [{(line.line, _plain(line.label)): line.cents for line in column} for column in columns]
    form = "Form 2210, Schedule AI" if plan.jurisdiction == FEDERAL else "annualized income"
    return [
        {
            "title": f"{name}: income as it came ({form})",
            "what": "Each column is the year from 1 January to the end of its period, taken for twelve months.",
            "columns": [f"Instalment {each.number}" for each in method.instalments[: len(columns)]],
            "rows": [
                {
                    "line": line,
                    "label": label,
                    "cells": [money_text(each[line, label]) if (line, label) in each else "" for each in found],
                }
                for line, label in keys
            ],
        }
    ]


def _plain(label: str) -> str:
    """Return a label without the number of its instalment, so that the columns share it."""
    shared = _OF_ONE.sub("", label)
    return naming.capital(shared)


def _in_order(columns: list[list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return every line once, by its number on the form; Part II stands before Part I, which uses it."""
    seen = dict.fromkeys(key for column in sorted(columns, key=len, reverse=True) for key in column)
    return sorted(seen, key=lambda key: (not 28 <= int(key[0]) <= 36, int(key[0])))
