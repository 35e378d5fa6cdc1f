"""F18: too little memory is said, and what was there stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from faults.conftest import Base, rounds
from faults.harness import Children, fresh, judge

MIB = 1 << 20


@pytest.fixture(scope="module")
def statement(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from generator.flat import make_flat_csv

    path = tmp_path_factory.mktemp("files") / "Chase4821_Activity_20261120.csv"
    path.write_bytes(make_flat_csv(rounds(30_000, 100_000), 7))
    return path


def test_an_import_that_meets_the_end_of_memory_is_there_or_told(
    children: Children, bare: Base, statement: Path, tmp_path: Path, tally: Callable[..., None]
) -> None:
    """From hardly more than the program itself to plenty; somewhere between, every step runs out once."""
    old = judge(fresh(bare.home, tmp_path / "home"), bare.key)
    codes = []
    for mib in (90, 110, 130, 150, 170, 190, 220, 260, 1500):
        home = fresh(bare.home, tmp_path / "home")
        end = children.run("cli", home, argv=["import", str(statement)], key=bare.key, limits={"memory": mib * MIB})
        codes.append(end.code)
        found = judge(home, bare.key)
        if end.code == 0:
            assert found.rows == end.body["files"][0]["added"]
        else:
            assert end.code == 5, (mib, end)
            assert end.error["code"] == "no_memory"
            assert found == old
        tally(rounds=1, done=end.code == 0, told=end.code != 0)
    assert codes[-1] == 0
    assert 5 in codes
