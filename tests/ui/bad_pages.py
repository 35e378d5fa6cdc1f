"""Books damaged on disk where somebody reads: one bit of a page that holds what is asked for."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import DamagedBooks
from app.store.connection import open_connection

PAGE = 4096


TRANSACTIONS = "SELECT COUNT(*), SUM(line) FROM transactions NOT INDEXED"
NEWEST_ENTRY = "SELECT * FROM audit ORDER BY seq DESC LIMIT 1"


def flip(file: Path, key: str, read_by: str = TRANSACTIONS) -> None:
    """Change one bit of a late page that a query reads; any other page might be read by nobody."""
    with file.open("r+b", buffering=0) as stream:
        for page in range(file.stat().st_size // PAGE * 9 // 10, 0, -1):
            place = page * PAGE + 500
            stream.seek(place)
            was = stream.read(1)
            stream.seek(place)
            stream.write(bytes([was[0] ^ 1]))
            if is_read(file, key, read_by):
                return
            stream.seek(place)
            stream.write(was)
    raise AssertionError(f"no page is read by {read_by}")


def is_read(file: Path, key: str, query: str) -> bool:
    """Whether the file opens and the query meets a page that cannot be read."""
    try:
        connection = open_connection(file, key, read_only=True)
    except DamagedBooks:
        return False
    try:
        connection.execute(query).fetchone()
    except Exception:  # noqa: BLE001 - what a bad page raises is the engine's own
        return True
    finally:
        connection.close()
    return False
