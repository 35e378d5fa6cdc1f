"""What the tax is on what the books hold, and what that rests on. What must lie aside: `reserves`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.dates import Day, day_of, year_days, year_of
from app.core.errors import Refused
from app.core.money import money_text
from app.core.report.profit_range import NetProfit, Option, Suggested, profit_range
from app.core.report.schedule_c import LineSum, schedule_c
from app.core.tax import profile, projection, wording
from app.core.tax.by_profit import with_profit
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Line, Owner, Result
from app.services.books.open_books import Books
from app.services.books.shared import shared
from app.services.derived import refunds
from app.services.report import schedule_forms
from app.services.report.booked import booked_sums
from app.services.tax import tax_cautions, tax_figures, tax_rules
from app.services.tax.tax_rules import TaxRules
from app.store.lines import DepositRow, Open

FIRST_QUESTIONS = ("filing_status", "state")
"""Until these are answered, a figure is a first guess (year.md 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The tax on what the books hold up to a day."""

    year: int
    as_of: Day
    result: Result
    net: NetProfit
    totals: dict[str, int]
    low: int
    expected: int
    high: int
    """All tax, federal, state and local, at the lowest, the likeliest and the highest net profit."""
    lines: tuple[Line, ...]
    """The worksheets in the order of the work: what Schedule C works out beside the rows, the return, the state."""
    assumptions: tuple[str, ...]


def figures_of(year: int) -> Parameters:
    """Return the federal values of a year. Raises: Refused for a year the program does not know."""
    return tax_figures.federal(year)


def today(books: Books) -> Day:
    return day_of(books.clock.today())


def as_of_day(books: Books, year: int | None, as_of: Day | None) -> tuple[int, Day]:
    """Return the tax year and the day a figure is for: a past year ends on 31 December."""
    day = as_of if as_of is not None else today(books)
    wanted = year if year is not None else year_of(day)
    first, last = year_days(wanted)
    return wanted, min(max(day, first), last)


def net_profit(books: Books, year: int, as_of: Day) -> tuple[NetProfit, dict[int, int]]:
    """Return net profit of all businesses with its range, and what is booked of it by business."""
    every = frozenset(business.id for business in books.settings.businesses())
    net, by_business = shared(books, "net profit", lambda: _net_profit(books, year, as_of, every), year, as_of)
    return net, dict(by_business)


def profit_on_return(books: Books, year: int, as_of: Day) -> tuple[NetProfit, dict[int, int]]:
    """Return the same of the businesses that stand on the return: a spouse's stands on a joint one only."""
    own = _on_return(books, year)
    if len(own) == len(books.settings.businesses()):
        return net_profit(books, year, as_of)
    net, by_business = shared(
        books, "net profit on the return", lambda: _net_profit(books, year, as_of, own), year, as_of
    )
    return net, dict(by_business)


def _on_return(books: Books, year: int) -> frozenset[int]:
    joint = books.settings.profile(year)[0].get("filing_status") == FilingStatus.MFJ
    return frozenset(each.id for each in books.settings.businesses() if joint or each.owner == Owner.SELF)


def deposits_on_return(books: Books, year: int, first: Day, last: Day) -> list[DepositRow]:
    """Return the income deposits of a span that the return of a year counts."""
    own = _on_return(books, year)
    return [row for row in books.lines.deposits(first, last) if row.business_id in own]


def _net_profit(books: Books, year: int, as_of: Day, counted: frozenset[int]) -> tuple[NetProfit, dict[int, int]]:
    booked = {number: sums for number, sums in booked_sums(books, year, as_of).items() if number in counted}
    total: dict[str, LineSum] = {}
    for sums in booked.values():
        for code, line in sums.items():
            held = total.setdefault(code, LineSum())
            held.cents += line.cents
            held.count += line.count
    every_form = schedule_forms.forms(books, year, as_of)
    worked = {number: form for number, form in every_form.items() if number in counted}
    backs = refunds.may_follow(books)
    rows = [
        schedule_forms.counted(suggested(row, backs.get(row.id, ())), worked.get(row.business_id))
        for row in books.lines.open_rows(year_days(year)[0], as_of)
        if row.value is not None and row.business_id in counted
    ]
    net = profit_range(year, total, rows)
    by_business = {number: schedule_c(year, sums).net_profit_cents for number, sums in booked.items()}
    change = sum(form.net_profit - by_business.get(number, 0) for number, form in worked.items())
    by_business |= {number: form.net_profit for number, form in worked.items()}
    return NetProfit(*(cents + change for cents in net)), by_business


def suggested(row: Open, follows: tuple[Option, ...] = ()) -> Suggested:
    """Return what an open row may count as; `follows` is what purchases it may give money back for make of it.

    An unpaired payout counts as income until its other half is found (What counts).
    """
    cents = row.value or 0
    top = Option("income", "C1", 10_000) if row.source == "payout" else Option(row.kind, row.line, row.percent)
    if row.kind == "transfer" and row.source == "pair":
        options: tuple[Option, ...] = (Option(row.kind, row.line, row.percent),)
    else:
        options = tuple(Option(str(kind), str(line), int(percent)) for kind, line, percent, _ in row.choices)
    return Suggested(cents, top, (*options, *follows))


def for_schedule_c(values: Mapping[str, str]) -> None:
    """Let the tax of a profile be asked for. Raises: Refused for an entity that files no Schedule C."""
    if values.get("entity") == "other":
        raise Refused(
            "1099 Ops can keep your books, but its tax pages are for Schedule C and stay off.",
            "Set entity=sole_proprietor in the profile if that is what you are.",
        )


def household_and_notes(books: Books, year: int, by_business: Mapping[int, int]) -> tuple[Household, tuple[str, ...]]:
    """Return the household of a year with the sentences of what was assumed. Raises: Refused."""
    values, source = books.settings.profile(year)
    for_schedule_c(values)
    household, notes = profile.household_from_profile(values, _owned(books, by_business), year)
    if source not in {None, year}:
        notes = (*notes, f"The profile was entered for {source} and is carried over to {year}.")
    if not values.get("state"):
        return household, notes
    difference, unknown = schedule_forms.state_difference(books, year, year_days(year)[1], values["state"])
    return replace(household, state_profit_difference_cents=difference), (*notes, unknown) if unknown else notes


def _owned(books: Books, by_business: Mapping[int, int]) -> tuple[tuple[str, int, bool], ...]:
    """Return each business as owner, net profit and whether it is a specified service."""
    return tuple((b.owner, by_business.get(b.id, 0), bool(b.sstb)) for b in books.settings.businesses())


class Projected(NamedTuple):
    """All businesses with what they booked, and the whole year as it is expected of those on the return."""

    businesses: tuple[tuple[str, int, bool], ...]
    projection: projection.Projection


def projected(books: Books, year: int, day: Day) -> Projected:
    """Return the year as the books up to a day let expect it."""
    return Projected(_owned(books, net_profit(books, year, day)[1]), projected_year(books, year, day))


def projected_year(books: Books, year: int, day: Day) -> projection.Projection:
    """Return the year of the businesses on the return as the books up to a day let expect it."""
    return projection_of(books, year, day, profit_on_return(books, year, day)[0])


def estimate(books: Books, *, year: int | None = None, as_of: Day | None = None, project: bool = False) -> Estimate:
    """Return the tax on what is booked up to a day, with its lines. Raises: Refused."""
    wanted, day = as_of_day(books, year, as_of)
    rules = rules_of(books, wanted)
    net, by_business = profit_on_return(books, wanted, day)
    household, notes = household_and_notes(books, wanted, by_business)
    notes = (*notes, *schedule_forms.said(books, wanted, day), *not_counted(books, wanted, day))
    if project:
        ahead = projection_of(books, wanted, day, net)
        household, notes = with_profit(household, ahead.profit), (*notes, *ahead.assumptions)
        net = NetProfit(ahead.profit_low, ahead.profit, ahead.profit_high)
    result = rules.evaluate(household)
    notes = (*tax_cautions.said(books.settings.profile(wanted)[0], rules, household, result), *notes)
    low, expected, high = _totals(rules, household, net)
    return Estimate(
        year=wanted,
        as_of=day,
        result=result,
        net=net,
        totals={"net_profit_cents": household.net_profit_cents, **result.totals},
        low=low,
        expected=expected,
        high=high,
        lines=(*_schedule_c_lines(books, wanted, day), *result.lines),
        assumptions=said((*notes, *result.assumptions), rules),
    )


def tax_range(books: Books, year: int, day: Day) -> tuple[int, int, int]:
    """Return the range of `estimate` alone: all tax at least, most likely, at most. Raises: Refused."""
    net, by_business = profit_on_return(books, year, day)
    return _totals(rules_of(books, year), household_of(books, year, by_business), net)


def _totals(rules: TaxRules, household: Household, net: NetProfit) -> tuple[int, int, int]:
    tax = rules.by_profit(household)
    # Credits for earned income can make more profit cost less: the range is of the tax, not of the profit.
    totals = [tax(profit).total for profit in net]
    return min(totals), totals[1], max(totals)


def _schedule_c_lines(books: Books, year: int, day: Day) -> tuple[Line, ...]:
    return tuple(line for lines in schedule_forms.lines(books, year, day).values() for line in lines)


def said(notes: tuple[str, ...], rules: TaxRules) -> tuple[str, ...]:
    standing = wording.standing_note(rules.figures.read)
    fixed = (*rules.notes, *wording.projected_note(rules.figures), standing)
    return tuple(dict.fromkeys((*(note for note in notes if note != standing), *fixed)))


def rules_of(books: Books, year: int) -> TaxRules:
    """Return the rules the profile of a year is taxed by. Raises: Refused for a year without figures."""
    return tax_rules.rules_of(books.settings.profile(year)[0], year)


def projection_of(books: Books, year: int, day: Day, net: NetProfit) -> projection.Projection:
    """Return the whole year from the part of it that is known, `net` of it."""
    first, end = year_days(year)
    deposits = sum(row.value for row in deposits_on_return(books, year, first, day))
    span = books.lines.days(first, day)
    fixed = schedule_forms.fixed(books, year, day, _on_return(books, year))
    so_far = projection.YearToDate(net.low, net.expected, net.high, deposits, fixed)
    values, _ = books.settings.profile(year)
    # What the files say about the days behind the last row is silence, not absence: they are covered up to `day`.
    return projection.project(
        year, day, so_far, span[0] if span else None, day if span else None,
        last_year=_last_year(books, year, day) if day < end else None, plan=profile.plan_of(values),
    )  # fmt: skip


_WHOLE_YEAR_DAYS = 330
"""Days from the first row to the last from which the year before counts as known from end to end."""


def _last_year(books: Books, year: int, day: Day) -> projection.LastYear | None:
    """Return what the year before brought up to the same day and in all; None when its books do not cover it."""
    first, last = year_days(year - 1)
    span = books.lines.days(first, last)
    if span is None or span[1] - span[0] < _WHOLE_YEAR_DAYS:
        return None
    same_day = min(last, first + (day - year_days(year)[0]))
    rows = deposits_on_return(books, year - 1, first, last)
    return projection.LastYear(
        profit_to_date=profit_on_return(books, year - 1, same_day)[0].expected,
        profit=profit_on_return(books, year - 1, last)[0].expected,
        deposits_to_date=sum(row.value for row in rows if row.day <= same_day),
        deposits=sum(row.value for row in rows),
    )


_IN_PROFILE = (
    ("S1_HEALTH", "health insurance", "health_insurance"),
    ("S1_RETIRE", "your own retirement", "retirement"),
)


def not_counted(books: Books, year: int, day: Day) -> Iterator[str]:
    """Say what is still to come, and what is booked on lines that the profile has to state, and does not."""
    yield from tax_cautions.loading(books)
    values, _ = books.settings.profile(year)
    booked: dict[str, int] = {}
    for sums in booked_sums(books, year, day).values():
        for code, line in sums.items():
            booked[code] = booked.get(code, 0) + line.cents
    for code, what, key in _IN_PROFILE:
        if booked.get(code) and not values.get(key):
            yield (
                f"{money_text(abs(booked[code]))} is booked for {what} and not counted: "
                f"say in the profile what counts in the year ({key})."
            )


def household_of(books: Books, year: int, by_business: Mapping[int, int]) -> Household:
    """Return the household of a year with what its businesses booked. Raises: Refused."""
    return household_and_notes(books, year, by_business)[0]


def open_readings(books: Books, year: int, as_of: Day) -> dict[int, Suggested]:
    """Return what each unsettled row counts as on the return of a year, and may be, by its id."""
    own = _on_return(books, year)
    rows = [row for row in books.lines.open_rows(year_days(year)[0], as_of) if row.business_id in own]
    worked = schedule_forms.forms(books, year, as_of)
    backs = refunds.may_follow(books)
    return {
        row.id: schedule_forms.counted(suggested(row, backs.get(row.id, ())), worked.get(row.business_id))
        for row in rows
        if row.value is not None
    }
