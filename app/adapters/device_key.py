"""The key by which a relay knows this device: Ed25519, made here, never sent."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

SIZE = 32


class DeviceKey:
    """A device key. It has no repr of its own that tells anything."""

    def __init__(self, secret: bytes) -> None:
        """Take the 32 bytes of the private key. Raises: ValueError."""
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.jwk = {"crv": "Ed25519", "kty": "OKP", "x": encoded(public)}

    @property
    def thumbprint(self) -> str:
        """Return the key's name by RFC 7638."""
        text = json.dumps(self.jwk, sort_keys=True, separators=(",", ":"))
        return encoded(hashlib.sha256(text.encode("ascii")).digest())

    def secret(self) -> bytes:
        """Return the private bytes, for the keychain only."""
        return self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def signed(self, claims: dict[str, Any], *, kind: str = "dpop+jwt") -> str:
        """Return these claims as a JWT: a DPoP proof (RFC 9449), or one of another kind, which is none."""
        header = {"alg": "EdDSA", "typ": kind, "jwk": self.jwk}
        text = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        return f"{text}.{encoded(self._key.sign(text.encode('ascii')))}"


def encoded(data: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def hashed(text: str | bytes) -> str:
    """Return the SHA-256 of a text, as proofs carry it."""
    return encoded(hashlib.sha256(text.encode() if isinstance(text, str) else text).digest())
