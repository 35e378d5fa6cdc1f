"""`backup create`, `list`, `verify`, `restore`, `test`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.arguments import add_dry_run
from app.cli.output import printable, table
from app.cli.session import Session

if TYPE_CHECKING:
    from app.core.security.backup_facts import Compared
    from app.services.backup.backups import Listed

_SHOWN_AFTER = 1.0
"""Seconds after which it is shown how far the work is."""


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    create = verbs.add_parser("create", help="make a backup and prove it by opening it")
    create.add_argument("--out", metavar="FILE", help="write it here, for another disk; a folder gets the usual name")
    create.add_argument("--full", action="store_true", help="pack the receipts into the one file too")
    create.set_defaults(run=_create)
    listed = verbs.add_parser("list", help="the backups in the home folder; needs no key")
    listed.set_defaults(run=_list)
    verify = verbs.add_parser("verify", help="check every byte and what it holds")
    verify.add_argument("file", metavar="FILE")
    verify.set_defaults(run=_verify)
    restore = verbs.add_parser("restore", help="put a backup back")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--into", metavar="DIR", help="into a new home folder instead of this one")
    restore.add_argument(
        "--replace-other", action="store_true", help="put it in the place of other books than those it was made of"
    )
    add_dry_run(restore)
    restore.set_defaults(run=_restore)
    for name in ("test", "drill"):
        test = verbs.add_parser(name, help="restore one beside the books, compare, remove it again")
        test.add_argument("file", metavar="FILE", nargs="?", help="the newest if none is named")
        test.set_defaults(run=_test)


class _Progress:
    """Shows how far the work is, with rate and remaining time, once it takes longer than a second."""

    def __init__(self, session: Session) -> None:
        self._on = sys.stderr.isatty() and not session.options.quiet
        self._began = self._told = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        if not self._on:
            return
        now = time.monotonic()
        if now - self._began < _SHOWN_AFTER or now - self._told < 0.1:
            return
        self._told, self._shown = now, True
        share = done / total if total else 1.0
        left = (now - self._began) * (1 - share) / share if share else 0.0
        sys.stderr.write(f"\r{share:4.0%}  {left:.0f} s left\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _create(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.backup import backups  # noqa: PLC0415

    out = Path(arguments.out).expanduser() if arguments.out else None
    progress = _Progress(session)
    made = backups.create(session.books, reason="asked", out=out, full=arguments.full, step=progress)
    progress.end()
    body = {
        "file": str(made.file), "created": made.created, "reason": made.reason, "rows": made.rows,
        "totals_equal": made.totals_equal, "audit_head": _head(made.audit_seq, made.audit_mac),
        "portable": made.portable, "opens_with": list(made.opens_with), "full": made.full,
        "receipts": made.receipts, "damaged_receipts": list(made.damaged_receipts), "bytes": made.size,
        "sha256": made.sha256,
    }  # fmt: skip
    lines = [
        (
            f"Made {printable(made.file.name)} ({_size(made.size)}) and proved it: opened afresh, {made.rows:,} "
            "transactions, all totals and the audit log equal."
        ),
        _opens(made.portable, made.opens_with),
    ]
    if made.damaged_receipts:
        lines.append(f"{len(made.damaged_receipts)} receipt files in the home folder are damaged and not in it.")
    session.emit(body, "\n".join(lines))
    return 0


def _list(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.backup import backups  # noqa: PLC0415

    rows: dict[Path, int] = {}
    if session.gave_a_way_to_unlock:
        rows = backups.rows_of(session.home, session.wiring.unlock(session.options), session.wiring.keychain)
    found = backups.listed(session.home)
    body = {
        "backups": [_listed(each, rows.get(each.file)) for each in found],
        "replaced": [str(path) for path in backups.replaced(session.home)],
    }
    cells = [
        (
            each.file.name,
            each.header.created[:19].replace("T", " ") if each.header else "",
            each.header.reason if each.header else "",
            _size(each.size),
            _ways(each.header.opens_with)
            if each.header
            else f"damaged: {each.trouble.message if each.trouble else ''}",
        )
        for each in found
    ]
    session.emit(
        body, table(("file", "made (UTC)", "why", "size", "opens with"), cells, right=(3,)) or "No backups yet."
    )
    return 0


def _listed(each: Listed, rows: int | None) -> dict[str, Any]:
    header = each.header
    return {
        "file": str(each.file),
        "ok": header is not None,
        "trouble": None if each.trouble is None else {"code": each.trouble.code, "message": each.trouble.message},
        "created": header.created if header else None,
        "reason": header.reason if header else None,
        "rows": rows,
        "totals_equal": None,
        "audit_head": _head(header.audit_seq, header.audit_mac) if header else None,
        "portable": header.portable if header else None,
        "opens_with": list(header.opens_with) if header else [],
        "books": header.uuid if header else None,
        "books_format": header.schema_version if header else None,
        "generation": header.generation if header else None,
        "full": header.full if header else None,
        "receipts": len(header.receipts) if header else None,
        "bytes": each.size,
    }


def _verify(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.backup import backups  # noqa: PLC0415

    progress = _Progress(session)
    found = backups.verify(
        Path(arguments.file).expanduser(), session.wiring.unlock(session.options), keychain=session.wiring.keychain,
        home=session.home, step=progress,
    )  # fmt: skip
    progress.end()
    header, everything = found.header, (*found.compared, *found.sound)
    body = {
        "file": str(found.file), "ok": found.ok, "created": header.created, "reason": header.reason,
        "rows": found.rows, "totals_equal": found.totals_equal, "sound": all(each.equal for each in found.sound),
        "audit_head": _head(header.audit_seq, header.audit_mac), "portable": header.portable,
        "opens_with": list(header.opens_with), "books": header.uuid, "books_format": header.schema_version,
        "receipts": len(header.receipts), "missing_receipts": list(found.missing_receipts),
        "compared": _compared(everything), "sha256": found.sha256,
    }  # fmt: skip
    lines = [
        (
            f"{'Whole' if found.ok else 'NOT WHOLE'}: {found.rows:,} transactions of {header.created[:10]}, "
            f"{sum(each.equal for each in everything)} of {len(everything)} comparisons equal."
        ),
        _opens(header.portable, header.opens_with),
    ]
    lines += [f"Not equal: {each.what}: {each.expected} then, {each.found} now." for each in _unequal(everything)]
    lines += [f"The receipt {name[:16]} is missing or damaged." for name in found.missing_receipts]
    session.emit(body, "\n".join(lines))
    return 0 if found.ok else 1


def _restore(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.backup import restores  # noqa: PLC0415

    if not (arguments.into or arguments.dry_run):
        session.refuse_read_only()
    home = Path(arguments.into).expanduser() if arguments.into else session.home
    progress = _Progress(session)
    done = restores.restore(
        Path(arguments.file).expanduser(), home, session.wiring.unlock(session.options),
        keychain=session.wiring.keychain, clock=session.wiring.clock(session.options.today, "UTC"),
        into_new=bool(arguments.into), replace_other=arguments.replace_other, dry_run=arguments.dry_run, step=progress,
    )  # fmt: skip
    progress.end()
    body = {
        "file": str(done.file), "home": str(done.home), "created": done.created, "rows": done.rows,
        "totals_equal": all(each.equal for each in done.compared), "audit_head": _head(done.audit_seq, done.audit_mac),
        "portable": done.portable, "replaced": str(done.replaced) if done.replaced else None,
        "backup_before": str(done.safety) if done.safety else None, "receipts": done.receipts,
        "missing_receipts": list(done.missing_receipts), "operation": None, "dry_run": done.dry_run,
    }  # fmt: skip
    lines = [
        (
            f"{'Would restore' if done.dry_run else 'Restored'} {done.rows:,} transactions of {done.created[:10]} "
            f"into {printable(str(done.home))}."
        )
    ]
    if done.replaced:
        lines.append(f"What was there is kept for 30 days: backups/{printable(done.replaced.name)}")
    lines += [f"The receipt {name[:16]} was not found." for name in done.missing_receipts]
    session.emit(body, "\n".join(lines))
    return 0


def _test(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.backup import drills  # noqa: PLC0415
    from app.services.books.open_books import Unlock  # noqa: PLC0415

    books = session.books
    progress = _Progress(session)
    path = Path(arguments.file).expanduser() if arguments.file else None
    found = drills.drill(
        session.home, path, Unlock(key_hex=books.key_hex()), keychain=session.wiring.keychain, clock=books.clock,
        books=books, step=progress,
    )  # fmt: skip
    progress.end()
    body = {
        "file": str(found.file), "ok": found.ok, "created": found.created, "rows": found.rows,
        "totals_equal": all(each.equal for each in found.compared),
        "audit_head": _head(found.audit_seq, found.audit_mac), "portable": found.portable,
        "opens_with": list(found.opens_with), "compared": _compared(found.compared), "since": _compared(found.since),
        "missing_receipts": list(found.missing_receipts),
    }  # fmt: skip
    cells = [(each.what, each.expected, each.found, "equal" if each.equal else "NOT EQUAL") for each in found.compared]
    lines = [
        f"Restored {printable(found.file.name)} into a folder of its own, opened it, compared it, removed it.",
        "",
        table(("compared", "written down", "restored", ""), cells),
        "",
        _opens(found.portable, found.opens_with),
    ]
    if found.since:
        lines.append("Changed in the books since: " + ", ".join(each.what for each in found.since) + ".")
    session.emit(body, "\n".join(lines))
    return 0 if found.ok else 1


def _head(seq: int, mac: str) -> dict[str, int | str]:
    return {"seq": seq, "mac": mac}


def _compared(compared: Iterable[Compared]) -> list[dict[str, Any]]:
    return [
        {"what": each.what, "expected": each.expected, "found": each.found, "equal": each.equal} for each in compared
    ]


def _unequal(compared: Iterable[Compared]) -> list[Compared]:
    return [each for each in compared if not each.equal]


def _opens(portable: bool, ways: tuple[str, ...]) -> str:  # noqa: FBT001 - a sentence about it
    if portable:
        return f"It opens on any computer with the {_ways(ways)} valid on that day."
    return "It opens only on this computer: make a recovery key, then back up again."


def _ways(ways: tuple[str, ...]) -> str:
    return " or the ".join(ways)


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB"
