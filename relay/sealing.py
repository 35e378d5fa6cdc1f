"""Sealed tokens: what the device keeps, and what only the relay can open.

A sealed text is `version(1) ‖ kid(4) ‖ salt(16) ‖ nonce(12) ‖ AES-256-GCM`, in base64url. The key of each is derived
from a seal key and its own salt by HKDF-SHA256, so no nonce can meet the same key twice. What it belongs to
(environment, client of the provider, device key, Item) is associated data: a token moved to another device, Item or
environment does not open. Every failure is the same error.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from relay.encoding import b64url, canonical, from_b64url
from relay.errors import RelayError

KEY_BYTES = 32
_VERSION = 1
_INFO = b"1099ops seal v1"
_KID, _SALT, _NONCE = 4, 16, 12
_HEAD = 1 + _KID + _SALT + _NONCE
_LONGEST = 8_192
"""Letters of the longest sealed text that is looked at; a token has 136."""

Part = str | int


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What a sealed text held, and whether it was sealed under an old key."""

    plain: bytes
    is_old: bool


class SealRing:
    """The seal keys: the first seals, all open. `scope` is what every seal is bound to: environment and client."""

    def __init__(self, keys: Sequence[bytes], scope: Sequence[Part]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a seal key has {KEY_BYTES} bytes, and there is at least one")
        self._keys = {key_id(key): key for key in keys}
        if len(self._keys) != len(keys):
            raise ValueError("the seal keys are not all different")
        self._first = key_id(keys[0])
        self._scope = tuple(scope)

    def seal(self, plain: bytes, *bound_to: Part) -> str:
        """Return the sealed text, bound to the scope and to what is named."""
        kid, salt, nonce = self._first, secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        data = AESGCM(self._derived(kid, salt)).encrypt(nonce, plain, self._bound(_VERSION, kid, bound_to))
        return b64url(bytes([_VERSION]) + kid + salt + nonce + data)

    def open(self, sealed: str, *bound_to: Part, code: str = "bad_sealed_token", longest: int = _LONGEST) -> Opened:
        """Return what it held. Raises: RelayError with `code`, whatever is wrong with it."""
        try:
            raw = from_b64url(sealed[:longest])
            version, kid = raw[0], raw[1 : 1 + _KID]
            salt, nonce = raw[1 + _KID : 1 + _KID + _SALT], raw[1 + _KID + _SALT : _HEAD]
            key = self._derived(kid, salt)
            plain = AESGCM(key).decrypt(nonce, raw[_HEAD:], self._bound(version, kid, bound_to))
        except (ValueError, LookupError, InvalidTag):
            raise RelayError(code) from None
        return Opened(plain, kid != self._first)

    def _derived(self, kid: bytes, salt: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=salt, info=_INFO).derive(self._keys[kid])

    def _bound(self, version: int, kid: bytes, bound_to: Sequence[Part]) -> bytes:
        return canonical([version, kid.hex(), *self._scope, *bound_to])


def key_id(key: bytes) -> bytes:
    """Return the four bytes a key is named by in what it sealed."""
    return hashlib.sha256(b"1099ops kid" + key).digest()[:_KID]
