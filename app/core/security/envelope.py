"""Wrap the database key, and get it back.

The database key is random and made once; what a person knows or the keychain holds only wraps it. So changing a
passphrase never rewrites the books, and opening costs no key stretching per connection. Randomness is given; the
cipher library is imported where a cipher runs, since `--key-fd` and reading the file's words need none.
"""

from __future__ import annotations

import hmac
import re
from enum import StrEnum

from app.core.errors import KeysDamaged, Locked, NewerSchema, WrongPassphrase
from app.core.ports import Randomness
from app.core.security import key_file
from app.core.security.key_derivation import (
    KEY_SIZE,
    Kdf,
    Purpose,
    check_new_passphrase,
    describe,
    hkdf,
    stretch,
    subkey,
)
from app.core.security.key_file import (
    CIPHER,
    FORMAT,
    VERSION,
    Generation,
    KeyFile,
    Sealed,
    Slot,
    SlotKind,
    read,
    render,
)

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
    "with_key",
]

_DAMAGED_HINT = "Put back the copy of ops.keys from a backup. Do not delete books.db."


class Mode(StrEnum):
    """How the books are unlocked; chosen at `init`."""

    KEYCHAIN = "keychain"
    BOTH = "both"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a way, no secret


_SLOT_OF_MODE = {Mode.KEYCHAIN: SlotKind.KEYCHAIN, Mode.BOTH: SlotKind.BOTH, Mode.PASSPHRASE: SlotKind.PASSPHRASE}


class Keys:
    """The open keys of one database. Nothing of them shows in `repr`, so nothing of them reaches a log by accident."""

    __slots__ = ("_brs", "_dbk", "_sealed_brs", "generation", "uuid")

    def __init__(self, *, uuid: str, generation: int, dbk: bytes, sealed_brs: Sealed) -> None:
        self.uuid = uuid
        self.generation = generation
        self._dbk = dbk
        self._sealed_brs = sealed_brs
        self._brs: bytes | None = None

    @property
    def dbk(self) -> bytes:
        """The 32-byte database key."""
        return self._dbk

    @property
    def brs(self) -> bytes:
        """The 32-byte books root secret; unsealed on first use. Raises: KeysDamaged."""
        if self._brs is None:
            kek = hkdf(self._dbk, b"1099ops brs seal v1")
            opened = _decrypt(kek, self._sealed_brs, key_file.brs_binding(self.uuid, self.generation))
            if opened is None:
                raise KeysDamaged("The root secret in ops.keys does not fit its database key.", _DAMAGED_HINT)
            self._brs = opened
        return self._brs

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
    kind = _SLOT_OF_MODE[mode]
    slot: dict[str, object] = {"kind": str(kind), "cipher": CIPHER, "algorithm": "keychain"}
    parameters: dict[str, object] = {}
    stretched = b""
    if kind is not SlotKind.KEYCHAIN:
        if passphrase is None or kdf is None:
            raise ValueError("this mode needs a passphrase and its cost")
        check_new_passphrase(passphrase)
        stretched = stretch(passphrase, kdf)
        slot["algorithm"], described = describe(kdf)
        parameters.update(described)
    if kind is not SlotKind.PASSPHRASE:
        if keychain_key is None or len(keychain_key) != KEY_SIZE:
            raise ValueError("this mode needs a keychain key of 32 bytes")
        parameters["keychain_check"] = _keychain_check(keychain_key, uuid).hex()
    slot["parameters"] = parameters
    kek = _wrapping_key(kind, keychain_key or b"", stretched)
    slot |= _encrypt(kek, dbk, key_file.slot_binding(uuid, generation, slot), randomness)
    sealed_brs = _encrypt(hkdf(dbk, b"1099ops brs seal v1"), brs, key_file.brs_binding(uuid, generation), randomness)
    entry = {"generation": generation, "kcv": _kcv(dbk, uuid).hex(), "brs": sealed_brs, "slots": [slot]}
    return render({"format": FORMAT, "version": VERSION, "uuid": uuid, "generations": [entry]})


def mode_of(keyfile: KeyFile) -> Mode:
    """Return what unlocking these books takes. Raises: NewerSchema, KeysDamaged."""
    for mode in (Mode.BOTH, Mode.KEYCHAIN, Mode.PASSPHRASE):
        if keyfile.newest.slot(_SLOT_OF_MODE[mode]) is not None:
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
    entry = keyfile.newest
    if generation is not None:
        entry = next((each for each in keyfile.generations if each.number == generation), entry)
    slot, stretched_from = _usable_slot(entry, keychain_key, passphrase)
    if slot.sealed is None:
        raise KeysDamaged("The file ops.keys holds no whole way to unlock the books.", _DAMAGED_HINT)
    if slot.keychain_check is not None and keychain_key is not None:
        found = _keychain_check(keychain_key, keyfile.uuid)
        if not hmac.compare_digest(found, slot.keychain_check):
            raise Locked(
                "The keychain holds a key for these books, but it is not the one ops.keys was made with.",
                "Was ops.keys or the keychain put back from an older copy? Restore the two of the same day.",
            )
    stretched = stretch(stretched_from, slot.kdf) if slot.kdf is not None and stretched_from is not None else b""
    kek = _wrapping_key(SlotKind(slot.kind), keychain_key or b"", stretched)
    dbk = _decrypt(kek, slot.sealed, key_file.slot_binding(keyfile.uuid, entry.number, slot.raw))
    if dbk is None:
        if slot.kdf is None:
            raise KeysDamaged(
                "The keychain's key fits these books, but its slot in ops.keys is damaged.", _DAMAGED_HINT
            )
        raise WrongPassphrase("The passphrase is not the one of these books.", "Check the keyboard layout; try again.")
    keys = _proved(keyfile, entry, dbk)
    if keys is None:
        raise KeysDamaged("The key in ops.keys does not fit its own check value.", _DAMAGED_HINT)
    _ = keys.brs
    return keys


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


def _proved(keyfile: KeyFile, entry: Generation, dbk: bytes) -> Keys | None:
    if not hmac.compare_digest(_kcv(dbk, keyfile.uuid), entry.kcv):
        return None
    return Keys(uuid=keyfile.uuid, generation=entry.number, dbk=dbk, sealed_brs=entry.brs)


def _kcv(dbk: bytes, uuid: str) -> bytes:
    return hmac.digest(dbk, b"kcv" + uuid.encode("ascii"), "sha256")[:16]


def _keychain_check(keychain_key: bytes, uuid: str) -> bytes:
    """Tell a wrong keychain entry from a wrong passphrase; the key is random, so its check value gives nothing away."""
    return hmac.digest(keychain_key, b"keychain-check" + uuid.encode("ascii"), "sha256")[:16]


def _wrapping_key(kind: SlotKind, keychain_key: bytes, stretched: bytes) -> bytes:
    if kind is SlotKind.BOTH:
        return hkdf(keychain_key + stretched, b"1099ops kp v1")
    return stretched if kind is SlotKind.PASSPHRASE else keychain_key


def _encrypt(key: bytes, secret: bytes, binding: bytes, randomness: Randomness) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 13 ms; most commands run no cipher

    nonce = randomness.token(12)
    return {"nonce": nonce.hex(), "ciphertext": AESGCM(key).encrypt(nonce, secret, binding).hex()}


def _decrypt(key: bytes, sealed: Sealed, binding: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - with the cipher below
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 13 ms; most commands run no cipher

    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, binding)
    except InvalidTag:
        return None
