"""Regular expressions in linear time (RE2). Loaded only when some rule has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import re2

from app.core.errors import Refused

LONGEST = 500
"""Characters of a pattern."""
_MEMORY = 1 << 20
"""Bytes one pattern may take when it is made ready; `a{1000}{1000}` would take more."""
_SET_MEMORY = 64 << 20
_FEW = 8
"""So many patterns are tried one by one; more are searched for together."""

_WRONG = (
    ("missing )", "a “(” is never closed"),
    ("unexpected )", "a “)” was never opened"),
    ("missing ]", "a “[” is never closed"),
    ("invalid repetition size", "it repeats too often (at most 1,000 times)"),
    ("no argument for repetition operator", "there is nothing before this sign that it could repeat"),
    ("bad repetition operator", "two repetitions follow each other"),
    ("invalid character class range", "this range of letters does not exist"),
    ("trailing \\", "it ends in a single “\\”"),
    ("invalid escape sequence", "this sign means nothing; looking back at a group is not possible"),
    ("invalid perl operator", "looking ahead or behind is not possible"),
    ("invalid named capture group", "the name of a group is written wrongly"),
    ("pattern too large", "it stands for too many texts"),
    ("invalid UTF-8", "it holds a sign that is no letter"),
)


class LinearPatterns:
    """The port `Patterns`."""

    def ready(self, patterns: Sequence[str]) -> _Ready:
        return _Ready([_compiled(pattern) for pattern in patterns], patterns)


class _Ready:
    def __init__(self, compiled: Sequence[Any], patterns: Sequence[str]) -> None:
        self._compiled = compiled
        self._together = _set_of(patterns) if len(compiled) > _FEW else None

    def found_in(self, text: str) -> Sequence[int]:
        if self._together is not None:
            found = self._together.Match(text)
            # Nothing is found in every text: where even that is missing, the search ran out of memory.
            if len(self._compiled) in found:
                return sorted(place for place in found if place < len(self._compiled))
        return [place for place, pattern in enumerate(self._compiled) if pattern.search(text) is not None]


def _options(memory: int) -> Any:  # noqa: ANN401 - the library has no types
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # it would write the pattern to stderr
    options.never_capture = True
    options.max_mem = memory
    return options


def _compiled(pattern: str) -> Any:  # noqa: ANN401 - the same
    """Raises: Refused."""
    if len(pattern) > LONGEST:
        raise Refused(
            f"A pattern may have {LONGEST} characters; this one has {len(pattern):,}.", "Make two rules of it."
        )
    if not pattern.isprintable():
        raise Refused("A pattern is one line of letters and signs.", "Take out what can’t be seen.")
    try:
        return re2.compile(pattern, _options(_MEMORY))
    except re2.error as error:
        raise Refused(_said(pattern, error), "What a pattern may hold: github.com/google/re2/wiki/Syntax") from None


def _said(pattern: str, error: Exception) -> str:
    """Return what is wrong with a pattern, and where."""
    told = error.args[0] if error.args else ""
    words = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    what, _, where = words.partition(": ")
    plain = next((ours for theirs, ours in _WRONG if what.startswith(theirs)), "it can’t be read")
    at = _bracket(pattern) if where == pattern and ("(" in what or ")" in what) else pattern.find(where)
    place = f" at character {at + 1}, “{pattern[at : at + 12]}”" if 0 <= at < len(pattern) else ""
    return f"The pattern is not right{place}: {plain}."


def _bracket(pattern: str) -> int:
    """Return where the round bracket stands that has no other half; -1 when all have."""
    opened: list[int] = []
    in_class = False
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign == "(":
            opened.append(at)
        elif sign == ")":
            if not opened:
                return at
            opened.pop()
        at += 1
    return opened[-1] if opened else -1


def _set_of(patterns: Sequence[str]) -> Any:  # noqa: ANN401 - the same
    made = re2.Set.SearchSet(_options(_SET_MEMORY))
    for pattern in patterns:
        made.Add(pattern)
    made.Add("")
    made.Compile()
    return made
