"""Seal a secret or a file under a key: AES-256-GCM, bound to what describes it."""

from __future__ import annotations

NONCE_SIZE = 12
TAG_SIZE = 16


def seal(key: bytes, secret: bytes, binding: bytes, nonce: bytes) -> bytes:
    """Return ciphertext and tag. A nonce is random and never used twice with one key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 13 ms; most commands run no cipher

    return AESGCM(key).encrypt(nonce, secret, binding)


def unseal(key: bytes, sealed: bytes, binding: bytes, nonce: bytes) -> bytes | None:
    """Return the secret; None when the key, the binding or a single bit is another."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - with the cipher below
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 13 ms; most commands run no cipher

    try:
        return AESGCM(key).decrypt(nonce, sealed, binding)
    except InvalidTag:
        return None
