"""The kinds of values a log line can hold. None of them takes free text, so none can carry a word of the books.

Each field turns what it is given into one of a known set: a number into a bounded one, a duration or a size into a
range, a word into itself if it is on a closed list, else into `other`. Writing never fails for the value's sake.
Reading is strict: a line of a log file may have been written by anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from app.core.later import later

Stored = int | str | list[str]

OTHER = "other"
LARGEST = 9_999_999
"""No number of the log is larger: nine digits could be a social security number."""
PLACES_KEPT = 12
_PLACE = later(r"app(?:\.[a-z_][a-z0-9_]{0,39}){1,5}:(?:<[a-z]{4,10}>|[A-Za-z_][A-Za-z_]{0,59}\d{0,2}):\d{1,5}")


class LogField(Protocol):
    def take(self, value: object) -> Stored:
        """Return what is stored for a value of the program."""

    def reads(self, stored: object) -> bool:
        """Say whether this can have been stored."""


class Count:
    """A whole number, cut to what is allowed."""

    def take(self, value: object) -> Stored:
        return min(max(value, 0), LARGEST) if isinstance(value, int) else 0

    def reads(self, stored: object) -> bool:
        return type(stored) is int and 0 <= stored <= LARGEST


class Bucket:
    """The range a number falls into, by its name."""

    def __init__(self, limits: Iterable[tuple[int, str]], above: str) -> None:
        self._limits = tuple(limits)
        self._above = above
        self.values = frozenset([name for _, name in self._limits] + [above])

    def take(self, value: object) -> str:
        number = value if isinstance(value, int) else 0
        return next((name for limit, name in self._limits if number < limit), self._above)

    def reads(self, stored: object) -> bool:
        return stored in self.values


class Word:
    """A word of a closed list. The list may be made when it is first needed: some stand in modules that load slowly."""

    def __init__(self, values: Iterable[str] | Callable[[], Iterable[str]]) -> None:
        self._values = values
        self._known: frozenset[str] | None = None

    @property
    def values(self) -> frozenset[str]:
        if self._known is None:
            self._known = frozenset(self._values() if callable(self._values) else self._values) | {OTHER}
        return self._known

    def take(self, value: object) -> str:
        return value if isinstance(value, str) and value in self.values else OTHER

    def reads(self, stored: object) -> bool:
        return isinstance(stored, str) and stored in self.values


class Places:
    """Where in our own code something happened, innermost last: module:function:line."""

    def take(self, value: object) -> Stored:
        given = value if isinstance(value, list) else []
        return [place for place in given if is_place(place)][-PLACES_KEPT:]

    def reads(self, stored: object) -> bool:
        return isinstance(stored, list) and len(stored) <= PLACES_KEPT and all(map(is_place, stored))


def is_place(value: object) -> bool:
    return isinstance(value, str) and _PLACE.fullmatch(value) is not None


COUNT = Count()
PLACES = Places()
TOOK = Bucket(
    ((10, "under_10ms"), (100, "under_100ms"), (1_000, "under_1s"), (10_000, "under_10s"), (60_000, "under_1m")),
    "over_1m",
)
"""Of milliseconds."""
SIZE = Bucket(
    (
        (1, "empty"), (1 << 10, "under_1kb"), (1 << 13, "under_8kb"), (1 << 16, "under_64kb"), (1 << 20, "under_1mb"),
        (1 << 23, "under_8mb"), (1 << 26, "under_64mb"), (1 << 29, "under_512mb"),
    ),
    "over_512mb",
)  # fmt: skip
"""Of bytes."""
MANY = Bucket(
    (
        (1, "0"), (10, "1-9"), (100, "10-99"), (1_000, "100-999"), (10_000, "1000-9999"), (100_000, "10000-99999"),
        (1_000_000, "100000-999999"),
    ),
    "1000000+",
)  # fmt: skip
"""Of rows."""
