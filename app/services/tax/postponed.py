"""Due dates as they hold for this household: by rule, unless an instalment was put off, as after a disaster."""

from __future__ import annotations

from functools import cache

from app.core.dates import Day
from app.core.errors import NotFound, Refused
from app.core.ingest.typed import day_typed, kept
from app.core.tax.due_dates import DueDateRules, filing_due, load_rules
from app.core.tax.instalments.schedule import FEDERAL, Due, Rules, dates, load
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.classify import knowledge
from app.services.tax.taxes_paid import named_jurisdiction
from app.store.settings import TaxOverride


@cache
def rules() -> dict[str, Rules]:
    """Return the rules of the instalments by jurisdiction."""
    return load(knowledge.instalments())


@cache
def closed_days() -> DueDateRules:
    """Return the holidays that move a due date."""
    return load_rules(knowledge.due_dates())


def dues(books: Books, jurisdiction: str, tax_year: int) -> tuple[Due, ...]:
    """Return the instalments of a jurisdiction for a tax year; none where no dates are known."""
    rule = rules().get(jurisdiction)
    if rule is None:
        return ()
    later = {
        row.number: row.due_date
        for row in books.settings.tax_overrides()
        if (row.jurisdiction, row.tax_year) == (jurisdiction, tax_year)
    }
    return dates(rule, tax_year, closed_days(), later)


def next_due(books: Books, jurisdiction: str, tax_year: int, day: Day) -> Day | None:
    """Return the next day on which money for a tax year is due: an instalment, after the last one the return.

    None where the dates are not known, or a state's last instalment is behind.
    """
    coming = [due.due for due in dues(books, jurisdiction, tax_year) if due.due >= day]
    if coming:
        return min(coming)
    return filing_due(tax_year, closed_days()) if jurisdiction == FEDERAL else None


def listed(books: Books) -> list[TaxOverride]:
    return books.settings.tax_overrides()


def postpone(
    books: Books, jurisdiction: str, tax_year: int, number: int, due: str, reason: str = "", *, dry_run: bool = False
) -> Outcome:
    """Give an instalment another date. Raises: Refused when there is no such instalment or the date is earlier."""
    where = named_jurisdiction(jurisdiction)
    slot = _by_rule(where, tax_year, number)
    day = day_typed(due)
    if day <= slot.due:
        raise Refused(
            "A postponed instalment is due later than by the rule.",
            "Take a postponement back with --clear.",
        )
    with books.work.operation("tax_postpone", dry_run=dry_run) as work:
        words = kept(reason) if reason.strip() else None
        books.settings.set_tax_override(TaxOverride(where, tax_year, number, day, words))
    return work.outcome


def clear(books: Books, jurisdiction: str, tax_year: int, number: int, *, dry_run: bool = False) -> Outcome:
    """Give an instalment its date by the rule back. Raises: NotFound when it was not put off."""
    where = named_jurisdiction(jurisdiction)
    if not any(row[:3] == (where, tax_year, number) for row in listed(books)):
        raise NotFound(
            f"Instalment {number} of {tax_year} ({where}) is not postponed.",
            "See the dates with: ops1099 tax plan",
        )
    with books.work.operation("tax_postpone", dry_run=dry_run) as work:
        books.settings.clear_tax_override(where, tax_year, number)
    return work.outcome


def _by_rule(jurisdiction: str, tax_year: int, number: int) -> Due:
    rule = rules().get(jurisdiction)
    found = dates(rule, tax_year, closed_days()) if rule else ()
    for each in found:
        if each.number == number:
            return each
    numbers = ", ".join(str(each.number) for each in found)
    raise Refused(
        f"{'Federal tax' if jurisdiction == FEDERAL else jurisdiction} has no instalment {number}.",
        f"Its instalments are: {numbers}." if numbers else "This program knows no instalment dates for it.",
    )
