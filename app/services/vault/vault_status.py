"""What opens the books, and since when: for `vault status` and the security page."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.core.security import envelope, key_derivation
from app.core.security.envelope import Mode
from app.core.security.key_file import SlotKind
from app.core.security.wrapping import SLOT_OF_MODE
from app.services.vault import attempts, book_keys

if TYPE_CHECKING:
    from app.services.books.open_books import Books

_SLOT_NAMES = {
    SlotKind.KEYCHAIN: "keychain",
    SlotKind.PASSPHRASE: "passphrase",
    SlotKind.BOTH: "both",
    SlotKind.RECOVERY: "recovery",
}


class Status(NamedTuple):
    """The last four are known only from the open books' audit log; None is unknown or never."""

    mode: str
    slots: list[str]
    recovery_key: bool
    portable: bool
    """Whether the books, with what a person can know or hold on paper, open on another computer."""
    generation: int
    pending: bool
    older_keys: int
    kdf: dict[str, int | str] | None
    kdf_is_default: bool | None
    wait_seconds: int
    created_at: str | None = None
    passphrase_changed_at: str | None = None
    recovery_changed_at: str | None = None
    rotated_at: str | None = None


def of_home(home: Path, now: datetime) -> Status:
    """Return what `ops.keys` says without opening anything. Raises: as `book_keys.read_key_file`."""
    keyfile = book_keys.read_key_file(home)
    mode = envelope.mode_of(keyfile)
    newest = keyfile.newest
    slot = newest.slot(SLOT_OF_MODE[mode])
    kdf: dict[str, int | str] | None = None
    if slot is not None and slot.kdf is not None:
        algorithm, parameters = key_derivation.describe(slot.kdf)
        kdf = {"algorithm": algorithm, **{name: value for name, value in parameters.items() if name != "salt"}}
    default = key_derivation.Argon2id(salt=b"")
    recovery = newest.slot(SlotKind.RECOVERY) is not None
    return Status(
        mode=str(mode),
        slots=[_SLOT_NAMES.get(SlotKind(each.kind), "") if each.kind in set(SlotKind) else "unknown"
               for each in newest.slots],
        recovery_key=recovery,
        portable=recovery or mode is Mode.PASSPHRASE,
        generation=newest.number,
        pending=keyfile.pending,
        older_keys=0 if newest.retired is None else len(newest.retired.numbers),
        kdf=kdf,
        kdf_is_default=None if slot is None or slot.kdf is None else slot.kdf._replace(salt=b"") == default,
        wait_seconds=attempts.wait_seconds(home, now),
    )  # fmt: skip


def of_books(books: Books) -> Status:
    """Return everything, with the moments the audit log knows."""
    found = of_home(books.home, books.clock.now())
    with books.reading():
        first = books.connection.execute("SELECT at FROM audit ORDER BY seq LIMIT 1").fetchone()
        rows = books.connection.execute(
            "SELECT event, at, body FROM audit WHERE event IN "
            "('vault.passphrase', 'vault.mode', 'vault.recovery', 'vault.rotation') ORDER BY seq"
        ).fetchall()
    ended = {"done", "finished"}
    last = {event: at for event, at, body in rows if event != "vault.rotation" or json.loads(body).get("code") in ended}
    return found._replace(
        created_at=first[0] if first else None,
        passphrase_changed_at=last.get("vault.passphrase"),
        recovery_changed_at=last.get("vault.recovery"),
        rotated_at=last.get("vault.rotation"),
    )
