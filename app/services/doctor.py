"""Checks of the installation, each with its fix."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import AppError

_RUN = "Run: python3 run.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    ok: bool
    fix: str
    required: bool = True


def checks(home: Path) -> list[Check]:
    """Return what works here and what does not. Nothing is changed."""
    return [
        Check(name="Python 3.11 to 3.14", ok=(3, 11) <= sys.version_info[:2] <= (3, 14), fix="Install Python 3.13."),
        Check(name="encrypted database", ok=_database(), fix=_RUN),
        Check(name="bundled knowledge", ok=_knowledge(), fix=_RUN),
        Check(name="PDF writer", ok=_pdf(), fix=_RUN),
        Check(
            name="keychain", ok=_keychain(), required=False,
            fix="Books can be locked with a passphrase instead: ops1099 init --mode passphrase",
        ),
        Check(
            name="home folder can be written", ok=_writable(home),
            fix="Choose another folder with --home, or change its owner.",
        ),
    ]  # fmt: skip


def _database() -> bool:
    """Write and read back a small encrypted file."""
    from app.store.connection import looks_encrypted, open_connection  # noqa: PLC0415

    try:
        with tempfile.TemporaryDirectory(prefix="1099ops-check-") as folder:
            path = Path(folder) / "check.db"
            connection = open_connection(path, "0f" * 32, create=True)
            connection.execute("CREATE TABLE check_table (x INTEGER)")
            connection.close()
            return looks_encrypted(path)
    except (AppError, OSError, ImportError):
        return False


def _knowledge() -> bool:
    from app.services import knowledge  # noqa: PLC0415

    try:
        knowledge.merchants().check()
        return bool(knowledge.federal_years())
    except (OSError, ValueError, KeyError):
        return False


def _pdf() -> bool:
    try:
        import typst  # noqa: F401, PLC0415 - only whether it loads
    except ImportError:
        return False
    return True


def _keychain() -> bool:
    from app.adapters.keychain import SystemKeychain  # noqa: PLC0415

    try:
        SystemKeychain().probe("doctor", "a keychain gives back what was put into it")
    except AppError:
        return False
    return True


def _writable(home: Path) -> bool:
    import os  # noqa: PLC0415

    place = home
    while not place.exists() and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK)
