"""`rules`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.arguments import add_dry_run, cents, day, number, told
from app.cli.output import money, percent_json, printable, table
from app.cli.session import Session
from app.core.dates import iso
from app.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    from app.services.classify.rule_history import Change
    from app.services.classify.rule_trials import Effect, LineSum, TestedRow
    from app.services.classify.rules import Rule


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
    learned = verbs.add_parser("learned", help="what your answers taught, a merchant a line")
    learned.set_defaults(run=_learned)
    forget = verbs.add_parser("forget", help="forget what an answer taught; its rows are asked about again")
    forget.add_argument("name", help="the merchant, as `rules learned` shows it")
    forget.add_argument("--account", help="where it was learned for several")
    forget.add_argument("--sign", choices=list(_SIGNS), help="money in or out, where it was learned for both")
    add_dry_run(forget)
    forget.set_defaults(run=_forget)
    history = verbs.add_parser("history", help="who changed a rule, when, and what; without a number of all rules")
    history.add_argument("id", type=number, nargs="?")
    history.set_defaults(run=_history)


_SIGNS = {"in": 1, "out": -1}


def _learned(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.classify import remembered  # noqa: PLC0415

    found = remembered.listed(session.books)
    body = [
        {
            "name": each.name, "sign": "in" if each.sign > 0 else "out", "account": each.account,
            "account_id": each.account_id, "kind": each.kind, "line": each.line,
            "percent": percent_json(each.percent), "ask": each.ask, "hits": each.hits,
        }
        for each in found
    ]  # fmt: skip
    rows = [
        (printable(each.name)[:40], "in" if each.sign > 0 else "out", printable(each.account),
         "ask each time" if each.ask else each.kind, "" if each.ask else each.line, each.hits)
        for each in found
    ]  # fmt: skip
    text = table(("name", "money", "account", "booked as", "line", "rows"), rows, right=(5,))
    session.emit({"learned": body}, text if rows else "Nothing was learned yet: answer with --always.")
    return 0


def _forget(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import remembered  # noqa: PLC0415
    from app.services.ledger import which_account  # noqa: PLC0415

    wanted = " ".join(arguments.name.split()).casefold()
    account = which_account.existing(session.books, arguments.account).id if arguments.account else None
    found = [
        each for each in remembered.listed(session.books)
        if each.name.casefold() == wanted and account in {None, each.account_id}
        and (arguments.sign is None or each.sign == _SIGNS[arguments.sign])
    ]  # fmt: skip
    if not found:
        raise NotFound("Nothing of that name was learned.", "See what was with: ops1099 rules learned")
    if len(found) > 1:
        raise Conflict("That name was learned more than once.", "Say which with --account and --sign.")
    outcome = remembered.forget(session.books, *found[0][:3], dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _conditions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text", help="a part of the bank's text, any case")
    parser.add_argument("--regex", metavar="R", help="a pattern (RE2) found in the bank's text, any case")
    parser.add_argument("--counterparty", metavar="NAME", help="the merchant or payer as the program names it")
    parser.add_argument("--amount-min", metavar="A", help="dollars, without sign")
    parser.add_argument("--amount-max", metavar="A")
    parser.add_argument("--date-from", metavar="D", help="the first day it holds for")
    parser.add_argument("--date-to", metavar="D", help="the last")
    parser.add_argument("--account")
    parser.add_argument("--sign", choices=["in", "out", "any"])
    parser.add_argument("--kind")
    parser.add_argument("--line")
    parser.add_argument("--percent")
    parser.add_argument(
        "--ask", action=argparse.BooleanOptionalAction, default=None, help="suggest it, but ask each time"
    )
    parser.add_argument("--name", help="what you call the rule")


def _values(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from app.services.ledger import typed_values, which_account  # noqa: PLC0415

    values: dict[str, Any] = {}
    for name in ("text", "regex", "counterparty", "name", "kind", "line"):
        if getattr(arguments, name) is not None:
            values[name] = getattr(arguments, name)
    for name in ("amount_min", "amount_max"):
        if getattr(arguments, name) is not None:
            given = getattr(arguments, name)
            values[name] = abs(cents(given)) if given else None
    for name in ("date_from", "date_to"):
        if getattr(arguments, name) is not None:
            values[name] = day(getattr(arguments, name) or None)
    if arguments.account is not None:
        given = arguments.account
        values["account_id"] = which_account.existing(session.books, given).id if given else None
    if arguments.sign is not None:
        values["sign"] = {"in": 1, "out": -1, "any": None}[arguments.sign]
    if arguments.percent is not None:
        values["percent"] = typed_values.percent(arguments.percent)
    if arguments.ask is not None:
        values["ask"] = int(arguments.ask)
    return values


def _rule(rule: Rule, hits: int) -> dict[str, Any]:
    return {
        "id": rule.id,
        "order": rule.position,
        "on": bool(rule.is_on),
        "name": rule.name,
        "when": {
            "text": rule.text,
            "regex": rule.regex,
            "counterparty": rule.counterparty,
            "amount_min_cents": rule.amount_min,
            "amount_max_cents": rule.amount_max,
            "date_from": None if rule.date_from is None else iso(rule.date_from),
            "date_to": None if rule.date_to is None else iso(rule.date_to),
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
    from app.services.classify import rules  # noqa: PLC0415

    return [_rule(rule, hits) for rule, hits in rules.listed(session.books)]


def _list(session: Session, _arguments: argparse.Namespace) -> int:
    from app.core.books import rule_words  # noqa: PLC0415
    from app.services.classify import rules  # noqa: PLC0415

    found = rules.listed(session.books)
    accounts = rules.account_names(session.books)
    rows = [
        (
            rule.id, rule.position, "" if rule.is_on else "off", rules.words(rule, accounts),
            rule_words.action(rule._asdict()), hits,
        )
        for rule, hits in found
    ]  # fmt: skip
    text = table(("id", "order", "", "rule", "does", "rows"), rows, right=(0, 1, 5))
    body = {"rules": [_rule(rule, hits) for rule, hits in found]}
    session.emit(body, text or "No rules yet. Add one with: ops1099 rules add --text …")
    return 0


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import rules  # noqa: PLC0415

    outcome, number = rules.add(session.books, _values(session, arguments), dry_run=arguments.dry_run)
    return told(session, outcome, arguments, id=number, rules=_rules(session))


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import rules  # noqa: PLC0415

    values = _values(session, arguments)
    if arguments.order is not None:
        values["position"] = arguments.order
    if arguments.is_on is not None:
        values["is_on"] = arguments.is_on
    outcome = rules.change(session.books, arguments.id, values, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, rules=_rules(session))


def _test(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import rule_trials  # noqa: PLC0415

    values = _values(session, arguments)
    if arguments.id is None:
        found = rule_trials.of_new(session.books, values)
    elif values:
        found = rule_trials.of_change(session.books, arguments.id, values)
    else:
        found = rule_trials.of_standing(session.books, arguments.id)
    body = {
        "rows": [_tested(row) for row in found.rows], "count": len(found.rows), "matched_count": found.matched,
        "decided_count": found.decided, "settled_count": found.settles, "opened_count": found.opens,
        "lines": [_line(line) for line in found.lines],
    }  # fmt: skip
    session.emit(body, _test_text(found))
    return 0


def _test_text(found: Effect) -> str:
    parts = []
    if found.rows:
        rows = [(row.transaction_id, " ".join(row.before), " ".join(row.after)) for row in found.rows]
        parts.append(table(("id", "before", "after"), rows, right=(0,)))
        lines = [
            (line.kind, line.line, line.before_count, money(line.before_cents), line.after_count,
             money(line.after_cents))
            for line in found.lines
        ]  # fmt: skip
        parts.append(table(("kind", "line", "rows", "before", "rows", "after"), lines, right=(2, 3, 4, 5)))
    elif not (found.settles or found.opens):
        parts.append("It would change no row.")
    parts += [
        f"{count:,} row{'' if count == 1 else 's'} that {now if count == 1 else many} {then}."
        for count, now, many, then in (
            (found.settles, "waits", "wait", "for an answer would be booked"),
            (found.opens, "is", "are", "booked would become a question"),
        )
        if count
    ]
    parts.append(
        f"It decides {found.matched:,} row{'' if found.matched == 1 else 's'}, {len(found.rows):,} of them otherwise "
        f"than without it; {found.decided:,} you decided yourself stay as they are."
    )
    return "\n\n".join(parts)


def _line(line: LineSum) -> dict[str, Any]:
    return {
        "kind": line.kind, "line": line.line, "before_cents": line.before_cents, "before_count": line.before_count,
        "after_cents": line.after_cents, "after_count": line.after_count,
    }  # fmt: skip


def _history(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import rule_history  # noqa: PLC0415

    found = rule_history.of(session.books, arguments.id)
    rows = [(each.operation, each.at[:16].replace("T", " "), each.actor, each.rule_id, each.what) for each in found]
    text = table(("operation", "at (UTC)", "by", "rule", "what"), rows, right=(0, 3))
    session.emit({"changes": [_change(each) for each in found]}, text or "No rule was ever made.")
    return 0


def _change(change: Change) -> dict[str, Any]:
    return {
        "operation": change.operation, "at": change.at, "actor": change.actor, "rule_id": change.rule_id,
        "what": change.what, "undone_by": change.undone_by,
    }  # fmt: skip


def _tested(row: TestedRow) -> dict[str, Any]:
    return {
        "transaction_id": row.transaction_id,
        "before": {"kind": row.before[0], "line": row.before[1]},
        "after": {"kind": row.after[0], "line": row.after[1]},
    }


def _remove(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import rules  # noqa: PLC0415

    outcome = rules.remove(session.books, arguments.id, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, rules=_rules(session))
