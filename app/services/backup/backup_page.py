"""The backups as the window shows them: each with what opens it and whether it was tested, and whether one is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import backup_file
from app.adapters.backup_file import Step
from app.core.errors import DamagedBooks
from app.core.security.backup_container import Reason
from app.services.backup import backups
from app.services.backup.backup_opening import silent
from app.services.bank import bank_copies
from app.services.books.open_books import Unlock
from app.services.vault import vault_status
from app.store import backup

if TYPE_CHECKING:
    from app.services.backup.backups import Made
    from app.services.books.open_books import Books

LATE_DAYS = 7
"""Changes that are in no backup for so long are told of."""


class Row(NamedTuple):
    """A file in the folder of backups. Of a damaged one only its name, size and `trouble` are known."""

    file: Path
    size: int
    created: str = ""
    reason: str = ""
    rows: int | None = None
    opens_with: tuple[str, ...] = ()
    portable: bool = False
    full: bool = False
    tested: str = ""
    is_own: bool = True
    """Whether it is of these books."""
    trouble: str = ""


class Standing(NamedTuple):
    """How the newest whole backup stands to the books; `created` is empty where there is none."""

    created: str = ""
    portable: bool = False
    tested: str = ""
    """When the newest of all tests of a backup passed."""
    has_changes: bool = True
    """Whether something was changed since."""
    is_due: bool = True
    """Whether today's is still to be made."""


class BackupPage(NamedTuple):
    rows: list[Row]
    standing: Standing
    replaced: list[Path]
    """Databases that restores replaced and that are still kept."""
    can_travel: bool
    """Whether a backup made now opens on another computer."""


def page(books: Books) -> BackupPage:
    """Return all that the section shows."""
    counted = backups.rows_of(books.home, Unlock(key_hex=books.key_hex()), lambda: None)
    tested = backup.tested_places(books.connection)
    rows = []
    for each in backups.listed(books.home):
        if each.header is None:
            rows.append(Row(each.file, each.size, trouble=each.trouble.message if each.trouble else ""))
            continue
        rows.append(
            Row(
                each.file, each.size, each.header.created, each.header.reason, counted.get(each.file),
                each.header.opens_with, each.header.portable, each.header.full, tested.get(each.file.name, ""),
                each.header.uuid == books.uuid,
            )
        )  # fmt: skip
    return BackupPage(
        rows,
        standing(books),
        backups.replaced(books.home),
        vault_status.of_home(books.home, books.clock.now()).portable,
    )


def of_file(books: Books, path: Path) -> Row:
    """Return what the beginning of a backup anywhere says of it. Raises: BadFile, DamagedFile."""
    found = backup_file.find(path)
    header = found.header
    return Row(
        path, found.size, header.created, header.reason, None, header.opens_with, header.portable, header.full, "",
        header.uuid == books.uuid,
    )  # fmt: skip


def row_count(books: Books) -> int | None:
    """Return how many transactions there are, as backups count them; None where the books are too damaged to tell."""
    try:
        with books.noticing():
            return int(books.connection.execute("SELECT COUNT(*) FROM transactions").fetchone()[0])
    except DamagedBooks:
        return None


def standing(books: Books) -> Standing:
    """Return how the newest whole backup stands to the books."""
    newest = backups.newest(books)
    tests = backup.tested_places(books.connection)
    tested = max(tests.values(), default="")
    if newest is None:
        return Standing(tested=tested)
    changed = backups.changed_since(books, newest)
    is_todays = newest.created[:10] == books.stamp()[:10]
    return Standing(newest.created, newest.portable, tested, changed, changed and not is_todays)


def is_late(books: Books) -> str | None:
    """Return since when changes are in no backup, if that is too long; a moment. None when all is well."""
    newest = backups.newest(books)
    if newest is not None and not backups.changed_since(books, newest):
        return None
    since = newest.created if newest is not None else _begun(books)
    late = books.clock.now() - datetime.fromisoformat(since) > timedelta(days=LATE_DAYS) if since else False
    return since if late else None


def write_daily(books: Books, step: Step = silent) -> Made:
    """Write today's backup from any thread, also with books that only read; `backups.record` follows on the writer's.

    Raises: as `backups.create`.
    """
    return backups.write(
        books.home, books.key_hex(), created=books.stamp(), reason=Reason.DAILY, step=step,
        link=bank_copies.sealed(books),
    )  # fmt: skip


def _begun(books: Books) -> str:
    row = books.connection.execute("SELECT MIN(at) FROM operation").fetchone()
    return str(row[0] or "")
