"""Numbered migrations: each a file of SQL, run once, in one transaction with everything that belongs to it.

The runner drops the journal triggers first and generates them last, notes the file's hash, and stamps `user_version`.
A file of the books is never left between two versions, and before an existing file is touched it is backed up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from app.core.errors import DamagedFile, NewerSchema
from app.store.connection import Connection, translated


class Migration(NamedTuple):
    version: int
    sql: str
    changes_meaning: bool = False
    """True puts operations made before it out of reach of undo."""


CURRENT = 6


def shipped() -> list[Migration]:
    """Return the migrations of this program, oldest first."""
    from importlib import resources  # noqa: PLC0415 - books of the newest format ask for none

    folder = resources.files("app.store") / "migrations"
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [Migration(int(name[:4]), (folder / name).read_text("utf-8")) for name in files]


def version_of(connection: Connection) -> int:
    with translated():
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(version: int, newest: int = CURRENT) -> None:
    """Raises: NewerSchema when a later program wrote the books; nothing is touched."""
    if version > newest:
        raise NewerSchema(
            f"These books were written by a newer 1099 Ops (format {version}; this one knows up to {newest}).",
            "Install the newer version to open them. Nothing was changed.",
        )


def migrate(
    connection: Connection,
    *,
    at: str,
    before: Callable[[int], None],
    after_each: Callable[[int], None] = lambda _version: None,
    migrations: Iterable[Migration] | None = None,
) -> list[int]:
    """Bring the books to the newest version and return the versions that were run.

    `before` is called once, with the version found, before anything is touched (it makes the backup); `after_each`
    inside each migration's transaction (it writes the audit entry). Raises: NewerSchema; DamagedFile when a migration
    that was already run has other text now than then.
    """
    known = list(shipped() if migrations is None else migrations)
    newest = known[-1].version
    done: list[int] = []
    refuse_newer(version_of(connection), newest)
    for migration in known:
        found = version_of(connection)
        if migration.version <= found:
            _check_text(connection, migration)
            continue
        if found and not done:
            before(found)
        _run(connection, migration, at, after_each)
        done.append(migration.version)
    return done


def _run(connection: Connection, migration: Migration, at: str, after_each: Callable[[int], None]) -> None:
    from app.store import journal_triggers  # noqa: PLC0415 - books of the newest format ask for none

    with translated():
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            journal_triggers.drop_triggers(connection)
            for statement in statements(migration.sql):
                connection.execute(statement)
            journal_triggers.make_triggers(connection, migration.version)
            last = connection.execute("SELECT COALESCE(MAX(id), 0) FROM operation").fetchone()[0]
            connection.execute(
                "INSERT INTO migration (version, sha256, at, undo_horizon) VALUES (?, ?, ?, ?)",
                (migration.version, _hash(migration), at, last if migration.changes_meaning else None),
            )
            connection.execute(f"PRAGMA user_version = {migration.version:d}")
            after_each(migration.version)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA synchronous = NORMAL")


def _check_text(connection: Connection, migration: Migration) -> None:
    row = connection.execute("SELECT sha256 FROM migration WHERE version = ?", (migration.version,)).fetchone()
    if row is None or row[0] != _hash(migration):
        raise DamagedFile(
            f"The books say that step {migration.version} of their format was made by another text than this one.",
            "Nothing was changed. Open them with the program that made them.",
        )


def _hash(migration: Migration) -> str:
    import hashlib  # noqa: PLC0415 - same

    return hashlib.sha256(migration.sql.encode()).hexdigest()


def statements(sql: str) -> list[str]:
    """Split SQL text into statements; a trigger's body stays whole.

    Comments run to the end of their line and hold no semicolon that matters: they are taken out first.
    """
    plain = "\n".join(line.split("--", 1)[0].rstrip() for line in sql.splitlines())
    found: list[str] = []
    current = ""
    for piece in plain.split(";"):
        current += piece
        in_trigger = current.lstrip().upper().startswith("CREATE TRIGGER")
        if in_trigger and not current.rstrip().upper().endswith("END"):
            current += ";"
            continue
        if current.strip():
            found.append(current.strip())
        current = ""
    return found
