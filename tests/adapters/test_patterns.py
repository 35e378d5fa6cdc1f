"""Patterns that people write: refused in plain words with the place, and never slow, whatever they hold."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from app.adapters.patterns import LONGEST, LinearPatterns
from app.core.errors import Refused


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("FIGMA (", "at character 7, “(”: a “(” is never closed"),
        ("FIG)MA", "at character 4, “)MA”: a “)” was never opened"),
        ("A[BC", "at character 2, “[BC”: a “[” is never closed"),
        ("X[z-a]", "at character 3, “z-a]”: this range of letters does not exist"),
        ("*LYFT", "at character 1, “*LYFT”: there is nothing before this sign that it could repeat"),
        ("A{5000}", "at character 2, “{5000}”: it repeats too often"),
        ("(?<=A)B", "looking ahead or behind is not possible"),
        (r"(A)\1", "looking back at a group is not possible"),
        ("ABC\\", "it ends in a single “\\”"),
        ("A" * (LONGEST + 1), "A pattern may have 500 characters; this one has 501."),
        ("A\nB", "one line"),
    ],
)
def test_a_bad_pattern_is_refused_in_plain_words_with_its_place(pattern: str, message: str) -> None:
    with pytest.raises(Refused) as told:
        LinearPatterns().ready([pattern])
    assert message in told.value.message
    assert told.value.hint


@pytest.mark.parametrize("beside", [0, 20])
def test_patterns_are_found_in_any_case_one_by_one_and_together(beside: int) -> None:
    more = [f"NOBODY{number}X" for number in range(beside)]
    ready = LinearPatterns().ready([r"figma \d+", "ÜBER", r"^LYFT.*(MON|FRI)$", *more])
    assert list(ready.found_in("FIGMA 2024 über alles")) == [0, 1]
    assert list(ready.found_in("Lyft *ride Fri")) == [2]
    assert list(ready.found_in("LYFT *RIDE FRI 9AM")) == []
    assert list(ready.found_in("")) == []


def test_a_pattern_that_others_never_finish_takes_no_time() -> None:
    started = time.perf_counter()
    ready = LinearPatterns().ready([r"(a+)+$", r"(a|aa)+$", r"(.*a){20}b"])
    assert list(ready.found_in("a" * 4000 + "!")) == []
    assert time.perf_counter() - started < 2, "an engine that backtracks would take years"


def test_many_patterns_whose_search_needs_too_much_memory_are_still_answered_rightly() -> None:
    patterns = [f".{{{number}}}X.{{{50 + number}}}Y" for number in range(40)]
    text = "ZX" * 100 + "Y" * 60
    together, alone = LinearPatterns().ready(patterns), [LinearPatterns().ready([each]) for each in patterns]
    assert list(together.found_in(text)) == [at for at, one in enumerate(alone) if one.found_in(text)]


def test_the_engine_loads_only_when_a_rule_has_a_pattern() -> None:
    code = "import sys, app.core.classify.decide, app.services.classify.rules; sys.exit('re2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
