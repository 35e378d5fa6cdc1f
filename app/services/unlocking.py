"""From what a person gives to the open keys, with the wait after wrong tries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import WrongPassphrase
from app.services import vault

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain
    from app.core.security.envelope import Keys
    from app.services.books import Unlock


def unlocked(home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None], clock: Clock) -> Keys:
    """Return the keys of a home. Nothing is changed but the count of wrong passphrases.

    Raises: as `vault.open_keys`, and TooSoon.
    """
    if unlock.key_hex is not None:
        return vault.open_keys(home, key_hex=unlock.key_hex)
    mode = vault.mode_of(home).value
    asks = unlock.ask is not None and unlock.passphrase is None and unlock.recovery_key is None and mode != "keychain"
    tries_words = asks or unlock.passphrase is not None or unlock.recovery_key is not None
    if not tries_words:
        return vault.open_keys(home, keychain=keychain() if mode == "keychain" else None)
    from app.services import attempts  # noqa: PLC0415 - the keychain and the key itself are not limited

    attempts.refuse_too_soon(home, clock.now())
    passphrase = unlock.ask() if asks and unlock.ask is not None else unlock.passphrase
    needs_keychain = mode != "passphrase" and unlock.recovery_key is None
    try:
        keys = vault.open_keys(
            home, passphrase=passphrase, recovery_key=unlock.recovery_key,
            keychain=keychain() if needs_keychain else None,
        )  # fmt: skip
    except WrongPassphrase:
        attempts.note_failure(home, clock.now())
        raise
    attempts.forget(home)
    return keys
