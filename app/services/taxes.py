"""What the tax is, what to set aside, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.books.vocabulary import Role
from app.core.dates import Day, day_of, year_days, year_of
from app.core.errors import Refused
from app.core.report.profit_range import NetProfit, Option, Suggested, profit_range
from app.core.report.schedule_c import LineSum, schedule_c
from app.core.tax import due_dates, parameters, profile, projection, reserve, wording
from app.core.tax.by_profit import tax_by_profit, with_profit
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household, Result
from app.services import accounts, knowledge, schedule_forms, taxes_paid
from app.services.books import Books
from app.services.shared import shared
from app.store.lines import Open

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
    """Total federal tax at the lowest, the likeliest and the highest net profit."""
    assumptions: tuple[str, ...]
    open_questions: int


def figures_of(year: int) -> Parameters:
    """Return the federal values of a year. Raises: Refused for a year the program does not know."""
    years = knowledge.federal_years()
    if year not in years:
        raise Refused(
            f"1099 Ops knows the federal tax of {years[0]} to {years[-1]}, not of {year}.",
            "Choose one of these with --year.",
        )
    return parameters.load(knowledge.federal(year))


def today(books: Books) -> Day:
    return day_of(books.clock.today())


def as_of_day(books: Books, year: int | None, as_of: Day | None) -> tuple[int, Day]:
    """Return the tax year and the day a figure is for: a past year ends on 31 December."""
    day = as_of if as_of is not None else today(books)
    wanted = year if year is not None else year_of(day)
    first, last = year_days(wanted)
    return wanted, min(max(day, first), last)


def booked_sums(books: Books, year: int, as_of: Day) -> dict[int, dict[str, LineSum]]:
    """Return the booked Schedule C sums of each business up to a day."""
    found: dict[int, dict[str, LineSum]] = {business.id: {} for business in books.settings.businesses()}
    for row in books.lines.sums(year_days(year)[0], as_of):
        found.setdefault(row.business_id, {})[row.line] = LineSum(row.cents, row.rows)
    return found


def net_profit(books: Books, year: int, as_of: Day) -> tuple[NetProfit, dict[int, int]]:
    """Return net profit with its range, and what is booked of it by business."""
    net, by_business = shared(books, "net profit", lambda: _net_profit(books, year, as_of), year, as_of)
    return net, dict(by_business)


def _net_profit(books: Books, year: int, as_of: Day) -> tuple[NetProfit, dict[int, int]]:
    booked = booked_sums(books, year, as_of)
    total: dict[str, LineSum] = {}
    for sums in booked.values():
        for code, line in sums.items():
            held = total.setdefault(code, LineSum())
            held.cents += line.cents
            held.count += line.count
    worked = schedule_forms.forms(books, year, as_of)
    rows = [
        schedule_forms.counted(suggested(row), worked.get(row.business_id))
        for row in books.lines.open_rows(year_days(year)[0], as_of)
        if row.value is not None
    ]
    net = profit_range(year, total, rows)
    by_business = {number: schedule_c(year, sums).net_profit_cents for number, sums in booked.items()}
    change = sum(form.net_profit - by_business.get(number, 0) for number, form in worked.items())
    by_business |= {number: form.net_profit for number, form in worked.items()}
    return NetProfit(*(cents + change for cents in net)), by_business


def suggested(row: Open) -> Suggested:
    """Return what an open row may count as.

    An unpaired payout counts as income until its other half is found (What counts).
    """
    cents = row.value or 0
    top = Option("income", "C1", 10_000) if row.source == "payout" else Option(row.kind, row.line, row.percent)
    if row.kind == "transfer" and row.source == "pair":
        options: tuple[Option, ...] = (Option(row.kind, row.line, row.percent),)
    else:
        options = tuple(Option(str(kind), str(line), int(percent)) for kind, line, percent, _ in row.choices)
    return Suggested(cents, top, options)


def _household(books: Books, year: int, by_business: Mapping[int, int]) -> tuple[Household, tuple[str, ...]]:
    values, source = books.settings.profile(year)
    if values.get("entity") == "other":
        raise Refused(
            "1099 Ops can keep your books, but its tax pages are for Schedule C and stay off.",
            "Set entity=sole_proprietor in the profile if that is what you are.",
        )
    owned = [(b.owner, by_business.get(b.id, 0), bool(b.sstb)) for b in books.settings.businesses()]
    household, notes = profile.household_from_profile(values, owned, year)
    if source not in {None, year}:
        notes = (*notes, f"The profile was entered for {source} and is carried over to {year}.")
    return household, notes


def open_questions(books: Books) -> int:
    from app.services import review  # noqa: PLC0415 - review shows tax payments, which come from here

    return len(review.items(books))


def estimate(books: Books, *, year: int | None = None, as_of: Day | None = None, project: bool = False) -> Estimate:
    """Return the federal tax on what is booked up to a day, with its lines. Raises: Refused."""
    wanted, day = as_of_day(books, year, as_of)
    figures = figures_of(wanted)
    net, by_business = net_profit(books, wanted, day)
    household, notes = _household(books, wanted, by_business)
    notes = (*notes, *schedule_forms.said(books, wanted, day))
    if project:
        ahead = _projection(books, wanted, day, net)
        household, notes = with_profit(household, ahead.profit), (*notes, *ahead.assumptions)
        net = NetProfit(ahead.profit_low, ahead.profit, ahead.profit_high)
    result = evaluate(household, figures)
    tax = tax_by_profit(household, figures)
    return Estimate(
        year=wanted,
        as_of=day,
        result=result,
        net=net,
        totals={"net_profit_cents": household.net_profit_cents, **result.totals},
        low=tax(net.low).total,
        expected=tax(net.expected).total,
        high=tax(net.high).total,
        assumptions=_said((*notes, *result.assumptions), figures),
        open_questions=open_questions(books),
    )


def _said(notes: tuple[str, ...], figures: Parameters) -> tuple[str, ...]:
    standing = wording.standing_note(figures.read)
    fixed = (wording.STATE_NOT_INCLUDED, *wording.projected_note(figures), standing)
    return tuple(dict.fromkeys((*(note for note in notes if note != standing), *fixed)))


def _projection(books: Books, year: int, day: Day, net: NetProfit) -> projection.Projection:
    first, _ = year_days(year)
    deposits = sum(row.value for row in books.lines.deposits(first, day))
    span = books.lines.days(first, day)
    fixed = schedule_forms.fixed(books, year, day)
    so_far = projection.YearToDate(net.low, net.expected, net.high, deposits, fixed)
    # What the files say about the days behind the last row is silence, not absence: they are covered up to `day`.
    return projection.project(year, day, so_far, span[0] if span else None, day if span else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveToday:
    """The reserve with what it was worked out from, for pages that open it up."""

    reserve: reserve.Reserve
    figures: Parameters
    household: Household
    """With the profit that is booked; the reserve looks at the projected one."""
    booked_cents: int
    net: NetProfit
    """Booked, with the open questions at their lowest, likeliest and highest."""
    payments: tuple[taxes_paid.Paid, ...]
    reserve_accounts: tuple[accounts.AccountView, ...]
    assumptions: tuple[str, ...]

    @property
    def year(self) -> int:
        return self.reserve.standing.year

    @property
    def as_of(self) -> Day:
        return self.reserve.standing.as_of


def reserve_now(books: Books, *, as_of: Day | None = None) -> dict[str, Any]:
    """Return what must lie aside on a day, under the keys of the contract. Raises: Refused."""
    found = reserve_today(books, as_of=as_of)
    return {
        **reserve.contract(found.reserve),
        "assumptions": list(found.assumptions),
        "open_questions": open_questions(books),
    }


def reserve_today(books: Books, *, as_of: Day | None = None, year: int | None = None) -> ReserveToday:
    """Return what must lie aside on a day, and why; a past year as it ended, with what was paid since.

    Raises: Refused.
    """
    paid_until = as_of if as_of is not None else today(books)
    year, day = as_of_day(books, year, as_of)
    known = knowledge.federal_years()
    notes: tuple[str, ...] = ()
    if year not in known and year - 1 in known:
        # In January the last instalment of the old year is due, and the new year's figures are not out yet.
        notes = (f"The tax figures of {year} are not known yet: this is {year - 1} as it ended.",)
        year, day = year - 1, year_days(year - 1)[1]
    figures = figures_of(year)
    net, by_business = net_profit(books, year, day)
    household, more = _household(books, year, by_business)
    ahead = _projection(books, year, day, net)
    payments = taxes_paid.paid(books, year, "federal", paid_until)
    notes = (*notes, *more, *schedule_forms.said(books, year, day), *_payment_notes(books, year, payments))
    held = tuple(view for view in accounts.listed(books) if view.account.role == Role.RESERVE)
    standing = reserve.Standing(
        year=year,
        as_of=day,
        withholding_to_date_cents=reserve.withholding_to(household.withholding_cents, year, day),
        paid_cents=sum(row.cents for row in payments),
        held_cents=sum(view.balance_cents for view in held),
        next_due=due_dates.next_due_for(year, paid_until, due_dates.load_rules(knowledge.due_dates())),
        first_guess=_first_guess(books, year),
    )
    deposits = [
        reserve.Deposit(row.id, row.day, row.payer, row.value, row.status)
        for row in books.lines.deposits(year_days(year)[0], day)
    ]
    answer = reserve.reserve(deposits, tax_by_profit(household, figures), ahead, standing, notes)
    return ReserveToday(
        reserve=answer, figures=figures, household=household, booked_cents=sum(by_business.values()), net=net,
        payments=tuple(payments), reserve_accounts=held, assumptions=_said(answer.assumptions, figures),
    )  # fmt: skip


def _payment_notes(books: Books, year: int, payments: list[taxes_paid.Paid]) -> Iterator[str]:
    unrecorded = sum(not row.recorded for row in payments)
    if unrecorded:
        yield _payments_note(unrecorded, year)
    waiting = sum(each.jurisdiction == "federal" and each.year == year for each in taxes_paid.unsettled(books))
    if waiting:
        noun = "payment of April is" if waiting == 1 else "payments of April are"
        yield f"{waiting} federal tax {noun} not counted until you say what for."


def _payments_note(count: int, year: int) -> str:
    noun = "payment was" if count == 1 else "payments were"
    return f"{count} federal tax {noun} found in your bank rows and counted for {year}."


def _first_guess(books: Books, year: int) -> bool:
    values, _ = books.settings.profile(year)
    return not all(values.get(name) for name in FIRST_QUESTIONS)


def rules_date(year: int) -> str:
    """Return the version of the federal values of a year."""
    return figures_of(year).version


def household_of(books: Books, year: int, by_business: Mapping[int, int]) -> Household:
    """Return the household of a year with what its businesses booked. Raises: Refused."""
    return _household(books, year, by_business)[0]


def open_readings(books: Books, year: int, as_of: Day) -> dict[int, Suggested]:
    """Return what each unsettled row of a year counts as, and may be, by its id."""
    rows = books.lines.open_rows(year_days(year)[0], as_of)
    worked = schedule_forms.forms(books, year, as_of)
    return {
        row.id: schedule_forms.counted(suggested(row), worked.get(row.business_id))
        for row in rows
        if row.value is not None
    }
