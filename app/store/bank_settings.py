"""The way to the banks, as the person set it up: one row, journalled like every decision."""

from __future__ import annotations

from typing import NamedTuple

from app.store.connection import Connection


class BankSetting(NamedTuple):
    """`relay_url` is the relay's address; with own keys another address of the provider, for its sandbox only."""

    mode: str
    relay_url: str | None
    env: str
    link_host: str | None


_COLUMNS = ", ".join(BankSetting._fields)


def get(connection: Connection) -> BankSetting | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM bank_setting ORDER BY id LIMIT 1").fetchone()
    return None if row is None else BankSetting._make(row)


def put(connection: Connection, setting: BankSetting) -> None:
    """Write the one row. Only inside an operation."""
    if get(connection) is None:
        connection.execute(f"INSERT INTO bank_setting ({_COLUMNS}) VALUES (?, ?, ?, ?)", setting)
        return
    connection.execute("UPDATE bank_setting SET mode = ?, relay_url = ?, env = ?, link_host = ?", setting)
