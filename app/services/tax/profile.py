"""The household and the businesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.books.vocabulary import Profession
from app.core.errors import NotFound, Refused
from app.core.ingest.typed import day_typed, kept
from app.core.tax.profile_keys import PROFILE_KEYS, KeyType, normalized
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.store.settings import Business

__all__ = [
    "BUSINESS_KEYS", "Business", "ProfileView", "add_business", "businesses", "change", "change_business", "show",
    "time_zone", "years",
]  # fmt: skip

BUSINESS_KEYS = ("name", "owner", "principal_code", "profession", "sstb", "started", "method")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """The profile of a year; `carried_over_from` names the year its values were entered for, when another."""

    year: int
    values: dict[str, str]
    carried_over_from: int | None


def show(books: Books, year: int) -> ProfileView:
    values, source = books.settings.profile(year)
    first = books.settings.businesses()[0]
    return ProfileView(
        year=year,
        values={**values, "profession": first.profession},
        carried_over_from=source if source not in {None, year} else None,
    )


def change(books: Books, year: int, values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """Set values of a year's profile; a new year starts as a copy of the last one. Raises: Refused for a bad value."""
    checked = {name: _checked(name, value, year) for name, value in values.items()}
    profession = checked.pop("profession", None)
    with books.work.operation("profile", dry_run=dry_run) as work:
        known, source = books.settings.profile(year)
        if source != year and checked:
            for name, value in known.items():
                books.settings.set_profile(year, name, value)
        for name, value in checked.items():
            if source != year or known.get(name) != value:
                books.settings.set_profile(year, name, value)
        first = books.settings.businesses()[0]
        if profession is not None and profession != first.profession:
            books.settings.change_business(first.id, {"profession": profession})
            books.forget_professions()
            work.relabel_all = work.rematch_all = True
    books.forget_professions()
    return work.outcome


def time_zone(books: Books) -> str:
    """Return the zone that says which day it is; empty until one is set."""
    values, _ = books.settings.profile(books.clock.today().year)
    return values.get("time_zone", "")


def years(books: Books) -> list[int]:
    """Return the years a profile may be kept for, newest first: those with rules, and this one."""
    from app.services.classify import knowledge  # noqa: PLC0415 - reads a folder

    return sorted({*knowledge.federal_years(), books.clock.today().year}, reverse=True)


def _checked(name: str, value: str, year: int) -> str:
    if name not in PROFILE_KEYS:
        raise Refused(f"The profile has no “{name}”.", f"It has: {', '.join(PROFILE_KEYS)}.")
    text = normalized(name, kept(value))
    if name == "time_zone" and text:
        from zoneinfo import available_timezones  # noqa: PLC0415 - reads a folder

        if text not in available_timezones():
            raise Refused(f"“{text}” is not a time zone.", "Use a name such as America/Los_Angeles.")
    if text and PROFILE_KEYS[name].type is KeyType.YEAR and int(text) > year:
        raise Refused(f"{name} cannot be {text}: the tax year is {year}.", "Correct the year of birth.")
    return text


# --- businesses -------------------------------------------------------------------------------------------------------


def businesses(books: Books) -> list[Business]:
    return books.settings.businesses()


def add_business(books: Books, values: Mapping[str, str], *, dry_run: bool = False) -> tuple[Outcome, int | None]:
    columns = _business(values)
    if not columns.get("name"):
        raise Refused("A business needs a name.", "Give it with name=…")
    with books.work.operation("business_add", dry_run=dry_run) as work:
        number = books.settings.add_business(columns)
    books.forget_professions()
    return work.outcome, number if work.outcome.operation else None


def change_business(books: Books, selector: str, values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    found = next((b for b in books.settings.businesses() if selector in {str(b.id), b.name}), None)
    if found is None:
        raise NotFound(f"There is no business “{selector}”.", "See them with: ops1099 business list")
    columns = {name: value for name, value in _business(values).items() if getattr(found, name) != value}
    with books.work.operation("business_set", dry_run=dry_run) as work:
        if columns:
            books.settings.change_business(found.id, columns)
            books.forget_professions()
        if "profession" in columns:
            work.relabel_all = work.rematch_all = True
    books.forget_professions()
    return work.outcome


def _business(values: Mapping[str, str]) -> dict[str, str | int | None]:
    strange = sorted(set(values) - set(BUSINESS_KEYS))
    if strange:
        raise Refused(f"A business has no “{strange[0]}”.", f"It has: {', '.join(BUSINESS_KEYS)}.")
    result: dict[str, str | int | None] = {}
    for name, value in values.items():
        text = kept(value)
        if name == "profession" and text not in set(Profession):
            raise Refused(f"“{text}” is not a profession.", f"Professions are: {', '.join(Profession)}.")
        if name == "owner" and text not in {"self", "spouse"}:
            raise Refused("The owner is self or spouse.", "A business that two share is a partnership: ask first.")
        if name == "method" and text != "cash":
            raise Refused("Only cash-basis books are supported.", "Accrual books are not converted.")
        result[name] = text or None
        if name == "sstb":
            result[name] = _yes(text)
        elif name == "started" and text:
            result[name] = day_typed(text)
    return result


def _yes(text: str) -> int:
    if text.casefold() in {"yes", "true", "1"}:
        return 1
    if text.casefold() in {"no", "false", "0", ""}:
        return 0
    raise Refused(f"“{text}” is neither yes nor no.", "Write yes or no.")
