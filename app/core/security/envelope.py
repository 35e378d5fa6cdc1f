"""Wrap the database key, and get it back.

The database key is random and made once; what a person knows or the keychain holds only wraps it. So changing a
passphrase never rewrites the books, and opening costs no key stretching per connection. Randomness is given. What
changes a file that exists is in `rewrap`.
"""

from __future__ import annotations

import hmac
import re

from app.core.errors import KeychainEntryWrong, KeysDamaged, Locked, NewerSchema, WrongPassphrase
from app.core.ports import Randomness
from app.core.security import key_file, wrapping
from app.core.security.key_derivation import (
    KEY_SIZE,
    Kdf,
    Purpose,
    check_new_passphrase,
    hkdf,
    stretch,
    subkey,
)
from app.core.security.key_file import FORMAT, VERSION, Generation, KeyFile, Slot, SlotKind, read, render
from app.core.security.wrapping import SLOT_OF_MODE, Mode, Place, Way

__all__ = [
    "KeyFile",
    "Keys",
    "Mode",
    "Purpose",
    "key_from_hex",
    "make",
    "mode_of",
    "read",
    "render",
    "subkey",
    "unlock",
    "unlock_by_recovery",
    "with_key",
]

_DAMAGED_HINT = "`ops1099 rescue keys` puts a copy of ops.keys back from a backup. Do not delete books.db."


class Keys:
    """The open keys of one database. Nothing of them shows in `repr`, so nothing of them reaches a log by accident."""

    __slots__ = ("_brs", "_dbk", "_entry", "generation", "uuid")

    def __init__(self, *, uuid: str, dbk: bytes, entry: Generation) -> None:
        self.uuid = uuid
        self.generation = entry.number
        self._dbk = dbk
        self._entry = entry
        self._brs: bytes | None = None

    @property
    def dbk(self) -> bytes:
        """The 32-byte database key."""
        return self._dbk

    @property
    def brs(self) -> bytes:
        """The 32-byte books root secret; unsealed on first use. Raises: KeysDamaged."""
        if self._brs is None:
            self._brs = wrapping.open_brs(self.place, self._dbk, self._entry.brs)
            if self._brs is None:
                raise KeysDamaged("The root secret in ops.keys does not fit its database key.", _DAMAGED_HINT)
        return self._brs

    @property
    def place(self) -> Place:
        return Place(self.uuid, self.generation)

    def older(self) -> dict[int, bytes]:
        """Return the database keys before the last rotations, by generation: they open the backups of their time.

        Raises: KeysDamaged.
        """
        kept = self._entry.retired
        if kept is None:
            return {}
        key = hkdf(self._dbk, b"1099ops retired v1")
        binding = key_file.retired_binding(self.uuid, self.generation, kept.numbers)
        opened = wrapping.decrypt(key, kept.sealed, binding)
        if opened is None:
            raise KeysDamaged("The older keys in ops.keys do not fit its database key.", _DAMAGED_HINT)
        parts = (opened[start : start + KEY_SIZE] for start in range(0, len(opened), KEY_SIZE))
        return dict(zip(kept.numbers, parts, strict=True))

    def __repr__(self) -> str:
        return f"Keys(uuid={self.uuid!r}, generation={self.generation})"


def make(
    *,
    mode: Mode,
    uuid: str,
    dbk: bytes,
    brs: bytes,
    randomness: Randomness,
    keychain_key: bytes | None = None,
    passphrase: str | None = None,
    kdf: Kdf | None = None,
    generation: int = 1,
) -> bytes:
    """Return the bytes of a new `ops.keys`.

    Raises: Refused (passphrase too short, cost out of bounds); ValueError (keys of a wrong size, or a part the mode
    needs is not given: both are mistakes of the caller).
    """
    if len(dbk) != KEY_SIZE or len(brs) != KEY_SIZE:
        raise ValueError("keys have 32 bytes")
    stretched = b""
    if mode is not Mode.KEYCHAIN:
        if passphrase is None or kdf is None:
            raise ValueError("this mode needs a passphrase and its cost")
        check_new_passphrase(passphrase)
        stretched = stretch(passphrase, kdf)
    place = Place(uuid, generation)
    key = b"" if mode is Mode.PASSPHRASE else keychain_key or b""
    slot = wrapping.slot_of_way(Way(mode, key, stretched, kdf), place, dbk, randomness)
    entry = {
        "generation": generation,
        "kcv": wrapping.check_value(dbk, uuid).hex(),
        "brs": wrapping.sealed_brs(place, dbk, brs, randomness),
        "slots": [slot],
    }
    return render({"format": FORMAT, "version": VERSION, "uuid": uuid, "generations": [entry]})


def mode_of(keyfile: KeyFile) -> Mode:
    """Return what unlocking these books takes. Raises: NewerSchema, KeysDamaged."""
    for mode in (Mode.BOTH, Mode.KEYCHAIN, Mode.PASSPHRASE):
        if keyfile.newest.slot(SLOT_OF_MODE[mode]) is not None:
            return mode
    if not keyfile.newest.slots:
        raise KeysDamaged("The file ops.keys holds no way to unlock the books.", _DAMAGED_HINT)
    raise NewerSchema(
        "These books can be unlocked only in ways this version of the program does not know.",
        "Update the program. Nothing was changed.",
    )


