"""`vehicles`, `assets`, `homeoffice`."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.arguments import add_dry_run, key_values, told, year
from app.cli.output import table
from app.cli.session import Session

_TABLES = {"vehicles": "vehicle", "assets": "asset", "homeoffice": "home_office"}
_KEYS = {"vehicles": "vehicles", "assets": "assets", "homeoffice": "home_offices"}
_EXAMPLES = {
    "vehicles": "name=Golf in_service=2026-03-01 method=standard business_miles=9000",
    "assets": "name=Laptop cost=3200 in_service=2026-03-01 section_179=3200",
    "homeoffice": "name=Office first_day=2026-01-01 area=150 exclusive=yes method=simplified",
}


def build(noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="what is known, and what a year says of it")
    _year_of(listed, noun)
    listed.set_defaults(run=_list)
    add = verbs.add_parser("add", help=f"add one: {_EXAMPLES[noun]}")
    add.add_argument("pairs", nargs="+", metavar="K=V")
    _year_of(add, noun)
    add_dry_run(add)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="change one; an empty value takes it back")
    change.add_argument("thing", metavar="ID")
    change.add_argument("pairs", nargs="+", metavar="K=V")
    _year_of(change, noun)
    add_dry_run(change)
    change.set_defaults(run=_set)
    remove = verbs.add_parser("remove", help="remove one with all its years")
    remove.add_argument("thing", metavar="ID")
    _year_of(remove, noun)
    add_dry_run(remove)
    remove.set_defaults(run=_remove)


def _year_of(parser: argparse.ArgumentParser, noun: str) -> None:
    parser.add_argument("--year", type=year, help="the year that yearly values are said of; default this year")
    parser.set_defaults(thing_noun=noun)


def _body(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from app.services.tax import tax_facts  # noqa: PLC0415

    wanted = session.year(arguments)
    found = tax_facts.listed(session.books, _TABLES[arguments.thing_noun], wanted)
    return {
        "year": wanted,
        _KEYS[arguments.thing_noun]: [{"id": thing.id, **thing.values, "in_year": thing.year} for thing in found],
    }


def _list(session: Session, arguments: argparse.Namespace) -> int:
    body = _body(session, arguments)
    rows = [
        (thing["id"], name, value)
        for thing in body[_KEYS[arguments.thing_noun]]
        for name, value in (*list(thing.items())[1:-1], *thing["in_year"].items())
        if value is not None
    ]
    text = table(("id", "what", str(body["year"])), rows, right=(0,))
    example = f"ops1099 {arguments.thing_noun} add {_EXAMPLES[arguments.thing_noun]}"
    session.emit(body, text or f"None yet. Add one with: {example}")
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import tax_facts  # noqa: PLC0415

    outcome, number = tax_facts.add(
        session.books, _TABLES[arguments.thing_noun], key_values(arguments.pairs), year=session.year(arguments),
        dry_run=arguments.dry_run,
    )  # fmt: skip
    return told(session, outcome, arguments, id=number, **_body(session, arguments))


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import tax_facts  # noqa: PLC0415

    outcome = tax_facts.change(
        session.books, _TABLES[arguments.thing_noun], arguments.thing, key_values(arguments.pairs),
        year=session.year(arguments), dry_run=arguments.dry_run,
    )  # fmt: skip
    return told(session, outcome, arguments, **_body(session, arguments))


def _remove(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import tax_facts  # noqa: PLC0415

    outcome = tax_facts.remove(session.books, _TABLES[arguments.thing_noun], arguments.thing, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, **_body(session, arguments))
