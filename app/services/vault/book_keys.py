"""Make the keys of new books, and open those of existing ones.

Every way this can fail has an error of its own, because what a person must do differs: a lost `ops.keys` is put back
from a backup, a locked keychain is opened, a missing entry cannot be guessed. Keys are never made anew over existing
books: that is how encrypted books get lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files
from app.core.errors import (
    BadFile,
    Busy,
    DamagedBooks,
    DamagedFile,
    Exists,
    KeychainLocked,
    KeysDamaged,
    KeysMissing,
    Locked,
    NoBooks,
    NoKeychain,
    Refused,
    WrongPassphrase,
)
from app.core.security import envelope, key_derivation, key_file
from app.core.security.envelope import Keys, Mode
from app.core.security.key_file import SlotKind
from app.services.vault import keychain_entries

if TYPE_CHECKING:
    from app.core.ports import Keychain, Randomness

KEYS_FILE = "ops.keys"
BOOKS_FILE = "books.db"
RESTORING = "restoring"
"""The folder of a restore that is under way."""


class Opened(NamedTuple):
    """New keys, already on disk (and in the keychain, where the mode uses it)."""

    home: Path
    mode: Mode
    keys: Keys

    def __repr__(self) -> str:
        return f"Opened(home={str(self.home)!r}, mode={self.mode!r})"


def create(
    home: Path,
    *,
    mode: Mode | None,
    passphrase: str | None,
    keychain: Keychain | None,
    randomness: Randomness,
    kdf_memory_mib: int = key_derivation.DEFAULT_MEMORY_MIB,
) -> Opened:
    """Make a home's keys. With no mode: both when there is a keychain and a passphrase, else what there is.

    The caller makes the database next; if that fails it calls `discard`, which leaves nothing behind.

    Raises: Exists, Refused, Locked, NoKeychain, KeychainLocked, BadFile.
    """
    import uuid  # noqa: PLC0415 - opening books makes no identity

    if _present(home / KEYS_FILE) or _present(home / BOOKS_FILE):
        raise _exists()
    if passphrase is not None:
        from app.services.vault import passphrases  # noqa: PLC0415 - a key given needs no passphrase

        passphrases.check_new(passphrase)
    elif mode in {Mode.BOTH, Mode.PASSPHRASE}:
        raise Locked("These books are to be locked with a passphrase, and none was given.", _WAYS_TO_GIVE_IT)
    kdf = cost(kdf_memory_mib, randomness.token(key_derivation.SALT_SIZE))
    books = str(uuid.UUID(bytes=randomness.token(16), version=4))
    keychain_key = None if mode is Mode.PASSPHRASE else _keychain_key(books, mode, passphrase, keychain, randomness)
    chosen = mode or _mode_found(with_keychain=keychain_key is not None, with_passphrase=passphrase is not None)
    try:
        data = envelope.make(
            mode=chosen,
            uuid=books,
            dbk=randomness.token(key_derivation.KEY_SIZE),
            brs=randomness.token(key_derivation.KEY_SIZE),
            randomness=randomness,
            keychain_key=keychain_key,
            passphrase=passphrase,
            kdf=kdf,
        )
        # Opened as it will be tomorrow, before anything rests on it.
        keys = envelope.unlock(envelope.read(data), keychain_key=keychain_key, passphrase=passphrase)
        safe_files.private_folder(home)
        try:
            safe_files.write_atomic(home / KEYS_FILE, data, replace=False)
        except Exists as error:
            raise _exists() from error
    except BaseException:
        keychain_entries.forget(keychain if keychain_key is not None else None, books)
        raise
    return Opened(home=home, mode=chosen, keys=keys)


def discard(opened: Opened, keychain: Keychain | None) -> None:
    """Take back keys that `create` made, when their database could not be made. Never while books exist."""
    if _present(opened.home / BOOKS_FILE):
        raise _exists()
    safe_files.remove(opened.home / KEYS_FILE)
    keychain_entries.forget(keychain if opened.mode is not Mode.PASSPHRASE else None, opened.keys.uuid)


def open_keys(
    home: Path, *, passphrase: str | None = None, key_hex: str | None = None, keychain: Keychain | None = None,
    recovery_key: str | None = None,
) -> Keys:  # fmt: skip
    """Return the keys of a home with what is given.

    A key given as it is comes first and asks nobody, then a recovery key, also one given as the passphrase. Else the
    way `ops.keys` names decides; where it takes both, the passphrase is asked for before the keychain is touched. In
    the middle of a rotation these are the keys of the newer generation if it opens, else of the older one.

    Raises: NoBooks, KeysMissing, KeysDamaged, DamagedFile (books missing), NewerSchema, Locked, WrongPassphrase,
    NoKeychain, KeychainLocked, KeychainEntryMissing, BadFile, Refused (no recovery key at all).
    """
    return keys_of(
        read_key_file(home), passphrase=passphrase, key_hex=key_hex, keychain=keychain, recovery_key=recovery_key
    )


def keys_of(
    keyfile: envelope.KeyFile, *, passphrase: str | None = None, key_hex: str | None = None,
    keychain: Keychain | None = None, recovery_key: str | None = None,
) -> Keys:  # fmt: skip
    """Return the keys of a key file that was read, of a home or of a backup. Raises: as `open_keys`."""
    if key_hex is not None:
        return envelope.with_key(keyfile, envelope.key_from_hex(key_hex))
    from app.core.security import recovery  # noqa: PLC0415 - the key itself is no words

    if recovery_key is not None:
        return envelope.unlock_by_recovery(keyfile, recovery.parse(recovery_key))
    if passphrase is not None and keyfile.newest.slot(SlotKind.RECOVERY) and recovery.looks_like_one(passphrase):
        try:
            return envelope.unlock_by_recovery(keyfile, recovery.parse(passphrase))
        except WrongPassphrase:
            # A passphrase may have the shape of one; in keychain mode there is no other slot that takes words.
            if envelope.mode_of(keyfile) is Mode.KEYCHAIN:
                raise
    try:
        return _by_mode(keyfile, passphrase, keychain)
    except WrongPassphrase:
        raise
    except (Locked, KeysDamaged):
        if not keyfile.pending:
            raise
        return _by_mode(keyfile, passphrase, keychain, generation=keyfile.generations[0].number)


def _by_mode(
    keyfile: envelope.KeyFile, passphrase: str | None, keychain: Keychain | None, generation: int | None = None
) -> Keys:
    mode = envelope.mode_of(keyfile)
    if mode is not Mode.KEYCHAIN and passphrase is None:
        return envelope.unlock(keyfile)
    if mode is Mode.PASSPHRASE:
        return envelope.unlock(keyfile, passphrase=passphrase, generation=generation)
    number = keyfile.numbered(generation).number
    stored = keychain_entries.stored(keychain, keychain_entries.entry_name(keyfile.uuid, number))
    return envelope.unlock(keyfile, keychain_key=stored, passphrase=passphrase, generation=generation)


def mode_of(home: Path) -> Mode:
    """Return what opening this home takes, so that a front end knows whether to ask. Raises: as `open_keys`."""
    return envelope.mode_of(read_key_file(home))


def read_key_file(home: Path, *, rescue: bool = False) -> envelope.KeyFile:
    """Return the home's key file; with `rescue` what is left of a damaged one, whose whole slots prove themselves.

    Raises: NoBooks, KeysMissing, KeysDamaged, DamagedFile, NewerSchema, BadFile.
    """
    has_keys, has_books = _present(home / KEYS_FILE), _present(home / BOOKS_FILE)
    if not has_keys and not has_books:
        raise NoBooks("There are no books in this home folder.", "Make them with: ops1099 init")
    if not has_keys:
        raise KeysMissing(
            "The books file is there, but ops.keys, which holds its wrapped key, is missing.",
            f"{_BACK} Do not run init: only ops.keys makes these books readable.",
        )
    if not has_books:
        raise DamagedFile(
            "The file ops.keys is there, but the books file is missing.",
            "Put books.db back, or restore a backup. To begin new books, move ops.keys away first.",
        )
    return key_file_alone(home, rescue=rescue)


def key_file_alone(home: Path, *, rescue: bool = False) -> envelope.KeyFile:
    """Return the home's key file, whether or not there are books. Raises: KeysDamaged, NewerSchema, BadFile."""
    try:
        data = safe_files.read_limited(home / KEYS_FILE, key_file.MAX_SIZE)
    except BadFile as error:
        if isinstance(error.__cause__, OSError):
            raise
        raise KeysDamaged(f"The keys cannot be read: {error.message}", _BACK) from error
    return envelope.read(data, rescue=rescue)


