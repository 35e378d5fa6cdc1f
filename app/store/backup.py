"""Copies of the encrypted books by the database's own backup: a file copy would miss the write-ahead log.

A copy is looked at without a write-ahead log or any other file beside it (`immutable`), so looking never changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.dates import year_of
from app.core.errors import DamagedFile
from app.core.security.backup_facts import Facts, Total
from app.store import audit
from app.store.connection import Connection, translated

RECORDED_SINCE = 3
"""The form of the books from which on they record their backups."""
_PAGES = 256
"""Copied at once: a megabyte, so that whoever watches can stop it."""


def copy(
    source: Connection, target: Path, key_hex: str, step: Callable[[int, int], None] = lambda _done, _total: None
) -> None:
    """Write a copy under a key; not yet synced. `step` is told pages and may raise. Raises: Conflict disk_full."""
    from sqlcipher3 import dbapi2 as sqlcipher  # noqa: PLC0415 - a bare connection: the target must stay unsettled

    with translated():
        made = sqlcipher.connect(str(target))
        try:
            made.execute("PRAGMA cipher_log_level = NONE").fetchall()
            made.set_key(f"x'{key_hex}'")
            made.execute("PRAGMA journal_mode = OFF").fetchone()
            made.execute("PRAGMA synchronous = OFF")
            source.backup(made, pages=_PAGES, progress=lambda _status, left, total: step(total - left, total))
        finally:
            made.close()


def snapshot(
    source: Connection, target: Path, key_hex: str, step: Callable[[int, int], None] = lambda _done, _total: None
) -> Facts:
    """Copy the books and return what they held at the very moment that was copied."""
    with translated():
        source.execute("BEGIN")
        try:
            found = facts(source)
            copy(source, target, key_hex, step)
        finally:
            if source.in_transaction:
                source.execute("ROLLBACK")
    return found


@contextmanager
def opened(path: Path, key_hex: str) -> Iterator[Connection]:
    """Open a copy afresh, to look only. Raises: DamagedFile."""
    from sqlcipher3 import dbapi2 as sqlcipher  # noqa: PLC0415 - same

    with translated():
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
        try:
            connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
            connection.set_key(f"x'{key_hex}'")
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA cache_size = -65536")
            yield connection
        finally:
            connection.close()


def refuse_damage(connection: Connection) -> None:
    """Check every page and the structure of the whole file. Raises: DamagedFile."""
    with translated():
        pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        structure = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if pages or structure != "ok":
        raise DamagedFile("The books in this backup are damaged.", "Use another one; see: ops1099 backup list")


def facts(connection: Connection) -> Facts:
    """Return counts of all tables, the totals of each account and year, and the newest audit entry."""
    names = [
        str(row[0])
        for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        if not str(row[0]).startswith("sqlite_")
    ]
    tables = {name: int(connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]) for name in names}
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for account_id, day, count, cents in connection.execute(
        "SELECT account_id, tax_date, COUNT(*), SUM(cents) FROM transactions GROUP BY account_id, tax_date"
    ):
        key = (year_of(day), int(account_id))
        rows, total = sums.get(key, (0, 0))
        sums[key] = (rows + int(count), total + int(cents))
    seq, mac = audit.head(connection)
    return Facts(tables, tuple(Total(*key, *value) for key, value in sorted(sums.items())), seq, mac)


def note_made(connection: Connection, *, at: str, reason: str, place: str, sha256: str, audit_seq: int) -> None:
    """Record a backup that was verified."""
    connection.execute(
        "INSERT INTO backup_made (at, reason, place, sha256, audit_seq) VALUES (?, ?, ?, ?, ?)",
        (at, reason, place, sha256, audit_seq),
    )


def note_tested(connection: Connection, sha256: str, at: str) -> None:
    """Record that a backup was restored as a test."""
    connection.execute("UPDATE backup_made SET tested_at = ? WHERE sha256 = ?", (at, sha256))


def tested(connection: Connection) -> dict[str, str]:
    """Return when each backup was last restored as a test, by the SHA-256 of its file."""
    rows = connection.execute("SELECT sha256, MAX(tested_at) FROM backup_made WHERE tested_at NOT NULL GROUP BY sha256")
    return {str(sha256): str(at) for sha256, at in rows}


def tested_places(connection: Connection) -> dict[str, str]:
    """Return when each backup was last restored as a test, by the name of its file."""
    rows = connection.execute("SELECT place, MAX(tested_at) FROM backup_made WHERE tested_at NOT NULL GROUP BY place")
    return {Path(place).name: at for place, at in rows}


def mark_restored(
    connection: Connection, key: bytes, *, at: str, monotonic_ms: int, sha256: str, rows: int, reason: str
) -> None:
    """Tell the audit log of restored books where they come from."""
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            audit.append(
                connection, key, at=at, monotonic_ms=monotonic_ms, event="backup.restored", actor="user",
                object_kind="backup", object_id=None, body={"reason": reason, "rows": rows, "sha256": sha256},
            )  # fmt: skip
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
