"""The operating system's random numbers. The only place keys come from."""

from __future__ import annotations

import secrets


class OsRandomness:
    """Implements `ports.Randomness`."""

    def token(self, size: int) -> bytes:
        return secrets.token_bytes(size)
