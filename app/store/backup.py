"""Copies of the encrypted books by the database's own backup: a file copy would miss the write-ahead log."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import DamagedFile
from app.store.connection import Connection, open_connection, translated


def copy(source: Connection, target: Path, key_hex: str) -> None:
    """Write a copy under a key and prove it by opening it afresh. Raises: DamagedFile when the copy does not hold."""
    from sqlcipher3 import dbapi2 as sqlcipher  # noqa: PLC0415 - a bare connection: the target must stay unsettled

    with translated():
        made = sqlcipher.connect(str(target))
        try:
            made.execute("PRAGMA cipher_log_level = NONE").fetchall()
            made.set_key(f"x'{key_hex}'")
            source.backup(made)
        finally:
            made.close()
    if _fingerprint(target, key_hex) != _rows(source):
        target.unlink(missing_ok=True)
        raise DamagedFile("The backup does not hold what the books hold.", "Free some space and try again.")
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def _fingerprint(path: Path, key_hex: str) -> tuple[int, ...]:
    opened = open_connection(path, key_hex)
    try:
        problems = opened.execute("PRAGMA cipher_integrity_check").fetchall()
        quick = opened.execute("PRAGMA quick_check").fetchone()[0]
        if problems or quick != "ok":
            raise DamagedFile("The backup could not be verified.", "Check the disk and try again.")
        found = _rows(opened)
        opened.execute("PRAGMA journal_mode = DELETE").fetchone()
        return found
    finally:
        opened.close()


def _rows(connection: Connection) -> tuple[int, ...]:
    queries = (
        "PRAGMA user_version",
        "SELECT COUNT(*) FROM transactions",
        "SELECT COALESCE(SUM(cents), 0) FROM transactions",
        "SELECT COALESCE(MAX(seq), 0) FROM audit",
    )
    return tuple(int(connection.execute(query).fetchone()[0]) for query in queries)
