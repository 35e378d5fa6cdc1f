"""`expected`."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli import arguments as typed
from app.cli.arguments import add_dry_run, key_values, told
from app.cli.output import money, printable, table
from app.cli.session import Session


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="what is to come, what came of it, and what may come besides")
    listed.add_argument("--as-of", metavar="D")
    listed.set_defaults(run=_list)
    add = verbs.add_parser("add", help="expect a payment of a payer")
    add.add_argument("--payer", required=True, metavar="PAYER")
    add.add_argument("--due", required=True, metavar="D")
    add.add_argument("--amount", required=True, metavar="A")
    add.add_argument("--note", default="", metavar="T")
    add_dry_run(add)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="change due, amount, note or payer")
    change.add_argument("id", type=typed.number, metavar="ID")
    change.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(change)
    change.set_defaults(run=_set)
    remove = verbs.add_parser("remove", help="expect it no more")
    remove.add_argument("id", type=typed.number, metavar="ID")
    add_dry_run(remove)
    remove.set_defaults(run=_remove)


def _list(session: Session, arguments: argparse.Namespace) -> int:
    from app.core.dates import iso  # noqa: PLC0415
    from app.services.bank import bank_history  # noqa: PLC0415
    from app.services.income import expected_payments  # noqa: PLC0415
    from app.services.tax import taxes  # noqa: PLC0415

    given = typed.day(arguments.as_of)
    day = given if given is not None else taxes.today(session.books)
    found = expected_payments.outlook(session.books, day)
    body = {
        "as_of": iso(day),
        "expected": [expected_payments.contract(row) for row in found.rows],
        "likely": [
            {
                "payer_id": each.payer_id,
                "payer": each.payer,
                "due": iso(each.due),
                "cents": each.cents,
                "days_late": each.days_late,
                "interval_days": each.interval_days,
            }
            for each in found.likely
        ],
        "late_cents": found.late_cents,
        "next_30_cents": found.next_30_cents,
        "next_90_cents": found.next_90_cents,
        "likely_30_cents": found.likely_30_cents,
        "awaits": list(found.awaits),
    }
    rows = [
        (row.id, iso(row.due), printable(row.payer)[:32], money(row.cents), row.state, money(row.open_cents),
         row.days_late or "")
        for row in found.rows
    ]  # fmt: skip
    text = table(("id", "due", "payer", "amount", "state", "open", "days late"), rows, right=(0, 3, 5, 6))
    lines = [text or "Nothing is written down. Add one with: ops1099 expected add --payer NAME --due D --amount A"]
    lines += [
        f"Likely {iso(each.due)}: {printable(each.payer)} {money(each.cents)}, every {each.interval_days} days"
        for each in found.likely
    ]
    lines.append(f"Next 30 days {money(found.next_30_cents)}, 90 days {money(found.next_90_cents)}, "
                 f"late {money(found.late_cents)}")  # fmt: skip
    if found.awaits:
        lines.append(bank_history.not_late_yet(found.awaits))
    session.emit(body, "\n".join(lines))
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import expected_payments  # noqa: PLC0415

    due = typed.day(arguments.due)
    assert due is not None
    outcome, number = expected_payments.add(
        session.books, arguments.payer, due, typed.cents(arguments.amount), arguments.note, dry_run=arguments.dry_run
    )
    return told(session, outcome, arguments, id=number)


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import expected_payments  # noqa: PLC0415

    given = key_values(arguments.pairs, ("due", "amount", "note", "payer"))
    values: dict[str, Any] = {name: given[name] for name in ("note", "payer") if name in given}
    if "due" in given:
        values["due"] = typed.day(given["due"])
    if "amount" in given:
        values["cents"] = typed.cents(given["amount"])
    outcome = expected_payments.change(session.books, arguments.id, values, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _remove(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import expected_payments  # noqa: PLC0415

    outcome = expected_payments.remove(session.books, arguments.id, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)
