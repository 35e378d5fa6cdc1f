"""Encrypt the books anew under another key, and read them back.

The connection that does it is bare: no authorizer, no cached statements, nothing else open. In write-ahead mode the
whole new content goes through the log in one transaction, so a kill leaves the old books or the new ones.
"""

from __future__ import annotations

from pathlib import Path

from app.core.errors import DamagedFile
from app.store.connection import Connection, open_connection, translated


def is_alone(connection: Connection) -> bool:
    """Return whether no other connection, of this or another program, has the books open.

    Leaving the write-ahead mode is possible only then; it is taken up again at once.
    """
    from sqlcipher3 import dbapi2 as sqlcipher  # noqa: PLC0415 - for its error

    with translated():
        waited = connection.execute("PRAGMA busy_timeout").fetchone()[0]
        connection.execute("PRAGMA busy_timeout = 0").fetchone()
        try:
            found = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlcipher.OperationalError:
            found = "wal"
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(waited)}").fetchone()
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
    return bool(found == "delete")


def run(path: Path, old_hex: str, new_hex: str) -> None:
    """Encrypt all under the new key and fold the log into the file. Raises: DamagedFile, Conflict (disk full)."""
    connection = open_connection(path, old_hex)
    try:
        with translated():
            connection.execute("PRAGMA synchronous = FULL")
            # not as SQL: a statement's text can end up in a trace
            connection.reset_key(f"x'{new_hex}'")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()


def verified_counts(path: Path, key_hex: str) -> dict[str, int]:
    """Return the rows of each table, read by a fresh connection after both checks. Raises: DamagedFile."""
    connection = open_connection(path, key_hex)
    try:
        with translated():
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            quick = connection.execute("PRAGMA quick_check").fetchone()[0]
        if pages or quick != "ok":
            raise DamagedFile(
                "The books do not read back whole under their new key.", "Restore the backup that was made just before."
            )
        return row_counts(connection)
    finally:
        connection.close()


def row_counts(connection: Connection) -> dict[str, int]:
    """Return the rows of each table of the books."""
    with translated():
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: int(connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]) for name in names}
