"""`history`, `undo`, `redo`, `audit`."""

from __future__ import annotations

import argparse
import json

from app.cli.arguments import add_dry_run, count, done, done_text, number
from app.cli.output import table
from app.cli.session import Session


def build(noun: str, parser: argparse.ArgumentParser) -> None:
    if noun == "history":
        parser.add_argument("--limit", type=count, default=200, metavar="N")
        parser.add_argument("--transaction", type=number, metavar="ID")
        parser.set_defaults(run=_history)
    elif noun == "undo":
        parser.add_argument("operation", type=number, nargs="?")
        add_dry_run(parser)
        parser.set_defaults(run=_undo)
    elif noun == "redo":
        add_dry_run(parser)
        parser.set_defaults(run=_redo)
    else:
        verbs = parser.add_subparsers(dest="verb")
        listed = verbs.add_parser("list", help="entries, newest first")
        listed.add_argument("--limit", type=count, default=200, metavar="N")
        listed.set_defaults(run=_audit_list)
        verify = verbs.add_parser("verify", help="check the chain and its anchor")
        verify.set_defaults(run=_audit_verify)


def _history(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import history  # noqa: PLC0415

    found = history.history(session.books, limit=arguments.limit, transaction_id=arguments.transaction)
    body = {
        "operations": [
            {"id": o.id, "at": o.at, "actor": o.actor, "label": o.label, "rows": o.rows, "undone_by": o.undone_by}
            for o in found
        ]
    }
    cells = [(o.id, o.at[:19].replace("T", " "), o.label, o.rows, o.undone_by or "") for o in found]
    session.emit(body, table(("id", "at (UTC)", "what", "rows", "undone by"), cells, right=(0, 3, 4)))
    return 0


def _undo(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import history  # noqa: PLC0415

    outcome = history.undo(session.books, arguments.operation, dry_run=arguments.dry_run)
    session.emit(done(outcome, arguments, rows=outcome.rows), done_text(outcome, arguments, "redo"))
    return 0


def _redo(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import history  # noqa: PLC0415

    outcome = history.redo(session.books, dry_run=arguments.dry_run)
    session.emit(done(outcome, arguments, rows=outcome.rows), done_text(outcome, arguments))
    return 0


def _audit_list(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import audit_log  # noqa: PLC0415

    found = audit_log.listed(session.books, arguments.limit)
    body = {
        "entries": [
            {
                "seq": e.seq, "at": e.at, "event": e.event, "actor": e.actor, "object_kind": e.object_kind,
                "object_id": e.object_id, "result": e.result, "body": json.loads(e.body), "mac": e.mac,
            }
            for e in found
        ]
    }  # fmt: skip
    cells = [(e.seq, e.at[:19].replace("T", " "), e.event, e.actor, e.body) for e in found]
    session.emit(body, table(("seq", "at (UTC)", "event", "actor", "fields"), cells, right=(0,)))
    return 0


def _audit_verify(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services import audit_log  # noqa: PLC0415

    state = audit_log.verify(session.books)
    body = {
        "ok": state.ok, "entries": state.entries, "first_bad_seq": state.first_bad_seq, "anchor_ok": state.anchor_ok,
    }  # fmt: skip
    session.emit(body, state.sentence)
    return 0 if state.ok else 1
