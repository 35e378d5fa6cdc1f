"""The ten questions of the tax set-up: what is answered, what is known, and what an answer would change.

A question counts as answered when something it asks for is known, or when somebody said that nothing of it applies. The
latter is a key of the profile, `setup_answered`, with the year it was said in: what is asked of every year is asked
again in the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.books.vocabulary import FilingStatus
from app.core.dates import Day
from app.core.tax.instalments.required import Facts, prior_year
from app.core.tax.instalments.schedule import FEDERAL
from app.core.tax.profile_keys import PROFILE_KEYS, cents_of, normalized
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.ledger import account_page
from app.services.ledger.account_page import MonthState
from app.services.tax import postponed, profile, tax_facts, taxes_paid
from app.services.tax.tax_facts import Thing
from app.store.settings import Business

ANSWERED = "setup_answered"
KIND, LAST_YEAR, WITHHOLDING, FAMILY, HEALTH, VEHICLE, HOME, PAID, START, CARRIED = range(1, 11)
CARDS = tuple(range(KIND, CARRIED + 1))
KEYS: Mapping[int, tuple[str, ...]] = {
    KIND: ("entity",),
    LAST_YEAR: ("prior_year_tax", "prior_year_agi", "prior_year_state_tax", "applied_overpayment"),
    WITHHOLDING: (
        "wages", "withholding", "state_withholding", "spouse_wages", "spouse_withholding", "spouse_state_withholding",
    ),
    FAMILY: ("birth_year", "spouse_birth_year", "children", "blind", "spouse_blind"),
    HEALTH: ("health_insurance", "marketplace_insurance"),
    CARRIED: (
        "carryover_home_office", "carryover_qbi_loss", "carryover_short_term_loss", "carryover_long_term_loss",
    ),
}  # fmt: skip
"""What each question writes into the profile."""
YEARLY = frozenset({LAST_YEAR, WITHHOLDING, HEALTH, PAID, CARRIED})
"""What is asked anew in every year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far back the files of an account reach in the year, months as 202601."""

    name: str
    first: int | None
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that the questions show. `answered` are their numbers."""

    year: int
    values: Mapping[str, str]
    answered: frozenset[int]
    business: Business
    vehicles: tuple[Thing, ...]
    offices: tuple[Thing, ...]
    assets: tuple[Thing, ...]
    payments: int
    """Recorded ones of the year, and those found in the bank rows."""
    reach: tuple[Reach, ...]

    @property
    def is_done(self) -> bool:
        return len(self.answered) == len(CARDS)

    @property
    def next(self) -> int:
        """Return the first question that is open, the first of all when none is."""
        return next((number for number in CARDS if number not in self.answered), KIND)


def load(books: Books, year: int, today: Day) -> Setup:
    values, source = books.settings.profile(year)
    things = {table: tuple(tax_facts.listed(books, table, year)) for table in ("vehicle", "home_office", "asset")}
    business = books.settings.businesses()[0]
    paid = sum(row.for_year == year for row in taxes_paid.listed(books))
    found = sum(not row.recorded for row in taxes_paid.paid(books, year, FEDERAL, today))
    known = {
        VEHICLE: bool(things["vehicle"]), HOME: bool(things["home_office"]), PAID: bool(paid),
        START: business.started is not None, CARRIED: bool(things["asset"]),
    }  # fmt: skip
    answered = {number for number in CARDS if known.get(number) or _is_known(number, values, of_year=source == year)}
    return Setup(
        year=year, values=values, answered=frozenset(answered | _said(values, year)), business=business,
        vehicles=things["vehicle"], offices=things["home_office"], assets=things["asset"], payments=paid + found,
        reach=_reach(books, year, today),
    )  # fmt: skip


def _is_known(number: int, values: Mapping[str, str], *, of_year: bool) -> bool:
    if number in YEARLY and not of_year:
        return False
    return any(values.get(key) for key in KEYS.get(number, ()))


def _said(values: Mapping[str, str], year: int) -> set[int]:
    """Return the questions somebody has answered with nothing, those of every year only when it was this one."""
    said, _, numbers = values.get(ANSWERED, "").partition(":")
    found = {int(each) for each in numbers.split(",") if each.isdecimal()}
    return found if said == str(year) else found - YEARLY


def answer(
    books: Books, year: int, number: int, values: Mapping[str, str], *, dry_run: bool = False
) -> Outcome:  # fmt: skip
    """Write the answer to a question and that it was given, in one step. Raises: Refused for a bad value."""
    known, _ = books.settings.profile(year)
    said = sorted(_said(known, year) | {number})
    marked = {**values, ANSWERED: f"{year}:{','.join(map(str, said))}"}
    return profile.change(books, year, marked, dry_run=dry_run)


def by_last_year(books: Books, year: int, typed: Mapping[str, str], jurisdiction: str) -> tuple[tuple[Day, int], ...]:
    """Return what each due date asks for by last year's tax, as typed; nothing where that way is closed.

    What is withheld counts against it. Raises: Refused for an amount that cannot be read.
    """
    rules = postponed.rules().get(jurisdiction)
    key = "prior_year_tax" if jurisdiction == FEDERAL else "prior_year_state_tax"
    text, income = typed.get(key, "").strip(), typed.get("prior_year_agi", "").strip()
    if rules is None or not text:
        return ()
    status = books.settings.profile(year)[0].get("filing_status")
    facts = Facts(
        filing_status=FilingStatus(status) if status else FilingStatus.SINGLE, tax=0, prior_tax=cents_of(key, text),
        prior_income=cents_of("prior_year_agi", income) if income else None,
    )  # fmt: skip
    dues = postponed.dues(books, jurisdiction, year)
    need = prior_year(rules, facts, dues)
    return tuple((due.due, cents) for due, cents in zip(dues, need.required, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """All taxes of the year as expected, and with an answer, in cents."""

    before: int
    after: int


def effect(books: Books, year: int, typed: Mapping[str, str]) -> Effect | None:
    """Return what typed values would change; None when they change no tax. Raises: Refused for a bad value."""
    from app.services.tax import what_if  # noqa: PLC0415 - only while somebody types

    known, _ = books.settings.profile(year)
    asked = {
        key: text
        for key, text in typed.items()
        if key in PROFILE_KEYS and key not in what_if.NOT_ASKED and normalized(key, text) != known.get(key, "")
    }
    if not asked:
        return None
    found = what_if.ask(what_if.expected(books, year), asked)
    return Effect(before=what_if.total(found.before), after=what_if.total(found.after))


def taxes_are_off(books: Books, year: int) -> bool:
    """Return whether the tax pages are off, because the business is none of a Schedule C."""
    return books.settings.profile(year)[0].get("entity") == "other"


def _reach(books: Books, year: int, today: Day) -> tuple[Reach, ...]:
    found = []
    for row in account_page.page(books, today).accounts:
        there = [cell for cell in row.months if cell.month // 100 == year and cell.state is not MonthState.NONE]
        gone = tuple(cell.month for cell in there if cell.state is MonthState.MISSING)
        found.append(Reach(name=row.short_name, first=there[0].month if there else None, missing=gone))
    return tuple(found)
