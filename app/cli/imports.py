"""`import`."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.arguments import key_values
from app.cli.output import day, money, printable, table
from app.cli.session import Session
from app.core.books.vocabulary import AccountKind, Role
from app.core.ingest.redact import mask

if TYPE_CHECKING:
    from app.services.ingest.imports import FileResult

_SHOWN = 20


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--account", metavar="NAME", help="into this account, made if new")
    parser.add_argument("--account-kind", choices=list(AccountKind), metavar="K", help=", ".join(AccountKind))
    parser.add_argument("--role", choices=list(Role), help="whose money a new account holds, if not what is usual")
    parser.add_argument("--format", choices=["auto", "ofx", "qif", "csv", "camt"], default="auto")
    parser.add_argument("--mapping", metavar="NAME", help="read a CSV by a saved mapping")
    parser.add_argument("--date-order", choices=["mdy", "dmy"], help="month or day first, where dates could be either")
    parser.add_argument(
        "--sign", choices=["signed", "flipped"], help="signed: charges are negative; flipped: charges are positive"
    )
    parser.add_argument(
        "--column", action="append", default=[], metavar="ROLE=NAME",
        help="what a column of an unknown CSV is: date, text, amount, debit, credit, balance",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    parser.set_defaults(run=_import)


def _import(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ingest import imports  # noqa: PLC0415

    options = imports.ImportOptions(
        account=arguments.account, account_kind=arguments.account_kind, role=arguments.role, format=arguments.format,
        mapping=arguments.mapping, date_order=arguments.date_order, sign=arguments.sign,
        columns=key_values(arguments.column) or None, dry_run=arguments.dry_run,
    )  # fmt: skip
    paths = [Path(name) for name in arguments.files]
    results = imports.import_files(session.books, paths, options, session.progress)
    session.progress(len(paths), len(paths))
    errors = [result.error for result in results if result.error is not None]
    if errors and len(results) == 1:
        raise errors[0]
    body: dict[str, Any] = {
        "files": [_file(result) for result in results],
        "operations": [result.operation for result in results if result.operation is not None],
        "operation": next((r.operation for r in reversed(results) if r.operation is not None), None),
        "dry_run": arguments.dry_run,
        "error": None,
    }
    if errors:
        body["error"] = {"code": errors[0].code, "message": errors[0].message, "hint": errors[0].hint or None}
    session.emit(body, _text(results))
    return errors[0].exit_code if errors else 0


def _file(result: FileResult) -> dict[str, Any]:
    error = result.error
    return {
        "file": mask(str(result.path)).text,
        "sha256": result.sha256 or None,
        "format": result.format,
        "layout": result.layout,
        "accounts": [
            {
                "id": a.account.id, "name": a.account.name, "made": a.made, "rows": a.rows, "added": a.added,
                "duplicates": a.duplicates, "first_date": day(a.first), "last_date": day(a.last),
                "sum_cents": a.sum_cents, "statement_balance_cents": a.statement_balance_cents,
                "balance_cents": a.balance_cents, "balance_ties": a.balance_ties,
            }
            for a in result.accounts
        ],
        "rows": result.rows,
        "added": result.added,
        "duplicates": result.duplicates,
        "skipped": [row._asdict() for row in result.skipped],
        "rejected": [row._asdict() for row in result.rejected],
        "notes": result.notes,
        "masked": result.masked,
        "sum_cents": sum(a.sum_cents for a in result.accounts),
        "operation": result.operation,
        "error": None if error is None else {"code": error.code, "message": error.message, "hint": error.hint or None},
    }  # fmt: skip


def _text(results: list[FileResult]) -> str:
    rows: list[tuple[object, ...]] = []
    details = []
    for result in results:
        name = printable(mask(result.path.name).text)
        if result.error is not None:
            rows.append((name, "refused", "", "", "", "", ""))
            details.append(f"{name}: {result.error.message} {result.error.hint}".rstrip())
            continue
        into = ", ".join(a.account.name for a in result.accounts)
        rows.append(
            (
                name, into, result.added, result.duplicates, len(result.skipped), len(result.rejected), result.masked,
            )
        )  # fmt: skip
        details += [f"{name}: {printable(note)}" for note in result.notes]
        details += [
            f"{name}, line {row.line}: not imported, {printable(row.reason)}" for row in result.rejected[:_SHOWN]
        ]
        why = Counter(row.reason for row in result.skipped)
        details += [f"{name}: {count} left out, {printable(reason)}" for reason, count in why.most_common()]
        if len(result.rejected) > _SHOWN:
            details.append(f"{name}: {len(result.rejected) - _SHOWN} more rows were not imported; see --json")
        for a in result.accounts:
            if a.balance_ties is False:
                details.append(
                    f"{a.account.name}: the statement says {money(a.statement_balance_cents)}, the books differ. "
                    "Look for a missing file or a doubled row: ops1099 accounts coverage"
                )
    head = ("file", "account", "added", "known", "skipped", "rejected", "masked")
    return "\n".join([table(head, rows, right=(2, 3, 4, 5, 6)), *details])
