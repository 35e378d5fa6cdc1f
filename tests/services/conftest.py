from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services import books as opening
from app.services.books import Books, Unlock

PASSPHRASE = "violet anchor harvest tundra 41"
TODAY = date(2026, 11, 20)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def make_books(tmp_path: Path) -> Iterator[Callable[..., Books]]:
    """Makes real encrypted books; all are closed in the end."""
    made: list[Books] = []

    def make(name: str = "home", zone: str = "America/Los_Angeles") -> Books:
        opened, _ = opening.create(
            tmp_path / name, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
            clock=SystemClock(zone, fixed_today=TODAY), kdf_memory_mib=64,
        )  # fmt: skip
        made.append(opened)
        return opened

    yield make
    for opened in made:
        opened.close()


@pytest.fixture
def books(make_books: Callable[..., Books]) -> Books:
    return make_books()


@pytest.fixture
def reopen() -> Iterator[Callable[[Books], Books]]:
    """Closes books and opens them again with their raw key, as a new process would."""
    held: list[Books] = []

    def again(old: Books) -> Books:
        key = old.key_hex()
        old.close()
        held.append(
            opening.open_books(old.home, Unlock(key_hex=key), keychain=lambda: None, clock=SystemClock("UTC", TODAY))
        )
        return held[-1]

    yield again
    for opened in held:
        opened.close()
