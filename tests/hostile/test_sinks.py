"""Whatever holds a number or a secret, and whatever way it takes out of the program: it does not arrive.

The cases come from the makers of `sensitive`, the verdict from the detector of `tests.detector`,
which shares no code with the program. `OPS1099_SINK_CASES` asks for more.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import detector
import pytest
import sensitive

from app.adapters.hooks import SENTENCE
from app.core.log_events import read
from tests.hostile import sinks

ROOT = Path(__file__).parents[2]
CASES = int(os.environ.get("OPS1099_SINK_CASES", "10000"))
MASKED = {"refusal", "usage"}
"""Ways that carry a sentence for a person, masked; all others carry no text at all."""


def cases(seed: str, count: int) -> list[tuple[str, str, str, sensitive.Case]]:
    """Return ways, the two parts of a text, and the case; the text is cut where only text-free ways put it together."""
    dice = random.Random(seed)
    kinds, made = list(sensitive.KINDS.values()), []
    for number in range(count):
        way = list(sinks.WAYS)[number % len(sinks.WAYS)]
        case = dice.choice(kinds)(dice)
        frame = dice.choice(("{}", "{} ", " {}", "file {}.csv", "({})")) if way in MASKED else "{}"
        text = frame.format(case.text)
        cut = 0 if way in MASKED else dice.randrange(len(text) + 1)
        made.append((way, text[:cut], text[cut:], case))
    return made


def sent_out(home: Path, made: list[Any], *more: str) -> list[str]:
    """Send the cases out in a process of its own; return what stderr got for each."""
    told = "".join(json.dumps([way, first, second]) + "\n" for way, first, second, _ in made)
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "hostile" / "sinks.py", home, *more], input=told, capture_output=True,
        text=True, check=False, timeout=120, cwd=ROOT, encoding="utf-8", errors="surrogateescape",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8:backslashreplace"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""
    heard = done.stderr.split("\0")
    assert len(heard) == len(made) + 1
    return heard


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "ops.keys").write_bytes(b"")
    return tmp_path


def test_no_sink_gives_out_a_number_or_a_secret(home: Path) -> None:
    made = cases("sinks", CASES)
    heard = sent_out(home, made)
    leaked = []
    for (way, first, second, case), said in zip(made, heard, strict=False):
        if said in {"", SENTENCE}:
            continue
        if any(detector.holds(said, needle) for needle in case.needles) or detector.findings(said):
            leaked.append((way, first, second, said))
    assert leaked == []
    written = "".join(path.read_text("ascii") for path in (home / "logs").iterdir())
    assert written
    assert all(read(line) is not None for line in written.splitlines())
    plain = detector.bare(written, escapes=True)
    needles = {detector.bare(needle, escapes=False) for *_, case in made for needle in case.needles}
    assert [needle for needle in needles if needle in plain] == []


def test_only_sentences_for_people_carry_texts_at_all(home: Path) -> None:
    made = [case for case in cases("silent", 240) if case[0] not in MASKED]
    assert len(made) == 200
    allowed = {"", SENTENCE}
    loud = {
        way: said
        for (way, *_), said in zip(made, sent_out(home, made), strict=False)
        if said not in allowed and way not in {"our fault", "library's own handler"}
    }
    assert loud == {}


def test_without_the_hooks_the_same_cases_do_leak(home: Path) -> None:
    """What the test above finds nothing of is there to be found."""
    ways = ("log", "warning", "uncaught", "thread", "unraisable", "library's own handler")
    made = [case for case in cases("control", 480) if case[0] in ways]
    heard = sent_out(home, made, sinks.CONTROL)
    leaking = {
        way
        for (way, *_, case), said in zip(made, heard, strict=False)
        if any(detector.holds(said, needle) for needle in case.needles)
    }
    assert leaking == set(ways)
