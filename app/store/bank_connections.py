"""The linked banks, read for what a person is shown, and their end."""

from __future__ import annotations

from typing import NamedTuple

from app.store.connection import Connection


class BankConnection(NamedTuple):
    """A linked bank as the books know it; `synced_at` is in milliseconds since 1970."""

    id: int
    item_id: str
    institution_id: str | None
    institution: str
    env: str
    history: str
    health: str
    synced_at: int | None
    ended: int


class BankAccount(NamedTuple):
    """An account of a linked bank; `account_id` is the account of the books its rows go to."""

    account_id: int
    persistent_id: str | None
    last4: str | None
    type: str
    subtype: str | None
    name: str


_SELECT = (
    "SELECT c.id, c.item_id, c.institution_id, c.institution, c.env, c.history, COALESCE(s.health, 'ok'), s.synced_at, "
    "c.ended FROM bank_connection c LEFT JOIN bank_state s ON s.connection_id = c.id"
)
_ACCOUNT = ", ".join(BankAccount._fields)


def standing(connection: Connection) -> list[BankConnection]:
    """Return those that have not ended."""
    rows = connection.execute(f"{_SELECT} WHERE c.ended = 0 ORDER BY c.id")
    return [BankConnection._make(row) for row in rows.fetchall()]


def get(connection: Connection, number: int) -> BankConnection | None:
    row = connection.execute(f"{_SELECT} WHERE c.id = ?", (number,)).fetchone()
    return None if row is None else BankConnection._make(row)


def of_item(connection: Connection, item_id: str) -> BankConnection | None:
    row = connection.execute(f"{_SELECT} WHERE c.item_id = ?", (item_id,)).fetchone()
    return None if row is None else BankConnection._make(row)


def accounts(connection: Connection, number: int) -> list[BankAccount]:
    rows = connection.execute(f"SELECT {_ACCOUNT} FROM bank_account WHERE connection_id = ? ORDER BY id", (number,))
    return [BankAccount._make(row) for row in rows.fetchall()]


def rows_of(connection: Connection, number: int) -> list[int]:
    """Return the transactions that this bank alone brought, and no file or other bank."""
    rows = connection.execute(
        "SELECT b.transaction_id FROM bank_row b JOIN transactions t ON t.id = b.transaction_id "
        "LEFT JOIN decision d ON d.transaction_id = t.id "
        "WHERE b.connection_id = ?1 AND t.file_id IS NULL AND d.deleted_reason IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM source_row s WHERE s.transaction_id = t.id) "
        "AND NOT EXISTS (SELECT 1 FROM bank_row o WHERE o.transaction_id = t.id AND o.connection_id <> ?1) "
        "GROUP BY b.transaction_id ORDER BY b.transaction_id",
        (number,),
    )
    return [int(row[0]) for row in rows.fetchall()]


def end(connection: Connection, number: int) -> None:
    """Say that a bank is linked no more. Only inside an operation."""
    connection.execute("UPDATE bank_connection SET ended = 1 WHERE id = ?", (number,))
