"""Books to look around in: the sample of an invented designer, in a real encrypted home that is thrown away.

The home lies in a private folder of the system's temporary ones, under a random key that nobody keeps. It is removed
when it is closed; what a crash left behind is removed when the next one is opened.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from app.adapters import safe_files
from app.adapters.home_lock import LOCK_FILE, HomeLock
from app.core.books.vocabulary import AccountKind, Role
from app.core.errors import AppError
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts
from app.services.tax import profile

TODAY = date(2026, 11, 20)
"""The day the sample files end on."""

PROFILE = {
    "filing_status": "mfj",
    "state": "CA",
    "time_zone": "America/Los_Angeles",
    "profession": "designer",
    "spouse_wages": "84000",
    "spouse_withholding": "9360",
    "prior_year_tax": "31250",
    "prior_year_agi": "171000",
}
"""The invented household of the sample files (docs/sample-data.md)."""

PREFIX = "1099ops-sample-"
_HOME = "home"

Create = Callable[[Path], Books]
"""Makes books in a home that does not exist yet, under a key that nobody keeps. Their clock should say `TODAY`."""


@dataclass(slots=True, kw_only=True)
class SampleBooks:
    """The open sample. `close` closes the books and removes every trace of them; it may be called again."""

    books: Books
    imported: list[imports.FileResult]
    folder: Path

    def close(self) -> None:
        try:
            self.books.close()
        finally:
            safe_files.remove_folder(self.folder)


def open_sample(
    create: Create, tell: Callable[[int, int], None] | None = None, check: Callable[[], None] | None = None
) -> SampleBooks:
    """Return books that hold the sample. Nothing is left behind when that fails or is cancelled."""
    remove_stale()
    folder = safe_files.temporary_folder(PREFIX)
    try:
        books = create(folder / _HOME)
        try:
            return SampleBooks(books=books, imported=fill(books, tell, check), folder=folder)
        except BaseException:
            books.close()
            raise
    except BaseException:
        safe_files.remove_folder(folder)
        raise


def fill(
    books: Books, tell: Callable[[int, int], None] | None = None, check: Callable[[], None] | None = None
) -> list[imports.FileResult]:
    """Enter the household of the sample and import its files."""
    profile.change(books, TODAY.year, PROFILE)
    with resources.as_file(resources.files("resources") / "sample") as folder:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        imported = imports.import_files(books, paths, imports.ImportOptions(), tell, check=check)
    for account in books.accounts.all():
        if account.kind == AccountKind.SAVINGS:
            accounts.change(books, str(account.id), {"role": Role.RESERVE})
    return imported


def remove_stale() -> int:
    """Remove samples that a crash left behind and return how many; one that is open somewhere stays."""
    removed = 0
    for folder in safe_files.temporary_folders(PREFIX):
        if _is_abandoned(folder / _HOME):
            removed += safe_files.remove_folder(folder)
    return removed


def _is_abandoned(home: Path) -> bool:
    """Whether nobody holds the home. One without a lock is being made just now, or holds no rows."""
    if not (home / LOCK_FILE).is_file():
        return False
    lock = HomeLock(home, "1099 Ops")
    try:
        lock.acquire_exclusive(wait_seconds=0)
    except AppError:
        return False
    with contextlib.suppress(OSError):
        lock.release()
    return True