def unlock(
    keyfile: KeyFile,
    *,
    keychain_key: bytes | None = None,
    passphrase: str | None = None,
    generation: int | None = None,
) -> Keys:
    """Return the keys, of the newest generation unless another is asked for.

    Raises: Locked (a needed part is not given, or the keychain holds another key), WrongPassphrase, KeysDamaged.
    """
    entry = keyfile.numbered(generation)
    slot, stretched_from = _usable_slot(entry, keychain_key, passphrase)
    if slot.sealed is None:
        raise KeysDamaged("The file ops.keys holds no whole way to unlock the books.", _DAMAGED_HINT)
    if slot.keychain_check is not None and keychain_key is not None:
        found = wrapping.keychain_check(keychain_key, keyfile.uuid)
        if not hmac.compare_digest(found, slot.keychain_check):
            raise KeychainEntryWrong(
                "The keychain holds a key for these books, but it is not the one ops.keys was made with.",
                "Was ops.keys or the keychain put back from an older copy? Restore the two of the same day.",
            )
    stretched = stretch(stretched_from, slot.kdf) if slot.kdf is not None and stretched_from is not None else b""
    kek = wrapping.wrapping_key(SlotKind(slot.kind), keychain_key or b"", stretched)
    dbk = wrapping.decrypt(kek, slot.sealed, key_file.slot_binding(keyfile.uuid, entry.number, slot.raw))
    if dbk is None:
        if slot.kdf is None:
            raise KeysDamaged(
                "The keychain's key fits these books, but its slot in ops.keys is damaged.", _DAMAGED_HINT
            )
        raise WrongPassphrase("The passphrase is not the one of these books.", "Check the keyboard layout; try again.")
    return _whole(keyfile, entry, dbk)


def unlock_by_recovery(keyfile: KeyFile, secret: bytes, *, generation: int | None = None) -> Keys:
    """Return the keys by the recovery key's secret, of the newest generation unless another is asked for.

    Raises: Locked (there is no recovery key), WrongPassphrase (it is another one), KeysDamaged.
    """
    entry = keyfile.numbered(generation)
    slot = entry.slot(SlotKind.RECOVERY)
    if slot is None:
        raise Locked(
            "These books have no recovery key, so none opens them.", "Open them with the passphrase or the keychain."
        )
    dbk = wrapping.open_recovery(secret, slot, Place(keyfile.uuid, entry.number))
    if dbk is None:
        raise WrongPassphrase(
            "This recovery key is whole, but it is not the one of these books.",
            "It may belong to other books, or a newer one was made since. Look for the page printed last.",
        )
    return _whole(keyfile, entry, dbk)


def with_key(keyfile: KeyFile, dbk: bytes) -> Keys:
    """Return the keys of a database key that was given as it is. Raises: Locked."""
    for entry in reversed(keyfile.generations):
        keys = _proved(keyfile, entry, dbk)
        if keys is not None:
            return keys
    raise Locked(
        "The key given does not open these books.", "It may belong to other books, or the key was changed since."
    )


def key_from_hex(text: str) -> bytes:
    """Return the key of exactly 64 hexadecimal digits.

    The engine would silently take anything else for a passphrase and make another, unreadable database of it.

    Raises: Locked.
    """
    if re.fullmatch(r"[0-9a-fA-F]{64}", text) is None:
        raise Locked(
            "A database key has exactly 64 hexadecimal digits; what was given has not.",
            "Give the key alone, without spaces or quotes.",
        )
    return bytes.fromhex(text)


def _usable_slot(entry: Generation, keychain_key: bytes | None, passphrase: str | None) -> tuple[Slot, str | None]:
    """Return the slot that can be tried with what is given, and the passphrase it takes."""
    both, keychain, words = (entry.slot(kind) for kind in (SlotKind.BOTH, SlotKind.KEYCHAIN, SlotKind.PASSPHRASE))
    if both is not None and keychain_key is not None and passphrase is not None:
        return both, passphrase
    if keychain is not None and keychain_key is not None:
        return keychain, None
    if words is not None and passphrase is not None:
        return words, passphrase
    if (both is not None or words is not None) and passphrase is None:
        raise Locked(
            "The books are locked with a passphrase, and none was given.",
            "Give the passphrase at the prompt, with --passphrase-file or with --passphrase-fd.",
        )
    if both is not None or keychain is not None:
        raise Locked(
            "The books are locked with a key of the keychain, and it was not given.",
            "Open the keychain of the desktop they were made on.",
        )
    if entry.slots:
        raise NewerSchema(
            "These books can be unlocked only in ways this version of the program does not know.",
            "Update the program. Nothing was changed.",
        )
    raise KeysDamaged("The file ops.keys holds no way to unlock the books.", _DAMAGED_HINT)


def _whole(keyfile: KeyFile, entry: Generation, dbk: bytes) -> Keys:
    """Return the keys when every part of their generation fits. Raises: KeysDamaged."""
    keys = _proved(keyfile, entry, dbk)
    if keys is None:
        raise KeysDamaged("The key in ops.keys does not fit its own check value.", _DAMAGED_HINT)
    _ = keys.brs
    return keys


def _proved(keyfile: KeyFile, entry: Generation, dbk: bytes) -> Keys | None:
    if not hmac.compare_digest(wrapping.check_value(dbk, keyfile.uuid), entry.kcv):
        return None
    return Keys(uuid=keyfile.uuid, dbk=dbk, entry=entry)
