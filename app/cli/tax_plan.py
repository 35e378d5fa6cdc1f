"""`tax plan` and `tax postpone`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import arguments as typed
from app.cli.output import day, money, printable, table
from app.cli.session import Session

if TYPE_CHECKING:
    from app.core.tax.instalments.plan import Instalment, Method, Plan
    from app.services.tax.tax_plan import Planned

_NAMES = {"regular": "this year’s tax", "prior_year": "last year’s tax", "annualized": "income as it came"}


def add(verbs: argparse._SubParsersAction[Any]) -> None:
    plan = verbs.add_parser("plan", help="what to pay when, federal and state apart, by three methods")
    plan.add_argument("--year", type=typed.year)
    plan.add_argument("--as-of", metavar="D")
    plan.add_argument(
        "--withheld", metavar="D=A", action="append", help="a day and an amount of federal withholding (else: evenly)"
    )
    plan.add_argument("--filed", metavar="D", help="the day the return was filed and everything paid")
    plan.add_argument("--format", choices=["pdf"], help="write a worksheet to print")
    plan.add_argument("--out", metavar="FILE")
    plan.set_defaults(run=_plan)
    postpone = verbs.add_parser("postpone", help="another date for an instalment, as after a disaster")
    postpone.add_argument("--jurisdiction", required=True)
    postpone.add_argument("--for-year", type=typed.year, required=True)
    postpone.add_argument("--number", type=typed.number, required=True)
    chosen = postpone.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--due", metavar="D")
    chosen.add_argument("--clear", action="store_true", help="back to the date by the rule")
    postpone.add_argument("--reason", default="")
    typed.add_dry_run(postpone)
    postpone.set_defaults(run=_postpone)


def _plan(session: Session, arguments: argparse.Namespace) -> int:
    from app.core.dates import date_of  # noqa: PLC0415
    from app.core.errors import Usage  # noqa: PLC0415
    from app.core.tax.instalments.required import Credit  # noqa: PLC0415
    from app.services.tax import tax_plan  # noqa: PLC0415

    if bool(arguments.format) != bool(arguments.out):
        raise Usage("--format pdf and --out FILE belong together.", "Give both, or none.")
    withheld = None
    if arguments.withheld:
        pairs = [each.partition("=") for each in arguments.withheld]
        withheld = [Credit(typed.day(when) or 0, typed.cents(amount)) for when, _, amount in pairs]
    found = tax_plan.planned(
        session.books, year=arguments.year, as_of=typed.day(arguments.as_of), withheld=withheld,
        filed_and_paid=typed.day(arguments.filed),
    )  # fmt: skip
    if arguments.out:
        from app.services.tax import tax_plan_sheet  # noqa: PLC0415

        tax_plan_sheet.write(found, Path(arguments.out), date_of(found.as_of))
        session.emit({**_body(found), "out": arguments.out}, f"Wrote the worksheet {arguments.out}.")
        return 0
    session.emit(_body(found), _text(found))
    return 0


def _body(found: Planned) -> dict[str, Any]:
    ahead = found.projection
    return {
        "year": found.year,
        "as_of": day(found.as_of),
        "projection": {
            "method": ahead.method, "profit_cents": ahead.profit, "low_cents": ahead.profit_low,
            "high_cents": ahead.profit_high, "deposits_cents": ahead.deposits, "days": ahead.days,
        },
        "jurisdictions": [_jurisdiction(each) for each in found.plans],
        "assumptions": list(found.assumptions),
    }  # fmt: skip


def _jurisdiction(plan: Plan) -> dict[str, Any]:
    return {
        "jurisdiction": plan.jurisdiction,
        "tax_cents": plan.facts.tax,
        "withholding_cents": plan.facts.withholding,
        "methods": [_method(each) for each in plan.methods],
        "recommended": plan.recommended,
        "recommended_why": plan.why,
        "next_due": None if plan.next_due is None else {"date": day(plan.next_due), "due_cents": plan.next_cents},
        "notes": list(plan.notes),
    }


def _method(method: Method) -> dict[str, Any]:
    return {
        "name": method.name,
        "available": method.available,
        "why_not": method.why_not or None,
        "annual_cents": method.annual if method.available else None,
        "instalments": [_instalment(each) for each in method.instalments],
        "penalty_cents": method.penalty,
        "penalty_if_unpaid_cents": method.penalty_unpaid,
        "april_cents": method.april if method.available else None,
        "lines": [{**line._asdict(), "inputs": dict(line.inputs)} for line in method.lines],
    }


def _instalment(each: Instalment) -> dict[str, Any]:
    return {
        "number": each.number,
        "due": day(each.due),
        "required_cents": each.required,
        "paid_cents": each.paid,
        "due_now_cents": each.due_now,
        "penalty_cents": each.penalty,
        "late": each.late,
        "postponed": each.postponed,
    }


def _text(found: Planned) -> str:
    parts = [f"Plan for {found.year}, profit as projected {money(found.projection.profit)}."]
    for plan in found.plans:
        name = found.name_of(plan)
        parts.append("")
        if plan.methods:
            parts += [f"{name}: tax as projected {money(plan.facts.tax)}", _methods_table(plan)]
            closed = [each for each in plan.methods if not each.available]
            parts += [f"- By {_NAMES[each.name]}: {each.why_not}" for each in closed]
            parts.append(printable(plan.why))
        else:
            parts.append(f"{name}: {printable(plan.why)}")
        parts += [f"- {printable(note)}" for note in plan.notes]
    return "\n".join([*parts, "", *(f"- {printable(text)}" for text in found.assumptions)])


def _methods_table(plan: Plan) -> str:
    open_ = [each for each in plan.methods if each.available]
    header = ["due"]
    for each in open_:
        mark = " *" if each.name == plan.recommended else ""
        header += [f"by {_NAMES[each.name]}{mark}", "to pay"]
    rows = []
    for n, first in enumerate(open_[0].instalments):
        row = [day(first.due) or ""]
        for each in open_:
            row += [money(each.instalments[n].required), money(each.instalments[n].due_now)]
        rows.append(row)
    for label, cents in (("in all", lambda m: (m.annual, m.to_pay)), ("April", lambda m: (None, m.april))):
        rows.append([label, *(money(value) for each in open_ for value in cents(each))])
    if any(each.penalty for each in open_):
        rows.append(["penalty", *(text for each in open_ for text in ("", money(each.penalty)))])
    return table(header, rows, right=range(1, len(header)))


def _postpone(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import postponed  # noqa: PLC0415

    given = (session.books, arguments.jurisdiction, arguments.for_year, arguments.number)
    if arguments.clear:
        outcome = postponed.clear(*given, dry_run=arguments.dry_run)
    else:
        outcome = postponed.postpone(*given, arguments.due, arguments.reason, dry_run=arguments.dry_run)
    session.emit(typed.done(outcome, arguments), typed.done_text(outcome, arguments))
    return 0
