"""What the database engine itself can say about its file, and the few sums that must agree whatever the rows are."""

from __future__ import annotations

from app.store import schema
from app.store.connection import Connection
from app.store.totals import Totals

_SHOWN = 5
"""Troubles of one kind that are told: the first few name the place."""


def fold_log(connection: Connection) -> bool:
    """Bring the write-ahead log into the file; return whether all of it went in: else another program is reading."""
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def bad_pages(connection: Connection) -> list[str]:
    """Return what the cipher finds on the pages of the file itself; the log must be folded in first."""
    return [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check").fetchmany(_SHOWN)]


def bad_structure(connection: Connection, *, with_indexes: bool) -> list[str]:
    """Return what the engine finds wrong with the trees of the file; with indexes it compares each with its table."""
    check = "integrity_check" if with_indexes else "quick_check"
    found = [str(row[0]) for row in connection.execute(f"PRAGMA {check}({_SHOWN})").fetchall()]
    return [] if found == ["ok"] else found


def dangling(connection: Connection) -> list[str]:
    """Return the tables whose rows point to rows that are not there."""
    return sorted({str(row[0]) for row in connection.execute("PRAGMA foreign_key_check").fetchmany(200)})


def wrong_counters(connection: Connection) -> list[str]:
    """Return the tables whose next id would be one that was given before: only an old page can say so."""
    given = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    used = dict(connection.execute("SELECT table_name, MAX(last_id) FROM made GROUP BY table_name").fetchall())
    for table in ("operation", "journal"):
        used[table] = connection.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0]
    return [table for table in (*schema.BOOKS, "operation", "journal") if given.get(table, 0) < used.get(table, 0)]


def unfinished(connection: Connection) -> bool:
    """Return whether the books stand in the middle of an operation, which no commit leaves."""
    return bool(
        connection.execute("SELECT (SELECT COUNT(*) FROM op_now) + (SELECT COUNT(*) FROM op_start)").fetchone()[0]
    )


def missing_records(connection: Connection) -> list[str]:
    """Return the records of which the audit log tells and which are not there."""
    rows = connection.execute(
        "SELECT 'pack' FROM audit a WHERE a.object_kind = 'pack' AND a.object_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM pack p WHERE p.id = a.object_id AND p.sha256 = a.body ->> 'sha256') "
        "UNION SELECT 'backup_made' FROM audit a WHERE a.event = 'backup.made' "
        "AND NOT EXISTS (SELECT 1 FROM backup_made b WHERE b.sha256 = a.body ->> 'sha256') "
        "UNION SELECT 'backup_made' FROM audit a JOIN backup_made b ON b.sha256 = a.body ->> 'sha256' "
        "WHERE a.event = 'backup.tested' AND a.result = 'ok' AND b.tested_at IS NULL "
        "UNION SELECT 'erasure' FROM audit a WHERE a.event = 'erasure' AND a.object_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.id = a.object_id)"
    )
    return [str(row[0]) for row in rows]


def totals_agree(connection: Connection) -> bool:
    """Return whether the month totals are what adding up again gives."""
    totals = Totals(connection)
    return {cell for cell in totals.dump() if any(cell[-3:])} == {cell for cell in totals.added_up() if any(cell[-3:])}
