"""What the bank link must keep to itself: the device key, the sealed tokens, links under way, own keys.

They lie in the keychain, one entry each, where the books use it. In books with a passphrase alone they lie in a table
that no journal, export or report of a problem touches, each sealed under a subkey of the books. That table also says
which entries the keychain has, since a keychain cannot be asked for a list. The name comes first and the entry after
it, so whatever stops the program, no entry is left that nobody knows of.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from app.adapters.live_secrets import LIVE
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, Locked, NoKeychain
from app.core.security import sealing
from app.core.security.envelope import Mode
from app.services import vault
from app.services.audit_notes import noting
from app.store import bank_secrets as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.core.ports import Keychain
    from app.services.books import Books

DEVICE, OWN, CERTIFICATE = "device", "own", "certificate"
TOKEN, LINK, LINKED, COPY, REMOVAL = "token:", "link:", "linked:", "copy:", "removal:"
"""Beginnings of names; an Item or a number follows."""

_IN_KEYCHAIN = "keychain"
_HIDDEN = (DEVICE, OWN, TOKEN, LINK)
"""What goes into the keychain. The rest only says what is going on, and is sealed in the books in every mode."""


def get(books: Books, name: str) -> str | None:
    """Return a value, None when there is none. Raises: NoKeychain, KeychainLocked, NoKeychain without a keychain."""
    held = store.get(books.connection, name)
    if held is None:
        return None
    value = _keychain(books).get(entry(books, name)) if held == _IN_KEYCHAIN else _unsealed(books, name, held)
    if value and name.startswith((DEVICE, TOKEN, OWN)):
        LIVE.hold(value)
    return value or None


def put(books: Books, name: str, value: str) -> None:
    """Keep a value. Raises: NoKeychain, KeychainLocked; Refused on books that only read."""
    books.refuse_reader()
    LIVE.hold(value if name.startswith(_HIDDEN) else None)
    in_keychain = name.startswith(_HIDDEN) and _uses_keychain(books)
    with writing(books):
        store.put(books.connection, name, _IN_KEYCHAIN if in_keychain else _sealed(books, name, value))
    if in_keychain:
        _keychain(books).set(entry(books, name), value)


def remove(books: Books, *names: str) -> None:
    """Forget values: the entry first, so that its name is known until it is gone. Raises: as `put`."""
    books.refuse_reader()
    for name in names:
        if store.get(books.connection, name) == _IN_KEYCHAIN:
            _keychain(books).delete(entry(books, name))
    with writing(books):
        for name in names:
            store.remove(books.connection, name)


def names(books: Books, prefix: str) -> list[str]:
    """Return what follows the beginning in the names of the values that are kept."""
    return [name.removeprefix(prefix) for name in store.all_of(books.connection, prefix)]


def entry(books: Books, name: str) -> str:
    """Return the name of a keychain entry; tests and the erasure use it too."""
    return f"{books.uuid}.bank.{name}"


def entries(books: Books) -> list[str]:
    """Return the names of all entries the keychain has for the bank link of these books."""
    return [entry(books, name) for name, held in store.all_of(books.connection).items() if held == _IN_KEYCHAIN]


@contextlib.contextmanager
def writing(books: Books, *, durable: bool = True) -> Iterator[None]:
    """Write in the transaction that is open, else in a short one of its own; `durable` waits for the disk."""
    if books.connection.in_transaction:
        yield
        return
    with noting(books, durable=durable):
        yield


def move(books: Books, old: Keychain | None) -> None:
    """Bring everything to where it belongs after the mode of the books changed. Raises: as `put`.

    `old` is the keychain the books used before. Each value is written at its new place before it leaves the old one.
    """
    to_keychain = _uses_keychain(books)
    for name, held in store.all_of(books.connection).items():
        if not name.startswith(_HIDDEN) or (held == _IN_KEYCHAIN) == to_keychain:
            continue
        value = old.get(entry(books, name)) if held == _IN_KEYCHAIN and old else _unsealed(books, name, held)
        if value is None:
            continue
        put(books, name, value)
        if held == _IN_KEYCHAIN and old is not None:
            with contextlib.suppress(Locked):
                old.delete(entry(books, name))


# --- backups


def for_backup(books: Books) -> bytes | None:
    """Return what a backup takes along of the keychain's values: a JSON text, None when there is nothing.

    A keychain that cannot be asked keeps nobody from a backup: it then has the books, and not these.
    """
    if books.schema_version < _SINCE:
        return None
    found: dict[str, str] = {}
    with contextlib.suppress(AppError):
        for name, held in store.all_of(books.connection).items():
            if held == _IN_KEYCHAIN and not name.startswith(LINK) and (value := get(books, name)):
                found[name] = value
    return json.dumps(found).encode() if found else None


_SINCE = 6
"""The form of the books that has the table."""


# --- sealing


def _uses_keychain(books: Books) -> bool:
    """Return whether these books keep secrets in the keychain. Raises: NoKeychain when they do and it was left out."""
    if books.keychain is None and vault.mode_of(books.home) is not Mode.PASSPHRASE:
        raise _no_keychain()
    return books.keychain is not None


def _keychain(books: Books) -> Keychain:
    if books.keychain is None:
        raise _no_keychain()
    return books.keychain


def _no_keychain() -> NoKeychain:
    return NoKeychain(
        "What the bank link needs is kept in the keychain, and these books were opened without it.",
        "Open the books as usual, on the computer where the bank was connected.",
    )


def _sealed(books: Books, name: str, value: str) -> str:
    nonce = OsRandomness().token(sealing.NONCE_SIZE)
    data = sealing.seal(books.subkey("bank-secret"), value.encode(), _binding(books, name), nonce)
    return (nonce + data).hex()


def _unsealed(books: Books, name: str, held: str) -> str | None:
    try:
        raw = bytes.fromhex(held)
    except ValueError:
        return None
    nonce, data = raw[: sealing.NONCE_SIZE], raw[sealing.NONCE_SIZE :]
    value = sealing.unseal(books.subkey("bank-secret"), data, _binding(books, name), nonce)
    return None if value is None else value.decode()


def _binding(books: Books, name: str) -> bytes:
    return f"1099ops bank secret v1 {books.uuid} {name}".encode()


def seal_for(books: Books, values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return rows of the table for values that come from elsewhere, a backup for one."""
    return [(name, _sealed(books, name, value)) for name, value in values]
