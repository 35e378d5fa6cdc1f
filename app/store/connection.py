"""One SQLCipher connection to the books, opened with a raw key and the settings every connection needs.

Traps this module closes, each measured: a raw key of 63 digits is silently taken for a passphrase, so the key is
checked first; a wrong key, a missing key and a damaged first page give the same error, so the caller proves the key by
`ops.keys` before coming here; SQLCipher writes to stderr on a wrong key unless told not to; the standard sqlite3 module
ignores `PRAGMA key` and would make a file in clear, so the cipher is asked for its version.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from app.core.errors import AppError, BadFile, Busy, Cancelled, Conflict, DamagedBooks, DamagedFile, SealedYear

Connection = Any
"""A sqlcipher3 connection; the module ships no types."""

_RAW_KEY = re.compile(r"[0-9a-f]{64}")
_BUSY_MS = 5000
_SMALLEST = 512
"""Bytes of the smallest page there is."""
_CLEAR_HEADER = b"SQLite format 3\x00"

_GUARDED = {
    sqlcipher.SQLITE_ATTACH,
    sqlcipher.SQLITE_DETACH,
    sqlcipher.SQLITE_ALTER_TABLE,
    sqlcipher.SQLITE_CREATE_TABLE,
    sqlcipher.SQLITE_CREATE_INDEX,
    sqlcipher.SQLITE_CREATE_TRIGGER,
    sqlcipher.SQLITE_CREATE_VIEW,
    sqlcipher.SQLITE_CREATE_VTABLE,
    # What is temporary hides what has the same name in the books, and its triggers see every write.
    sqlcipher.SQLITE_CREATE_TEMP_TABLE,
    sqlcipher.SQLITE_CREATE_TEMP_INDEX,
    sqlcipher.SQLITE_CREATE_TEMP_TRIGGER,
    sqlcipher.SQLITE_CREATE_TEMP_VIEW,
    sqlcipher.SQLITE_DROP_TABLE,
    sqlcipher.SQLITE_DROP_INDEX,
    sqlcipher.SQLITE_DROP_TRIGGER,
    sqlcipher.SQLITE_DROP_VIEW,
    sqlcipher.SQLITE_DROP_VTABLE,
    sqlcipher.SQLITE_DROP_TEMP_TABLE,
    sqlcipher.SQLITE_DROP_TEMP_INDEX,
    sqlcipher.SQLITE_DROP_TEMP_TRIGGER,
    sqlcipher.SQLITE_DROP_TEMP_VIEW,
}
_GUARDED_PRAGMAS = {
    "key", "rekey", "hexkey", "hexrekey", "writable_schema", "recursive_triggers", "trusted_schema", "foreign_keys",
    "ignore_check_constraints", "query_only", "schema_version", "user_version", "legacy_alter_table",
}  # fmt: skip
_CHANGES = {sqlcipher.SQLITE_UPDATE, sqlcipher.SQLITE_DELETE}
_LOG = {"audit", "audit_segment"}
"""Tables whose rows never change and leave only when `removing_sealed` says so; their triggers ask for more."""


def open_connection(path: Path, key_hex: str, *, create: bool = False, read_only: bool = False) -> Connection:
    """Return an open connection in autocommit mode; transactions are begun and ended by the unit of work.

    `key_hex` is the 64-digit database key. Raises: ValueError for a key of another shape; DamagedFile when the file
    cannot be read with it (the caller has proved the key, so the file is at fault); Conflict busy.
    """
    if not _RAW_KEY.fullmatch(key_hex):
        raise ValueError("a database key has 64 hexadecimal digits")
    if not create:
        _refuse_clear_text(path)
    if create:
        return _opened(path, key_hex, "mode=rwc")
    is_writable = os.access(path, os.W_OK)
    if not read_only:
        if not is_writable:
            # the engine would open it for reading then, and leave an index beside it that stays read-only
            raise _not_writable()
        return _opened(path, key_hex, "mode=rw")
    # Reading needs a little room beside the books too, and a full disk or a folder that is read-only has none. Without
    # a log the file is all there is, and nobody can be writing to it there.
    alone = not _log_size(path)
    if alone and not is_writable:
        return _opened(path, key_hex, "mode=ro&immutable=1")
    try:
        return _opened(path, key_hex, "mode=ro")
    except (Conflict, DamagedFile):
        if alone:
            with suppress(AppError):
                return _opened(path, key_hex, "mode=ro&immutable=1")
        raise


def open_cut(path: Path, key_hex: str) -> Connection:
    """Return a connection that only reads, also to a file that is shorter than its first page states.

    The engine refuses such a file as a whole, except under `writable_schema`; then only the pages that are gone fail.
    For the rescue alone. Raises: DamagedFile.
    """
    return _opened(path, key_hex, "mode=ro", is_cut=True)


def _log_size(path: Path) -> int:
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:
        return 0


def _opened(path: Path, key_hex: str, how: str, *, is_cut: bool = False) -> Connection:
    read_only = how.partition("&")[0] == "mode=ro"
    with translated():
        connection = sqlcipher.connect(
            f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, cached_statements=256
        )
    try:
        with translated():
            connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
            connection.set_key(f"x'{key_hex}'")
            if is_cut:
                connection.execute("PRAGMA writable_schema = ON")
            _settle(connection, read_only=read_only)
    except BaseException:
        connection.close()
        raise
    return connection


def opens(path: Path, key_hex: str) -> bool:
    """Return whether a key opens the books; nothing is changed. Raises: DamagedFile (of another kind), Conflict."""
    try:
        open_connection(path, key_hex, read_only=True).close()
    except DamagedFile as trouble:
        if trouble.message == _damaged(first_page=True).message:
            return False
        raise
    return True


def _settle(connection: Connection, *, read_only: bool) -> None:
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise DamagedFile("This installation has no SQLCipher.", "Install 1099 Ops again.")
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}").fetchone()
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    for setting in (
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "temp_store = MEMORY",
        "synchronous = NORMAL",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {setting}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")


def guard(connection: Connection) -> None:
    """Forbid what no use case needs: attaching files, changing the schema or the log, switching protections off."""
    connection.set_authorizer(_allowed)


@contextmanager
def removing_sealed(connection: Connection) -> Iterator[None]:
    """Let sealed rows of the audit log leave inside; for the one function that archives it."""

    def allowed(action: int, first: str | None, second: str | None, db: str | None, inner: str | None) -> int:
        if action == sqlcipher.SQLITE_DELETE and first in _LOG:
            return int(sqlcipher.SQLITE_OK)
        return _allowed(action, first, second, db, inner)

    connection.set_authorizer(allowed)
    try:
        yield
    finally:
        guard(connection)


def _allowed(action: int, first: str | None, second: str | None, _db: str | None, _inner: str | None) -> int:
    forbidden = (
        action in _GUARDED
        # The name comes as it was typed.
        or (action == sqlcipher.SQLITE_PRAGMA and second is not None and str(first).lower() in _GUARDED_PRAGMAS)
        or (action in _CHANGES and first in _LOG)
    )
    return int(sqlcipher.SQLITE_DENY if forbidden else sqlcipher.SQLITE_OK)


def interrupt(connection: Connection) -> None:
    """Stop what a connection is doing; called from any thread, also when it was just closed on its own."""
    with suppress(sqlcipher.ProgrammingError):
        connection.interrupt()


def file_of(path: Path) -> tuple[int, int] | None:
    """Return which file a name leads to now; None when there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _refuse_second_name(path: Path, state: os.stat_result) -> None:
    """Refuse books that another folder holds too: each would keep a log of its own, and one miss what the other wrote.

    A second name beside them is what a killed writer left, and harmless.
    """
    same = (other for other in path.parent.iterdir() if other != path and other.name.startswith((".", path.name)))
    here = 1 + sum(file_of(other) == (state.st_dev, state.st_ino) for other in same)
    if stat.S_ISLNK(state.st_mode) or state.st_nlink > here:
        raise BadFile(
            "The books file is a link, or lies in a second folder too, so two programs could change it unseen.",
            "Put a copy of it in its place: copy books.db, remove it, and give the copy its name.",
        )


