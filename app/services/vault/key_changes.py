"""Change what opens the books: the passphrase, its cost, the mode, the recovery key. The books are not rewritten.

Each change is one audited step: `ops.keys` is replaced as a whole inside the transaction of its audit entry, after the
new file has been opened in memory as it will be tomorrow. Until the new file has its name the old one is in force, so
whatever stops the program, the old secret opens the books or the new one does. A keychain entry is written before the
file that needs it, and removed after the last file that did.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.adapters import safe_files
from app.core.errors import AppError, Conflict, DamagedFile, Locked, Refused
from app.core.security import envelope, key_derivation, key_file, recovery, rewrap
from app.core.security.envelope import Mode
from app.core.security.key_file import KeyFile, SlotKind
from app.core.security.wrapping import SLOT_OF_MODE, Way
from app.services.audit.audit_notes import note, noting
from app.services.bank import bank_secrets
from app.services.vault import book_keys, keychain_entries, passphrases, unlocking

if TYPE_CHECKING:
    from app.core.ports import Keychain, Randomness
    from app.core.security.key_derivation import Kdf
    from app.services.books.open_books import Books, Unlock


def change_passphrase(
    books: Books, new: str, *, keychain: Keychain | None, randomness: Randomness, kdf_memory_mib: int | None = None,
    present: Unlock | None = None,
) -> None:  # fmt: skip
    """Replace the passphrase. What opened the books before (a forgotten passphrase's recovery key, too) is enough.

    `present` is what opens them now, where they have been open for long and nobody knows who asks.

    Raises: Locked and its kin (`present`), Refused (too short, too common, or these books take no passphrase), the
    keychain's errors, Busy.
    """
    keyfile = book_keys.read_key_file(books.home)
    mode = envelope.mode_of(keyfile)
    if mode is Mode.KEYCHAIN:
        raise Refused(
            "These books are opened by the keychain alone, so they have no passphrase to change.",
            "Give them one with: ops1099 vault mode both",
        )
    if present is not None:
        unlocking.prove(books, present, keychain)
    passphrases.check_new(new)
    kdf = new_cost(keyfile, randomness, kdf_memory_mib)
    key = _keychain_key(books, mode, keychain)
    way = Way(mode, key, key_derivation.stretch(new, kdf), kdf)
    replace_way(books, way, randomness, "vault.passphrase", code="changed", generation=books.keys.generation)


def change_mode(
    books: Books, mode: Mode, *, passphrase: str | None, keychain: Keychain | None, randomness: Randomness,
    present: Unlock | None = None,
) -> None:  # fmt: skip
    """Change what opening the books takes. A mode with a passphrase needs it given, the present one or a new one.

    `present` as for `change_passphrase`; books without a passphrase are not asked for it.

    The same mode again is for a new computer: books opened with the recovery key get a new entry in its keychain.

    Raises: Locked (no passphrase given), Refused, the keychain's errors, Busy.
    """
    keyfile = book_keys.read_key_file(books.home)
    old = envelope.mode_of(keyfile)
    if present is not None and old is not Mode.KEYCHAIN:
        unlocking.prove(books, present, keychain)
    name = keychain_entries.entry_name(books.uuid, books.keys.generation)
    made = mode is not Mode.PASSPHRASE and keychain_entries.is_free(keychain, name)
    if mode is old and not made:
        raise Conflict(f"The mode of these books is “{mode}” already.", "Nothing was changed.")
    stretched, kdf = b"", None
    if mode is not Mode.KEYCHAIN:
        if passphrase is None:
            raise Locked("Opening the books in this mode takes a passphrase, and none was given.", _GIVE_IT)
        passphrases.check_new(passphrase)
        kdf = new_cost(keyfile, randomness, None)
        stretched = key_derivation.stretch(passphrase, kdf)
    made = made or old is Mode.PASSPHRASE
    key = b""
    if mode is not Mode.PASSPHRASE:
        key = keychain_entries.put_new(keychain, name, randomness) if made else _keychain_key(books, mode, keychain)
    try:
        with bank_secrets.leaving_keychain(books) if mode is Mode.PASSPHRASE else contextlib.nullcontext():
            way = Way(mode, key, stretched, kdf)
            replace_way(books, way, randomness, "vault.mode", mode=str(mode), from_mode=str(old))
    except BaseException:
        if made:
            keychain_entries.forget(keychain, name)
        raise
    # The audit log's note outside follows the keys: with them it enters the keychain, and leaves it.
    books.keychain = None if mode is Mode.PASSPHRASE else keychain
    if mode is Mode.PASSPHRASE:
        keychain_entries.forget(keychain, name)
    else:
        bank_secrets.enter_keychain(books)


def make_recovery_key(books: Books, *, randomness: Randomness) -> str:
    """Make a recovery key in place of the one there was, and return its letters, once: nothing keeps them."""
    secret = randomness.token(recovery.SIZE)
    set_recovery_key(books, secret, randomness=randomness)
    return recovery.render(secret)


def set_recovery_key(books: Books, secret: bytes, *, randomness: Randomness) -> None:
    """Put a recovery key into force that was written down already."""

    def change(keyfile: KeyFile) -> bytes:
        data = rewrap.replace_recovery(keyfile, books.keys, secret, randomness)
        if envelope.unlock_by_recovery(key_file.read(data), secret).dbk != books.keys.dbk:
            raise _does_not_open()
        return data

    had = book_keys.has_recovery_key(books.home)
    _write(books, change, "vault.recovery", code="replaced" if had else "made")


def remove_recovery_key(books: Books) -> None:
    """Take the recovery key out of force. Raises: Conflict when there is none."""
    if not book_keys.has_recovery_key(books.home):
        raise Conflict("These books have no recovery key.", "Nothing was changed.")
    _write(books, lambda keyfile: rewrap.remove_recovery(keyfile, books.keys), "vault.recovery", code="removed")


def raise_cost(
    books: Books, passphrase: str, *, keychain: Keychain | None, randomness: Randomness,
    former: frozenset[Kdf] | None = None,
) -> bool:  # fmt: skip
    """Stretch the passphrase at today's default cost, if its slot still has a former default; say whether it had.

    A cost a person chose is never changed.
    """
    keyfile = book_keys.read_key_file(books.home)
    slot = keyfile.newest.slot(SLOT_OF_MODE[envelope.mode_of(keyfile)])
    if slot is None or slot.kdf is None or not key_derivation.is_former_default(slot.kdf, former):
        return False
    mode = envelope.mode_of(keyfile)
    key = _keychain_key(books, mode, keychain)
    if rewrap.opened_by(keyfile, Way(mode, key, key_derivation.stretch(passphrase, slot.kdf))) != books.keys.dbk:
        return False  # the books were opened by something else, a recovery key for one
    kdf = key_derivation.Argon2id(salt=randomness.token(key_derivation.SALT_SIZE))
    way = Way(mode, key, key_derivation.stretch(passphrase, kdf), kdf)
    parameters = {"memory_kib": kdf.memory_kib, "passes": kdf.passes, "lanes": kdf.lanes}
    replace_way(books, way, randomness, "vault.kdf", algorithm="argon2id", reason="raised", **parameters)
    return True


def replace_way(books: Books, way: Way, randomness: Randomness, event: str, **fields: int | str) -> None:
    def change(keyfile: KeyFile) -> bytes:
        data = rewrap.replace_way(keyfile, books.keys, way, randomness)
        if rewrap.opened_by(key_file.read(data), way) != books.keys.dbk:
            raise _does_not_open()
        return data

    _write(books, change, event, **fields)


def new_cost(keyfile: KeyFile, randomness: Randomness, memory_mib: int | None) -> Kdf:
    """Return the cost for a new passphrase: what was chosen, else what the books had, else the default; a new salt."""
    salt = randomness.token(key_derivation.SALT_SIZE)
    if memory_mib is not None:
        return book_keys.cost(memory_mib, salt)
    for kind in (SlotKind.BOTH, SlotKind.PASSPHRASE):
        slot = keyfile.newest.slot(kind)
        if slot is not None and slot.kdf is not None and not key_derivation.is_former_default(slot.kdf):
            return slot.kdf._replace(salt=salt)
    return key_derivation.Argon2id(salt=salt)


_GIVE_IT = "Give it at the prompt, with --new-passphrase-file or with --new-passphrase-fd."


def _keychain_key(books: Books, mode: Mode, keychain: Keychain | None) -> bytes:
    """Return the key the keychain holds for these books, nothing in a mode without. Raises: as `stored`, Locked."""
    if mode is Mode.PASSPHRASE:
        return b""
    name = keychain_entries.entry_name(books.uuid, books.keys.generation)
    return keychain_entries.stored(keychain, name)


def _write(books: Books, change: Callable[[KeyFile], bytes], event: str, **fields: int | str) -> None:
    """Replace `ops.keys` and note it, both or neither; only a kill between two system calls can lose the note."""
    books.refuse_reader()
    path = books.home / book_keys.KEYS_FILE
    before: bytes | None = None
    try:
        with noting(books, durable=True):
            keyfile = _still_ours(books)
            data = change(keyfile)
            allowed: dict[str, Any] = dict(fields)
            note(books, event, **allowed)
            before = key_file.render(keyfile.body)
            safe_files.write_atomic(path, data)
    except BaseException:
        if before is not None:
            _put_back(path, before)
        raise


def _put_back(path: Path, before: bytes) -> None:
    """Write the old file again, if the new one has its name already. The first error is the one to tell."""
    with contextlib.suppress(AppError):
        if safe_files.read_limited(path, key_file.MAX_SIZE) != before:
            safe_files.write_atomic(path, before)


def _still_ours(books: Books) -> KeyFile:
    keyfile = book_keys.read_key_file(books.home)
    if keyfile.pending or keyfile.newest.number != books.keys.generation:
        raise Conflict("The keys of these books were changed by another program.", "Open the books again.")
    return keyfile


def _does_not_open() -> DamagedFile:
    return DamagedFile("The new keys do not open the books, so the old ones stay.", "Install 1099 Ops again.")
