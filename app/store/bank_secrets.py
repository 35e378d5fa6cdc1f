"""The table of sealed values of the bank link, and which of them the keychain holds. Nothing here is in clear."""

from __future__ import annotations

from app.store.connection import Connection


def get(connection: Connection, name: str) -> str | None:
    row = connection.execute("SELECT value FROM bank_secret WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def put(connection: Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO bank_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def remove(connection: Connection, name: str) -> None:
    connection.execute("DELETE FROM bank_secret WHERE name = ?", (name,))


def all_of(connection: Connection, prefix: str = "") -> dict[str, str]:
    """Return the values whose names begin so."""
    rows = connection.execute(
        "SELECT name, value FROM bank_secret WHERE SUBSTR(name, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
    )
    return {str(name): str(value) for name, value in rows.fetchall()}


def is_there(connection: Connection) -> bool:
    """Return whether the table is: older books have none."""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'bank_secret')").fetchone()
    return bool(row[0])
