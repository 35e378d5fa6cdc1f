"""Accounts and the files that fed them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.statements import insert_into, update_of


class Account(NamedTuple):
    id: int
    business_id: int
    name: str
    kind: str
    role: str
    institution: str | None
    last4: str | None
    fingerprint: str | None
    currency: str
    opening_cents: int
    opening_known: int
    removed: int


class ImportedFile(NamedTuple):
    id: int
    account_id: int
    name: str
    sha256: str
    format: str
    layout: str
    first_day: Day | None
    last_day: Day | None
    row_count: int
    added: int
    duplicates: int
    masked: int
    sum_cents: int
    balance_cents: int | None
    balance_day: Day | None
    sets_opening: int
    troubles: str


_LINKED = (
    "CASE WHEN layout = 'bank-link' THEN MAX(last_day, COALESCE((SELECT MAX(s.synced_day) FROM bank_account b "
    "JOIN bank_state s ON s.connection_id = b.connection_id WHERE b.account_id = imported_file.account_id), last_day)) "
    "ELSE last_day END"
)
"""A link that brought nothing new since covers the days up to its last look all the same."""
_FILE = ", ".join(_LINKED if name == "last_day" else name for name in ImportedFile._fields)


class Accounts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Account]:
        rows = self._connection.execute(
            f"SELECT {', '.join(Account._fields)} FROM account WHERE removed = 0 ORDER BY id"
        )
        return [Account(*row) for row in rows]

    def get(self, account_id: int) -> Account | None:
        row = self._connection.execute(
            f"SELECT {', '.join(Account._fields)} FROM account WHERE id = ? AND removed = 0", (account_id,)
        ).fetchone()
        return Account(*row) if row else None

    def named(self, name: str) -> Account | None:
        row = self._connection.execute(
            f"SELECT {', '.join(Account._fields)} FROM account WHERE name = ? AND removed = 0", (name,)
        ).fetchone()
        return Account(*row) if row else None

    def add(
        self, *, business_id: int, name: str, kind: str, role: str, institution: str | None = None,
        last4: str | None = None, fingerprint: str | None = None, currency: str = "USD",
    ) -> Account:  # fmt: skip
        cursor = self._connection.execute(
            "INSERT INTO account (business_id, name, kind, role, institution, last4, fingerprint, currency) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (business_id, name, kind, role, institution, last4, fingerprint, currency),
        )
        found = self.get(int(cursor.lastrowid))
        assert found is not None
        return found

    def change(self, account_id: int, values: dict[str, Any]) -> None:
        """Set columns of an account; names come from the service, never from data."""
        self._connection.execute(update_of("account", values), [*values.values(), account_id])

    def free_name(self, wanted: str, also_taken: AbstractSet[str] = frozenset()) -> str:
        """Return `wanted`, or `wanted 2`, `wanted 3` … when the name is taken."""
        taken = {row[0] for row in self._connection.execute("SELECT name FROM account")} | also_taken
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted} {number}", number + 1
        return name

    # --- files

    def add_file(self, values: Sequence[Any]) -> int:
        """Record one account of one file; values in the order of `ImportedFile` behind the id."""
        cursor = self._connection.execute(insert_into("imported_file", ImportedFile._fields[1:]), values)
        return int(cursor.lastrowid)

    def mark_opening(self, file_id: int) -> None:
        """Note that a file's balance set the opening of its account."""
        self._connection.execute("UPDATE imported_file SET sets_opening = 1 WHERE id = ?", (file_id,))

    def files(self, account_id: int | None = None) -> list[ImportedFile]:
        rows = self._connection.execute(
            f"SELECT {_FILE} FROM imported_file WHERE ?1 IS NULL OR account_id = ?1 ORDER BY id",
            (account_id,),
        )
        return [ImportedFile(*row) for row in rows]

    def files_with(self, sha256: str) -> list[ImportedFile]:
        rows = self._connection.execute(
            f"SELECT {', '.join(ImportedFile._fields)} FROM imported_file WHERE sha256 = ? ORDER BY id", (sha256,)
        )
        return [ImportedFile(*row) for row in rows]

    def add_sources(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """Record rows of a file that were already in the books: (file, line, transaction)."""
        self._connection.executemany("INSERT INTO source_row (file_id, line, transaction_id) VALUES (?, ?, ?)", rows)
