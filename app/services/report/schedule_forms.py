"""Schedule C of each business with what no bank row shows, where the books know of vehicles, equipment or an office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from app.core.dates import Day, year_days
from app.core.money import percent_of
from app.core.report.profit_range import Suggested
from app.core.report.schedule_c import LineSum, ScheduleC, schedule_c
from app.services.books.open_books import Books
from app.services.books.shared import shared
from app.services.classify import knowledge
from app.services.report.booked import booked_sums
from app.services.report.schedule_facts import ASSET_LINES, GIFT, HOURS_OF_SERVICE, ON_PREMISES, Gathered

if TYPE_CHECKING:
    from app.core.tax.business.figures import BusinessFigures
    from app.core.tax.business.profit import BusinessProfit
    from app.core.tax.model import Line

THINGS = ("vehicle", "asset", "home_office", "business_year")


def forms(books: Books, year: int, as_of: Day) -> dict[int, BusinessProfit]:
    """Return line 31 of the businesses that have something to work out, by business; most books have none."""
    return dict(_made(books, year, as_of)[0])


def lines(books: Books, year: int, as_of: Day) -> dict[int, tuple[Line, ...]]:
    """Return the worksheet lines behind the forms, by business."""
    return dict(_made(books, year, as_of)[1])


def said(books: Books, year: int, as_of: Day) -> tuple[str, ...]:
    """Return what is still asked, and what is true and not worked out, business by business."""
    found = forms(books, year, as_of)
    texts = [text for form in found.values() for text in (*form.questions, *form.notes)]
    return tuple(dict.fromkeys((*texts, *_asked_without_form(books, year, as_of, set(found)))))


def _asked_without_form(books: Books, year: int, as_of: Day, worked: set[int]) -> list[str]:
    """Return what is asked of businesses whose books say it all so far: things too dear, a car that nobody entered."""
    booked = {number: sums for number, sums in booked_sums(books, year, as_of).items() if number not in worked}
    cars = -sum(sums["C9A"].cents for sums in booked.values() if "C9A" in sums)
    dear = any(sums.keys() & set(ASSET_LINES) for sums in booked.values())
    limit = knowledge.de_minimis_cents(year) if dear else None
    if not cars and limit is None:
        return []
    from app.core.tax.business.inputs import Large  # noqa: PLC0415 - few books are asked
    from app.core.tax.business.questions import large_costs, vehicle_costs  # noqa: PLC0415 - same

    first = year_days(year)[0]
    rows = [] if limit is None else books.tax_facts.large(first, as_of, ASSET_LINES, limit)
    large = [Large(line, cents, text) for _, owner, line, cents, text in rows if owner in booked]
    return [*large_costs(limit or 0, large), *vehicle_costs(cars)]


def fixed(books: Books, year: int, as_of: Day, counted: Collection[int]) -> int:
    """Return the costs of some businesses that follow no pace: depreciation, the simplified home office."""
    return sum(form.fixed for number, form in forms(books, year, as_of).items() if number in counted)


def counted(reading: Suggested, form: BusinessProfit | None) -> Suggested:
    """Return a suggested row as its business counts it: vehicle costs by the vehicle's method and business miles."""
    if form is None:
        return reading
    part = form.vehicle_share

    def scaled(option: Any) -> Any:  # noqa: ANN401 - an Option
        return option._replace(percent=percent_of(option.percent, part)) if option.line == "C9A" else option

    return reading._replace(expected=scaled(reading.expected), options=tuple(map(scaled, reading.options)))


def combined(books: Books, year: int, as_of: Day, booked: Mapping[int, Mapping[str, LineSum]]) -> ScheduleC:
    """Return all businesses as one form: what is worked out for some, and the books of the others."""
    made = forms(books, year, as_of)
    total: dict[str, LineSum] = {}
    rest: dict[str, LineSum] = {}
    for number, sums in booked.items():
        for target in (total,) if number in made else (total, rest):
            for code, line in sums.items():
                held = target.setdefault(code, LineSum())
                held.cents += line.cents
                held.count += line.count
    if not made:
        return schedule_c(year, total)
    worked: dict[str, int] = defaultdict(int)
    for form in (*(each.form for each in made.values()), schedule_c(year, rest)):
        for line_total in form.lines:
            worked[line_total.code] += line_total.allowed_cents
    return schedule_c(year, total, worked)


def state_difference(books: Books, year: int, as_of: Day, state: str) -> tuple[int, str]:
    """Return by how much a state's profit is above the federal one by its depreciation, and what is not known of it.

    The note is empty where the state's rules are known, or nothing is written off.
    """
    from app.core.tax.business import state_depreciation  # noqa: PLC0415 - few books need it

    if not books.tax_facts.any(("asset", "vehicle")):
        return 0, ""
    figures = {each: known for each in range(year - 12, year + 1) if (known := knowledge.business_figures(each))}
    if year not in figures:
        return 0, ""
    gathered = _gathered(books, figures[year], as_of)
    every = gathered.written_off()
    if not every:
        return 0, ""
    rules = state_depreciation.state_rules(state_depreciation.load_states(knowledge.state_depreciation()), state)
    if not rules.known:
        return 0, f"{state} may write off equipment otherwise than the federal return: {rules.note}."
    return state_depreciation.difference(figures, every, year, rules.rules, gathered.quarterly), ""


# --- gathering --------------------------------------------------------------------------------------------------------

_Made = tuple[dict[int, "BusinessProfit"], dict[int, "tuple[Line, ...]"]]


def _made(books: Books, year: int, as_of: Day) -> _Made:
    return shared(books, f"schedule forms {year}", lambda: _make(books, year, as_of), year, as_of)


def _has_tags(books: Books, year: int, as_of: Day) -> bool:
    wanted = {GIFT, HOURS_OF_SERVICE, ON_PREMISES}
    return any(wanted & set(row.tags.split()) for row in books.tax_facts.tagged(year_days(year)[0], as_of))


def _gathered(books: Books, figures: BusinessFigures, as_of: Day) -> Gathered:
    first = year_days(figures.year)[0]
    return Gathered(books, figures, as_of, lambda: forms(books, figures.year - 1, first - 1))


def _make(books: Books, year: int, as_of: Day) -> _Made:
    if not books.tax_facts.any(THINGS) and not _has_tags(books, year, as_of):
        return {}, {}
    figures = knowledge.business_figures(year)
    if figures is None:
        return {}, {}
    from app.core.tax.business.profit import line_31  # noqa: PLC0415 - few books need the worksheets
    from app.core.tax.trace import Sheet  # noqa: PLC0415 - same

    gathered = _gathered(books, figures, as_of)
    made: dict[int, BusinessProfit] = {}
    written: dict[int, tuple[Line, ...]] = {}
    for business in books.settings.businesses():
        inputs = gathered.inputs(business.id, business.started)
        if inputs is None:
            continue
        sheet = Sheet(figures.sources, explain=True)
        form = line_31(sheet, figures, inputs)
        made[business.id] = form._replace(notes=(*form.notes, *gathered.carried_notes(business.id, inputs)))
        written[business.id] = tuple(sheet.lines)
    return made, written
