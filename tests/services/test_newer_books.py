"""A program that is older than the books opens nothing and changes no byte of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.core.errors import NewerSchema
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.store import migrate
from app.store.connection import open_connection
from app.store.migrate import Migration

LATER = Migration(migrate.CURRENT + 1, "ALTER TABLE business ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;")


def files(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("home.lock") and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.mark.parametrize("read_only", [False, True], ids=["to write", "to read"])
def test_books_of_a_newer_format_stay_as_they_are(make_books: Callable[..., Books], *, read_only: bool) -> None:
    made = make_books()
    key, home = made.key_hex(), made.home
    made.close()
    connection = open_connection(home / "books.db", key)
    migrate.migrate(
        connection, at="2026-11-20T00:00:00.000Z", before=lambda _v: None, migrations=[*migrate.shipped(), LATER]
    )
    connection.close()
    before = files(home)
    with pytest.raises(NewerSchema) as caught:
        opening.open_books(
            home, Unlock(key_hex=key), keychain=lambda: None, clock=SystemClock("UTC"), read_only=read_only
        )
    assert (caught.value.code, caught.value.exit_code) == ("newer_schema", 7)
    assert files(home) == before
