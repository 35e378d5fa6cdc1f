"""`tax` and `reserve`."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import arguments as typed
from app.cli import tax_plan
from app.cli.output import cut, day, money, paint, printable, table
from app.cli.session import Session
from app.core.errors import Usage

if TYPE_CHECKING:
    from app.core.tax.cautions import CreditEnd
    from app.core.tax.model import Line
    from app.services.tax.taxes import Estimate


_SOME_FAILED = 3


def build(noun: str, parser: argparse.ArgumentParser) -> None:
    if noun == "reserve":
        parser.add_argument("--as-of", metavar="D")
        parser.add_argument("--mode", choices=["share", "annualized"], help="share of the year (default), or by period")
        parser.add_argument("--keep", action="store_true", help="keep what is shown: the money was moved")
        typed.add_dry_run(parser)
        parser.set_defaults(run=_reserve)
        return
    verbs = parser.add_subparsers(dest="verb")
    estimate = verbs.add_parser("estimate", help="federal tax on what the books hold")
    estimate.add_argument("--year", type=typed.year)
    estimate.add_argument("--as-of", metavar="D")
    estimate.add_argument("--project", action="store_true", help="for the whole year at the pace so far")
    estimate.add_argument("--explain", action="store_true", help="every line with its formula and source")
    estimate.set_defaults(run=_estimate)
    scenario = verbs.add_parser("scenario", help="the taxes of a table of households, without the books")
    scenario.add_argument("file", metavar="IN.csv")
    scenario.add_argument("--out", metavar="OUT.csv")
    scenario.set_defaults(run=_scenario)
    tax_plan.add(verbs)
    what_if = verbs.add_parser("what-if", help="the expected year with something changed: wages=40000 retirement=+5000")
    what_if.add_argument("patch", nargs="*", metavar="K=V")
    what_if.add_argument("--year", type=typed.year)
    what_if.add_argument("--as-of", metavar="D")
    what_if.add_argument("--sweep", metavar="KEY", help="a curve of 200 points over one amount")
    what_if.add_argument("--break-even", metavar="KEY", help="the amount at which all taxes reach --target")
    what_if.add_argument("--from", dest="low", metavar="A", help="lower end in dollars (0)")
    what_if.add_argument("--to", dest="high", metavar="A", help="higher end in dollars")
    what_if.add_argument("--target", metavar="A", help="taxes in dollars (as they are without the change)")
    what_if.set_defaults(run=_what_if)
    pay = verbs.add_parser("pay", help="record a payment of tax")
    pay.add_argument("--date", required=True)
    pay.add_argument("--amount", required=True)
    pay.add_argument("--jurisdiction", required=True)
    pay.add_argument("--for-year", type=typed.year, required=True)
    pay.add_argument("--type", required=True, help="estimate, extension, balance, applied, penalty")
    pay.add_argument("--confirmation")
    pay.add_argument("--transaction", type=typed.number)
    typed.add_dry_run(pay)
    pay.set_defaults(run=_pay)
    payments = verbs.add_parser("payments", help="recorded payments")
    payments.set_defaults(run=_payments)


def _estimate(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.review import questions  # noqa: PLC0415
    from app.services.tax import taxes  # noqa: PLC0415

    found = taxes.estimate(
        session.books, year=arguments.year, as_of=typed.day(arguments.as_of), project=arguments.project
    )
    body = {
        "year": found.year,
        "as_of": day(found.as_of),
        "totals": found.totals,
        "range": {
            "low_cents": found.low,
            "expected_cents": found.expected,
            "high_cents": found.high,
            "net_profit": {
                "low_cents": found.net.low, "expected_cents": found.net.expected, "high_cents": found.net.high,
            },
        },
        "lines": [_line(line) for line in found.lines] if arguments.explain else [],
        "assumptions": list(found.assumptions),
        "open_questions": questions.count(session.books),
        "parameters_version": found.result.parameters_version,
    }  # fmt: skip
    session.emit(body, _estimate_text(found, explain=arguments.explain))
    return 0


def _line(line: Line) -> dict[str, Any]:
    return {
        "form": line.form, "line": line.line, "label": line.label, "cents": line.cents, "formula": line.formula,
        "inputs": dict(line.inputs), "source": line.source,
    }  # fmt: skip


def _estimate_text(found: Estimate, *, explain: bool) -> str:
    totals = found.totals
    rows = [
        ("Net profit booked", money(totals["net_profit_cents"])),
        ("Self-employment tax", money(totals["se_tax_cents"])),
        ("Federal income tax", money(totals["federal_income_tax_cents"])),
        ("Additional Medicare tax", money(totals["additional_medicare_cents"])),
        ("Net investment income tax", money(totals["niit_cents"])),
        ("Federal tax in all", money(totals["total_federal_cents"])),
        ("State tax", money(totals["state_tax_cents"])),
        ("Local tax", money(totals["local_tax_cents"])),
    ]
    parts = [table((f"Tax year {found.year}", "amount"), rows, right=(1,))]
    parts.append(f"With open questions answered either way: {money(found.low)} to {money(found.high)}.")
    if explain:
        lines = [(x.form, x.line, x.label, money(x.cents), x.formula, x.source) for x in found.lines]
        parts.append(table(("form", "line", "what", "amount", "how", "source"), lines, right=(3,)))
    parts += [f"- {printable(text)}" for text in found.assumptions]
    return "\n".join(parts)


def _reserve(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import reserves, set_asides  # noqa: PLC0415

    body = reserves.reserve_now(session.books, as_of=typed.day(arguments.as_of), mode=arguments.mode)
    if arguments.keep:
        if arguments.as_of is not None or arguments.mode is not None:
            raise Usage("--keep keeps what is shown today.", "Leave out --as-of and --mode.")
        outcome = set_asides.keep(session.books, dry_run=arguments.dry_run)
        body |= typed.done(outcome, arguments)
    elif arguments.dry_run:
        raise Usage("--dry-run goes with --keep: the rest of reserve only reads.", "Leave it out.")
    session.emit(body, reserve_text(body))
    return 0


def reserve_text(body: dict[str, Any]) -> str:
    """Return the reserve for people: what is needed, what is there, what to move."""
    state, span = body["state"], body["range"]
    between = f"{money(span['low_cents'])} to {money(span['high_cents'])}"
    rows = [("Needed (first guess)", between)] if body["first_guess"] else []
    rows.append(("  most likely" if body["first_guess"] else "Needed", money(body["needed_cents"])))
    if state["included"]:
        rows += [
            ("  federal", money(body["federal"]["needed_cents"])),
            (f"  {state['jurisdiction']}", money(state["needed_cents"])),
        ]
    rows += [
        ("In reserve", money(body["held_cents"])),
        ("Paid for the year", money(body["paid_cents"])),
        ("Still to move", money(max(0, body["gap_cents"]))),
    ]
    if body["true_up_cents"]:
        rows.append(("Kept set-asides differ by", money(body["true_up_cents"])))
    deposits = [
        (d["date"], cut(printable(d["payer"] or ""), 32), money(d["amount_cents"]), money(d["set_aside_cents"]))
        for d in body["deposits"][-8:]
    ]
    parts = [table((f"Tax of {body['year']}", "amount"), rows, right=(1,))]
    parts.append(
        "A first guess: say your filing status and state with `profile set`."
        if body["first_guess"]
        else f"Between {between.replace(' to ', ' and ')}, by the open questions and how the year goes on."
    )
    parts += [paint(text, "31", out=True) for text in body["warnings"]]
    if not body["reserve_accounts"]:
        parts.append("No account holds tax money yet. Say which one does: ops1099 accounts set ID role=reserve")
    parts += [
        f"Next payment to {each['jurisdiction']}: {money(each['due_cents'])} by {each['date']} for {each['tax_year']}."
        for each in body.get("next_dates", ())
        if each["due_cents"]
    ]
    if deposits:
        parts.append(table(("deposit", "from", "amount", "set aside"), deposits, right=(2, 3)))
    return "\n".join(
        [*parts, *(f"- {printable(text)}" for text in body["assumptions"] if text not in body["warnings"])]
    )


def _scenario(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.ingest import csv_tables  # noqa: PLC0415
    from app.services.tax import tax_scenario  # noqa: PLC0415

    with ExitStack() as stack:
        source = stack.enter_context(csv_tables.open_table(Path(arguments.file)))
        target = stack.enter_context(csv_tables.new_table(Path(arguments.out))) if arguments.out else sys.stdout
        header, rows = tax_scenario.computed(source)
        if session.options.json and not arguments.out:
            found = [dict(zip(header, row, strict=True)) for row in rows]
            errors = sum(bool(row["error"]) for row in found)
            session.emit({"rows": found, "count": len(found), "errors": errors})
            return _SOME_FAILED if errors else 0
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        count = errors = 0
        for row in rows:
            writer.writerow(row)
            count, errors = count + 1, errors + bool(row[-1])
    if arguments.out:
        words = f"Computed {count - errors} of {count} rows into {arguments.out}."
        session.emit({"out": arguments.out, "count": count, "errors": errors}, words)
    return _SOME_FAILED if errors else 0


def _what_if(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import what_if  # noqa: PLC0415

    patch = typed.key_values(arguments.patch)
    year = what_if.expected(session.books, arguments.year, typed.day(arguments.as_of))
    found = what_if.ask(year, patch)
    low = typed.cents(arguments.low) if arguments.low else 0
    high = typed.cents(arguments.high) if arguments.high else max(10_000_000, 2 * year.profit)
    body: dict[str, Any] = {
        "year": found.year,
        "patch": dict(found.patch),
        "before": {**found.before.totals, "total_cents": what_if.total(found.before)},
        "after": {**found.after.totals, "total_cents": what_if.total(found.after)},
        "difference_cents": found.difference_cents,
        "lines": [
            {
                "form": row.form, "line": row.line, "label": row.label, "before_cents": row.before,
                "after_cents": row.after, "difference_cents": row.difference,
            }
            for row in found.changes
        ],
        "assumptions": list(found.assumptions),
        "marketplace": None if found.credit_end is None else _marketplace(*found.credit_end),
    }  # fmt: skip
    if arguments.sweep:
        points = what_if.curve(year, arguments.sweep, low, high, patch)
        body["sweep"] = {
            "key": arguments.sweep,
            "points": [{"value_cents": point.value, "total_cents": point.tax} for point in points],
        }
    if arguments.break_even:
        target = typed.cents(arguments.target) if arguments.target else what_if.total(found.before)
        met = what_if.solve(year, arguments.break_even, target, low, high, patch)
        body["break_even"] = {"key": arguments.break_even, "target_cents": target, "value_cents": met}
    session.emit(body, _what_if_text(body))
    return 0


def _marketplace(before: CreditEnd, after: CreditEnd) -> dict[str, Any]:
    return {
        "people": after.people, "line_cents": after.line, "income_before_cents": before.income,
        "income_cents": after.income, "room_before_cents": before.room, "room_cents": after.room,
    }  # fmt: skip


def _what_if_text(body: dict[str, Any]) -> str:
    names = (
        ("net_profit_cents", "Net profit"), ("se_tax_cents", "Self-employment tax"),
        ("federal_income_tax_cents", "Federal income tax"), ("state_tax_cents", "State tax"),
        ("local_tax_cents", "Local tax"), ("total_cents", "All taxes"),
    )  # fmt: skip
    before, after = body["before"], body["after"]
    rows = [
        (label, money(before[name]), money(after[name]), money(after[name] - before[name])) for name, label in names
    ]
    parts = [table((f"Tax year {body['year']}", "as expected", "changed", "difference"), rows, right=(1, 2, 3))]
    if body["lines"]:
        lines = [
            (x["form"], x["line"], x["label"], money(x["before_cents"]), money(x["after_cents"])) for x in body["lines"]
        ]
        parts.append(table(("form", "line", "what", "as expected", "changed"), lines, right=(3, 4)))
    if met := body.get("break_even"):
        parts.append(
            f"All taxes are {money(met['target_cents'])} at {met['key']} {money(met['value_cents'])}."
            if met["value_cents"] is not None
            else f"Taxes do not reach {money(met['target_cents'])} there."
        )
    return "\n".join([*parts, *(f"- {printable(text)}" for text in body["assumptions"])])


def _pay(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import taxes_paid  # noqa: PLC0415

    values = {
        "date": arguments.date, "cents": typed.cents(arguments.amount), "jurisdiction": arguments.jurisdiction,
        "for_year": arguments.for_year, "type": arguments.type, "confirmation": arguments.confirmation,
        "transaction_id": arguments.transaction,
    }  # fmt: skip
    outcome, number = taxes_paid.record(session.books, values, dry_run=arguments.dry_run)
    session.emit(typed.done(outcome, arguments, id=number), typed.done_text(outcome, arguments))
    return 0


def _payments(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.tax import taxes_paid  # noqa: PLC0415

    found = [
        {
            "id": p.id, "date": day(p.paid_date), "amount_cents": p.cents, "jurisdiction": p.jurisdiction,
            "for_year": p.for_year, "type": p.type, "confirmation": p.confirmation, "transaction_id": p.transaction_id,
        }
        for p in taxes_paid.listed(session.books)
    ]  # fmt: skip
    rows = [
        (
            p["date"], p["jurisdiction"], p["for_year"], p["type"], money(p["amount_cents"]),  # type: ignore[arg-type]
            cut(printable(str(p["confirmation"] or "")), 24),
        )
        for p in found
    ]  # fmt: skip
    text = table(("date", "to", "for", "type", "amount", "confirmation"), rows, right=(4,))
    session.emit({"payments": found}, text or "No payments recorded yet.")
    return 0
