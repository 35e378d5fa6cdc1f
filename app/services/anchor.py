"""The anchor of the audit log: its newest entry, noted outside the books. It shows that an old file was put back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.errors import AppError

if TYPE_CHECKING:
    from app.services.books import Books

ANCHOR_FILE = "audit.anchor"


def write(books: Books) -> None:
    """Note the newest audit entry outside the books."""
    from app.store import audit  # noqa: PLC0415 - only after a change

    safe_files.write_atomic(
        books.home / ANCHOR_FILE, text(books.subkey("audit-mac"), books.uuid, *audit.head(books.connection))
    )


def text(key: bytes, uuid: str, seq: int, mac: str) -> bytes:
    """Return the anchor file of books whose newest entry is this one."""
    from app.store import audit  # noqa: PLC0415 - same

    body: dict[str, int | str] = {"uuid": uuid, "seq": seq, "mac": mac}
    return json.dumps({**body, "seal": audit.seal_anchor(key, body)}).encode()


def holds(books: Books) -> bool | None:
    """Return whether the books are at least as new as last noted; None when nothing was noted."""
    from app.store import audit  # noqa: PLC0415

    try:
        data = json.loads(safe_files.read_limited(books.home / ANCHOR_FILE, 4096))
        body = {name: data[name] for name in ("uuid", "seq", "mac")}
        seal = str(data["seal"])
    except (AppError, OSError):
        return None
    except (ValueError, KeyError, TypeError):
        return False
    if audit.seal_anchor(books.subkey("audit-mac"), body) != seal or body["uuid"] != books.uuid:
        return False
    return bool(body["seq"] == 0 or audit.mac_at(books.connection, int(body["seq"])) == body["mac"])
