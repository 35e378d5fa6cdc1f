"""Every hostile file ends as the manifest says: refused in one sentence, or read with the bad rows listed."""

from __future__ import annotations

import ast
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile.cases import Case
from hostile.manifest import CASES, FILE, SUITE, text

from app.services.books.open_books import Books

ROOT = Path(__file__).parents[2]
REFUSED = [case for case in CASES if case.code]
READ = [case for case in CASES if not case.code]


def _id(case: Case) -> str:
    return f"{case.attack}-{case.name}"


def test_the_manifest_is_what_the_script_makes() -> None:
    assert FILE.read_text("utf-8") == text()
    files = tomllib.loads(FILE.read_text("utf-8"))["file"]
    assert len(files) >= 110
    assert [name for name, count in Counter(file["name"] for file in files).items() if count > 1] == []


def test_every_row_of_the_suite_has_its_tests() -> None:
    assert list(SUITE) == [f"S{number}" for number in range(1, 17)]
    for row, tests in SUITE.items():
        assert tests, row
        for name in tests:
            path, _, test = name.partition("::")
            found = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
                     if isinstance(node, ast.FunctionDef)}  # fmt: skip
            assert not test or test in found, name


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_a_refused_file_changes_nothing(
    case: Case,
    tmp_path: Path,
    before: list[Any],
    ops: Callable[..., Any],
    look: Callable[[], Books],
    dump: Callable[[Books], list[Any]],
) -> None:
    ran = ops("import", str(case.write(tmp_path)))
    assert (ran.code, ran.error, ran.err) == (3, case.code, b"")
    error = ran.body["error"]
    assert error["message"].endswith(".")
    assert len(error["message"]) < 300
    assert (error["message"] + error["hint"]).isprintable()
    assert dump(look()) == before


@pytest.mark.parametrize("case", READ, ids=_id)
def test_good_rows_come_in_and_bad_ones_are_listed(
    case: Case, tmp_path: Path, ops: Callable[..., Any], look: Callable[[], Books]
) -> None:
    ran = ops("import", str(case.write(tmp_path)))
    assert (ran.code, ran.err) == (0, b"")
    [file] = ran.body["files"]
    assert (file["added"], len(file["rejected"])) == (case.added, case.rejected)
    assert all(row["line"] > 0 and row["reason"].isprintable() for row in file["rejected"])
    assert file["rows"] == file["added"] + file["duplicates"] + len(file["skipped"]) + len(file["rejected"])
    rows = (
        look()
        .connection.execute(
            "SELECT d.text, t.cents FROM transactions t JOIN descriptor d ON d.id = t.descriptor_id WHERE t.id > 3"
        )
        .fetchall()
    )
    assert len(rows) == case.added
    assert all(text and text.isprintable() and len(text) <= 4000 for text, _ in rows)
    assert all(abs(cents) < 10**13 for _, cents in rows)


@pytest.mark.parametrize("case", [case for case in REFUSED if case.attack == "S3"], ids=_id)
def test_declarations_of_markup_are_refused_at_once(case: Case, tmp_path: Path) -> None:
    """S3: within a second, in this process, so that starting Python is not counted."""
    from app.core.errors import BadFile
    from app.core.ingest import reader
    from app.core.ingest.statement import ReadOptions

    data = case.data()
    start = time.process_time()
    with pytest.raises(BadFile):
        reader.read(data, case.name, ReadOptions())
    assert time.process_time() - start < 1


def test_a_saved_object_is_never_loaded(tmp_path: Path, ops: Callable[..., Any]) -> None:
    for case in CASES:
        if case.name.startswith("pickle"):
            ran = ops("import", str(case.write(tmp_path)), as_json=False)
            assert b"ran" not in ran.out + ran.err
