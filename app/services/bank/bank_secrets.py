"""What the bank link must keep to itself: the device key, the sealed tokens, own keys; and links under way.

They lie in the keychain, one entry each, where the books use it. In books with a passphrase alone they lie in a table
that no journal, export or report of a problem touches, each sealed under a subkey of the books. That table also says
which entries the keychain has, since a keychain cannot be asked for a list. The name comes first and the entry after
it, so whatever stops the program, no entry is left that nobody knows of.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.adapters.live_secrets import LIVE
from app.adapters.randomness import OsRandomness
from app.core.errors import Locked, NoKeychain
from app.core.security import sealing
from app.core.security.envelope import Mode
from app.services.audit.audit_notes import noting
from app.services.vault import book_keys
from app.store import bank_secrets as store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.ports import Keychain
    from app.services.books.open_books import Books

DEVICE, OWN, CERTIFICATE = "device", "own", "certificate"
TOKEN, LINK, LINKED, LOST, COPY, REMOVAL = "token:", "link:", "linked:", "lost:", "copy:", "removal:"
"""Beginnings of names; an Item or a number follows."""

IN_KEYCHAIN = "keychain"
"""What stands in the table for a value that the keychain holds."""
_HIDDEN = (DEVICE, OWN, TOKEN)
"""What goes into the keychain. The rest is of no use without it, and lies sealed in the books in every mode."""


def get(books: Books, name: str) -> str | None:
    """Return a value, None when there is none. Raises: NoKeychain, KeychainLocked, NoKeychain without a keychain."""
    held = store.get(books.connection, name)
    if held is None:
        return None
    value = _keychain(books).get(entry(books, name)) if held == IN_KEYCHAIN else _unsealed(books, name, held)
    if value and name.startswith((DEVICE, TOKEN, OWN)):
        LIVE.hold(value)
    return value or None


def place(books: Books, name: str) -> tuple[str | None, str | None]:
    """Return the keychain's entry of a value, or the value as it lies sealed in the books, without reading it."""
    held = store.get(books.connection, name)
    if held == IN_KEYCHAIN:
        _keychain(books)
        return entry(books, name), None
    return None, held


def put(books: Books, name: str, value: str) -> None:
    """Keep a value. Raises: NoKeychain, KeychainLocked; Refused on books that only read."""
    books.refuse_reader()
    if not name.startswith(_HIDDEN):
        with writing(books):
            store.put(books.connection, name, _sealed(books, name, value))
        return
    LIVE.hold(value)
    is_new = store.get(books.connection, name) is None
    if not _uses_keychain(books):
        with writing(books):
            store.put(books.connection, name, _sealed(books, name, value))
        return
    # A new name is known before there is an entry of it; one that stood in the books leaves them after that.
    if is_new:
        with writing(books):
            store.put(books.connection, name, IN_KEYCHAIN)
    _keychain(books).set(entry(books, name), value)
    if store.get(books.connection, name) != IN_KEYCHAIN:
        with writing(books):
            store.put(books.connection, name, IN_KEYCHAIN)


def remove(books: Books, *names: str) -> None:
    """Forget values: the entry first, so that its name is known until it is gone. Raises: as `put`."""
    books.refuse_reader()
    for name in names:
        if store.get(books.connection, name) == IN_KEYCHAIN:
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
    return [entry(books, name) for name, held in store.all_of(books.connection).items() if held == IN_KEYCHAIN]


@contextlib.contextmanager
def writing(books: Books, *, durable: bool = True) -> Iterator[None]:
    """Write in the transaction that is open, else in a short one of its own; `durable` waits for the disk."""
    if books.connection.in_transaction:
        yield
        return
    with noting(books, durable=durable):
        yield


@contextlib.contextmanager
def leaving_keychain(books: Books) -> Iterator[None]:
    """Bring everything from the keychain into the books while these stop using it inside. Raises: as `get`.

    The values are in the books before their mode changes and leave the keychain after it: killed at any point, they
    are found. What fails inside puts everything back.
    """
    keychain = books.keychain
    if keychain is None:
        yield
        return
    moved = [name for name, held in store.all_of(books.connection).items() if held == IN_KEYCHAIN]
    values = {name: value for name in moved if (value := get(books, name)) is not None}
    if values:
        with writing(books):
            for name, value in values.items():
                store.put(books.connection, name, _sealed(books, name, value))
    try:
        yield
    except BaseException:
        if values:
            with writing(books):
                for name in values:
                    store.put(books.connection, name, IN_KEYCHAIN)
        raise
    for name in moved:
        with contextlib.suppress(Locked):
            keychain.delete(entry(books, name))


def enter_keychain(books: Books) -> None:
    """Bring everything into the keychain that these books use from now on. Raises: as `put`."""
    for name, held in store.all_of(books.connection).items():
        if name.startswith(_HIDDEN) and held != IN_KEYCHAIN and (value := _unsealed(books, name, held)) is not None:
            put(books, name, value)


# --- sealing


def _uses_keychain(books: Books) -> bool:
    """Return whether these books keep secrets in the keychain. Raises: NoKeychain when they do and it was left out."""
    if books.keychain is None and book_keys.mode_of(books.home) is not Mode.PASSPHRASE:
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
    return seal(books.subkey("bank-secret"), books.uuid, name, value)


def _unsealed(books: Books, name: str, held: str) -> str | None:
    return unseal(books.subkey("bank-secret"), books.uuid, name, held)


def seal(key: bytes, uuid: str, name: str, value: str) -> str:
    """Return a value as it stands in the table: sealed, and bound to the books and to its name."""
    nonce = OsRandomness().token(sealing.NONCE_SIZE)
    return (nonce + sealing.seal(key, value.encode(), _binding(uuid, name), nonce)).hex()


def unseal(key: bytes, uuid: str, name: str, held: str) -> str | None:
    """Return what `seal` sealed, None for anything else."""
    try:
        raw = bytes.fromhex(held)
    except ValueError:
        return None
    nonce, data = raw[: sealing.NONCE_SIZE], raw[sealing.NONCE_SIZE :]
    value = sealing.unseal(key, data, _binding(uuid, name), nonce) if len(nonce) == sealing.NONCE_SIZE else None
    return None if value is None else value.decode()


def _binding(uuid: str, name: str) -> bytes:
    return f"1099ops bank secret v1 {uuid} {name}".encode()
