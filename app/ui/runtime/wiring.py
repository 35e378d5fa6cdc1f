"""What the bootstrap hands to the window: how books are made and opened, and what a person gave to open them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain, Randomness
    from app.services.books.open_books import Books, Unlock


class How(StrEnum):
    """What books are opened for."""

    WORK = "work"
    LOOK = "look"
    """Damaged ones too; nothing is written."""
    MEND = "mend"
    """Damaged ones too, to take what is there as it is."""


class Secret(NamedTuple):
    """What a person gave to open books. Nothing of it shows in `repr`."""

    passphrase: str | None = None
    recovery_key: str | None = None

    def __repr__(self) -> str:
        return "Secret()"

    def unlock(self) -> Unlock:
        from app.services.books.open_books import Unlock  # noqa: PLC0415 - not needed to paint the first window

        return Unlock(passphrase=self.passphrase, recovery_key=self.recovery_key)


def _as_they_are(_books: Books) -> None:
    """Change nothing: where the day is fixed."""


def _no_keychain() -> None:
    """Have no keychain."""


def _unwired(*_given: object) -> Any:  # noqa: ANN401 - it never returns
    raise ValueError("this window was wired without it")


class Wiring(NamedTuple):
    """What the bootstrap hands to the window, so that it never touches store or adapters."""

    open_books: Callable[[Path, str | None], Books]
    """Opens a home; the passphrase is None where the keychain alone opens it."""
    create_books: Callable[[Path, str, str | None], Books]
    """Makes a home: its mode (keychain, both, passphrase) and the passphrase."""
    create_throwaway: Callable[[Path], Books]
    """Makes books under a key that is stored nowhere."""
    today: Callable[[], date]
    adopt: Callable[[Books], object] = _as_they_are
    """Takes the time zone of books whose profile was just written."""
    open_with_key: Callable[[Path, str], Books] = _unwired
    """Opens a home whose database key is at hand: it was open a moment ago."""
    keychain: Callable[[], Keychain | None] = _no_keychain
    randomness: Callable[[], Randomness] = _unwired
    open_otherwise: Callable[[Path, Unlock, How], Books] = _unwired
    """Opens a home with a recovery key, or damaged books."""
    clock: Callable[[], Clock] = _unwired
    """What time it is where no books are open."""
    open_beside: Callable[[Path, str], Books] = _unwired
    """Opens a home once more by its database key, for the thread that talks to a bank."""
