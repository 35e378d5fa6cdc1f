"""Keys that are the same in every run, and the cheapest cost the format allows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from app.core.security import envelope
from app.core.security.envelope import Mode
from app.core.security.key_derivation import Argon2id

UUID = "0b0e2f5e-3f0b-4d7e-9a51-6d1f0c9a2b3c"


class CountedRandomness:
    """Bytes that look random and repeat in every run; no two calls give the same."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._calls = 0

    def token(self, size: int) -> bytes:
        self._calls += 1
        return hashlib.shake_256(f"{self._seed} {self._calls}".encode()).digest(size)


MakeFile = Callable[..., bytes]


@pytest.fixture
def randomness() -> CountedRandomness:
    return CountedRandomness("test")


@pytest.fixture(scope="session")
def make_file() -> MakeFile:
    """Make the bytes of a key file; every part can be given."""

    def make(mode: Mode = Mode.KEYCHAIN, **given: object) -> bytes:
        parts: dict[str, object] = {
            "uuid": UUID,
            "dbk": bytes(range(32)),
            "brs": bytes(range(100, 132)),
            "keychain_key": b"k" * 32,
            "passphrase": "correct horse battery",
            "kdf": Argon2id(salt=b"s" * 16, memory_kib=64 * 1024),
            "randomness": CountedRandomness(str(mode)),
        }
        return envelope.make(mode=mode, **{**parts, **given})

    return make


@pytest.fixture(scope="session")
def files(make_file: MakeFile) -> dict[Mode, bytes]:
    """One key file of each mode, all for the same database key."""
    return {mode: make_file(mode) for mode in Mode}
