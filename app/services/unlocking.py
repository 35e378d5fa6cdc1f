"""From what a person gives to the open keys, with the wait after wrong tries."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.errors import AppError, WrongPassphrase
from app.core.security import key_derivation
from app.services import vault

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain
    from app.core.security.envelope import Keys
    from app.core.security.key_derivation import Kdf
    from app.services.books import Books, Unlock
    from app.services.rotation import Settled


def unlocked(
    home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None], clock: Clock
) -> tuple[Keys, str | None]:
    """Return the keys of a home, and the passphrase that was tried. Nothing is changed but the count of wrong ones.

    Raises: as `vault.open_keys`, and TooSoon.
    """
    if unlock.key_hex is not None:
        return vault.open_keys(home, key_hex=unlock.key_hex), None
    mode = vault.mode_of(home).value
    asks = unlock.ask is not None and unlock.passphrase is None and unlock.recovery_key is None and mode != "keychain"
    tries_words = asks or unlock.passphrase is not None or unlock.recovery_key is not None
    if not tries_words:
        return vault.open_keys(home, keychain=keychain() if mode == "keychain" else None), None
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
    return keys, passphrase


def settled(
    home: Path, keys: Keys, keychain: Callable[[], Keychain | None], program: str, *, read_only: bool
) -> Settled | None:
    """End a rotation that was interrupted; None when none was, which costs a look at the key file."""
    if not vault.read_key_file(home).pending:
        return None
    from app.services import rotation  # noqa: PLC0415 - hardly ever

    return rotation.settle(home, keys, keychain=keychain, program=program, read_only=read_only)


def after_opening(
    books: Books, ended: Settled | None, passphrase: str | None, keychain: Callable[[], Keychain | None],
    *, former: frozenset[Kdf] | None = None,
) -> None:  # fmt: skip
    """Note how a rotation ended, and stretch a passphrase anew that has the cost of an older program."""
    if ended is not None and ended.code:
        from app.services.audit_notes import note  # noqa: PLC0415 - hardly ever

        note(books, "vault.rotation", code=ended.code, generation=ended.keys.generation)
    if passphrase is not None and (former or key_derivation.FORMER_DEFAULTS):
        from app.adapters.randomness import OsRandomness  # noqa: PLC0415 - once after an update
        from app.services import key_changes  # noqa: PLC0415 - same

        # The books are open; that their passphrase could be stretched better is no reason to shut them.
        with contextlib.suppress(AppError):
            key_changes.raise_cost(books, passphrase, keychain=keychain(), randomness=OsRandomness(), former=former)