def _refuse_clear_text(path: Path) -> None:
    try:
        # looked at first: opening a pipe would wait for its writer
        state = path.lstat()
        if stat.S_ISLNK(state.st_mode) or (stat.S_ISREG(state.st_mode) and state.st_nlink > 1):
            _refuse_second_name(path, state)
        if not stat.S_ISREG(state.st_mode):
            raise DamagedFile("What is called books.db is not a file.", "Put the right books.db back.")
        with path.open("rb") as file:
            head = file.read(_SMALLEST)
    except OSError as trouble:
        raise _not_writable() from trouble
    if len(head) < _SMALLEST:
        # the engine takes an empty file for new books, and would fill it
        raise DamagedFile(
            "The books file is empty or cut off.", "Put back books.db from a backup. Nothing was changed."
        )
    if head.startswith(_CLEAR_HEADER):
        raise DamagedFile(
            "The books file is not encrypted, so it is not the file 1099 Ops made.",
            "Put the right books.db back, or restore a backup.",
        )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into those of the product; the cause stays attached."""
    try:
        yield
    except AppError:
        raise
    except sqlcipher.OperationalError as trouble:
        raise _operational(trouble) from trouble
    except sqlcipher.IntegrityError as trouble:
        if "sealed_year" in str(trouble):
            raise SealedYear(
                "This year is sealed, so its books do not change.", "Unseal the year first if the return was amended."
            ) from trouble
        raise
    except sqlcipher.DatabaseError as trouble:
        if getattr(trouble, "sqlite_errorcode", None) == sqlcipher.SQLITE_AUTH:
            # No damage: a statement nobody may run, or Ctrl-C that struck in the guard, which can only say no.
            raise
        raise _damaged(first_page="not a database" in str(trouble)) from trouble


def named(error: BaseException) -> AppError | None:
    """Return the product's error for one of the database that came out untranslated; None for any other."""
    if not isinstance(error, sqlcipher.DatabaseError) or isinstance(error, sqlcipher.ProgrammingError):
        return None
    try:
        with translated():
            raise error
    except AppError as told:
        return told
    except sqlcipher.Error:
        return None


