"""Line 13: what a year takes of equipment and vehicles, and what it brings back as income."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.core.dates import year_of
from app.core.report.schedule_c import schedule_c
from app.core.tax.business import depreciation, vehicle
from app.core.tax.business.depreciation import Asset, Taken
from app.core.tax.business.figures import BusinessFigures
from app.core.tax.business.inputs import Inputs, Lines
from app.core.tax.business.vehicle import Vehicle
from app.core.tax.trace import Sheet

FORM = "Form 4562"


class Written(NamedTuple):
    """One thing that is written off, and what the year takes of it."""

    asset: Asset
    taken: Taken


def line_13(sheet: Sheet, figures: BusinessFigures, lines: Lines, inputs: Inputs) -> tuple[list[Written], int, int]:
    """Set line 13 and what is brought back as income; returns the schedule, the carry-over and the year's amount."""
    every = [*inputs.assets, *_actual_vehicles(figures, inputs.vehicles)]
    income = _income_before_179(figures, lines, inputs)
    elected = depreciation.elected_179(figures, every)
    allowed = {**inputs.elected_before, **elected}
    written = [Written(asset, _taken(figures, asset, inputs, allowed)) for asset in every]
    for each in inputs.vehicles:
        if each.began == vehicle.STANDARD and each.in_use(figures.year):
            taken = vehicle.after_the_rate(figures, each)
            asset = vehicle.as_asset(each)
            if taken is not None and asset is not None:
                written.append(Written(asset, taken))
    regular = sum(_write(sheet, row) for row in written)
    room = max(0, income - regular)
    wanted = sum(elected.values()) + inputs.section_179_carried
    deduction = min(wanted, room)
    if wanted:
        sheet.add(
            FORM, "12", "Section 179 deduction", deduction, "min(elected + carried, income)",
            "section_179.limit_cents section_179.phase_out_from_cents",
            elected=wanted - inputs.section_179_carried, carried=inputs.section_179_carried, income=room,
        )  # fmt: skip
    total = regular + deduction
    lines.add("C13", -total)
    lines.add("C6", sum(row.taken.recapture for row in written))
    return written, wanted - deduction, total


def _actual_vehicles(figures: BusinessFigures, vehicles: Sequence[Vehicle]) -> list[Asset]:
    """Return the vehicles that have been at actual costs from their first year."""
    found = []
    for each in vehicles:
        asset = vehicle.as_asset(each)
        said = each.says(figures.year)
        if (
            asset is not None
            and said.method == vehicle.ACTUAL
            and each.began == vehicle.ACTUAL
            and said.share is not None
        ):
            found.append(asset)
    return found


def _income_before_179(figures: BusinessFigures, lines: Lines, inputs: Inputs) -> int:
    form = schedule_c(figures.year, inputs.sums, lines.worked)
    return form.gross_income_cents - form.expenses_cents + inputs.other_income


def _taken(figures: BusinessFigures, asset: Asset, inputs: Inputs, allowed: Mapping[str, int]) -> Taken:
    quarterly = inputs.quarterly.get(asset.year, False)
    return depreciation.schedule(
        figures, asset, figures.year, quarterly=quarterly, allowed_179=allowed.get(asset.key)
    )[-1] if asset.year <= figures.year else Taken(figures.year)  # fmt: skip


def _write(sheet: Sheet, row: Written) -> int:
    """Write the lines of one thing; returns what the year takes of it without section 179."""
    taken, work, name = row.taken, row.taken.work, row.asset.name
    if work is None:
        return taken.regular
    if taken.bonus:
        sheet.add(
            FORM, "14", f"Bonus depreciation, {name}", taken.bonus, f"min(base * {work.bonus_rate}, room)",
            "service.bonus_rate_until service.bonus_rate_after", base=work.bonus_base, room=work.bonus_room,
        )  # fmt: skip
    if taken.regular:
        sheet.add(
            FORM, "17", f"Depreciation, {name}", taken.regular, f"min(base * {work.rate}, room, left)",
            "tables.half_year_5", base=work.base, room=work.room, left=work.left,
        )  # fmt: skip
    return taken.bonus + taken.regular


def asset_notes(figures: BusinessFigures, inputs: Inputs) -> list[str]:
    notes = [
        f"{asset.name}: its sale belongs on Form 4797, which is not worked out here."
        for asset in inputs.assets
        if asset.sold is not None and year_of(asset.sold) == figures.year
    ]
    notes += [
        f"{asset.name}: first used before {min(figures.service)}; bonus of that time is not known here. Enter what was "
        "written off so far."
        for asset in inputs.assets
        if asset.year not in figures.service and asset.year < figures.year and asset.prior_cents is None
    ]
    return notes
