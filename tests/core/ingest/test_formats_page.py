"""The page of import formats names tests that exist, every fixture and every layout."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from app.core.ingest.csv_bank_layouts import WELLS_FARGO_HEADERLESS
from app.core.ingest.csv_reader import LAYOUTS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "import-formats.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("path", "test"), NAMED, ids=[f"{path}-{test}" for path, test in NAMED])
def test_a_named_test_exists(path: str, test: str) -> None:
    assert test in functions_of(path)


def test_every_fixture_stands_on_the_page_and_none_else() -> None:
    folders = ("ofx", "qif", "camt", "csv")
    there = {f"{folder}/{path.name}" for folder in folders for path in (ROOT / "tests" / "data" / folder).iterdir()
             if path.suffix != ".md"}  # fmt: skip
    named = set(re.findall(rf"`((?:{'|'.join(folders)})/[\w.]+)`", PAGE))
    assert named == there


def test_every_layout_has_its_row() -> None:
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 38))
    named = {layout for _, layouts, _ in rows for layout in re.findall(r"`([\w-]+)`", layouts)}
    assert named == {layout.id for layout in (*LAYOUTS, WELLS_FARGO_HEADERLESS)} | {"mapping"}


def test_every_peculiarity_has_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "peculiarity" not in line]
    bare = [line for line in rows if "::" not in line and not line.startswith(("| # ", "| demand "))]
    assert len(rows) > 130
    assert bare == []
