"""Vehicles, equipment, home offices and what a year says of a business: added, changed and removed, each undoable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.core.errors import NotFound, Refused
from app.core.money import WHOLE
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.services.classify.asking import vehicle_methods
from app.services.tax.tax_fact_fields import CALLED, FIELDS, LARGEST_WHOLE, checked, shown

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
                name: shown(field, row[field.column or name]) for name, field in fields.items() if not field.yearly
            },
            year={
                name: shown(field, said.get(row["id"], {}).get(field.column or name))
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
    columns, yearly = checked(books, table, values)
    for name, field in FIELDS[table].items():
        if field.needed and columns.get(field.column or name) is None:
            raise Refused(f"A {CALLED[table]} needs its {name}.", f"Give it with {name}=…")
    columns = {column: value for column, value in columns.items() if value is not None}
    columns.setdefault("business_id", books.settings.businesses()[0].id)
    with books.work.operation(f"{table}_add", dry_run=dry_run) as work, _vehicles_followed(work):
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
    columns, yearly = checked(books, table, values)
    for name, field in FIELDS[table].items():
        if field.needed and (field.column or name) in columns and columns[field.column or name] is None:
            raise Refused(f"A {CALLED[table]} needs its {name}.", "Give it another value.")
    defaults = _defaults(books, table)
    wanted = {column: defaults.get(column) if value is None else value for column, value in columns.items()}
    changed = {column: value for column, value in wanted.items() if row[column] != value}
    code = "business_facts" if table == "business" else f"{table}_set"
    with books.work.operation(code, dry_run=dry_run) as work, _vehicles_followed(work):
        if changed:
            books.tax_facts.change(table, row["id"], changed)
        if yearly and any(value != _year_value(books, table, row["id"], year, name) for name, value in yearly.items()):
            books.tax_facts.put_year(table, row["id"], year, yearly)
        _hold(books, table, row["id"], year)
    return work.outcome


def remove(books: Books, table: str, selector: str, *, dry_run: bool = False) -> Outcome:
    """Remove a thing with all its years. Raises: NotFound."""
    row = _existing(books, table, selector)
    with books.work.operation(f"{table}_remove", dry_run=dry_run) as work, _vehicles_followed(work):
        books.tax_facts.remove(table, row["id"])
    return work.outcome


@contextmanager
def _vehicles_followed(work: Work) -> Iterator[None]:
    """Let rows of vehicles' costs follow when the method of a year changes; miles and dates of use change no row."""
    before = vehicle_methods(work.books)
    yield
    if vehicle_methods(work.books) != before:
        work.relabel_all = work.rematch_all = True


def _existing(books: Books, table: str, selector: str) -> dict[str, Any]:
    for row in books.tax_facts.rows(table):
        if selector in {str(row["id"]), row["name"]}:
            return row
    raise NotFound(
        f"There is no {CALLED[table]} “{selector}”.", f"See them with: ops1099 {_NOUNS[table]} list"
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
    from app.services.classify import knowledge  # noqa: PLC0415 - same
    from app.services.report import schedule_facts  # noqa: PLC0415 - same

    figures = knowledge.business_figures(year)
    every = schedule_facts.vehicles(books)
    found = next(each for each in every if each.key == str(number))
    for said_year, said in sorted(found.years.items()):
        if said.method is None or said_year not in {year, found.year}:
            continue
        together = vehicle.together(every, said_year)
        most = figures.mileage.most_vehicles if figures else LARGEST_WHOLE
        refused = vehicle.refusal(found, said_year, said.method, used_together=together, most=most)
        if refused is not None:
            raise Refused(refused, "Choose the other method, or correct first_method and in_service of the vehicle.")
