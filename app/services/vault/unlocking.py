"""From what a person gives to the open keys, with the wait after wrong tries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters.live_secrets import LIVE
from app.core.errors import Conflict, KeysDamaged, WrongPassphrase
from app.services.vault import book_keys

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain
    from app.core.security.envelope import Keys
    from app.services.books.open_books import Books, Unlock
    from app.services.vault.rotation import Settled


class Unlocked(NamedTuple):
    """Open keys, and what opened them: the passphrase that was tried, the keychain where the mode uses it."""

    keys: Keys
    passphrase: str | None = None
    keychain: Keychain | None = None
    failures: int = 0
    """Wrong passphrases since the last right one."""
    counted: bool = False
    """Whether a count of them is there to be forgotten."""
    damage: KeysDamaged | None = None
    """What is wrong with the key file, of which a whole slot opened the books for the rescue."""

    def __repr__(self) -> str:
        return "Unlocked()"


def unlocked(
    home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None], clock: Clock, *, rescue: bool = False
) -> Unlocked:
    """Return the keys of a home. Nothing is changed but the count of wrong passphrases.

    For the `rescue` a damaged key file still opens by a slot of it that is whole.

    Raises: as `book_keys.open_keys`, and TooSoon.
    """
    if rescue:
        try:
            book_keys.read_key_file(home)
        except KeysDamaged as damage:
            return _by_a_whole_slot(home, unlock, keychain, damage)
    if unlock.key_hex is not None:
        return Unlocked(book_keys.open_keys(home, key_hex=unlock.key_hex))
    mode = book_keys.mode_of(home).value
    store = keychain() if mode != "passphrase" else None
    asks = unlock.ask is not None and unlock.passphrase is None and unlock.recovery_key is None and mode != "keychain"
    if not asks and unlock.passphrase is None and unlock.recovery_key is None:
        return Unlocked(book_keys.open_keys(home, keychain=store), keychain=store)
    from app.services.vault import attempts  # noqa: PLC0415 - the keychain and the key itself are not limited

    if unlock.recovery_key is None:  # that one cannot be guessed, so nobody waits for it
        attempts.refuse_too_soon(home, clock.now())
    passphrase = unlock.ask() if asks and unlock.ask is not None else unlock.passphrase
    LIVE.hold(passphrase, unlock.recovery_key)
    try:
        keys = book_keys.open_keys(home, passphrase=passphrase, recovery_key=unlock.recovery_key, keychain=store)
    except WrongPassphrase:
        attempts.note_failure(home, clock.now())
        raise
    return Unlocked(keys, passphrase, store, attempts.failures(home), attempts.are_counted(home))


def _by_a_whole_slot(
    home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None], damage: KeysDamaged
) -> Unlocked:
    """Return the keys by what is left of a damaged key file. Raises: KeysDamaged where no slot opens, Locked."""
    from app.services.backup import backup_opening  # noqa: PLC0415 - a backup's key file is opened by the same

    keyfile = book_keys.read_key_file(home, rescue=True)
    try:
        keys = backup_opening.unlocked(keyfile, unlock, keychain)
    except WrongPassphrase as error:
        # The slot may be what is damaged, so nobody is told that the words are wrong.
        raise damage from error
    return Unlocked(keys, damage=damage)


def prove(books: Books, given: Unlock, keychain: Keychain | None) -> None:
    """Make sure that who asks at open books for other keys can open them, too. Nothing is changed but the count.

    Raises: as `unlocked`; Conflict when it opens other books by now.
    """
    found = unlocked(books.home, given, lambda: keychain, books.clock)
    if found.keys.dbk != books.keys.dbk:
        raise Conflict("The keys of these books were changed by another program.", "Open the books again.")
    if found.counted:
        tell_of_failures(books, found.failures)


def settled(
    home: Path, keys: Keys, keychain: Callable[[], Keychain | None], program: str, *, read_only: bool
) -> Settled | None:
    """End a rotation that was interrupted; None when none was, which costs a look at the key file."""
    if not book_keys.read_key_file(home).pending:
        return None
    from app.services.vault import rotation  # noqa: PLC0415 - hardly ever

    return rotation.settle(home, keys, keychain=keychain, program=program, read_only=read_only)


def tell_of_failures(books: Books, count: int) -> None:
    """Note wrong passphrases in the log; the count beside the books begins anew."""
    from app.services.audit.audit_notes import note_failed_unlocks  # noqa: PLC0415 - same
    from app.services.vault import attempts  # noqa: PLC0415 - after a mistake

    note_failed_unlocks(books, count)
    attempts.forget(books.home)
