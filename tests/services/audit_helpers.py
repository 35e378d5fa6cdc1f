"""What the tests of the audit log share: a clock and a keychain that can be set, and an attacker with the key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app.adapters.randomness import OsRandomness
from app.core.errors import Locked
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.store import audit
from app.store.connection import open_connection

PASSPHRASE = "violet anchor harvest tundra 41"
PAGE = 4096


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, moment: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()

    def monotonic_ms(self) -> int:
        return 1000

    def pass_days(self, days: float) -> None:
        self.moment += timedelta(days=days)


class MemoryKeychain:
    """A keychain that can be locked, and counts how often it was asked."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.error: Locked | None = None
        self.calls = 0

    def _count(self) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error

    def get(self, name: str) -> str | None:
        self._count()
        return self.entries.get(name)

    def set(self, name: str, value: str) -> None:
        self._count()
        self.entries[name] = value

    def delete(self, name: str) -> None:
        self._count()
        self.entries.pop(name, None)


class Closed(NamedTuple):
    """A home nobody has open, and its key."""

    home: Path
    key: str


def made(home: Path, clock: SetClock, keychain: MemoryKeychain | None = None) -> Books:
    books, _ = opening.create(
        home, mode=Mode.PASSPHRASE if keychain is None else Mode.KEYCHAIN,
        passphrase=PASSPHRASE if keychain is None else None, keychain=keychain, randomness=OsRandomness(), clock=clock,
        kdf_memory_mib=64,
    )  # fmt: skip
    return books


def opened(home: Path, key: str | None, clock: SetClock, keychain: MemoryKeychain | None = None) -> Books:
    """Open by the raw key, or by the keychain."""
    return opening.open_books(home, Unlock(key_hex=key), keychain=lambda: keychain, clock=clock)


def tampered(books: Closed, change: Callable[[Any], None]) -> None:
    """Change the closed books as somebody could who has the key and any tool: past triggers, guards and head note."""
    connection = open_connection(books.home / "books.db", books.key)
    try:
        names = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_segment')"
        triggers = connection.execute(names).fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        change(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        head_as_it_is(books.home, audit.head(connection))
    finally:
        connection.close()


def head_as_it_is(home: Path, newest: tuple[int, str]) -> None:
    """Make the note of the newest change agree with the books, as only somebody can who has their key."""
    (home / "books.head").write_text(f"1 {newest[0]} {newest[1]} - {newest[0]} {newest[1]} unsealed")


def older_file_back(home: Path, old: bytes, key: str) -> None:
    """Put an old books file back, past the note of its newest change."""
    (home / "books.db").write_bytes(old)
    connection = open_connection(home / "books.db", key)
    try:
        head_as_it_is(home, audit.head(connection))
    finally:
        connection.close()


def rows(connection: Any) -> list[audit.Row]:
    return list(audit.rows(connection))


def put(connection: Any, every: list[Any]) -> None:
    """Write the log anew."""
    connection.execute("DELETE FROM audit")
    connection.executemany(f"INSERT INTO audit VALUES ({', '.join('?' * 11)})", every)
