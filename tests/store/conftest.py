from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.store import migrate
from app.store.connection import open_connection

KEY = "5a" * 32


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Opens the same encrypted file again and again; the earlier connection is closed first."""
    path = tmp_path / "books.db"
    held: list[Any] = []

    def opened() -> Any:
        if held:
            held.pop().close()
        held.append(open_connection(path, KEY, create=True))
        return held[-1]

    yield opened
    for connection in held:
        connection.close()


@pytest.fixture
def connection(reopen: Callable[[], Any]) -> Any:
    """A real SQLCipher file with the newest schema."""
    made = reopen()
    migrate.migrate(made, at="2026-11-20T00:00:00.000Z", before=lambda _version: None)
    return made