def refuse_renewed(home: Path, keys: Keys) -> None:
    """Raises: Busy when the keys were renewed by another program since they were opened."""
    if read_key_file(home).newest.number != keys.generation:
        raise Busy("The keys of these books were renewed just now.", "Open the books again.")


def not_these_books() -> DamagedBooks:
    """Return the error for a database whose engine refuses a key that passed its check value.

    The check value proves that the key is the one `ops.keys` was made for, so either the first page of the books is
    damaged or the two files belong to different books; the keys are whole either way.
    """
    return DamagedBooks(
        "The key in ops.keys is whole, but it does not open books.db: the beginning of the file is damaged, or the two "
        "files do not belong together.",
        "Nothing was changed. `ops1099 rescue status` says what can be done.",
    )


def has_recovery_key(home: Path) -> bool:
    """Return whether a recovery key opens this home. Raises: as `read_key_file`."""
    return read_key_file(home).newest.slot(SlotKind.RECOVERY) is not None


_WAYS_TO_GIVE_IT = "Give it at the prompt, with --passphrase-file or with --passphrase-fd."


_BACK = "`ops1099 rescue keys` puts ops.keys back from a backup."


def _exists() -> Exists:
    return Exists(
        "There are books, or a part of them, in this home folder already.",
        "Nothing was changed. Choose another folder with --home, or open the books that are there.",
    )


def _present(path: Path) -> bool:
    """Return whether anything has this name, a broken link too: nothing may be made over it. Raises: BadFile."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise BadFile("The home folder cannot be looked into.", "Check its path and who owns it.") from error
    return True


def cost(memory_mib: int, salt: bytes) -> key_derivation.Kdf:
    """Return the cost of a passphrase with this memory. Raises: Refused (below the floor, above the ceiling)."""
    floor, ceiling = key_derivation.MIN_MEMORY_MIB, key_derivation.MAX_MEMORY_MIB
    if not floor <= memory_mib <= ceiling:
        raise Refused(f"The memory of the key stretching is {floor} to {ceiling} MiB, not {memory_mib}.")
    return key_derivation.Argon2id(salt=salt, memory_kib=memory_mib * 1024)


def _mode_found(*, with_keychain: bool, with_passphrase: bool) -> Mode:
    if with_keychain:
        return Mode.BOTH if with_passphrase else Mode.KEYCHAIN
    return Mode.PASSPHRASE


def _keychain_key(
    books: str, mode: Mode | None, passphrase: str | None, keychain: Keychain | None, randomness: Randomness
) -> bytes | None:
    """Put a new key into the keychain and read it back; None when there is no keychain and it may do without."""
    try:
        return keychain_entries.put_new(keychain, books, randomness)
    except (NoKeychain, KeychainLocked):
        if mode is None and passphrase is not None:
            return None
        raise
