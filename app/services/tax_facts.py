"""Vehicles, equipment, home offices and what a year says of a business: added, changed and removed, each undoable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.core.dates import Day, day_from_iso, iso
from app.core.errors import NotFound, Refused
from app.core.ingest.typed import kept
from app.core.money import LARGEST_CENTS, WHOLE, dollars, rate_text
from app.services.books import Books
from app.services.unit_of_work import Outcome

LARGEST_WHOLE = 10_000_000
"""Of miles and square feet."""


class Field(NamedTuple):
    """One thing that may be said. `kind`: text, money, day, whole, yes, percent, or the words it is one of."""

    kind: str | tuple[str, ...]
    column: str = ""
    yearly: bool = False
    needed: bool = False


def _money(column: str, *, yearly: bool = False, needed: bool = False) -> Field:
    return Field("money", column, yearly, needed)


METHODS = ("standard", "actual")
FIELDS: Mapping[str, Mapping[str, Field]] = {
    "vehicle": {
        "name": Field("text", needed=True),
        "business": Field("business", "business_id"),
        "kind": Field(("car", "suv", "truck")),
        "leased": Field("yes"),
        "in_service": Field("day", needed=True),
        "acquired": Field("day"),
        "basis": _money("basis_cents"),
        "section_179": _money("section_179_cents"),
        "bonus": Field("yes"),
        "first_method": Field(METHODS),
        "sold": Field("day"),
        "method": Field(METHODS, yearly=True),
        "business_miles": Field("whole", yearly=True),
        "late_business_miles": Field("whole", yearly=True),
        "commuting_miles": Field("whole", yearly=True),
        "other_miles": Field("whole", yearly=True),
        "odometer_first": Field("whole", yearly=True),
        "odometer_last": Field("whole", yearly=True),
        "actual_costs": _money("actual_cents", yearly=True),
        "loan_interest": _money("interest_cents", yearly=True),
        "property_tax": _money("property_tax_cents", yearly=True),
        "personal_use": Field("yes", yearly=True),
        "another_car": Field("yes", yearly=True),
        "evidence": Field("yes", yearly=True),
        "written": Field("yes", yearly=True),
    },
    "asset": {
        "name": Field("text", needed=True),
        "business": Field("business", "business_id"),
        "life": Field(("5", "7")),
        "method": Field(("declining", "straight")),
        "listed": Field("yes"),
        "acquired": Field("day"),
        "in_service": Field("day", needed=True),
        "cost": _money("cost_cents", needed=True),
        "business_percent": Field("percent"),
        "section_179": _money("section_179_cents"),
        "bonus": Field("yes"),
        "prior_depreciation": _money("prior_cents"),
        "prior_year": Field("whole"),
        "sold": Field("day"),
        "transaction": Field("whole", "transaction_id"),
        "year_percent": Field("percent", "business_percent", yearly=True),
    },
    "home_office": {
        "name": Field("text", needed=True),
        "business": Field("business", "business_id"),
        "area": Field("whole"),
        "home_area": Field("whole"),
        "exclusive": Field("yes"),
        "owned": Field("yes"),
        "first_day": Field("day", needed=True),
        "last_day": Field("day"),
        "basis": _money("basis_cents"),
        "land": _money("land_cents"),
        "method": Field(("simplified", "actual"), yearly=True),
        "direct": _money("direct_cents", yearly=True),
        "indirect": _money("indirect_cents", yearly=True),
        "mortgage_interest": _money("mortgage_interest_cents", yearly=True),
        "property_tax": _money("property_tax_cents", yearly=True),
        "carry_operating": _money("carry_operating_cents", yearly=True),
        "carry_depreciation": _money("carry_depreciation_cents", yearly=True),
    },
    "business": {
        "de_minimis": Field("yes", yearly=True),
        "section_179_carry": _money("section_179_carry_cents", yearly=True),
        "startup": _money("startup_cents", yearly=True),
        "opening_inventory": _money("opening_inventory_cents", yearly=True),
        "closing_inventory": _money("closing_inventory_cents", yearly=True),
    },
}
"""What may be said of each table, under the names people type."""

_CALLED = {"vehicle": "vehicle", "asset": "piece of equipment", "home_office": "home office", "business": "business"}
_NOUNS = {"vehicle": "vehicles", "asset": "assets", "home_office": "homeoffice", "business": "business"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One vehicle, asset, home office or business, as people read it; `year` has what one year says of it."""

    id: int
    values: dict[str, str | None]
    year: dict[str, str | None]


