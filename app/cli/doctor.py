"""`doctor`, `selftest`."""

from __future__ import annotations

import argparse

from app.cli.output import table
from app.cli.session import Session


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_doctor)


def _doctor(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services import doctor  # noqa: PLC0415

    checks = doctor.checks(session.home)
    good = all(check.ok or not check.required for check in checks)
    body = {"ok": good, "checks": [{"name": c.name, "ok": c.ok, "fix": None if c.ok else c.fix} for c in checks]}
    cells = [("ok" if c.ok else "MISSING" if c.required else "absent", c.name, "" if c.ok else c.fix) for c in checks]
    session.emit(body, table(("", "check", "what to do"), cells))
    return 0 if good else 1
