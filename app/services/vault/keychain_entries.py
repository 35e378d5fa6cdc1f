"""The entries of the books in the keychain: one for each generation of keys that uses it."""

from __future__ import annotations

import contextlib

from app.core.errors import KeychainEntryMissing, KeychainEntrySpoiled, Locked, NoKeychain
from app.core.ports import Keychain, Randomness
from app.core.security import envelope
from app.core.security.key_derivation import KEY_SIZE

_OTHER_WAY = "Or open the books with the recovery key: --recovery-file."


def entry_name(uuid: str, generation: int) -> str:
    """Return the name of an entry. Each rotation has its own, so that the old one can go last."""
    return uuid if generation == 1 else f"{uuid}.{generation}"


def put_new(keychain: Keychain | None, name: str, randomness: Randomness) -> bytes:
    """Put a new key into the keychain, read it back, and return it. Raises: NoKeychain, KeychainLocked."""
    if keychain is None:
        raise NoKeychain("There is no keychain to put the key into.", "Use --mode passphrase.")
    key = randomness.token(KEY_SIZE)
    keychain.set(name, key.hex())
    if keychain.get(name) != key.hex():
        forget(keychain, name)
        raise NoKeychain("The keychain does not give back what was put into it.", "Use --mode passphrase.")
    return key


def trouble(keychain: Keychain | None, randomness: Randomness) -> Locked | None:
    """Return why this computer's keychain cannot hold a key; None when it can. An entry is written and removed."""
    name = f"probe-{randomness.token(8).hex()}"
    try:
        put_new(keychain, name, randomness)
    except Locked as error:
        return error
    forget(keychain, name)
    return None


def is_free(keychain: Keychain | None, name: str) -> bool:
    """Return whether the keychain can be reached and has no such entry. Raises: NoKeychain, KeychainLocked."""
    return keychain is not None and keychain.get(name) is None


def stored(keychain: Keychain | None, name: str) -> bytes:
    """Return the key of an entry. Raises: NoKeychain, KeychainLocked, KeychainEntryMissing, Locked (it is no key)."""
    if keychain is None:
        raise NoKeychain(
            "These books are locked with a key of the keychain, and no keychain can be used here.",
            f"Open them on the desktop they were made on. {_OTHER_WAY}",
        )
    try:
        value = keychain.get(name)
    except NoKeychain as error:  # its own hint is for who makes new books
        raise NoKeychain(
            error.message, f"Start the desktop's keychain (GNOME Keyring, KWallet) and try again. {_OTHER_WAY}"
        ) from error
    if value is None:
        raise KeychainEntryMissing(
            "The keychain has no entry for these books.",
            f"They were made under another login or computer, or the entry 1099ops/{name} was removed. Put it back. "
            f"{_OTHER_WAY} With it, `ops1099 vault mode` makes a new entry.",
        )
    try:
        return envelope.key_from_hex(value)
    except Locked as error:
        raise KeychainEntrySpoiled(
            "The keychain's entry for these books is not a key: something else was written over it.",
            f"Put the entry back from a backup of the keychain. {_OTHER_WAY}",
        ) from error


def forget(keychain: Keychain | None, name: str) -> None:
    """Remove an entry nothing needs any more. One that cannot be removed is harmless: it opens nothing."""
    if keychain is not None:
        with contextlib.suppress(Locked):
            keychain.delete(name)
