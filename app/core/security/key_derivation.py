"""Keys from passphrases, and keys from keys.

A passphrase is stretched (Argon2id, or PBKDF2 where only approved primitives may be used); a key of full strength is
only split, by HKDF. Parameters read from a file are held between a floor and a ceiling: below the floor a file would
ask for a guessable key, above the ceiling it could hang the program.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.core.errors import Locked, Refused

KEY_SIZE = 32
SALT_SIZE = 16
MIN_PASSPHRASE = 12
"""Characters after NFC. Source: ASVS 5.0 6.2.1 asks for 8 at least; this secret is guessed offline, so more."""
MAX_PASSPHRASE = 1024

MIN_MEMORY_MIB = 64
DEFAULT_MEMORY_MIB = 256
MAX_MEMORY_MIB = 2048


class Purpose(StrEnum):
    """What a subkey of the books root secret is for. The words are part of the format: never reuse or rename one."""

    AUDIT_MAC = "audit-mac"
    ACCOUNT_FINGERPRINT = "account-fingerprint"
    RECEIPT = "receipt"
    LINK_BACKUP = "link-backup"
    EXPORT_PSEUDONYM = "export-pseudonym"
    AUDIT_SEGMENT = "audit-segment"
    ROW_DIGEST = "row-digest"
    ERASURE = "erasure"
    BANK_SECRET = "bank-secret"  # noqa: S105 - the name of a purpose


class Argon2id(NamedTuple):
    """Cost of Argon2id. Floor 64 MiB, 3 passes. Source: RFC 9106, section 4 (second recommended option)."""

    salt: bytes
    memory_kib: int = DEFAULT_MEMORY_MIB * 1024
    passes: int = 3
    lanes: int = 4


class Pbkdf2(NamedTuple):
    """Cost of PBKDF2-HMAC-SHA256. Floor 600,000. Source: OWASP Password Storage Cheat Sheet."""

    salt: bytes
    iterations: int = 600_000


Kdf = Argon2id | Pbkdf2

_BOUNDS = {
    "argon2id": {
        "memory_kib": (MIN_MEMORY_MIB * 1024, MAX_MEMORY_MIB * 1024),
        "passes": (3, 10),
        "lanes": (1, 16),
    },
    "pbkdf2-sha256": {"iterations": (600_000, 10_000_000)},
}


FORMER_DEFAULTS: frozenset[Kdf] = frozenset()
"""Costs that were once the default, with an empty salt. When the default rises, its old value goes in here, and every
passphrase stretched by it is stretched anew when it next opens the books."""


def is_former_default(kdf: Kdf, former: frozenset[Kdf] | None = None) -> bool:
    """Return whether nobody chose this cost: it was the default of an older program."""
    return kdf._replace(salt=b"") in (FORMER_DEFAULTS if former is None else former)


def check_new_passphrase(text: str) -> None:
    """Accept any 12 to 1,024 characters; length is the only rule. Raises: Refused."""
    length = len(unicodedata.normalize("NFC", text))
    if length < MIN_PASSPHRASE:
        raise Refused(
            f"The passphrase has {length} characters; at least {MIN_PASSPHRASE} are needed.",
            "Four or more unrelated words are long enough and easy to remember.",
        )
    if length > MAX_PASSPHRASE:
        raise Refused(
            f"The passphrase has {length:,} characters; at most {MAX_PASSPHRASE:,} can be used.",
            "Was a whole file given instead of its first line?",
        )
    _passphrase_bytes(text)


def stretch(passphrase: str, kdf: Kdf) -> bytes:
    """Return the 32-byte key of a passphrase. Takes about a second at the default cost. Raises: Refused, Locked."""
    check_bounds(kdf)
    secret = _passphrase_bytes(passphrase)
    if isinstance(kdf, Pbkdf2):
        return hashlib.pbkdf2_hmac("sha256", secret, kdf.salt, kdf.iterations, KEY_SIZE)
    # Imported here: reading a key file, or opening with the key itself, needs none of it.
    from cryptography.hazmat.primitives.kdf import argon2  # noqa: PLC0415 - 9 ms that only a passphrase has to pay

    try:
        return argon2.Argon2id(
            salt=kdf.salt, length=KEY_SIZE, iterations=kdf.passes, lanes=kdf.lanes, memory_cost=kdf.memory_kib
        ).derive(secret)
    except MemoryError as error:
        raise Locked(
            f"Checking the passphrase needs {kdf.memory_kib // 1024} MiB of free memory, and this computer has less.",
            "Close other programs and try again.",
        ) from error


def hkdf(key: bytes, info: bytes, *, salt: bytes = b"", size: int = KEY_SIZE) -> bytes:
    """Return `size` bytes made from a key of full strength. Source: RFC 5869 with SHA-256."""
    pseudorandom = hmac.digest(salt or bytes(32), key, "sha256")
    block, output = b"", b""
    for number in range(1, -(-size // 32) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes([number]), "sha256")
        output += block
    return output[:size]


def subkey(brs: bytes, purpose: Purpose) -> bytes:
    """Return the 32-byte key of one purpose; it stays the same through every rotation of the database key."""
    return hkdf(brs, f"1099ops {Purpose(purpose)} v1".encode("ascii"))


def check_bounds(kdf: Kdf) -> None:
    """Refuse a cost below the floor or above the ceiling, whoever asks for it. Raises: Refused."""
    algorithm, parameters = describe(kdf)
    if len(kdf.salt) != SALT_SIZE:
        raise Refused("The salt of the key stretching does not have 16 bytes.")
    for name, (floor, ceiling) in _BOUNDS[algorithm].items():
        value = parameters[name]
        if type(value) is not int or not floor <= value <= ceiling:
            raise Refused(
                f"The key stretching {algorithm} takes {name} between {floor:,} and {ceiling:,}, not {value}."
            )


def describe(kdf: Kdf) -> tuple[str, dict[str, int | str]]:
    """Return the algorithm's name and its parameters as the key file holds them."""
    if isinstance(kdf, Pbkdf2):
        return "pbkdf2-sha256", {"iterations": kdf.iterations, "salt": kdf.salt.hex()}
    return "argon2id", {
        "memory_kib": kdf.memory_kib,
        "passes": kdf.passes,
        "lanes": kdf.lanes,
        "salt": kdf.salt.hex(),
    }


def from_description(algorithm: str, parameters: Mapping[str, object]) -> Kdf:
    """Return the cost a key file states. Raises: ValueError (unknown, incomplete or out of bounds)."""
    bounds = _BOUNDS.get(algorithm)
    if bounds is None:
        raise ValueError(f"key stretching of an unknown kind: {algorithm!r}")
    numbers: dict[str, int] = {}
    for name in bounds:
        value = parameters.get(name)
        if type(value) is not int:
            raise ValueError(f"key stretching without {name}")
        numbers[name] = value
    salt = bytes.fromhex(str(parameters.get("salt", "")))
    kdf: Kdf = Pbkdf2(salt=salt, **numbers) if algorithm == "pbkdf2-sha256" else Argon2id(salt=salt, **numbers)
    try:
        check_bounds(kdf)
    except Refused as error:
        raise ValueError(error.message) from error
    return kdf


def _passphrase_bytes(text: str) -> bytes:
    """Return NFC in UTF-8: the same passphrase typed on any keyboard gives the same bytes."""
    try:
        return unicodedata.normalize("NFC", text).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused("The passphrase holds characters that are not valid text.", "Type it again.") from error
