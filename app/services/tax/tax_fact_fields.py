"""What may be said of vehicles, equipment, home offices and businesses, and how it is read and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.core.dates import Day, day_from_iso, iso
from app.core.errors import Refused
from app.core.ingest.typed import kept
from app.core.money import LARGEST_CENTS, dollars, rate_text
from app.services.books.open_books import Books

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

CALLED = {"vehicle": "vehicle", "asset": "piece of equipment", "home_office": "home office", "business": "business"}


# --- reading and showing values ---------------------------------------------------------------------------------------


def checked(books: Books, table: str, values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns of the thing and of its year. Raises: Refused."""
    fields = FIELDS[table]
    columns: dict[str, Any] = {}
    yearly: dict[str, Any] = {}
    for name, text in values.items():
        field = fields.get(name)
        if field is None:
            raise Refused(f"A {CALLED[table]} has no “{name}”.", f"It has: {', '.join(fields)}.")
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
        from app.services.ledger import typed_values  # noqa: PLC0415 - knows how businesses are named

        return typed_values.business(books, text)
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
    from app.services.ledger import typed_values  # noqa: PLC0415 - knows how shares are written

    return typed_values.percent(text)


_READERS: Mapping[str, Callable[[str, str], int | str]] = {
    "text": _text,
    "money": _cents,
    "day": _day,
    "whole": _whole,
    "yes": _yes,
    "percent": _percent,
}


def shown(field: Field, value: Any) -> str | None:  # noqa: ANN401 - a cell of any column
    if value is None:
        return None
    if field.kind == "money":
        return dollars(value)
    if field.kind == "day":
        return iso(value)
    if field.kind == "yes":
        return "yes" if value else "no"
    return rate_text(value) if field.kind == "percent" else str(value)
