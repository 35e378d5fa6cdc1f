"""`init`, `profile`, `business`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.arguments import add_dry_run, key_values, told, year
from app.cli.output import day, printable, table
from app.cli.session import Session


def build(noun: str, parser: argparse.ArgumentParser) -> None:
    if noun == "init":
        parser.add_argument("--mode", choices=["keychain", "both", "passphrase"], help="what opens the books")
        parser.add_argument("--kdf-memory", type=int, metavar="MIB", help="memory of the key stretching, 64 or more")
        parser.add_argument(
            "--recovery-out", metavar="FILE", help="write a new recovery key to a new file, .pdf or .txt"
        )
        parser.set_defaults(run=_init)
        return
    verbs = parser.add_subparsers(dest="verb")
    if noun == "profile":
        change = verbs.add_parser("set", help="set values: filing_status=mfj state=CA", epilog=_profile_keys())
        change.add_argument("--year", type=year)
        change.add_argument("pairs", nargs="+", metavar="K=V")
        add_dry_run(change)
        change.set_defaults(run=_profile_set)
        show = verbs.add_parser("show", help="show the profile")
        show.add_argument("--year", type=year)
        show.set_defaults(run=_profile_show)
        return
    listed = verbs.add_parser("list", help="list businesses")
    listed.set_defaults(run=_business_list)
    add = verbs.add_parser("add", help="add a business: name=… profession=…")
    add.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(add)
    add.set_defaults(run=_business_add)
    change = verbs.add_parser("set", help="change a business")
    change.add_argument("business", metavar="ID")
    change.add_argument("pairs", nargs="+", metavar="K=V")
    add_dry_run(change)
    change.set_defaults(run=_business_set)
    facts = verbs.add_parser("facts", help="what a year says of a business: de_minimis=yes startup=…")
    facts.add_argument("business", metavar="ID")
    facts.add_argument("pairs", nargs="+", metavar="K=V")
    facts.add_argument("--year", type=year)
    add_dry_run(facts)
    facts.set_defaults(run=_business_facts)


def _init(session: Session, arguments: argparse.Namespace) -> int:
    if arguments.recovery_out is None:
        books, mode = session.wiring.create_books(session.home, session.options, arguments.mode, arguments.kdf_memory)
        session.adopt(books)
    else:
        mode = _init_with_recovery(session, arguments)
    written = arguments.recovery_out is not None
    body = {"home": str(session.home), "mode": mode, "recovery_key_written": written}
    text = f"Made encrypted books in {session.home}, opened by {_mode_words(mode)}."
    if written:
        text += f"\nThe recovery key is in {printable(arguments.recovery_out)}: print it, lay it away, delete the file."
    session.emit(body, text)
    return 0


def _init_with_recovery(session: Session, arguments: argparse.Namespace) -> str:
    """Make books whose recovery key stands in its file before it is in force; without books the file goes again."""
    from app.services.vault import key_changes, recovery_sheet  # noqa: PLC0415

    mode = ""
    randomness = session.wiring.randomness()
    secret = randomness.token(recovery_sheet.SECRET_SIZE)

    def put_in_force() -> None:
        nonlocal mode
        books, mode = session.wiring.create_books(session.home, session.options, arguments.mode, arguments.kdf_memory)
        session.adopt(books)
        key_changes.set_recovery_key(books, secret, randomness=randomness)

    today = session.wiring.clock(session.options.today, "UTC").today()
    recovery_sheet.with_page(Path(arguments.recovery_out), secret, today, put_in_force)
    return mode


def _mode_words(mode: str) -> str:
    return {"keychain": "this computer's keychain", "both": "keychain and passphrase"}.get(mode, "your passphrase")


def _profile_set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import profile  # noqa: PLC0415

    year = session.year(arguments)
    outcome = profile.change(session.books, year, key_values(arguments.pairs), dry_run=arguments.dry_run)
    return told(session, outcome, arguments, **_profile(session, year))


def _profile_show(session: Session, arguments: argparse.Namespace) -> int:
    body = _profile(session, session.year(arguments))
    session.emit(body, _profile_text(body))
    return 0


def _profile_text(body: dict[str, Any]) -> str:
    """Return what the profile holds, group by group as the window shows it."""
    from app.services.tax import profile_words  # noqa: PLC0415

    values = body["profile"]
    blocks = [f"Entered for {body['carried_over_from']} and carried over."] if body["carried_over_from"] else []
    for title, fields in profile_words.grouped():
        rows = [(field.key, values[field.key], field.name) for field in fields if values[field.key] is not None]
        if rows:
            blocks.append(f"{title}\n{table(('name', 'value', 'what it is'), rows)}")
    return "\n\n".join(blocks)


def _profile_keys() -> str:
    """Return the keys by group, each with what it is and takes, for the help."""
    from app.core.tax.profile_keys import PROFILE_KEYS, KeyType  # noqa: PLC0415
    from app.services.tax import profile_words  # noqa: PLC0415

    taken = {KeyType.STATE: "two letters, like NY", KeyType.BOOL: "yes or no", KeyType.ZONE: "like America/New_York"}
    blocks = ["An empty value clears a key. Amounts are dollars of the whole year."]
    for title, fields in profile_words.grouped():
        lines = [title]
        for field in fields:
            known = PROFILE_KEYS[field.key]
            takes = ", ".join(known.choices) or taken.get(known.type) or field.hint
            lines.append(f"  {field.key:<28}{field.name}: {takes}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _profile(session: Session, year: int) -> dict[str, Any]:
    from app.core.tax.profile_keys import PROFILE_KEYS  # noqa: PLC0415
    from app.services.tax import profile  # noqa: PLC0415

    view = profile.show(session.books, year)
    values = {name: view.values.get(name) or None for name in PROFILE_KEYS}
    return {"year": view.year, "profile": values, "carried_over_from": view.carried_over_from}


def _businesses(session: Session) -> dict[str, Any]:
    from app.services.tax import profile  # noqa: PLC0415

    rows = []
    for business in profile.businesses(session.books):
        row = business._asdict()
        row["sstb"] = bool(business.sstb)
        row["started"] = day(business.started)
        rows.append(row)
    return {"businesses": rows}


def _business_list(session: Session, _arguments: argparse.Namespace) -> int:
    body = _businesses(session)
    rows = [(b["id"], b["name"], b["owner"], b["profession"]) for b in body["businesses"]]
    session.emit(body, table(("id", "name", "owner", "profession"), rows, right=(0,)))
    return 0


def _business_add(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import profile  # noqa: PLC0415

    outcome, number = profile.add_business(session.books, key_values(arguments.pairs), dry_run=arguments.dry_run)
    return told(session, outcome, arguments, id=number, **_businesses(session))


def _business_set(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import profile  # noqa: PLC0415

    outcome = profile.change_business(
        session.books, arguments.business, key_values(arguments.pairs), dry_run=arguments.dry_run
    )
    return told(session, outcome, arguments, **_businesses(session))


def _business_facts(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.tax import tax_facts  # noqa: PLC0415

    wanted = session.year(arguments)
    outcome = tax_facts.change(
        session.books, "business", arguments.business, key_values(arguments.pairs), year=wanted,
        dry_run=arguments.dry_run,
    )  # fmt: skip
    said = [{"id": thing.id, **thing.year} for thing in tax_facts.listed(session.books, "business", wanted)]
    return told(session, outcome, arguments, year=wanted, businesses=said)
