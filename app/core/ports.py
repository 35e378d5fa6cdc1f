"""The edges that have a second implementation: tests and the command line's `--today` bring their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol


class Clock(Protocol):
    """What time it is. Nothing else in the program may ask."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""

    def today(self) -> date:
        """Return the civil date in the profile's time zone, or the one the user gave."""

    def monotonic_ms(self) -> int:
        """Return milliseconds that never run backwards."""


class Randomness(Protocol):
    def token(self, size: int) -> bytes:
        """Return `size` bytes fit for keys."""


class Keychain(Protocol):
    """The operating system's store of secrets. One entry a name; values under 1,200 characters."""

    def get(self, name: str) -> str | None:
        """Return the entry, None when there is none. Raises: NoKeychain, KeychainLocked."""

    def set(self, name: str, value: str) -> None:
        """Write the entry. Raises: NoKeychain, KeychainLocked."""

    def delete(self, name: str) -> None:
        """Remove the entry if it is there. Raises: NoKeychain, KeychainLocked."""


class BankFeed(Protocol):
    """One linked bank, as the relay gives it. Raises: BankUnreachable, BankRefused."""

    def accounts(self) -> list[dict[str, Any]]:
        """Return the accounts of the bank."""

    def page(self, cursor: str) -> dict[str, Any]:
        """Return the changes after a cursor, one page of them."""

    def health(self) -> dict[str, Any]:
        """Return how the connection is."""


class Browser(Protocol):
    """The person's own browser."""

    def __call__(self, url: str, /) -> bool:
        """Open a page; say whether a browser took it."""


class PatternSet(Protocol):
    """Patterns that were checked and made ready."""

    def found_in(self, text: str) -> Sequence[int]:
        """Return the places, in order, of the patterns that occur in a text. The time grows with the text alone."""


class Patterns(Protocol):
    """The engine of regular expressions that people write: no pattern may take longer than a text is long."""

    def ready(self, patterns: Sequence[str]) -> PatternSet:
        """Raises: Refused with what is wrong with one of them, and where."""
