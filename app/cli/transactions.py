"""`transactions`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from app.cli.arguments import add_dry_run, cents, count, day, done, done_text, key_values, number, told, year
from app.cli.output import confidence, cut, money, percent_json, printable, table
from app.cli.output import day as shown_day
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.classify.remembered import Memory
    from app.services.ledger.listing import Filter


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="list transactions, newest first")
    for name in ("--account", "--text", "--line", "--kind", "--status", "--business"):
        listed.add_argument(name)
    listed.add_argument("--year", type=year)
    listed.add_argument("--from", dest="first", metavar="DATE")
    listed.add_argument("--to", dest="last", metavar="DATE")
    listed.add_argument("--limit", type=count, metavar="N")
    listed.add_argument("--after", type=number, metavar="ID")
    listed.add_argument("--format", choices=["json", "csv"])
    listed.set_defaults(run=_list)
    add = verbs.add_parser("add", help="enter a row by hand, such as cash")
    add.add_argument("--date", required=True)
    add.add_argument("--amount", required=True, help="dollars; money out is negative")
    add.add_argument("--account", required=True)
    add.add_argument("--description", required=True)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="kind, line, business_percent, business, merchant, note, tags, date")
    change.add_argument("id", type=number)
    change.add_argument("pairs", nargs="+", metavar="K=V")
    mode = change.add_mutually_exclusive_group()
    mode.add_argument("--always", action="store_true", help="book this merchant so from now on")
    mode.add_argument("--ask-each-time", action="store_true", help="settle this row, ask about the next ones")
    change.set_defaults(run=_set)
    split = verbs.add_parser("split", help="split into AMOUNT:KIND:LINE[:PERCENT] …")
    split.add_argument("id", type=number)
    split.add_argument("parts", nargs="+", metavar="PART")
    split.set_defaults(run=_split)
    unsplit = verbs.add_parser("unsplit", help="join a split row again")
    unsplit.add_argument("id", type=number)
    unsplit.set_defaults(run=_unsplit)
    link = verbs.add_parser("link", help="say that two rows belong together")
    link.add_argument("--type", required=True)
    for verb, text in (
        ("unlink", "take a link back"),
        ("merge", "two rows are one"),
        ("not-duplicate", "two stay two"),
    ):
        verbs.add_parser(verb, help=text).set_defaults(run=_relate)
    link.set_defaults(run=_relate)
    delete = verbs.add_parser("delete", help="delete rows; no import brings them back")
    delete.add_argument("ids", type=number, nargs="+")
    delete.add_argument("--reason", required=True)
    delete.set_defaults(run=_delete)
    restore = verbs.add_parser("restore", help="bring a deleted row back")
    restore.add_argument("id", type=number)
    restore.set_defaults(run=_restore)
    explain = verbs.add_parser("explain", help="why a row is booked as it is")
    explain.add_argument("id", type=number)
    explain.set_defaults(run=_explain)
    for verb in ("link", "unlink", "merge", "not-duplicate"):
        for name in ("first", "second"):
            verbs.choices[verb].add_argument(name, type=number, metavar="ID")
    for verb in ("add", "set", "split", "unsplit", "link", "unlink", "merge", "not-duplicate", "delete", "restore"):
        add_dry_run(verbs.choices[verb])


# --- listing ----------------------------------------------------------------------------------------------------------


def _list(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import listing  # noqa: PLC0415

    books = session.books
    wanted = listing.wanted(
        books, year=arguments.year, first=day(arguments.first), last=day(arguments.last), account=arguments.account,
        text=arguments.text, line=arguments.line, kind=arguments.kind, status=arguments.status,
        business=arguments.business, after=arguments.after,
    )  # fmt: skip
    if arguments.format == "csv":
        return _csv(session, wanted, arguments.limit or 0)
    limit = 200 if arguments.limit is None else arguments.limit
    if session.options.json or arguments.format == "json":
        from app.cli import output, transaction_rows  # noqa: PLC0415

        found = listing.page(books, wanted, limit)
        texts = list(transaction_rows.as_json(found.rows))
        output.emit_ready("transactions", texts, {"total_count": found.total, "total_cents": found.cents})
        return 0
    page = listing.page(books, wanted, limit)
    cells = [
        (
            row.id, shown_day(row.tax_date), row.account, row.merchant or cut(row.text, 40),
            money(row.cents, row.currency), row.kind, row.line, row.status,
        )
        for row, _, _ in page.rows
    ]  # fmt: skip
    head = ("id", "date", "account", "merchant", "amount", "kind", "line", "status")
    more = f"\n{len(cells)} of {page.total} rows, {money(page.cents)} in all."
    session.emit({}, table(head, cells, right=(0, 4)) + more if cells else "No transactions match.")
    return 0


def _csv(session: Session, wanted: Filter, limit: int) -> int:
    from app.services.ledger import listing  # noqa: PLC0415

    listing.write_csv(session.books, wanted, limit, sys.stdout.buffer)
    return 0


# --- changes ----------------------------------------------------------------------------------------------------------


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import transactions  # noqa: PLC0415

    outcome, number = transactions.add(
        session.books, date=arguments.date, cents=cents(arguments.amount), account_selector=arguments.account,
        description=arguments.description, dry_run=arguments.dry_run,
    )  # fmt: skip
    return told(session, outcome, arguments, id=number)


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import alike  # noqa: PLC0415
    from app.services.ledger import transactions  # noqa: PLC0415

    books, number, dry = session.books, arguments.id, arguments.dry_run
    values, memory = key_values(arguments.pairs), None
    equal = alike.others_like(books, number)
    if arguments.always or arguments.ask_each_time:
        from app.services.classify import remembered  # noqa: PLC0415 - the whole memory, for answers that are kept

        outcome, memory = remembered.learn_from(books, number, values, ask=arguments.ask_each_time, dry_run=dry)
    else:
        outcome = transactions.set_values(books, number, values, dry_run=dry)
    text = done_text(outcome, arguments)
    if memory is not None:
        from app.services.classify import remembered  # noqa: PLC0415 - loaded above

        text += f"\n{printable(remembered.told(memory))}"
    elif equal and not session.options.json and {"kind", "line", "business_percent"} & set(values):
        from app.core.books.naming import counted  # noqa: PLC0415 - the words of the form, which no list needs

        text += f"\n{counted(len(equal), 'more row')} like it; book them so from now on with --always."
    learned = None if memory is None else _learned(memory)
    session.emit(done(outcome, arguments, learned=learned, equal_rows=len(equal)), text)
    return 0


def _learned(memory: Memory) -> dict[str, Any]:
    return {
        "merchant": memory.name,
        "direction": "in" if memory.sign > 0 else "out",
        "account_id": memory.account_id,
        "account": memory.account,
        "kind": memory.kind,
        "line": memory.line,
        "business_percent": percent_json(memory.percent),
        "ask": memory.ask,
    }


def _split(session: Session, arguments: argparse.Namespace) -> int:
    from app.core.errors import Refused  # noqa: PLC0415
    from app.services.ledger import transactions, typed_values  # noqa: PLC0415

    parts = []
    for typed in arguments.parts:
        fields = typed.split(":")
        if not 3 <= len(fields) <= 4:
            raise Refused(f"“{typed}” is not a part.", "Write AMOUNT:KIND:LINE or AMOUNT:KIND:LINE:PERCENT.")
        kind = typed_values.check_kind(fields[1])
        parts.append(
            transactions.Part(
                cents=cents(fields[0]), kind=kind, line=typed_values.line_for(kind, fields[2]),
                percent=typed_values.percent(fields[3]) if len(fields) == 4 else 10_000,
            )
        )  # fmt: skip
    outcome = transactions.split(session.books, arguments.id, parts, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _unsplit(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import transactions  # noqa: PLC0415

    outcome = transactions.unsplit(session.books, arguments.id, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _relate(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import row_links  # noqa: PLC0415

    books, first, second, dry = session.books, arguments.first, arguments.second, arguments.dry_run
    if arguments.verb == "link":
        outcome = row_links.link(books, first, second, arguments.type, dry_run=dry)
    elif arguments.verb == "unlink":
        outcome = row_links.unlink(books, first, second, dry_run=dry)
    elif arguments.verb == "merge":
        outcome = row_links.merge(books, first, second, dry_run=dry)
    else:
        outcome = row_links.not_duplicate(books, first, second, dry_run=dry)
    return told(session, outcome, arguments)


def _delete(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import transactions  # noqa: PLC0415

    outcome = transactions.delete(session.books, arguments.ids, arguments.reason, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _restore(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ledger import transactions  # noqa: PLC0415

    outcome = transactions.restore(session.books, arguments.id, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _explain(session: Session, arguments: argparse.Namespace) -> int:
    from app.cli.changes import change_json, change_text  # noqa: PLC0415
    from app.services.classify import explaining  # noqa: PLC0415

    found = explaining.explain(session.books, arguments.id)
    runner = found.runner_up
    body = {
        "id": found.row.id,
        "sentence": found.sentence,
        "decided": found.decided or None,
        "said_at": found.said_at.isoformat() if found.said_at else None,
        "steps": list(found.steps),
        "runner_up": runner.label if runner else None,
        "runner_up_is": None if runner is None else {
            "kind": runner.kind, "line": runner.line, "confidence": confidence(runner.confidence),
        },
        "order": [
            {
                "step": step.step, "title": step.title, "speaks": step.speaks, "decided": step.decided,
                "kind": step.kind if step.speaks else None, "line": step.line if step.speaks else None,
                "confidence": confidence(step.confidence) if step.speaks else None, "reason": step.text,
            }
            for step in found.order
        ],
        "links": [
            {
                "type": link.type, "transaction_id": link.transaction_id, "date": shown_day(link.day),
                "cents": link.cents, "account": link.account, "reason": link.reason,
                "by": "you" if link.by_person else "program", "certain": link.certain,
                "fee_cents": link.fee_cents, "score": link.score, "margin": link.margin,
                "runner_up": None if link.rival is None else {
                    "transaction_id": link.rival.other_id, "score": link.rival.score, "reason": link.rival.reason,
                },
            }
            for link in found.links
        ],
        "rules": [
            {
                "id": rule.id, "order": rule.order, "text": rule.text, "then": rule.leads_to, "decided": rule.decided,
            }
            for rule in found.rules
        ],
        "would_change": [change_json(change) for change in found.changes],
    }  # fmt: skip
    others = [f"Also fits: your rule {rule.id} for {rule.text}: {rule.leads_to}" for rule in found.rules[1:]]
    text = "\n".join([
        printable(found.sentence), *(f"- {printable(step)}" for step in found.steps),
        f"Runner-up: {runner.label if runner else 'none'}",
        *(f"{'*' if step.decided else ' '} {step.title}: {step.says}" for step in found.order),
        *map(printable, others), *(f"Would change it: {printable(change_text(change))}" for change in found.changes),
    ])  # fmt: skip
    session.emit(body, text)
    return 0
