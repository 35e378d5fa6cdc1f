"""Base64url without padding, as JWTs write it (RFC 7515, 2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64url(text: str) -> bytes:
    """Return the bytes. Raises: ValueError for anything but the one canonical spelling of them."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    if b64url(data) != text:
        # The unused bits of the last letter could be anything: two texts would be one token.
        raise ValueError("not the canonical spelling")
    return data


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of a text in base64url, as `ath` and `bsh` carry it."""
    return b64url(hashlib.sha256(text.encode() if isinstance(text, str) else text).digest())


def canonical(value: Any) -> bytes:
    """Return the one JSON text of a value: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
