"""What must lie aside on a day, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.core.books.vocabulary import Role
from app.core.dates import Day, iso, year_days
from app.core.report.profit_range import NetProfit
from app.core.tax import due_dates, reserve
from app.core.tax.by_profit import with_profit
from app.core.tax.figures import Parameters
from app.core.tax.model import Household
from app.services.bank import bank_history
from app.services.books.open_books import Books
from app.services.classify import knowledge
from app.services.ledger import accounts
from app.services.report import schedule_forms
from app.services.review import questions
from app.services.tax import postponed, tax_cautions, tax_plan, taxes, taxes_paid
from app.services.tax.tax_rules import TaxRules


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveToday:
    """The reserve with what it was worked out from, for pages that open it up."""

    reserve: reserve.Reserve
    rules: TaxRules
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

    @property
    def figures(self) -> Parameters:
        return self.rules.figures

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return those of the assumptions by which the figure is too low."""
        return tax_cautions.warnings(self.assumptions)


def reserve_now(books: Books, *, as_of: Day | None = None, mode: str | None = None) -> dict[str, Any]:
    """Return what must lie aside on a day, under the keys of the contract. Raises: Refused."""
    bank_history.refuse_while_awaited(books)
    found = reserve_today(books, as_of=as_of, mode=mode)
    dates = _next_dates(books, as_of)
    body = reserve.contract(found.reserve)
    # One day, one amount: what is asked on it by the recommended method.
    for government, each in dates.pop("apart", {}).items():
        body[government]["next_due"] = {"date": each["date"], "due_cents": each["due_cents"]}
    return {
        **body,
        **dates,
        "reserve_accounts": [view.account.name for view in found.reserve_accounts],
        "assumptions": list(found.assumptions),
        "warnings": list(found.warnings),
        "open_questions": questions.count(books),
    }


def _next_dates(books: Books, as_of: Day | None) -> dict[str, Any]:
    """Return what each government wants next, by the method that is recommended, the earliest first."""
    found = sorted(
        tax_plan.next_payments(books, as_of=as_of), key=lambda each: (each.due, each.jurisdiction != "federal")
    )
    if not found:
        return {"next_dates": []}
    dates = [
        {
            "date": iso(each.due), "jurisdiction": each.jurisdiction, "due_cents": each.cents,
            "tax_year": each.tax_year, "method": each.method,
        }
        for each in found
    ]  # fmt: skip
    apart = {"federal" if each["jurisdiction"] == "federal" else "state": each for each in dates}
    return {"next_due": dates[0], "next_dates": dates, "apart": apart}


def _old_year_first(year: int, day: Day, *, asked: bool) -> bool:
    """Return whether the year before is the one to show.

    In January its last instalment is due, while the new year's figures are not out, or a projection only.
    """
    known = knowledge.federal_years()
    if year - 1 not in known or year not in known:
        return year - 1 in known
    last = due_dates.instalments(year - 1, due_dates.load_rules(knowledge.due_dates()))[-1].due
    return not asked and day <= last and bool(taxes.figures_of(year).projected)


def reserve_today(
    books: Books, *, as_of: Day | None = None, year: int | None = None, mode: str | None = None
) -> ReserveToday:
    """Return what must lie aside on a day, and why; a past year as it ended, with what was paid since.

    `mode` is share or annualized; None takes what the profile says. Raises: Refused.
    """
    paid_until = as_of if as_of is not None else taxes.today(books)
    asked = year is not None
    year, day = taxes.as_of_day(books, year, as_of)
    notes: tuple[str, ...] = ()
    if _old_year_first(year, paid_until, asked=asked):
        notes = (f"The tax figures of {year} are not published yet: this is {year - 1} as it ended.",)
        year, day = year - 1, year_days(year - 1)[1]
    rules = taxes.rules_of(books, year)
    net, by_business = taxes.profit_on_return(books, year, day)
    household, more = taxes.household_and_notes(books, year, by_business)
    ahead = taxes.projection_of(books, year, day, net)
    payments = taxes_paid.paid(books, year, reserve.FEDERAL, paid_until)
    to_state = taxes_paid.paid(books, year, rules.state_code, paid_until) if rules.state else []
    values = books.settings.profile(year)[0]
    year_ahead = with_profit(household, ahead.profit)
    more = (*tax_cautions.said(values, rules, year_ahead, rules.evaluate(year_ahead, explain=False)), *more)
    notes = (
        *notes,
        *more,
        *schedule_forms.said(books, year, day),
        *taxes.not_counted(books, year, day),
        *_payment_notes(books, year, payments),
    )
    held = tuple(view for view in accounts.listed(books) if view.account.role == Role.RESERVE)
    standing = reserve.Standing(
        year=year,
        as_of=day,
        federal=reserve.Paid(
            reserve.withholding_to(household.withholding_cents, year, day),
            sum(row.cents for row in payments),
            postponed.next_due(books, reserve.FEDERAL, year, paid_until),
        ),
        state=reserve.Paid(
            reserve.withholding_to(household.state_withholding_cents, year, day) if rules.state else 0,
            sum(row.cents for row in to_state),
            postponed.next_due(books, rules.state_code, year, paid_until) if rules.state else None,
        ),
        state_code=rules.state_code,
        held_cents=sum(view.balance_cents for view in held),
        first_guess=_first_guess(books, year),
    )
    deposits = [
        reserve.Deposit(row.id, row.day, row.payer, row.value, row.status)
        for row in taxes.deposits_on_return(books, year, year_days(year)[0], day)
    ]
    kept = books.settings.kept_set_asides(year)
    answer = reserve.reserve(deposits, rules.by_profit(household), ahead, standing, notes, kept)
    if (mode or values.get("reserve_mode")) == reserve.ANNUALIZED:
        answer = reserve.by_period(answer, *_asked_by_period(books, year, as_of))
    return ReserveToday(
        reserve=answer, rules=rules, household=household, booked_cents=sum(by_business.values()), net=net,
        payments=(*payments, *to_state), reserve_accounts=held, assumptions=taxes.said(answer.assumptions, rules),
    )  # fmt: skip


def _asked_by_period(books: Books, year: int, as_of: Day | None) -> tuple[int, int]:
    """Return what the federal government and the state ask until their next dates, on the income of each period."""
    found = {reserve.FEDERAL: 0, "": 0}
    for plan in tax_plan.planned(books, year=year, as_of=as_of).plans:
        found[reserve.FEDERAL if plan.jurisdiction == reserve.FEDERAL else ""] = plan.asked_by_period
    return found[reserve.FEDERAL], found[""]


def _payment_notes(books: Books, year: int, payments: list[taxes_paid.Paid]) -> Iterator[str]:
    unrecorded = sum(not row.recorded for row in payments)
    if unrecorded:
        yield _payments_note(unrecorded, year)
    waiting = [each.jurisdiction for each in taxes_paid.unsettled(books) if each.year == year]
    for whom in dict.fromkeys(waiting):
        count = waiting.count(whom)
        noun = "payment of April is" if count == 1 else "payments of April are"
        yield f"{count} {whom} tax {noun} not counted until you say what for (a question in review)."


def _payments_note(count: int, year: int) -> str:
    noun = "payment was" if count == 1 else "payments were"
    return f"{count} federal tax {noun} found in your bank rows and counted for {year}."


def _first_guess(books: Books, year: int) -> bool:
    values, _ = books.settings.profile(year)
    return not all(values.get(name) for name in taxes.FIRST_QUESTIONS)
