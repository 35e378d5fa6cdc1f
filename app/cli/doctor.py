"""`doctor`, `selftest`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.output import table
from app.cli.session import Session

if TYPE_CHECKING:
    from app.services.doctor import Check


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_doctor)


def _doctor(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services import doctor  # noqa: PLC0415

    found = doctor.examine(session.home, session.wiring.prove_window)
    books = _books(session)
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
    session.emit(body, table(("", "check", "what to do"), cells) + "\n\n" + versions)
    return 0 if found.ok else 1


def _books(session: Session) -> list[Check]:
    """Check the books in full where an unlock was given with the command: the installation needs none."""
    options = session.options
    if options.passphrase_fd is None and options.passphrase_file is None and options.key_fd is None:
        return []
    from app.services import doctor, health, rescue  # noqa: PLC0415

    books, trouble = rescue.trouble_of(lambda: session.rescued)
    if books is None:
        said = trouble.message if trouble else None
        return [doctor.Check(name="books", ok=False, fix=health.RESTORE, trouble=said)]
    found = health.check(books, deep=True, tell=session.progress)
    return [doctor.Check(name=f"books: {f.name}", ok=f.ok, fix=f.fix, trouble=f.said or None) for f in found.findings]


def _row(check: Check) -> tuple[str, str, str]:
    if check.ok:
        return "ok", check.name, ""
    if not check.required:
        return "absent", check.name, check.fix
    return "MISSING", check.name, f"{check.fix} ({check.trouble})" if check.trouble else check.fix
