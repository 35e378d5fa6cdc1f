"""Which tax payments count against which year: recorded ones, and bank rows whose meaning is plain.

Source: design tax rules 4. A payment of January is the fourth instalment of the year before; one of April may be three
things and is asked; the rest of the year it is an estimate of that year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from app.core.dates import Day, date_of, day_of
from app.core.errors import Refused
from app.core.ingest.typed import day_typed, kept
from app.core.money import money_text
from app.core.tax.profile_keys import STATES, cents_of
from app.services.books.open_books import Books
from app.services.books.shared import shared
from app.services.books.work import Outcome
from app.services.ledger import transactions
from app.store.settings import TaxPayment
from app.store.transactions import Listed

TYPES = ("estimate", "extension", "balance", "applied", "penalty")
COUNTED = ("estimate", "extension", "applied")
"""Types that count against the tax of their year."""

FEDERAL = "federal"
APPLIED = "applied"
ESTIMATE = "estimate"

_JANUARY, _APRIL = 1, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One payment that counts. `transaction_id` names its bank row where there is one."""

    day: Day
    cents: int
    jurisdiction: str
    year: int
    type: str
    transaction_id: int | None
    recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    transaction_id: int
    year: int
    jurisdiction: str


@cache
def _payees() -> list[tuple[str, re.Pattern[str]]]:
    import tomllib  # noqa: PLC0415 - read when a tax payment is met

    text = (resources.files("resources") / "tax" / "payees.toml").read_text("utf-8")
    return [
        (row["jurisdiction"], re.compile("|".join(rf"\b{re.escape(word)}" for word in row["words"])))
        for row in tomllib.loads(text)["payee"]
    ]


def jurisdiction_of(text: str) -> str | None:
    """Return whom a payment's descriptor names: federal, a state code, or None."""
    words = " ".join(re.sub(r"[^A-Z0-9]+", " ", text.upper()).split())
    for jurisdiction, pattern in _payees():
        if pattern.search(words):
            return jurisdiction
    return None


def paid(books: Books, year: int, jurisdiction: str, as_of: Day) -> list[Paid]:
    """Return the payments that count against a year's tax up to a day.

    Last year's overpayment that was applied counts on 15 April, whenever it was written down.
    """
    april = day_of(date(year, _APRIL, 15))
    found = [
        Paid(
            day=april if row.type == APPLIED else row.paid_date, cents=row.cents, jurisdiction=row.jurisdiction,
            year=row.for_year, type=row.type, transaction_id=row.transaction_id, recorded=True,
        )
        for row in books.settings.tax_payments()
        if row.for_year == year and row.jurisdiction == jurisdiction and row.type in COUNTED and row.paid_date <= as_of
    ]  # fmt: skip
    if jurisdiction == FEDERAL and not any(row.type == APPLIED for row in found):
        cents = _applied_by_profile(books, year)
        if cents:
            found.append(
                Paid(
                    day=april, cents=cents, jurisdiction=FEDERAL, year=year, type=APPLIED, transaction_id=None,
                    recorded=True,
                )
            )  # fmt: skip
    for number, day, cents, text in unrecorded_rows(books):
        plain = proposal(day) == (ESTIMATE, year) and cents < 0 and day <= as_of
        if plain and jurisdiction_of(text) == jurisdiction:
            found.append(
                Paid(
                    day=day, cents=-cents, jurisdiction=jurisdiction, year=year, type=ESTIMATE,
                    transaction_id=number, recorded=False,
                )
            )  # fmt: skip
    return sorted(found, key=lambda row: (row.day, row.transaction_id or 0))


def proposal(day: Day) -> tuple[str, int] | None:
    """Return what a payment of a day is taken for, type and year; None for April, when only the payer knows."""
    when = date_of(day)
    if when.month == _APRIL:
        return None
    return ESTIMATE, when.year - 1 if when.month == _JANUARY else when.year


def _applied_by_profile(books: Books, year: int) -> int:
    """Return last year's overpayment as the profile of exactly this year names it; one carried over is spent."""
    values, source = books.settings.profile(year)
    typed = values.get("applied_overpayment")
    return cents_of("applied_overpayment", typed) if typed and source == year else 0


def unsettled(books: Books) -> list[Unsettled]:
    """Return payments of April that nobody has explained."""
    found = []
    for number, day, cents, text in unrecorded_rows(books):
        jurisdiction = jurisdiction_of(text)
        if cents < 0 and proposal(day) is None and jurisdiction is not None:
            found.append(Unsettled(transaction_id=number, year=date_of(day).year, jurisdiction=jurisdiction))
    return found


def nameless(books: Books) -> list[tuple[int, Day]]:
    """Return payments of which nothing says to whom they went, as (bank row, day): none of them is counted."""
    return [
        (number, day) for number, day, cents, text in unrecorded_rows(books)
        if cents < 0 and jurisdiction_of(text) is None
    ]  # fmt: skip


