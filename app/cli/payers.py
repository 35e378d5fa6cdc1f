"""`payers`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli import arguments as typed
from app.cli.arguments import add_dry_run, key_values, told
from app.cli.output import money, printable, table
from app.cli.session import Session

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.income.payers import PayerYear


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="who paid in a year, the largest first")
    _span(listed)
    listed.add_argument("--all", action="store_true", help="also those who paid in other years only")
    listed.set_defaults(run=_list)
    show = verbs.add_parser("show", help="one payer: months, rhythm, names, payments")
    show.add_argument("payer", metavar="PAYER")
    _span(show)
    show.set_defaults(run=_show)
    add = verbs.add_parser("add", help="add one who has paid nothing yet")
    add.add_argument("name", metavar="NAME")
    add_dry_run(add)
    add.set_defaults(run=_add)
    change = verbs.add_parser("set", help="name=NAME (empty takes it back), payer=yes or no")
    change.add_argument("payer", metavar="PAYER")
    change.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(change)
    change.set_defaults(run=_set)
    merge = verbs.add_parser("merge", help="join others into the first")
    merge.add_argument("payer", metavar="PAYER")
    merge.add_argument("others", nargs="+", metavar="OTHER")
    add_dry_run(merge)
    merge.set_defaults(run=_merge)
    split = verbs.add_parser("split", help="make names of a payer payers of their own")
    split.add_argument("payer", metavar="PAYER")
    split.add_argument("names", nargs="+", type=typed.number, metavar="NAME_ID", help="as `payers show` numbers them")
    add_dry_run(split)
    split.set_defaults(run=_split)
    apart = verbs.add_parser("apart", help="say that two payers with near names are two")
    apart.add_argument("payer", metavar="PAYER")
    apart.add_argument("other", metavar="OTHER")
    add_dry_run(apart)
    apart.set_defaults(run=_apart)


def _span(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", type=typed.year)
    parser.add_argument("--as-of", metavar="D")


def _asked(session: Session, arguments: argparse.Namespace) -> tuple[int, Day]:
    from app.services.tax import taxes  # noqa: PLC0415

    return taxes.as_of_day(session.books, arguments.year, typed.day(arguments.as_of))


def _payer(row: PayerYear) -> dict[str, Any]:
    from app.core.dates import iso  # noqa: PLC0415

    beat = row.rhythm
    return {
        "id": row.id, "name": row.name, "year_total_cents": row.total_cents, "fees_cents": row.fees_cents,
        "returned_cents": row.returned_cents, "banked_cents": row.banked_cents, "count": row.count,
        "first_date": None if row.first_day is None else iso(row.first_day),
        "last_date": None if row.last_day is None else iso(row.last_day),
        "share": row.share / 10_000, "interval_days": beat.interval_days,
        "regularity": None if beat.regularity is None else beat.regularity / 10_000,
        "next_date": None if beat.next_day is None else iso(beat.next_day), "usual_cents": beat.usual_cents,
        "methods": dict(row.methods), "forms": list(row.forms),
    }  # fmt: skip


def _list(session: Session, arguments: argparse.Namespace) -> int:
    from app.core.dates import iso  # noqa: PLC0415
    from app.services.income import expected_payments, forms_1099, payers  # noqa: PLC0415

    year, day = _asked(session, arguments)
    found = payers.in_year(session.books, year, day, every=arguments.all)
    named = payers.known(session.books).payers
    ahead = expected_payments.outlook(session.books, day)
    recorded = {row.id: row for row, _ in forms_1099.listed(session.books, year)}
    body = {
        "year": year,
        "as_of": iso(found.as_of),
        "total_cents": found.total_cents,
        "payers": [
            {
                **_payer(row),
                "forms": [{"id": number, "form": recorded[number].type, "reported_cents": recorded[number].cents}
                          for number in row.forms],
            }
            for row in found.payers
        ],
        "largest_share": found.largest_share / 10_000,
        "without_name": {"count": found.nameless_count, "cents": found.nameless_cents},
        "not_payers_cents": found.uncounted_cents,
        "near": [
            {"payers": [each.one, each.other], "names": [named[each.one].name, named[each.other].name], "why": each.why}
            for each in found.near
        ],
        "expected": {
            "late_cents": ahead.late_cents, "next_30_cents": ahead.next_30_cents,
            "next_90_cents": ahead.next_90_cents, "likely_30_cents": ahead.likely_30_cents,
        },
    }  # fmt: skip
    rows = [
        (
            row.id, printable(row.name)[:32], money(row.total_cents), f"{row.share / 100:.0f} %", row.count,
            "" if row.last_day is None else iso(row.last_day),
            "" if row.rhythm.interval_days is None else row.rhythm.interval_days,
            ", ".join(recorded[number].type for number in row.forms),
        )
        for row in found.payers
    ]  # fmt: skip
    text = table(
        ("id", "payer", "total", "share", "rows", "last", "days between", "forms"), rows, right=(0, 2, 3, 4, 6)
    )
    lines = [text] if text else [f"Nobody paid in {year}: money in stands here once it is booked as income."]
    if found.nameless_count:
        lines.append(f"Without a name: {found.nameless_count} rows, {money(found.nameless_cents)}. "
                     "Name one with: ops1099 transactions set ID merchant=NAME")  # fmt: skip
    lines += [
        f"? {printable(named[each.one].name)} ({each.one}) and {printable(named[each.other].name)} ({each.other}): "
        f"{each.why}. Join: payers merge {each.one} {each.other}; two: payers apart {each.one} {each.other}"
        for each in found.near
    ]
    session.emit(body, "\n".join(lines))
    return 0


def _show(session: Session, arguments: argparse.Namespace) -> int:
    from app.core.dates import FIRST_DAY, iso  # noqa: PLC0415
    from app.services.income import expected_payments, forms_1099, payers  # noqa: PLC0415

    books = session.books
    year, day = _asked(session, arguments)
    payer = payers.find(books, arguments.payer)
    row = payers.of_payer(books, payer, year, day)
    accounts = {account.id: account.name for account in books.accounts.all()}
    came = payers.payments(books, payer.id, FIRST_DAY, day)
    names = payers.variants(books, payer)
    waiting = [each for each in expected_payments.outlook(books, day).rows if each.payer_id == payer.id]
    check = next((each for each in forms_1099.check_year(books, year, day).rows if each.payer_id == payer.id), None)
    body = {
        "year": year,
        "as_of": iso(day),
        "payer": {
            **_payer(row),
            "is_payer": payer.counted,
            "months_cents": list(row.months_cents),
            "names": [{"id": each.text_id, "name": each.name, "count": each.count, "example": each.example}
                      for each in names],
            "forms": [] if check is None else [
                {"id": form.id, "form": form.type, "reported_cents": form.cents} for form in check.forms
            ],
            "difference_cents": None if check is None else check.difference_cents,
        },
        "payments": [
            {
                "transaction_id": each.id, "date": iso(each.day), "account": accounts[each.account_id],
                "gross_cents": each.gross, "fee_cents": each.fees, "returned_cents": each.returned,
                "method": str(each.method),
            }
            for each in came
        ],
        "expected": [expected_payments.contract(each) for each in waiting],
    }  # fmt: skip
    lines = [f"{printable(row.name)}: {money(row.total_cents)} in {year}, {row.share / 100:.0f} % of the income"]
    lines += [f"  named {each.text_id}: {printable(each.name)}, {each.count} rows" for each in names]
    lines.append(table(
        ("date", "id", "account", "amount", "way"),
        [(iso(each.day), each.id, printable(accounts[each.account_id])[:28], money(each.gross), str(each.method))
         for each in came[:_MOST_SHOWN]],
        right=(1, 3),
    ))  # fmt: skip
    session.emit(body, "\n".join(line for line in lines if line))
    return 0


_MOST_SHOWN = 30


def _add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import payer_changes  # noqa: PLC0415

    outcome, number = payer_changes.add(session.books, arguments.name, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, id=number)


def _set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import payer_changes  # noqa: PLC0415

    values = key_values(arguments.pairs)
    outcome = payer_changes.change(session.books, arguments.payer, values, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _merge(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import payer_changes  # noqa: PLC0415

    outcome = payer_changes.merge(session.books, arguments.payer, arguments.others, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _split(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import payer_changes  # noqa: PLC0415

    outcome = payer_changes.split(session.books, arguments.payer, arguments.names, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)


def _apart(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.income import payer_changes  # noqa: PLC0415

    outcome = payer_changes.keep_apart(session.books, arguments.payer, arguments.other, dry_run=arguments.dry_run)
    return told(session, outcome, arguments)
