"""`history`, `undo`, `redo`."""

from __future__ import annotations

import argparse

from app.cli.arguments import add_dry_run, count, number, told
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
    else:
        add_dry_run(parser)
        parser.set_defaults(run=_redo)


def _history(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.books import history  # noqa: PLC0415

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
    from app.services.books import history  # noqa: PLC0415

    outcome = history.undo(session.books, arguments.operation, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, back="redo", rows=outcome.rows)


def _redo(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.books import history  # noqa: PLC0415

    outcome = history.redo(session.books, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, rows=outcome.rows)
