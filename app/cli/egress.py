"""`egress`: what left this machine."""

from __future__ import annotations

import argparse

from app.cli.arguments import count
from app.cli.output import table
from app.cli.session import Session


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=count, default=50, metavar="N", help="so many, newest first; 0 = all")
    parser.set_defaults(run=_egress)


def _egress(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import egress_list  # noqa: PLC0415

    found = egress_list.listed(session.books, limit=arguments.limit)
    body = {
        "rows": [each._asdict() for each in found.rows], "count": found.entries, "sent": found.sent,
        "received": found.received,
    }  # fmt: skip
    if not found.entries:
        session.emit(body, "Nothing has left this machine.")
        return 0
    cells = [(e.at, e.host, e.purpose, f"{e.sent:,}", f"{e.received:,}", e.allowed_by) for e in found.rows]
    text = table(("when (UTC)", "host", "purpose", "bytes sent", "bytes received", "allowed by"), cells, right=(3, 4))
    session.emit(body, f"{text}\n\n{found.entries:,} entries; {found.sent:,} bytes sent, {found.received:,} received.")
    return 0
