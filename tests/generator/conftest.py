"""Makes `generator` importable for the tests of this folder and builds each set of files once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parent.parent
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))

from generator.sample import make_sample  # noqa: E402 - importable only after the line above
from generator.year import GeneratedYear, make_year  # noqa: E402 - same


@pytest.fixture(scope="session")
def sample() -> tuple[dict[str, bytes], dict[str, Any]]:
    return make_sample()


@pytest.fixture(scope="session")
def committed_sample() -> dict[str, bytes]:
    folder = TESTS.parent / "resources" / "sample"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="session")
def committed_truth() -> dict[str, Any]:
    return json.loads((TESTS / "data" / "sample-truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session", params=[0, 1, 2, 7])
def year(request: pytest.FixtureRequest) -> GeneratedYear:
    return make_year(request.param)
