"""What the engine is asked about a row of the books: the text, its account, and what is known of the year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.core.classify.source_types import WALLETS
from app.core.dates import Day, year_of

if TYPE_CHECKING:
    from app.core.classify.answers import Subject
    from app.services.books.open_books import Books
    from app.store.accounts import Account
    from app.store.descriptors import Text

Methods = dict[int, dict[int, str | None]]
"""By business and year: what the vehicles in use then have as their method. Businesses without vehicles are missing."""


def vehicle_methods(books: Books) -> Methods:
    """Return the method of each year that a vehicle says one of; most books have no vehicle."""
    if not books.tax_facts.any(("vehicle",)):
        return {}
    from app.core.tax.business.vehicle import method_of  # noqa: PLC0415 - few books have vehicles
    from app.services.report.schedule_facts import vehicles  # noqa: PLC0415 - same

    business = {str(row["id"]): int(row["business_id"]) for row in books.tax_facts.rows("vehicle")}
    every = vehicles(books)
    found: Methods = {}
    for number in set(business.values()):
        own = [each for each in every if business[each.key] == number]
        years = {year for each in own for year in each.years}
        found[number] = {year: method_of(own, year) for year in sorted(years)}
    return found


class Asking:
    """Subjects of groups and of single rows, with one look at accounts, professions and vehicles."""

    def __init__(self, books: Books, planned: Iterable[Account] = ()) -> None:
        from app.core.classify.answers import BY_YEAR, Subject  # noqa: PLC0415 - needed for new texts only
        from app.services.classify import knowledge  # noqa: PLC0415 - same

        self._subject = Subject
        self._code_of = knowledge.merchants().code_of
        methods = vehicle_methods(books)
        self._known = {
            account.id: (
                account.kind, account.role, books.profession(account.business_id),
                BY_YEAR if any(methods.get(account.business_id, {}).values()) else None,
                methods.get(account.business_id, {}),
            )
            for account in (*books.accounts.all(), *planned)
        }  # fmt: skip

    def group(self, account_id: int, text: Text, money_in: int) -> Subject | None:
        """Return what is asked about all rows of one text; None when the account is no longer there."""
        known = self._known.get(account_id)
        if known is None:
            return None
        kind, role, profession, vehicle, _ = known
        return self._subject(
            text.text, 1 if money_in else -1, kind, role, profession, text.type_word, None, account_id,
            self._category(kind, text), vehicle,
        )  # fmt: skip

    def row(self, account_id: int, text: Text, money_in: int, cents: int, day: Day) -> Subject:
        """Return what is asked about one row; `day` is its tax date."""
        kind, role, profession, _, methods = self._known[account_id]
        return self._subject(
            text.text, 1 if money_in else -1, kind, role, profession, text.type_word, cents, account_id,
            self._category(kind, text), methods.get(year_of(day)), day,
        )  # fmt: skip

    def _category(self, kind: str, text: Text) -> str | None:
        """Return the source's category of a row; the type words of wallets are phrases instead."""
        return None if kind in WALLETS else self._code_of(text.type_word)
