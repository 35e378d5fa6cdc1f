"""Schedule C business by business, as the command line and the pack show it: lines, Part IV, schedules, open points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.dates import Day, iso, year_days
from app.core.report.schedule_c import ScheduleC, schedule_c
from app.services.books.open_books import Books
from app.services.report import schedule_forms
from app.services.report.booked import booked_sums

if TYPE_CHECKING:
    from app.core.tax.business.line_13 import Written
    from app.core.tax.business.profit import BusinessProfit
    from app.core.tax.business.vehicle import Vehicle
    from app.core.tax.model import Line
    from app.store.settings import Business


class ScheduleOf(NamedTuple):
    """The form of one business. `worked` is None where the rows of the books say it all."""

    business: Business
    form: ScheduleC
    worked: BusinessProfit | None
    worksheet: tuple[Line, ...]


def by_business(books: Books, year: int, as_of: Day | None = None) -> list[ScheduleOf]:
    """Return the form of each business of a year, up to a day."""
    day = as_of if as_of is not None else year_days(year)[1]
    booked = booked_sums(books, year, day)
    worked = schedule_forms.forms(books, year, day)
    lines = schedule_forms.lines(books, year, day)
    return [
        ScheduleOf(
            business,
            worked[business.id].form if business.id in worked else schedule_c(year, booked.get(business.id, {})),
            worked.get(business.id),
            lines.get(business.id, ()),
        )
        for business in books.settings.businesses()
    ]


def part_iv(vehicle: Vehicle, year: int) -> dict[str, Any]:
    """Return what Part IV asks of a vehicle; null = not answered."""
    said = vehicle.says(year)
    return {
        "name": vehicle.name, "placed_in_service": iso(vehicle.in_service), "method": said.method,
        "business_miles": said.business_miles, "commuting_miles": said.commuting_miles,
        "other_miles": said.other_miles, "personal_use": said.personal_use, "another_car": said.another_car,
        "evidence": said.evidence, "written": said.written,
    }  # fmt: skip


def written_off(row: Written) -> dict[str, Any]:
    """Return what a year takes of one thing."""
    asset, taken = row.asset, row.taken
    return {
        "name": asset.name, "placed_in_service": iso(asset.in_service), "cost_cents": asset.cost_cents,
        "section_179_cents": taken.section_179, "bonus_cents": taken.bonus, "depreciation_cents": taken.regular,
        "recapture_cents": taken.recapture, "left_cents": taken.left,
    }  # fmt: skip


def contract(found: ScheduleOf) -> dict[str, Any]:
    """Return one business under the keys of the contract."""
    form, worked = found.form, found.worked
    year = form.year
    vehicles = [each for each in worked.vehicles if each.in_use(year)] if worked else []
    return {
        "id": found.business.id,
        "name": found.business.name,
        "owner": found.business.owner,
        "lines": [
            {
                "line": line.code, "printed_line": line.printed, "label": line.label, "cents": line.cents,
                "count": line.count, "form_cents": line.form_cents, "worked": line.worked_cents is not None,
            }
            for line in form.lines
        ],
        "gross_income_cents": form.gross_income_cents,
        "expenses_cents": form.expenses_cents,
        "tentative_profit_cents": form.gross_income_cents - form.expenses_cents,
        "home_office_cents": form.home_cents,
        "net_profit_cents": form.net_profit_cents,
        "part_iv": [part_iv(each, year) for each in vehicles],
        "written_off": [written_off(row) for row in worked.written] if worked else [],
        "carry_over": {
            "home_office_operating_cents": worked.home.carry_operating if worked else 0,
            "home_office_depreciation_cents": worked.home.carry_depreciation if worked else 0,
            "section_179_cents": worked.section_179_carry if worked else 0,
        },
        "questions": list(worked.questions) if worked else [],
        "notes": list(worked.notes) if worked else [],
        "worksheet": [line._asdict() for line in found.worksheet],
    }  # fmt: skip
