"""`audit`: the log of what was done, its proof, and saying that older books are the right ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.arguments import count
from app.cli.output import table
from app.cli.session import Session


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="entries of the last ninety days, newest first")
    listed.add_argument("--limit", type=count, default=200, metavar="N")
    listed.add_argument("--all", action="store_true", help="sealed months too")
    listed.set_defaults(run=_list)
    verify = verbs.add_parser("verify", help="check every entry, the notes kept outside the books, and the rows")
    verify.set_defaults(run=_verify)
    export = verbs.add_parser("export", help="write every entry to a new file, one line of JSON each")
    export.add_argument("--out", required=True, metavar="FILE", type=Path)
    export.set_defaults(run=_export)
    accept = verbs.add_parser("accept", help="say that older books are the right ones, for example after a restore")
    accept.set_defaults(run=_accept)


def _list(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.audit import audit_log  # noqa: PLC0415

    show = audit_log.listed if arguments.all else audit_log.in_view
    found = show(session.books, arguments.limit)
    cells = [(e.seq, e.at[:19].replace("T", " "), e.event, e.actor, e.result, e.body) for e in found]
    session.emit(
        {"entries": [audit_log.entry_body(entry) for entry in found]},
        table(("seq", "at (UTC)", "event", "actor", "result", "fields"), cells, right=(0,)),
    )
    return 0


def _verify(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.audit import audit_log  # noqa: PLC0415
    from app.services.integrity import health  # noqa: PLC0415

    books = session.books
    state = audit_log.verify(books)
    # The log states a sum of all rows: a page of an earlier day that was put back breaks it, and no entry.
    found = None
    if state.first_bad_seq is None:
        found = health.check(books, deep=False, tell=session.progress, without=health.OF_THE_LOG)
    rows_ok = found.ok if found else None
    troubles = [finding.said for finding in found.troubles] if found else []
    body = {
        "ok": state.ok and rows_ok is not False, "rows_ok": rows_ok, "troubles": troubles,
        "entries": state.entries, "first_bad_seq": state.first_bad_seq, "anchor_ok": state.anchor_ok,
        "keychain_anchor_ok": state.keychain_anchor_ok, "segments": state.segments, "anchor": str(state.anchor),
        "keychain_anchor": str(state.keychain_anchor), "sentence": " ".join([state.sentence, *troubles]),
    }  # fmt: skip
    session.emit(body, "\n".join([state.sentence, *troubles]))
    return 0 if body["ok"] else 1


def _export(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.audit import audit_log  # noqa: PLC0415

    path: Path = arguments.out.expanduser()
    entries = audit_log.save(session.books, path)
    session.emit({"file": str(path), "entries": entries}, f"Wrote {entries} entries.")
    return 0


def _accept(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.audit import anchor  # noqa: PLC0415
    from app.services.integrity import accepting  # noqa: PLC0415

    found = accepting.accept(session.books)
    done = found.standing is not anchor.Standing.HOLDS
    was_older = found.seen is not None and found.seen > found.seq
    text = f"These books count as the newest from now on, at entry {found.seq}."
    if not done:
        text = "There is nothing to accept: no note outside the books contradicts them."
    if was_older:
        text += f" The note told of entry {found.seen}."
    session.emit({"accepted": done, "was": str(found.standing), "seen": found.seen, "seq": found.seq}, text)
    return 0
