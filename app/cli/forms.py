"""`forms`."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli import arguments as typed
from app.cli.arguments import add_dry_run, key_values, told
from app.cli.output import money, printable, table
from app.cli.session import Session
from app.core.errors import Refused

_PARTS = ("fees", "refunds", "sales_tax")


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="the forms recorded; `report 1099` holds them against the books")
    listed.add_argument("--year", type=typed.year)
    listed.set_defaults(run=_list)
    add = verbs.add_parser("add", help="record a form 1099 received; its numbers of persons are never kept")
    add.add_argument("--payer", required=True, metavar="PAYER")
    add.add_argument("--year", required=True, type=typed.year)
    add.add_argument("--form", required=True, metavar="NEC|MISC|K")
    add.add_argument("--amount", required=True, metavar="A", help="what its box says, in dollars")
    add.add_argument("--fees", metavar="A", help="of it, fees that never reached you")
    add.add_argument("--refunds", metavar="A", help="of it, given back to customers")
    add.add_argument("--sales-tax", metavar="A", help="of it, sales tax collected")
    add.add_argument("--note", metavar="T")
    add_dry_run(add)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="change year, form, amount, fees, refunds, sales_tax or note")
    change.add_argument("id", type=typed.number, metavar="ID")
    change.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(change)
    change.set_defaults(run=_set)
    remove = verbs.add_parser("remove", help="remove a form")
    remove.add_argument("id", type=typed.number, metavar="ID")
    add_dry_run(remove)
    remove.set_defaults(run=_remove)


def _list(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import forms_1099  # noqa: PLC0415

    found = forms_1099.listed(session.books, arguments.year)
    body = {
        "forms": [
            {
                "id": row.id, "payer": name, "year": row.year, "form": row.type, "reported_cents": row.cents,
                "fees_cents": row.fees_cents, "refunds_cents": row.refunds_cents,
                "sales_tax_cents": row.sales_tax_cents, "note": row.note,
            }
            for row, name in found
        ]
    }  # fmt: skip
    cells = [(row.id, row.year, row.type, printable(name)[:32], money(row.cents)) for row, name in found]
    text = table(("id", "year", "form", "payer", "amount"), cells, right=(0, 4))
    session.emit(body, text or "None yet. Add one with: ops1099 forms add --payer NAME --year Y --form NEC --amount A")
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import forms_1099  # noqa: PLC0415

    values: dict[str, Any] = {"cents": typed.cents(arguments.amount)}
    values |= {name: typed.cents(getattr(arguments, name)) for name in _PARTS if getattr(arguments, name) is not None}
    if arguments.note:
        values["note"] = arguments.note
    outcome, number = forms_1099.add(
        session.books, arguments.payer, arguments.year, arguments.form, values, dry_run=arguments.dry_run
    )
    return told(session, outcome, arguments, id=number)


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import forms_1099  # noqa: PLC0415

    given = key_values(arguments.pairs, ("year", "form", "amount", *_PARTS, "note"))
    values: dict[str, Any] = {name: given[name] for name in ("form", "note") if name in given}
    values |= {name: typed.cents(given[name] or "0") for name in _PARTS if name in given}
    if "amount" in given:
        values["cents"] = typed.cents(given["amount"])
    if "year" in given:
        try:
            values["year"] = typed.year(given["year"])
        except argparse.ArgumentTypeError as error:
            raise Refused(f"“{given['year']}” is not a year of 1970 to 2199.", "Write it as 2026.") from error
    outcome = forms_1099.change(session.books, arguments.id, values, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _remove(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import forms_1099  # noqa: PLC0415

    outcome = forms_1099.remove(session.books, arguments.id, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)
