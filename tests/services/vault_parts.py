"""A keychain for tests of the vault, and what the audit log says of it."""

from __future__ import annotations

import json

from app.core.errors import Locked
from app.services.books.open_books import Books


class MemoryKeychain:
    """A keychain that works until `error` is set; it fails then."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.error: Locked | None = None

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error

    def get(self, name: str) -> str | None:
        self._fail()
        return self.entries.get(name)

    def set(self, name: str, value: str) -> None:
        self._fail()
        self.entries[name] = value

    def delete(self, name: str) -> None:
        self._fail()
        self.entries.pop(name, None)

    def keys(self) -> list[str]:
        return sorted(name for name in self.entries if "anchor" not in name)


def events(books: Books) -> list[tuple[str, dict[str, object]]]:
    rows = books.connection.execute("SELECT event, body FROM audit WHERE event LIKE 'vault%' ORDER BY seq").fetchall()
    return [(event, json.loads(body)) for event, body in rows]