def meanings(day: Day) -> list[tuple[str, int, str]]:
    """Return what a payment of a day may be, likeliest first, as (type, year, plain words)."""
    year = date_of(day).year
    plain = proposal(day)
    if plain is not None:
        type_, of_year = plain
        words = f"Fourth instalment for {of_year}" if of_year < year else f"Estimated tax for {of_year}"
        return [(type_, of_year, words)]
    return [
        (ESTIMATE, year, f"First instalment for {year}"),
        ("balance", year - 1, f"Balance due for {year - 1}"),
        ("extension", year - 1, f"With an extension for {year - 1}"),
    ]


_BEFORE, _AFTER = 3, 10
"""Days between a payment and its bank row, within which the two may be one."""


def unrecorded_rows(books: Books) -> list[tuple[int, Day, int, str]]:
    """Return the bank rows of tax payments that nobody recorded: (id, day, cents, text).

    A payment recorded without its bank row, as when the file came later, stands for the nearest row of its amount.
    """
    return list(shared(books, "unrecorded payments", lambda: _rows_nobody_recorded(books)))


def _rows_nobody_recorded(books: Books) -> list[tuple[int, Day, int, str]]:
    rows = books.lines.tax_payments(*_ever())
    for payment in books.settings.tax_payments():
        if payment.transaction_id is not None or payment.type == APPLIED:
            continue
        near = [
            row for row in rows
            if -row[2] == payment.cents and -_BEFORE <= row[1] - payment.paid_date <= _AFTER
            and jurisdiction_of(row[3]) == payment.jurisdiction
        ]  # fmt: skip
        if near:
            rows.remove(min(near, key=lambda row: abs(row[1] - payment.paid_date)))
    return rows


def _ever() -> tuple[Day, Day]:
    from app.core.dates import FIRST_DAY, LAST_DAY  # noqa: PLC0415

    return FIRST_DAY, LAST_DAY


def named_jurisdiction(text: str) -> str:
    """Return federal or the letters of a state. Raises: Refused."""
    word = text.strip()
    if word.lower() == FEDERAL:
        return FEDERAL
    if word.upper() not in STATES:
        raise Refused(f"“{word.upper()}” is not a jurisdiction.", "Give federal, or a state such as CA.")
    return word.upper()


def record(books: Books, values: Mapping[str, Any], *, dry_run: bool = False) -> tuple[Outcome, int | None]:
    """Record a payment: date, cents, jurisdiction, for_year, type, and perhaps confirmation and transaction.

    Raises: Refused, NotFound.
    """
    day = day_typed(str(values["date"]))
    if values["type"] not in TYPES:
        raise Refused(f"“{values['type']}” is not a type of payment.", f"Types are: {', '.join(TYPES)}.")
    if values["cents"] <= 0:
        raise Refused("A payment is a positive amount.", "Give what was paid, without a sign.")
    jurisdiction = named_jurisdiction(str(values["jurisdiction"]))
    number = values.get("transaction_id")
    if number is not None:
        row = transactions.existing(books, number)
        _pays(row, values["cents"], jurisdiction)
        _not_recorded_yet(books, row, values["cents"])
    confirmation = values.get("confirmation")
    with books.work.operation("tax_payment", dry_run=dry_run) as work:
        made = books.settings.add_tax_payment({
            "paid_date": day, "cents": values["cents"], "jurisdiction": jurisdiction, "for_year": values["for_year"],
            "type": values["type"], "confirmation": kept(str(confirmation)) if confirmation else None,
            "transaction_id": number,
        })  # fmt: skip
    return work.outcome, made if work.outcome.operation else None


def _pays(row: Listed, cents: int, jurisdiction: str) -> None:
    """Refuse a bank row that cannot be the payment. Raises: Refused."""
    if row.cents >= 0 or -row.cents < cents:
        raise Refused(
            f"Bank row {row.id} is {money_text(row.cents)}: that does not pay {money_text(cents)}.",
            "Name the row the payment left your account with.",
        )
    named = jurisdiction_of(row.text)
    if named is not None and named != jurisdiction:
        raise Refused(f"Bank row {row.id} was paid to {named}, not to {jurisdiction}.", "Name another row.")


def _not_recorded_yet(books: Books, row: Listed, cents: int) -> None:
    """Let a bank row be named as often as its amount reaches. Raises: Refused."""
    before = sum(payment.cents for payment in listed(books) if payment.transaction_id == row.id)
    if before and before + cents > abs(row.cents):
        raise Refused(
            f"Of that bank row {money_text(before)} is recorded already.",
            "See what is recorded with: ops1099 tax payments",
        )


def record_row(books: Books, row: Listed, type_: str, year: int, jurisdiction: str | None = None) -> None:
    """Record what a bank row paid, inside an open operation; `jurisdiction` where the text names none."""
    whom = jurisdiction_of(row.text) or jurisdiction or FEDERAL
    books.settings.add_tax_payment({
        "paid_date": row.tax_date, "cents": abs(row.cents), "jurisdiction": whom,
        "for_year": year, "type": type_, "transaction_id": row.id,
    })  # fmt: skip


def listed(books: Books) -> list[TaxPayment]:
    return books.settings.tax_payments()
