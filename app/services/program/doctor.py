"""Checks of the installation, each with its fix: what the program rests on is used once, not only looked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import AppError, DamagedFile
from app.core.product import APP_VERSION

FROZEN = bool(getattr(sys, "frozen", False))
_AGAIN = "Install 1099 Ops again." if FROZEN else "Run: python3 run.py"
_PROOF = 1 << 20
"""Bytes the file of a proof stays below."""
_FOLDERS = ("fonts", "icons", "merchants", "report_templates", "sample", "tax")
"""Under resources; in each of them something lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    name: str
    ok: bool
    fix: str
    required: bool = True
    trouble: str | None = None
    """What went wrong in the words of the library, for a report of the problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    checks: list[Check]
    versions: dict[str, str]

    @property
    def ok(self) -> bool:
        return all(check.ok or not check.required for check in self.checks)


def examine(home: Path, draw: Callable[[], str]) -> Examination:
    """Return what works here and what does not; `draw` proves the window and returns Qt's version. Changes nothing."""
    versions = {"1099 Ops": APP_VERSION, "Python": sys.version.split(maxsplit=1)[0]}
    library = "Install the library it names." if FROZEN else "Run: python3 run.py doctor"
    checks = [
        Check(name="Python 3.11 to 3.14", ok=(3, 11) <= sys.version_info[:2] <= (3, 14), fix="Install Python 3.13."),
        _check("encrypted database", lambda: versions.update(SQLCipher=_prove_database())),
        _check("keys from passphrases", _prove_keys),
        _check("bundled knowledge", _prove_knowledge),
        _check("fonts, icons, sample files", _prove_resources),
        _check("matching of names", _prove_matching),
        _check("PDF writer", _prove_pdf),
        _check("workbook writer", _prove_workbook),
        _check("time zones", _prove_time_zones, fix="Install your system's time zone data (the package tzdata)."),
        _check("window", lambda: versions.update(Qt=draw()), fix=library),
        _check("keychain support", _prove_keychain_support),
        _check(
            "keychain", _prove_keychain, required=False,
            fix="Books can be locked with a passphrase instead: ops1099 init --mode passphrase",
        ),
        Check(
            name="home folder can be written", ok=_writable(home),
            fix="Choose another folder with --home, or change its owner.",
        ),
    ]  # fmt: skip
    return Examination(checks=checks, versions=versions)


def _check(name: str, prove: Callable[[], object], *, fix: str = _AGAIN, required: bool = True) -> Check:
    try:
        prove()
    except Exception as error:  # noqa: BLE001 - whatever a broken part raises is the finding
        text = error.message if isinstance(error, AppError) else f"{type(error).__name__}: {error}"
        return Check(name=name, ok=False, fix=fix, required=required, trouble=text)
    return Check(name=name, ok=True, fix=fix, required=required)


def _prove_database() -> str:
    """Write an encrypted file, read it back, see another key refused; return SQLCipher's version."""
    from app.store.connection import looks_encrypted, open_connection  # noqa: PLC0415

    folder = safe_files.temporary_folder("1099ops-check-")
    try:
        path = folder / "check.db"
        connection = open_connection(path, "0f" * 32, create=True)
        try:
            connection.execute("CREATE TABLE check_table (x TEXT)")
            connection.execute("INSERT INTO check_table VALUES ('kept')")
        finally:
            connection.close()
        if not looks_encrypted(path) or b"kept" in safe_files.read_limited(path, _PROOF):
            raise RuntimeError("the file is in clear")
        connection = open_connection(path, "0f" * 32, read_only=True)
        try:
            found = connection.execute("SELECT x FROM check_table").fetchone()[0]
            version = str(connection.execute("PRAGMA cipher_version").fetchone()[0])
        finally:
            connection.close()
        if found != "kept":
            raise RuntimeError("the file does not give back what was put into it")
        _prove_refusal(path)
    finally:
        safe_files.remove_folder(folder)
    return version


def _prove_refusal(path: Path) -> None:
    from app.store.connection import open_connection  # noqa: PLC0415

    try:
        connection = open_connection(path, "f0" * 32, read_only=True)
    except DamagedFile:
        return
    connection.close()
    raise RuntimeError("another key opens the file too")


def _prove_keys() -> None:
    from app.core.security.key_derivation import MIN_MEMORY_MIB, Argon2id, stretch  # noqa: PLC0415

    cost = Argon2id(salt=bytes(16), memory_kib=MIN_MEMORY_MIB * 1024)
    if stretch("a passphrase to try", cost) == stretch("another passphrase", cost):
        raise RuntimeError("two passphrases give one key")


def _prove_knowledge() -> None:
    from app.services.classify import knowledge  # noqa: PLC0415

    knowledge.merchants().check()
    if not knowledge.federal_years():
        raise RuntimeError("no tax year is there")


def _prove_resources() -> None:
    from importlib import resources  # noqa: PLC0415

    from app.store import migrate  # noqa: PLC0415

    for name in _FOLDERS:
        files = [entry for entry in (resources.files("resources") / name).iterdir() if entry.is_file()]
        if not files or not all(entry.read_bytes() for entry in files):
            raise FileNotFoundError(f"{name} is incomplete")
    if len(migrate.shipped()) != migrate.CURRENT:
        raise FileNotFoundError("a step of the books' format is missing")


def _prove_matching() -> None:
    from rapidfuzz import fuzz  # noqa: PLC0415

    if fuzz.ratio("studio supply", "studio supply") != 100:
        raise RuntimeError("equal names do not match")


def _prove_pdf() -> None:
    """Set one line in the program's own type."""
    from importlib import resources  # noqa: PLC0415

    import typst  # noqa: PLC0415 - 80 MB

    with resources.as_file(resources.files("resources") / "fonts") as fonts:
        text = b'#set text(font: "Inter")\n1099 Ops'
        made = typst.compile(text, font_paths=[fonts], ignore_system_fonts=True)  # type: ignore[misc]  # a stub that fits no call
    if not made.startswith(b"%PDF-"):
        raise RuntimeError("no PDF came out")


def _prove_workbook() -> None:
    from io import BytesIO  # noqa: PLC0415

    import xlsxwriter  # noqa: PLC0415

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.add_worksheet().write_string(0, 0, "1099 Ops")
    if not file.getvalue().startswith(b"PK"):
        raise RuntimeError("no workbook came out")


def _prove_time_zones() -> None:
    from app.adapters.clock import SystemClock  # noqa: PLC0415

    SystemClock("America/New_York").today()


def _prove_keychain_support() -> None:
    """Load the library's part for this system; whether a keychain answers is another check."""
    from app.adapters.keychain import load_support  # noqa: PLC0415

    load_support()


def _prove_keychain() -> None:
    from app.adapters.keychain import SystemKeychain  # noqa: PLC0415

    SystemKeychain().probe("doctor", "a keychain gives back what was put into it")


def _writable(home: Path) -> bool:
    import os  # noqa: PLC0415

    place = home
    while not place.exists() and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK)
