"""`doctor`, `selftest`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.output import table
from app.cli.session import Session
from app.core.errors import Locked, NoBooks

if TYPE_CHECKING:
    from app.services.program.doctor import Check


def build(noun: str, parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_doctor, asks=noun == "doctor")


def _doctor(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.program import doctor  # noqa: PLC0415

    found = doctor.examine(session.home, session.wiring.prove_window)
    books, unchecked = _books(session, wanted=arguments.asks)
    found.checks.extend(books)
    body = {
        "ok": found.ok,
        "checks": [
            {"name": c.name, "ok": c.ok, "fix": None if c.ok else c.fix, "trouble": c.trouble} for c in found.checks
        ],
        "versions": found.versions,
        "books_checked": bool(books),
        "frozen": doctor.FROZEN,
    }
    cells = [_row(check) for check in found.checks]
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    text = table(("", "check", "what to do"), cells) + "\n\n" + versions
    if unchecked:
        text += f"\n\nThe books were not checked. {unchecked.message} {unchecked.hint}"
    session.emit(body, text)
    return 0 if found.ok else 1


def _books(session: Session, *, wanted: bool) -> tuple[list[Check], Locked | None]:
    """Check the books in full; return also what keeps them locked where no unlock was given: the rest needs none."""
    from app.services.integrity import health, rescue  # noqa: PLC0415
    from app.services.program import doctor  # noqa: PLC0415

    if not (wanted or session.gave_a_way_to_unlock):
        return [], None
    try:
        books, trouble = rescue.trouble_of(lambda: session.rescued)
    except Locked as locked:
        if session.gave_a_way_to_unlock:
            raise
        return [], locked
    except NoBooks:
        if session.gave_a_way_to_unlock:
            raise
        return [], None
    if books is None:
        said = trouble.message if trouble else None
        return [doctor.Check(name="books", ok=False, fix=health.RESTORE, trouble=said)], None
    found = health.check(books, deep=True, tell=session.progress)
    checks = [doctor.Check(name=f"books: {f.name}", ok=f.ok, fix=f.fix, trouble=f.said or None) for f in found.findings]
    if not books.damaged:
        from app.services.bank import bank_doctor  # noqa: PLC0415 - books that can be asked

        checks += bank_doctor.checks(books)
    return checks, None


def _row(check: Check) -> tuple[str, str, str]:
    if check.ok:
        return "ok", check.name, ""
    if not check.required:
        return "absent", check.name, check.fix
    return "MISSING", check.name, f"{check.fix} ({check.trouble})" if check.trouble else check.fix
