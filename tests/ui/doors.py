"""What the tests of the window without open books share: how books are made, and what can be read in a window."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLabel

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError
from app.core.security.envelope import Mode
from app.services.backup import backups
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import key_changes

PASSPHRASE = "violet anchor harvest tundra 41"


def clock() -> SystemClock:
    return SystemClock("America/Los_Angeles", fixed_today=date(2026, 11, 20))


def make_books(home: Path, chain: Chain | None = None) -> Books:
    """Make books of a passphrase, or of a keychain alone."""
    made, _ = opening.create(
        home, mode=Mode.KEYCHAIN if chain else Mode.PASSPHRASE, passphrase=None if chain else PASSPHRASE,
        keychain=chain, randomness=OsRandomness(), clock=clock(), kdf_memory_mib=64,
    )  # fmt: skip
    return made


def with_recovery_key(home: Path, chain: Chain | None = None) -> str:
    """Give books a recovery key and return it."""
    books = opening.open_books(
        home, Unlock(passphrase=None if chain else PASSPHRASE), keychain=lambda: chain, clock=clock()
    )
    key = key_changes.make_recovery_key(books, randomness=OsRandomness())
    books.close()
    return key


def back_up(home: Path) -> Path:
    """Make a backup of books of the passphrase and return its file."""
    books = opening.open_books(home, Unlock(passphrase=PASSPHRASE), keychain=lambda: None, clock=clock())
    made = backups.create(books, reason="asked")
    books.close()
    return made.file


class Chain:
    """A keychain of this test. `errors` are met one after the other before it answers."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.errors: list[AppError] = []
        self.asked = 0

    def get(self, name: str) -> str | None:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.held.get(name)

    def set(self, name: str, value: str) -> None:
        self.held[name] = value

    def delete(self, name: str) -> None:
        self.held.pop(name, None)


def door(window: Any) -> Any:
    """Return what stands in front: unlock, first run, or the books."""
    return window.stack.currentWidget()


def words(window: Any) -> str:
    """Return everything a person could read in the window, its title included."""
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    return "\n".join([window.windowTitle(), *shown])
