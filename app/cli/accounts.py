"""`accounts`."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.arguments import add_dry_run, key_values, told
from app.cli.output import day, money, table
from app.cli.session import Session

_MARKS = {"covered": "■", "partial": "◧", "missing": "·", "untied": "✗"}


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="accounts with their balances")
    listed.set_defaults(run=_list)
    add = verbs.add_parser("add", help="add an account: name=… kind=… role=…")
    add.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(add)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="change an account: role=business")
    change.add_argument("account", metavar="ID")
    change.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(change)
    change.set_defaults(run=_set)
    remove = verbs.add_parser("remove", help="remove an account without rows")
    remove.add_argument("account", metavar="ID")
    add_dry_run(remove)
    remove.set_defaults(run=_remove)
    cover = verbs.add_parser("coverage", help="which months are covered by files")
    cover.set_defaults(run=_coverage)


def _accounts(session: Session) -> dict[str, Any]:
    from app.services.ledger import accounts  # noqa: PLC0415

    return {
        "accounts": [
            {
                "id": view.account.id, "name": view.account.name, "kind": view.account.kind,
                "role": view.account.role, "institution": view.account.institution, "last4": view.account.last4,
                "currency": view.account.currency, "balance_cents": view.balance_cents, "as_of": day(view.as_of),
                "rows": view.rows,
            }
            for view in accounts.listed(session.books)
        ]
    }  # fmt: skip


def _list(session: Session, _arguments: argparse.Namespace) -> int:
    body = _accounts(session)
    rows = [
        (a["id"], a["name"], a["kind"], a["role"], money(a["balance_cents"]), a["as_of"] or "", a["rows"])
        for a in body["accounts"]
    ]
    text = table(("id", "name", "kind", "role", "balance", "as of", "rows"), rows, right=(0, 4, 6))
    session.emit(body, text or "No accounts yet. Bring in a bank file with: ops1099 import FILE")
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import accounts  # noqa: PLC0415

    outcome, number = accounts.add(session.books, key_values(arguments.pairs), dry_run=arguments.dry_run)
    return told(session, outcome, arguments, id=number, **_accounts(session))


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import accounts  # noqa: PLC0415

    outcome = accounts.change(session.books, arguments.account, key_values(arguments.pairs), dry_run=arguments.dry_run)
    return told(session, outcome, arguments, **_accounts(session))


def _remove(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import accounts  # noqa: PLC0415

    outcome = accounts.remove(session.books, arguments.account, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, **_accounts(session))


def _coverage(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.ledger import accounts  # noqa: PLC0415

    found = accounts.coverage(session.books)
    names = {view.account.id: view.account.name for view in accounts.listed(session.books)}
    body: dict[str, Any] = {
        "accounts": [
            {
                "id": number, "name": names[number],
                "months": [
                    {
                        "month": f"{m.month // 100}-{m.month % 100:02d}", "state": m.state, "ties": m.ties,
                        "rows": m.rows,
                    }
                    for m in months
                ],
            }
            for number, months in found.items()
        ]
    }  # fmt: skip
    lines = [
        f"{account['name']}: " + " ".join(f"{m['month']}{_MARKS[m['state']]}" for m in account["months"])
        for account in body["accounts"]
    ]
    legend = "■ covered  ◧ partly  · missing  ✗ a stated balance differs"
    session.emit(body, "\n".join([*lines, legend]))
    return 0