def _operational(trouble: Exception) -> AppError:
    text = str(trouble)
    if text == "interrupted":
        return Cancelled("The search was stopped.", "Nothing was changed.")
    if "locked" in text or "busy" in text:
        return Busy("Another program is writing to these books.", "Try again in a moment.")
    if "full" in text:
        return Conflict("The disk is full; nothing was changed.", "Free some space and try again.", code="disk_full")
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return _not_writable()
    if "disk I/O" in text or "malformed" in text:
        return _damaged()
    raise trouble


def _not_writable() -> Conflict:
    return Conflict(
        "The books cannot be written or opened where they lie.",
        "Check that the folder exists and that you may write to it.",
        code="not_writable",
    )


def _damaged(*, first_page: bool = False) -> DamagedBooks:
    """Return the error for a file whose beginning its key does not open, or of which a later part is bad or missing."""
    return DamagedBooks(
        "The books file is damaged: it cannot be read with its own key."
        if first_page
        else "The books file is damaged: a part of it is missing or cannot be read.",
        "Nothing was changed. `ops1099 rescue status` says what can be done. Copy the home folder first.",
    )


def looks_encrypted(path: Path) -> bool:
    """Return whether a fresh file begins like ciphertext, not like a database in clear."""
    with path.open("rb") as file:
        return file.read(16) != _CLEAR_HEADER
