"""`rules`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.arguments import add_dry_run, cents, done, done_text, number
from app.cli.output import percent_json, table
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.rules import Rule, TestedRow


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="your rules in their order")
    listed.set_defaults(run=_list)
    add = verbs.add_parser("add", help="add a rule behind the others")
    _conditions(add)
    add_dry_run(add)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="change a rule")
    change.add_argument("id", type=number)
    _conditions(change)
    change.add_argument("--order", type=number, help="its place among the rules")
    change.add_argument("--on", dest="is_on", action="store_const", const=1)
    change.add_argument("--off", dest="is_on", action="store_const", const=0)
    add_dry_run(change)
    change.set_defaults(run=_set)
    test = verbs.add_parser("test", help="what a rule changes, or would change")
    test.add_argument("id", type=number, nargs="?")
    _conditions(test)
    test.set_defaults(run=_test)
    remove = verbs.add_parser("remove", help="remove a rule")
    remove.add_argument("id", type=number)
    add_dry_run(remove)
    remove.set_defaults(run=_remove)


def _conditions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text", help="a part of the bank's text, any case")
    parser.add_argument("--amount-min", metavar="A", help="dollars, without sign")
    parser.add_argument("--amount-max", metavar="A")
    parser.add_argument("--account")
    parser.add_argument("--sign", choices=["in", "out"])
    parser.add_argument("--kind")
    parser.add_argument("--line")
    parser.add_argument("--percent")
    parser.add_argument("--ask", action="store_true", default=None, help="suggest it, but ask each time")


def _values(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from app.services import transactions  # noqa: PLC0415

    values: dict[str, Any] = {}
    for name in ("text", "kind", "line"):
        if getattr(arguments, name) is not None:
            values[name] = getattr(arguments, name)
    for name in ("amount_min", "amount_max"):
        if getattr(arguments, name) is not None:
            values[name] = abs(cents(getattr(arguments, name)))
    if arguments.account is not None:
        values["account_id"] = transactions.account(session.books, arguments.account)
    if arguments.sign is not None:
        values["sign"] = 1 if arguments.sign == "in" else -1
    if arguments.percent is not None:
        values["percent"] = transactions.percent(arguments.percent)
    if arguments.ask is not None:
        values["ask"] = 1
    return values


def _rule(rule: Rule, hits: int) -> dict[str, Any]:
    return {
        "id": rule.id,
        "order": rule.position,
        "on": bool(rule.is_on),
        "when": {
            "text": rule.text,
            "amount_min_cents": rule.amount_min,
            "amount_max_cents": rule.amount_max,
            "account_id": rule.account_id,
            "sign": {1: "in", -1: "out", None: None}[rule.sign],
        },
        "then": {
            "kind": rule.kind,
            "line": rule.line,
            "business_percent": percent_json(rule.percent),
            "ask": bool(rule.ask),
        },
        "hits": hits,
    }


def _rules(session: Session) -> list[dict[str, Any]]:
    from app.services import rules  # noqa: PLC0415

    return [_rule(rule, hits) for rule, hits in rules.listed(session.books)]


def _list(session: Session, _arguments: argparse.Namespace) -> int:
    found = _rules(session)
    rows = [
        (r["id"], r["order"], r["when"]["text"] or "", r["then"]["kind"], r["then"]["line"], r["hits"]) for r in found
    ]
    text = table(("id", "order", "text", "kind", "line", "rows"), rows, right=(0, 1, 5))
    session.emit({"rules": found}, text or "No rules yet. Add one with: ops1099 rules add --text …")
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import rules  # noqa: PLC0415

    outcome, number = rules.add(session.books, _values(session, arguments), dry_run=arguments.dry_run)
    session.emit(done(outcome, arguments, id=number, rules=_rules(session)), done_text(outcome, arguments))
    return 0


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import rules  # noqa: PLC0415

    values = _values(session, arguments)
    if arguments.order is not None:
        values["position"] = arguments.order
    if arguments.is_on is not None:
        values["is_on"] = arguments.is_on
    outcome = rules.change(session.books, arguments.id, values, dry_run=arguments.dry_run)
    session.emit(done(outcome, arguments, rules=_rules(session)), done_text(outcome, arguments))
    return 0


def _test(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import rules  # noqa: PLC0415

    if arguments.id is not None:
        found = rules.effect_of(session.books, arguments.id)
    else:
        found = rules.effect_of_new(session.books, _values(session, arguments))
    body = {"rows": [_tested(row) for row in found], "count": len(found)}
    rows = [(row.transaction_id, " ".join(row.before), " ".join(row.after)) for row in found]
    session.emit(body, table(("id", "before", "after"), rows, right=(0,)) or "It would change no row.")
    return 0


def _tested(row: TestedRow) -> dict[str, Any]:
    return {
        "transaction_id": row.transaction_id,
        "before": {"kind": row.before[0], "line": row.before[1]},
        "after": {"kind": row.after[0], "line": row.after[1]},
    }


def _remove(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import rules  # noqa: PLC0415

    outcome = rules.remove(session.books, arguments.id, dry_run=arguments.dry_run)
    session.emit(done(outcome, arguments, rules=_rules(session)), done_text(outcome, arguments))
    return 0
