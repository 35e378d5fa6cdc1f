"""F16: a statement of which one row is bad: the good rows come in, the bad one is named, and undo leaves no trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.conftest import Base
from faults.harness import KEPT, Children, fresh, judge, rows_of

BAD = {
    "amount": lambda line: line.replace(line.split(",")[3], "12,,34,x", 1),
    "date": lambda line: line.replace(line.split(",")[1], "31/31/2026", 1),
    "bytes": lambda _line: "\ufffd" * 40 + "\x00",
}


@pytest.mark.parametrize("how", BAD)
def test_one_bad_row_of_ten_thousand_is_named_and_the_import_undone_to_the_last_byte(
    how: str, children: Children, sample: Base, ten_thousand: Path, tmp_path: Path
) -> None:
    lines = ten_thousand.read_text("utf-8").splitlines(keepends=True)
    at = 7001
    statement = tmp_path / ten_thousand.name
    lines[at] = BAD[how](lines[at].rstrip("\n")) + "\n"
    statement.write_text("".join(lines), "utf-8")
    home = fresh(sample.home, tmp_path / "home")
    old, before = judge(home, sample.key), rows_of(home, sample.key, KEPT)
    file = children.cli(home, "import", statement, key=sample.key).body["files"][0]
    named = [row["line"] for row in [*file["rejected"], *file["skipped"]]]
    assert named == [at + 1], file
    assert all(row["reason"] for row in file["rejected"] + file["skipped"])
    assert judge(home, sample.key).rows == old.rows + 9_999
    assert children.cli(home, "undo", key=sample.key).code == 0
    assert rows_of(home, sample.key, KEPT) == before
    assert judge(home, sample.key).rows == old.rows
