"""“Test my backup”: restore one for real, beside the books, open it afresh, compare, and remove it again.

Every step a restore takes is taken, up to opening the restored home with this program, so a drill that passes says that
the restore works, not only that a file looks right.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from app.adapters import backup_file, safe_files
from app.adapters.backup_file import Step
from app.core.errors import NotFound
from app.core.ports import Clock, Keychain
from app.core.security.backup_facts import Compared, Facts, compare
from app.services.audit import audit_notes
from app.services.backup import backup_opening, backups, restores
from app.services.backup.backup_opening import silent
from app.services.backup.restoring import BACKUPS
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.store import backup


class Drill(NamedTuple):
    """What was compared with what was written down, and what changed in the open books since."""

    file: Path
    created: str
    reason: str
    rows: int
    compared: tuple[Compared, ...]
    since: tuple[Compared, ...]
    missing_receipts: tuple[str, ...]
    audit_seq: int
    audit_mac: str
    portable: bool
    opens_with: tuple[str, ...]
    sha256: str

    @property
    def ok(self) -> bool:
        return all(each.equal for each in self.compared) and not self.missing_receipts


def drill(
    home: Path, path: Path | None, unlock: Unlock, *, keychain: Callable[[], Keychain | None], clock: Clock,
    books: Books | None = None, step: Step = silent,
) -> Drill:  # fmt: skip
    """Restore a backup, the newest whole one of the home by default, into a private folder and compare it.

    With the open books of the home it also tells what changed since, and notes the test.
    Raises: NotFound (no backup), DamagedFile, BadFile, NewerSchema, DiskFull, Locked and its kin.
    """
    found = newest(home) if path is None else path
    known = books.keys if books is not None else None
    opened = backup_opening.open_backup(found, unlock, keychain=keychain, known=known, home=home)
    key = opened.keys.dbk.hex()
    safe_files.private_folder(home / BACKUPS)
    with safe_files.workplace(home / BACKUPS / "test") as work:
        target = work / "home"
        done = restores.restore(
            found, target, Unlock(key_hex=key), keychain=lambda: None, clock=clock, into_new=True, mark=False, step=step
        )
        with backup.opened(target / "books.db", key) as connection:
            backup.refuse_damage(connection)
            restored = backup.facts(connection)
            sound = backup_opening.sound(Books(target, connection, opened.keys, clock, None))
        opens = _opens(target, key, clock)
    result = Drill(
        file=found, created=done.created, reason=opened.header.reason, rows=restored.rows,
        compared=(
            *compare(opened.facts, restored),
            *sound,
            Compared("opening it", "rows as before", "rows as before" if opens == restored.rows else f"{opens:,} rows"),
        ),
        since=_since(opened.facts, books), missing_receipts=done.missing_receipts, audit_seq=restored.audit_seq,
        audit_mac=restored.audit_mac, portable=opened.header.portable, opens_with=opened.header.opens_with,
        sha256=backup_file.sha256(found),
    )  # fmt: skip
    if books is not None and not books.reads_only and result.ok:
        record(books, result)
    return result


def newest(home: Path) -> Path:
    """Return the newest whole backup of a home. Raises: NotFound."""
    whole = [each for each in backups.listed(home) if each.header is not None]
    if not whole:
        raise NotFound("There is no backup in this home folder.", "Make one with: ops1099 backup create")
    return whole[0].file


def _opens(home: Path, key: str, clock: Clock) -> int:
    """Open the restored home as any home, bringing an older form up; return its rows."""
    opened = opening.open_books(home, Unlock(key_hex=key), keychain=lambda: None, clock=clock)
    try:
        return backup.facts(opened.connection).rows
    finally:
        opened.close()


def _since(facts: Facts, books: Books | None) -> tuple[Compared, ...]:
    if books is None:
        return ()
    with books.reading():
        now = backup.facts(books.connection)
    return tuple(each for each in compare(facts, now) if not each.equal)


def record(books: Books, result: Drill) -> None:
    """Note a test that passed, where books that only read were given to it."""
    with audit_notes.noting(books):
        backup.note_tested(books.connection, result.sha256, books.stamp())
        audit_notes.note(books, "backup.tested", reason=result.reason, rows=result.rows, sha256=result.sha256)
