"""Patterns that are compiled when they are first used: a command loads a hundred of them and uses a few."""

from __future__ import annotations

import re
from typing import Any, cast


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves as the compiled pattern. Its own methods are called, it is not handed to those of `re`."""
    return cast("re.Pattern[str]", _Later(pattern, flags))


class _Later:
    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # the next time it is found without coming here
        return found
