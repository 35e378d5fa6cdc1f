"""A pattern that is compiled later is the same pattern."""

from __future__ import annotations

import re

import pytest

from app.core.later import later


def test_it_finds_what_the_pattern_finds() -> None:
    pattern = later(r"(?P<word>b+)", re.IGNORECASE)
    for _ in range(2):
        found = pattern.search("aBBa")
        assert found is not None
        assert (found["word"], pattern.sub("-", "abba"), pattern.findall("ab B")) == ("BB", "a-a", ["b", "B"])
    assert (pattern.pattern, pattern.groupindex["word"]) == (r"(?P<word>b+)", 1)


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = later("(")
    with pytest.raises(re.error):
        broken.search("a")
