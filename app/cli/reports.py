"""`report`, `cashflow`, `export`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.cli import arguments as typed
from app.cli.output import money, printable, table
from app.cli.session import Session


def build(noun: str, parser: argparse.ArgumentParser) -> None:
    if noun == "cashflow":
        parser.add_argument("--from", dest="first", metavar="D")
        parser.add_argument("--to", dest="last", metavar="D")
        parser.add_argument("--by", choices=["month"], default="month")
        parser.set_defaults(run=_cash_flow)
        return
    verbs = parser.add_subparsers(dest="verb")
    if noun == "report":
        for name, text, run in (
            ("pnl", "profit and loss by month", _pnl),
            ("schedule-c", "Schedule C lines", _schedule),
            ("ledger", "general ledger", _ledger),
            ("1099", "forms 1099 received against the books", _forms),
        ):
            verb = verbs.add_parser(name, help=text)
            verb.add_argument("--year", type=typed.year)
            verb.add_argument("--format", choices=["json", "csv"])
            verb.add_argument("--out", metavar="FILE")
            verb.set_defaults(run=run)
        return
    pack = verbs.add_parser("accountant", help="write the pack")
    pack.add_argument("--year", type=typed.year)
    pack.add_argument("--out", required=True, metavar="DIR_OR_ZIP")
    pack.add_argument("--as-of", metavar="D")
    pack.add_argument("--initials", action="store_true", help="show clients by their initials only")
    pack.set_defaults(run=_export)
    verify = verbs.add_parser("verify", help="check a pack against its manifest")
    verify.add_argument("pack", metavar="PACK")
    verify.set_defaults(run=_verify)


def _answer(
    session: Session, arguments: argparse.Namespace, body: dict[str, Any], header: Sequence[str],
    rows: Iterable[Sequence[object]], text: str,
) -> int:  # fmt: skip
    """Answer as a table, an object or a CSV, to stdout or to a new file."""
    if arguments.format == "csv":
        _write(arguments.out, _csv_text(header, rows))
    elif arguments.out:
        import json  # noqa: PLC0415

        _write(arguments.out, json.dumps(body, ensure_ascii=False) + "\n")
    elif arguments.format == "json" and not session.options.json:
        from app.cli import output  # noqa: PLC0415

        output.emit(body, as_json=True, text="")
    else:
        session.emit(body, text)
    return 0


def _csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    import csv  # noqa: PLC0415 - only for CSV
    import io  # noqa: PLC0415

    from app.services.report import reports  # noqa: PLC0415

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([reports.guarded(cell) for cell in row] for row in rows)
    return "\ufeff" + stream.getvalue()


def _write(target: str | None, text: str) -> None:
    from app.services.program import saving  # noqa: PLC0415

    if target is None:
        sys.stdout.write(text)
    else:
        saving.write_file(Path(target), text.encode())


def _pnl(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.report import reports  # noqa: PLC0415

    year = session.year(arguments)
    rows = reports.profit_and_loss(session.books, year)
    income = sum(row.total_cents for row in rows if row.line in {"C1", "C2", "C6"})
    total = sum(row.total_cents for row in rows)
    body = {
        "year": year,
        "rows": [
            {
                "line": row.line, "label": row.label, "kind": row.kind, "months_cents": row.months_cents,
                "total_cents": row.total_cents, "count": row.count,
            }
            for row in rows
        ],
        "totals": {"income_cents": income, "expense_cents": total - income, "net_cents": total},
    }  # fmt: skip
    cells = [(row.line, row.label, row.kind, money(row.total_cents), row.count) for row in rows]
    text = table(("line", "what", "kind", "total", "rows"), cells, right=(3, 4)) + f"\nNet {money(total)}"
    flat = [(row.line, row.label, row.kind, *map(_dollars, row.months_cents), _dollars(row.total_cents), row.count)
            for row in rows]  # fmt: skip
    header = ("line", "label", "kind", *(f"{year}-{m:02d}" for m in range(1, 13)), "total", "rows")
    return _answer(session, arguments, body, header, flat, text)


def _dollars(cents: int) -> str:
    from app.core.money import dollars  # noqa: PLC0415

    return dollars(cents)


def _schedule(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.report import reports, schedule_report  # noqa: PLC0415
    from app.services.review import questions as review  # noqa: PLC0415
    from app.services.tax import taxes  # noqa: PLC0415

    year, day = taxes.as_of_day(session.books, session.year(arguments), None)
    form = reports.schedule(session.books, year)
    parts = [schedule_report.contract(each) for each in schedule_report.by_business(session.books, year)]
    net, _ = taxes.net_profit(session.books, year, day)
    body = {
        "year": year,
        "lines": [
            {
                "line": line.code, "printed_line": line.printed, "label": line.label, "cents": line.cents,
                "count": line.count, "limit_percent": line.limit / 100, "form_cents": line.form_cents,
            }
            for line in form.lines
        ],
        "net_profit_cents": form.net_profit_cents,
        "businesses": parts,
        "range": {"low_cents": net.low, "expected_cents": net.expected, "high_cents": net.high},
        "open_questions": review.count(session.books),
    }  # fmt: skip
    cells = [(line.printed, line.label, money(line.form_cents), line.count) for line in form.lines]
    text = (
        table(("line", "what", "amount", "rows"), cells, right=(2, 3))
        + f"\nNet profit {money(form.net_profit_cents)}"
        + "".join(_business_text(part) for part in parts if len(parts) > 1 or part["worksheet"])
    )
    flat = [(line.code, line.printed, line.label, _dollars(line.cents), line.count) for line in form.lines]
    return _answer(session, arguments, body, ("line", "printed_line", "label", "amount", "rows"), flat, text)


def _business_text(part: dict[str, Any]) -> str:
    """Return what stands behind the form of one business: its profit, Part IV, what is written off, open points."""
    name = printable(part["name"])
    said = [f"\n\n{name}: net profit {money(part['net_profit_cents'])}"]
    for each in part["part_iv"]:
        miles = [
            f"{kind} {'?' if each[f'{kind}_miles'] is None else each[f'{kind}_miles']}"
            for kind in ("business", "commuting", "other")
        ]
        said.append(
            f"Vehicle {printable(each['name'])}, in service {each['placed_in_service']}, "
            f"{each['method'] or 'no method chosen'}; miles: {', '.join(miles)}"
        )
    rows = [
        (row["name"], money(row["section_179_cents"]), money(row["bonus_cents"]), money(row["depreciation_cents"]),
         money(row["left_cents"]))
        for row in part["written_off"]
    ]  # fmt: skip
    if rows:
        said.append(table(("written off", "section 179", "bonus", "regular", "left"), rows, right=(1, 2, 3, 4)))
    left = [
        (name, part["carry_over"][key])
        for name, key in (
            ("home office costs", "home_office_operating_cents"),
            ("home office depreciation", "home_office_depreciation_cents"),
            ("section 179", "section_179_cents"),
        )
    ]
    said += [f"For next year, {name}: {money(cents)}" for name, cents in left if cents]
    said += [f"? {printable(question)}" for question in part["questions"]]
    said += [f"- {printable(note)}" for note in part["notes"]]
    return "\n".join(said)


def _ledger(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.report import pack_export  # noqa: PLC0415

    year = session.year(arguments)
    header = ("date", "entry_id", "account", "debit_cents", "credit_cents", "memo", "balance_cents")
    rows = list(pack_export.ledger_rows(session.books, year))
    body = {"year": year, "rows": [dict(zip(header, row, strict=True)) for row in rows]}
    shown = [(r[0], r[2], money(r[3]) if r[3] else "", money(r[4]) if r[4] else "", r[5][:40]) for r in rows]
    text = table(("date", "account", "debit", "credit", "memo"), shown, right=(2, 3))
    flat = [
        (r[0], r[1], r[2], *("" if c is None else _dollars(int(c)) for c in r[3:5]), r[5], _dollars(int(r[6] or 0)))
        for r in rows
    ]
    return _answer(session, arguments, body, [name.removesuffix("_cents") for name in header], flat, text)


def _forms(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import forms_1099  # noqa: PLC0415

    year = session.year(arguments)
    checked = forms_1099.check_year(session.books, year)
    body = {
        "year": year,
        "payers": [
            {
                "payer": row.payer,
                "payer_id": row.payer_id,
                "form": row.form,
                "reported_cents": row.reported_cents,
                "received_cents": row.received_cents,
                "bridge": [{"what": step.what, "cents": step.cents} for step in row.bridge],
                "difference_cents": row.difference_cents,
            }
            for row in checked.rows
        ],
        "reported_cents": checked.reported_cents,
        "received_cents": checked.received_cents,
        "without_name_cents": checked.nameless_cents,
        "differences": checked.open_count,
    }
    cells = [
        (
            printable(row.payer)[:32], row.form or "none recorded",
            "" if row.reported_cents is None else money(row.reported_cents), money(row.received_cents),
            "; ".join(f"{step.what} {money(step.cents)}" for step in row.bridge),
            _said(row.difference_cents),
        )
        for row in checked.rows
    ]  # fmt: skip
    text = table(("payer", "form", "reported", "in the books", "bridge", ""), cells, right=(2, 3))
    flat = [
        (row.payer, row.form or "", "" if row.reported_cents is None else _dollars(row.reported_cents),
         _dollars(row.received_cents), "; ".join(f"{step.what} {_dollars(step.cents)}" for step in row.bridge),
         "" if row.difference_cents is None else _dollars(row.difference_cents))
        for row in checked.rows
    ]  # fmt: skip
    header = ("payer", "form", "reported", "received", "bridge", "difference")
    return _answer(session, arguments, body, header, flat, text or f"Nobody paid in {year}.")


def _said(difference: int | None) -> str:
    """Return how a form stands: nothing here says that a form is right."""
    if difference is None:
        return ""
    return f"off by {money(difference)}" if difference else "matches your books"


def _cash_flow(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.report import reports  # noqa: PLC0415

    first, last = reports.months_asked(session.books, typed.day(arguments.first), typed.day(arguments.last))
    found = reports.cash_flow(session.books, first, last)
    body = {
        "periods": [
            {"start": p.start, "in_cents": p.in_cents, "out_cents": p.out_cents, "net_cents": p.net_cents}
            for p in found
        ],
        "balance": [
            {"account_id": number, "month": month, "cents": cents}
            for number, month, cents in reports.balances_by_month(session.books, first, last)
        ],
        "recurring": [],
        "runway_months": None,
    }
    cells = [(p.start[:7], money(p.in_cents), money(p.out_cents), money(p.net_cents)) for p in found]
    session.emit(body, table(("month", "in", "out", "net"), cells, right=(1, 2, 3)) or "Nothing in these months.")
    return 0


def _export(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.report import pack_export  # noqa: PLC0415
    from app.services.tax import taxes  # noqa: PLC0415

    given = typed.day(arguments.as_of)
    year, _ = taxes.as_of_day(session.books, arguments.year, given)
    made_for = given if given is not None else taxes.today(session.books)
    files, questions = pack_export.export_pack(session.books, year, Path(arguments.out), made_for,
                                           initials_only=arguments.initials)  # fmt: skip
    body = {
        "out": arguments.out,
        "year": year,
        "files": [{"name": f.name, "sha256": f.sha256, "rows": f.rows, "total_cents": f.total_cents} for f in files],
        "open_questions": questions,
    }
    cells = [(f.name, "" if f.rows is None else f.rows, money(f.total_cents)) for f in files]
    text = (
        table(("file", "rows", "total"), cells, right=(1, 2))
        + f"\n{questions} open questions. Written to {arguments.out}"
    )
    session.emit(body, text)
    return 0


def _verify(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.report import pack_export  # noqa: PLC0415

    checks = pack_export.verify_pack(Path(arguments.pack))
    good = all(check.ok for check in checks)
    body = {"ok": good, "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]}
    cells = [("ok" if c.ok else "WRONG", c.name, c.detail) for c in checks]
    session.emit(body, table(("", "check", "detail"), cells))
    return 0 if good else 1
