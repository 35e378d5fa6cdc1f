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
    body = {
        "ok": found.ok,
        "checks": [
            {"name": c.name, "ok": c.ok, "fix": None if c.ok else c.fix, "trouble": c.trouble} for c in found.checks
        ],
        "versions": found.versions,
        "frozen": doctor.FROZEN,
    }
    cells = [_row(check) for check in found.checks]
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    session.emit(body, table(("", "check", "what to do"), cells) + "\n\n" + versions)
    return 0 if found.ok else 1


def _row(check: Check) -> tuple[str, str, str]:
    if check.ok:
        return "ok", check.name, ""
    if not check.required:
        return "absent", check.name, check.fix
    return "MISSING", check.name, f"{check.fix} ({check.trouble})" if check.trouble else check.fix
