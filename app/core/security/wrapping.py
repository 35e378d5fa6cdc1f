"""Wrap one key under another: the ciphers behind every slot of `ops.keys`.

A slot of a passphrase or the keychain is symmetric: who has its key can open it. The slot of the recovery key is sealed
to a public key, so that a rotation can renew it while the printed page lies in a drawer. The cipher library is imported
where a cipher runs, since `--key-fd` and reading the file's words need none.
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import NamedTuple

from app.core.ports import Randomness
from app.core.security import key_file
from app.core.security.key_derivation import KEY_SIZE, Kdf, describe, hkdf
from app.core.security.key_file import CIPHER, RECOVERY_ALGORITHM, Sealed, Slot, SlotKind


class Mode(StrEnum):
    """How the books are unlocked; chosen at `init`."""

    KEYCHAIN = "keychain"
    BOTH = "both"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a way, no secret


SLOT_OF_MODE = {Mode.KEYCHAIN: SlotKind.KEYCHAIN, Mode.BOTH: SlotKind.BOTH, Mode.PASSPHRASE: SlotKind.PASSPHRASE}


class Way(NamedTuple):
    """What a slot of a mode is wrapped with: the keychain's key, the stretched passphrase and its cost, or both."""

    mode: Mode
    keychain_key: bytes = b""
    stretched: bytes = b""
    kdf: Kdf | None = None

    def __repr__(self) -> str:
        return f"Way(mode={self.mode!r})"


class Place(NamedTuple):
    """Where a slot stands; every slot is bound to it."""

    uuid: str
    generation: int


def slot_of_way(way: Way, place: Place, dbk: bytes, randomness: Randomness) -> dict[str, object]:
    """Return the slot that wraps a database key. Raises: ValueError when a part the mode needs is not given."""
    kind = SLOT_OF_MODE[way.mode]
    slot: dict[str, object] = {"kind": str(kind), "cipher": CIPHER, "algorithm": "keychain"}
    parameters: dict[str, object] = {}
    if kind is not SlotKind.KEYCHAIN:
        if way.kdf is None or len(way.stretched) != KEY_SIZE:
            raise ValueError("this mode needs a passphrase and its cost")
        slot["algorithm"], described = describe(way.kdf)
        parameters.update(described)
    if kind is not SlotKind.PASSPHRASE:
        if len(way.keychain_key) != KEY_SIZE:
            raise ValueError("this mode needs a keychain key of 32 bytes")
        parameters["keychain_check"] = keychain_check(way.keychain_key, place.uuid).hex()
    slot["parameters"] = parameters
    kek = wrapping_key(kind, way.keychain_key, way.stretched)
    return slot | encrypt(kek, dbk, key_file.slot_binding(place.uuid, place.generation, slot), randomness)


def wrapping_key(kind: SlotKind, keychain_key: bytes, stretched: bytes) -> bytes:
    if kind is SlotKind.BOTH:
        return hkdf(keychain_key + stretched, b"1099ops kp v1")
    return stretched if kind is SlotKind.PASSPHRASE else keychain_key


# --- the recovery key


def recovery_public(secret: bytes) -> bytes:
    """Return the public key of a recovery secret: what later rotations seal to."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: PLC0415 - as in encrypt

    return X25519PrivateKey.from_private_bytes(_recovery_private(secret)).public_key().public_bytes_raw()


def slot_of_recovery(public: bytes, place: Place, dbk: bytes, randomness: Randomness) -> dict[str, object]:
    """Return the slot that seals a database key to a recovery key. Raises: ValueError (no point of the curve)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # noqa: PLC0415 - as in encrypt
        X25519PrivateKey,
        X25519PublicKey,
    )

    passing = X25519PrivateKey.from_private_bytes(randomness.token(KEY_SIZE))
    ephemeral = passing.public_key().public_bytes_raw()
    shared = passing.exchange(X25519PublicKey.from_public_bytes(public))
    slot: dict[str, object] = {
        "kind": str(SlotKind.RECOVERY),
        "cipher": CIPHER,
        "algorithm": RECOVERY_ALGORITHM,
        "parameters": {
            "public": public.hex(),
            "ephemeral": ephemeral.hex(),
            "proof": recovery_proof(dbk, public, place).hex(),
        },
    }
    kek = hkdf(shared + ephemeral + public, b"1099ops recovery wrap v1")
    return slot | encrypt(kek, dbk, key_file.slot_binding(place.uuid, place.generation, slot), randomness)


def open_recovery(secret: bytes, slot: Slot, place: Place) -> bytes | None:
    """Return the database key of a recovery slot; None when the secret is not the one it is sealed to."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # noqa: PLC0415 - as in encrypt
        X25519PrivateKey,
        X25519PublicKey,
    )

    if slot.recovery is None or slot.sealed is None:
        return None
    private = X25519PrivateKey.from_private_bytes(_recovery_private(secret))
    public = private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(slot.recovery.ephemeral))
    except ValueError:
        return None
    kek = hkdf(shared + slot.recovery.ephemeral + public, b"1099ops recovery wrap v1")
    return decrypt(kek, slot.sealed, key_file.slot_binding(place.uuid, place.generation, slot.raw))


def recovery_proof(dbk: bytes, public: bytes, place: Place) -> bytes:
    """Return what shows that the holder of the database key put this public key into the file.

    Without it whoever may write the file could put a public key of his own, and the next rotation would seal to it.
    """
    key = hkdf(dbk, b"1099ops recovery proof v1")
    return hmac.digest(key, place.uuid.encode("ascii") + place.generation.to_bytes(8, "big") + public, "sha256")[:16]


def _recovery_private(secret: bytes) -> bytes:
    return hkdf(secret, b"1099ops recovery key v1")


# --- what every generation holds


def sealed_brs(place: Place, dbk: bytes, brs: bytes, randomness: Randomness) -> dict[str, str]:
    """Return the books root secret sealed under a database key."""
    kek = hkdf(dbk, b"1099ops brs seal v1")
    return encrypt(kek, brs, key_file.brs_binding(place.uuid, place.generation), randomness)


def open_brs(place: Place, dbk: bytes, sealed: Sealed) -> bytes | None:
    kek = hkdf(dbk, b"1099ops brs seal v1")
    return decrypt(kek, sealed, key_file.brs_binding(place.uuid, place.generation))


def check_value(dbk: bytes, uuid: str) -> bytes:
    return hmac.digest(dbk, b"kcv" + uuid.encode("ascii"), "sha256")[:16]


def keychain_check(keychain_key: bytes, uuid: str) -> bytes:
    """Tell a wrong keychain entry from a wrong passphrase; the key is random, so its check value gives nothing away."""
    return hmac.digest(keychain_key, b"keychain-check" + uuid.encode("ascii"), "sha256")[:16]


def encrypt(key: bytes, secret: bytes, binding: bytes, randomness: Randomness) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 13 ms; most commands run no cipher

    nonce = randomness.token(12)
    return {"nonce": nonce.hex(), "ciphertext": AESGCM(key).encrypt(nonce, secret, binding).hex()}


def decrypt(key: bytes, sealed: Sealed, binding: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - with the cipher below
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 13 ms; most commands run no cipher

    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, binding)
    except InvalidTag:
        return None
