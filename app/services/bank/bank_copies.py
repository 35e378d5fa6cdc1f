"""What a backup takes along of linked banks: the device key, the sealed tokens, own keys. And how they come back.

The keychain's values go into a part of the backup's beginning that is sealed under a subkey of the books; what lies
sealed in the books themselves is in the backup anyway. Put back over the same books, what these hold now stays: the
backup may be older than the banks that were linked since. Put back anywhere else, the values stand as copies until the
bank link is next used there, which moves them to a key of the new computer; see `bank_moving`.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.randomness import OsRandomness
from app.core.errors import AppError
from app.core.security import sealing
from app.core.security.key_derivation import Purpose, subkey
from app.services.bank import bank_secrets
from app.services.bank.bank_secrets import COPY, DEVICE, IN_KEYCHAIN, LINK, OWN, TOKEN
from app.store import bank_secrets as store

if TYPE_CHECKING:
    from app.core.security.backup_container import Header
    from app.core.security.envelope import Keys
    from app.services.books.open_books import Books
    from app.store.connection import Connection

SINCE = 6
"""The form of the books that has linked banks."""
_MOVING = (DEVICE, OWN, TOKEN)


def sealed(books: Books) -> dict[str, str] | None:
    """Return what a backup's beginning takes along, None when there is nothing.

    Nobody is kept from a backup by a keychain that cannot be asked: it then has the books, and not these.
    """
    if books.schema_version < SINCE:
        return None
    found: dict[str, str] = {}
    with contextlib.suppress(AppError):
        for name, held in store.all_of(books.connection).items():
            if held == IN_KEYCHAIN and not name.startswith(LINK) and (value := bank_secrets.get(books, name)):
                found[name] = value
    if not found:
        return None
    nonce = OsRandomness().token(sealing.NONCE_SIZE)
    data = sealing.seal(books.subkey(Purpose.LINK_BACKUP), json.dumps(found).encode(), _binding(books.uuid), nonce)
    return {"nonce": nonce.hex(), "ciphertext": data.hex()}


def bring(connection: Connection, header: Header, keys: Keys, present: Path | None) -> None:
    """Put what a backup took along into restored books, which are not in use yet.

    `present` is the database of the same books that is replaced, None where the backup comes to another place.
    """
    if header.schema_version < SINCE:
        return
    if present is not None:
        rows = _rows_of(present, keys)
    else:
        rows = _as_copies(store.all_of(connection), keys) | _opened(header, keys)
        for name in store.all_of(connection):
            if name.startswith((*_MOVING, LINK)):
                store.remove(connection, name)
    for name, value in rows.items():
        store.put(connection, name, value)


def _rows_of(present: Path, keys: Keys) -> dict[str, str]:
    from app.store.connection import open_connection  # noqa: PLC0415 - only over books that are there

    with contextlib.suppress(AppError):
        connection = open_connection(present, keys.dbk.hex(), read_only=True)
        try:
            return store.all_of(connection) if store.is_there(connection) else {}
        finally:
            connection.close()
    return {}


def _as_copies(rows: dict[str, str], keys: Keys) -> dict[str, str]:
    """Return what the books held themselves, under the names of copies: a value is bound to its name."""
    key = subkey(keys.brs, Purpose.BANK_SECRET)
    found = {}
    for name, held in rows.items():
        value = bank_secrets.unseal(key, keys.uuid, name, held) if name.startswith(_MOVING) else None
        if value is not None:
            found[COPY + name] = bank_secrets.seal(key, keys.uuid, COPY + name, value)
    return found


def _opened(header: Header, keys: Keys) -> dict[str, str]:
    """Return the keychain's values of the day of the backup, as copies; nothing when they cannot be opened."""
    link = header.link
    if link is None:
        return {}
    try:
        nonce, data = bytes.fromhex(str(link["nonce"])), bytes.fromhex(str(link["ciphertext"]))
    except (KeyError, ValueError):
        return {}
    plain = sealing.unseal(subkey(keys.brs, Purpose.LINK_BACKUP), data, _binding(keys.uuid), nonce)
    key = subkey(keys.brs, Purpose.BANK_SECRET)
    values = {} if plain is None else json.loads(plain)
    return {
        COPY + name: bank_secrets.seal(key, keys.uuid, COPY + name, str(value))
        for name, value in values.items() if str(name).startswith(_MOVING)
    }  # fmt: skip


def _binding(uuid: str) -> bytes:
    return f"1099ops bank backup v1 {uuid}".encode()
