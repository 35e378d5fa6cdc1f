"""Making key files and grants: what an operator does once, offline."""

from __future__ import annotations

import base64
import os
import secrets
import time
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from relay.certificates import Grant, sign_grant
from relay.encoding import b64url
from relay.settings import Unusable, read_file

_RAW = ("seal.key", "nonce.key")
_SIGNING = "signing.pem"
_GRANT, _GRANT_PUBLIC = "grant.pem", "grant-public.pem"


def make(folder: Path) -> list[Path]:
    """Make all key files that are missing; one that exists is never touched. Raises: Unusable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = [_written(folder / name, base64.b64encode(secrets.token_bytes(32)) + b"\n") for name in _RAW]
        made.append(_written(folder / _SIGNING, _pem(Ed25519PrivateKey.generate())))
        if not (folder / _GRANT_PUBLIC).exists():
            key = Ed25519PrivateKey.generate()
            made.append(_written(folder / _GRANT, _pem(key)))
            public = key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            made.append(_written(folder / _GRANT_PUBLIC, public))
    except OSError as error:
        raise Unusable(f"The keys could not be written: {error.strerror}") from None
    return [path for path in made if path is not None]


def grant(key_file: Path, *, plan: str, max_items: int, days: int, once: bool) -> str:
    """Return a signed grant. Raises: Unusable when the key file is none."""
    try:
        key = serialization.load_pem_private_key(read_file(key_file, secret=True), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unusable(f"{key_file.name} is no Ed25519 private key in PEM.")
    number = b64url(secrets.token_bytes(16))
    return sign_grant(key, Grant(number, plan, max_items, int(time.time()) + days * 86_400, once))


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _written(path: Path, data: bytes) -> Path | None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return path