def listed(books: Books, table: str, year: int) -> list[Thing]:
    """Return the things of a table with what a year says of them. Money is plain dollars, days are ISO dates."""
    from app.store.tax_facts import YEARS  # noqa: PLC0415 - beside the repository

    years, column = YEARS[table]
    said = {row[column]: row for row in books.tax_facts.rows(years) if row["year"] == year}
    fields = FIELDS[table]
    return [
        Thing(
            id=row["id"],
            values={
                name: _shown(field, row[field.column or name]) for name, field in fields.items() if not field.yearly
            },
            year={
                name: _shown(field, said.get(row["id"], {}).get(field.column or name))
                for name, field in fields.items()
                if field.yearly
            },
        )
        for row in books.tax_facts.rows(table)
    ]


def add(
    books: Books, table: str, values: Mapping[str, str], *, year: int, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Add a vehicle, an asset or a home office; yearly values are said of `year`. Raises: Refused."""
    columns, yearly = _checked(books, table, values)
    for name, field in FIELDS[table].items():
        if field.needed and columns.get(field.column or name) is None:
            raise Refused(f"A {_CALLED[table]} needs its {name}.", f"Give it with {name}=…")
    columns = {column: value for column, value in columns.items() if value is not None}
    columns.setdefault("business_id", books.settings.businesses()[0].id)
    with books.work.operation(f"{table}_add", dry_run=dry_run) as work:
        number = books.tax_facts.add(table, columns)
        if yearly:
            books.tax_facts.put_year(table, number, year, yearly)
        _hold(books, table, number, year)
    return work.outcome, number if work.outcome.operation else None


def change(
    books: Books, table: str, selector: str, values: Mapping[str, str], *, year: int, dry_run: bool = False
) -> Outcome:
    """Change what is said of a thing, and what `year` says of it. Raises: NotFound; Refused."""
    row = _existing(books, table, selector)
    columns, yearly = _checked(books, table, values)
    for name, field in FIELDS[table].items():
        if field.needed and (field.column or name) in columns and columns[field.column or name] is None:
            raise Refused(f"A {_CALLED[table]} needs its {name}.", "Give it another value.")
    defaults = _defaults(books, table)
    wanted = {column: defaults.get(column) if value is None else value for column, value in columns.items()}
    changed = {column: value for column, value in wanted.items() if row[column] != value}
    code = "business_facts" if table == "business" else f"{table}_set"
    with books.work.operation(code, dry_run=dry_run) as work:
        if changed:
            books.tax_facts.change(table, row["id"], changed)
        if yearly and any(value != _year_value(books, table, row["id"], year, name) for name, value in yearly.items()):
            books.tax_facts.put_year(table, row["id"], year, yearly)
        _hold(books, table, row["id"], year)
    return work.outcome


def remove(books: Books, table: str, selector: str, *, dry_run: bool = False) -> Outcome:
    """Remove a thing with all its years. Raises: NotFound."""
    row = _existing(books, table, selector)
    with books.work.operation(f"{table}_remove", dry_run=dry_run) as work:
        books.tax_facts.remove(table, row["id"])
    return work.outcome


def _existing(books: Books, table: str, selector: str) -> dict[str, Any]:
    for row in books.tax_facts.rows(table):
        if selector in {str(row["id"]), row["name"]}:
            return row
    raise NotFound(
        f"There is no {_CALLED[table]} “{selector}”.", f"See them with: ops1099 {_NOUNS[table]} list"
    )  # fmt: skip


def _year_value(books: Books, table: str, number: int, year: int, column: str) -> object:
    from app.store.tax_facts import YEARS  # noqa: PLC0415 - beside the repository

    years, owner = YEARS[table]
    found = [row[column] for row in books.tax_facts.rows(years) if row[owner] == number and row["year"] == year]
    return found[0] if found else None


def _defaults(books: Books, table: str) -> dict[str, Any]:
    """Return what a column holds when nothing is said of it."""
    known: dict[str, dict[str, Any]] = {
        "vehicle": {"kind": "car", "leased": 0, "section_179_cents": 0, "bonus": 1},
        "asset": {"life": 5, "method": "declining", "listed": 0, "section_179_cents": 0, "bonus": 1,
                  "business_percent": WHOLE},
    }  # fmt: skip
    return {"business_id": books.settings.businesses()[0].id, **known.get(table, {})}


def _hold(books: Books, table: str, number: int, year: int) -> None:
    """Refuse what the law does not leave open, and what cannot be. Raises: Refused; nothing is changed then."""
    if table == "vehicle":
        _hold_vehicle(books, number, year)
    if table == "asset":
        row = next(row for row in books.tax_facts.rows(table) if row["id"] == number)
        if row["section_179_cents"] > row["cost_cents"]:
            raise Refused("Section 179 is more than the cost.", "Elect at most what it cost.")
        if (row["prior_cents"] is None) != (row["prior_year"] is None):
            raise Refused(
                "What was written off so far needs the year up to which, and the other way round.",
                "Give prior_depreciation and prior_year together.",
            )


def _hold_vehicle(books: Books, number: int, year: int) -> None:
    from app.core.tax.business import vehicle  # noqa: PLC0415 - only when a vehicle is changed
    from app.services import knowledge, schedule_forms  # noqa: PLC0415 - same

    figures = knowledge.business_figures(year)
    every = schedule_forms.vehicles(books)
    found = next(each for each in every if each.key == str(number))
    for said_year, said in sorted(found.years.items()):
        if said.method is None or said_year not in {year, found.year}:
            continue
        together = vehicle.together(every, said_year)
        most = figures.mileage.most_vehicles if figures else LARGEST_WHOLE
        refused = vehicle.refusal(found, said_year, said.method, used_together=together, most=most)
        if refused is not None:
            raise Refused(refused, "Choose the other method, or correct first_method and in_service of the vehicle.")


# --- reading and showing values ---------------------------------------------------------------------------------------


def _checked(books: Books, table: str, values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of the thing and of its year. Raises: Refused."""
    fields = FIELDS[table]
    columns: dict[str, Any] = {}
    yearly: dict[str, Any] = {}
    for name, text in values.items():
        field = fields.get(name)
        if field is None:
            raise Refused(f"A {_CALLED[table]} has no “{name}”.", f"It has: {', '.join(fields)}.")
        (yearly if field.yearly else columns)[field.column or name] = _value(books, name, field, kept(text))
    return columns, yearly


def _value(books: Books, name: str, field: Field, text: str) -> int | str | None:
    if not text:
        return None
    if isinstance(field.kind, tuple):
        if text not in field.kind:
            raise Refused(f"“{text}” is not a {name}.", f"It is one of: {', '.join(field.kind)}.")
        return int(text) if text.isdecimal() else text
    if field.kind == "business":
        from app.services import transactions  # noqa: PLC0415 - knows how businesses are named

        return transactions.business(books, text)
    return _READERS[field.kind](name, text)


def _text(_name: str, text: str) -> str:
    return text


def _cents(name: str, text: str) -> int:
    from app.core.ingest.values import cents_of_typed  # noqa: PLC0415 - few commands take amounts

    try:
        cents = cents_of_typed(text)
    except ValueError:
        cents = -1
    if not 0 <= cents <= LARGEST_CENTS:
        raise Refused(f"{name}: “{text}” is not an amount of 0 or more.", "Write it as 1234.50.")
    return cents


def _day(name: str, text: str) -> Day:
    try:
        return day_from_iso(text)
    except ValueError as error:
        raise Refused(f"{name}: “{text}” is not a date.", "Write it as 2026-01-31.") from error


def _whole(name: str, text: str) -> int:
    digits = text.replace(",", "")
    if not digits.isascii() or not digits.isdecimal() or int(digits) > LARGEST_WHOLE:
        raise Refused(f"{name}: “{text}” is not a whole number.", "Write it as 12000.")
    return int(digits)


def _yes(name: str, text: str) -> int:
    word = text.casefold()
    if word in {"yes", "true", "1"}:
        return 1
    if word in {"no", "false", "0"}:
        return 0
    raise Refused(f"{name}: “{text}” is neither yes nor no.", "Write yes or no.")


def _percent(_name: str, text: str) -> int:
    from app.services import transactions  # noqa: PLC0415 - knows how shares are written

    return transactions.percent(text)


_READERS: Mapping[str, Callable[[str, str], int | str]] = {
    "text": _text,
    "money": _cents,
    "day": _day,
    "whole": _whole,
    "yes": _yes,
    "percent": _percent,
}


def _shown(field: Field, value: Any) -> str | None:  # noqa: ANN401 - a cell of any column
    if value is None:
        return None
    if field.kind == "money":
        return dollars(value)
    if field.kind == "day":
        return iso(value)
    if field.kind == "yes":
        return "yes" if value else "no"
    return rate_text(value) if field.kind == "percent" else str(value)
