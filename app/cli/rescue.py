"""`rescue`: damaged books."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.output import table
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.integrity.rescue import Written


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("status", help="say what is wrong and what can be done").set_defaults(run=_status)
    restore = verbs.add_parser("restore", help="put back the newest backup that holds, or the one named")
    restore.add_argument("file", metavar="FILE", nargs="?")
    restore.set_defaults(run=_restore)
    verbs.add_parser("keys", help="put back only ops.keys, from the newest backup that fits").set_defaults(run=_keys)
    export = verbs.add_parser("export", help="write what is readable as CSV files")
    export.add_argument("--out", metavar="DIR", required=True)
    export.set_defaults(run=_export)
    verbs.add_parser("accept", help="go on with the books as they are").set_defaults(run=_accept)
    verbs.add_parser("repair", help="add up the month totals again").set_defaults(run=_repair)


def _status(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.integrity import rescue  # noqa: PLC0415

    books, trouble = rescue.trouble_of(lambda: session.rescued)
    backups = [path.name for path in rescue.backups_of(session.home)]
    of_keys = trouble is not None and trouble.code in {"keys_damaged", "keys_missing"}
    ways = ["keys"] * (of_keys and bool(backups)) + ["restore"] * bool(backups)
    ways += ["export"] * bool(books) + ["read", "accept"] * (bool(books) and not of_keys)
    body = {
        "damaged": trouble is not None,
        "code": trouble.code if trouble else None,
        "message": trouble.message if trouble else None,
        "opens": books is not None,
        "backups": backups,
        "ways": ways if trouble else [],
    }
    words = {
        "keys": "ops1099 rescue keys                puts back ops.keys alone; no change is lost",
        "restore": f"ops1099 rescue restore            puts back {backups[0] if backups else ''}",
        "export": "ops1099 rescue export --out DIR    writes what is readable as CSV files",
        "read": "ops1099 --read-only …              reads what is readable",
        "accept": "ops1099 rescue accept              goes on without changes that are gone",
    }
    lines = [trouble.message, "", *(words[way] for way in ways)] if trouble else ["No damage is known of these books."]
    session.emit(body, "\n".join([*lines, "", "Check everything: ops1099 doctor"]))
    return trouble.exit_code if trouble else 0


def _restore(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.integrity import rescue  # noqa: PLC0415

    session.refuse_read_only()
    wiring, options = session.wiring, session.options
    file = Path(arguments.file).expanduser() if arguments.file else None
    used, bad = rescue.restore_newest(
        session.home, wiring.unlock(options), keychain=wiring.keychain, clock=wiring.clock(options.today, "UTC"),
        file=file,
    )  # fmt: skip
    body = {"file": str(used), "passed_over": [{"file": str(path), "message": said} for path, said in bad]}
    session.emit(body, f"Put back {used.name}. The damaged books were set aside beside it.")
    return 0


def _keys(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.integrity import rescue  # noqa: PLC0415

    session.refuse_read_only()
    wiring, options = session.wiring, session.options
    used = rescue.restore_keys(
        session.home, wiring.unlock(options), keychain=wiring.keychain, clock=wiring.clock(options.today, "UTC")
    )
    text = f"Put ops.keys back from {used.name}. What opened the books on its day opens them again."
    session.emit({"file": str(used)}, text)
    return 0


def _export(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.integrity import rescue  # noqa: PLC0415

    written = rescue.export(session.rescued, Path(arguments.out).expanduser())
    body = {
        "out": arguments.out,
        "files": [
            {"name": w.name, "rows": w.rows, "unreadable": [list(span) for span in w.unreadable]} for w in written
        ],
        "complete": not any(w.unreadable for w in written),
    }
    cells = [(w.name, w.rows, _spans(w)) for w in written if w.rows or w.unreadable]
    session.emit(body, table(("file", "rows", "numbers that cannot be read"), cells, right=(1,)))
    return 0


def _spans(written: Written) -> str:
    return ", ".join(f"{first}–{last}" for first, last in written.unreadable)


def _accept(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.integrity import rescue  # noqa: PLC0415

    missing = rescue.accept(session.rescued)
    text = (
        f"{missing} You go on with the books as they are."
        if missing
        else "Nothing is missing; the books were open as they are."
    )
    session.emit({"accepted": missing is not None, "message": missing}, text)
    return 0


def _repair(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.integrity import rescue  # noqa: PLC0415

    done = rescue.repair(session.rescued)
    text = "The month totals were added up again from the transactions." if done else "There is nothing to repair."
    session.emit({"repaired": ["month_totals"] if done else []}, text)
    return 0
