"""F1: an import that is killed is there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from faults.conftest import Base, rounds
from faults.harness import Children, Found, fresh, judge, no_more_than

ROWS = 10_000


@pytest.fixture(scope="module")
def whole(
    children: Children, bare: Base, ten_thousand: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, float, Found]:
    """An import that nobody disturbs: its calls, its time, what it leaves."""
    home = fresh(bare.home, tmp_path_factory.mktemp("whole") / "home")
    end = children.cli(home, "import", ten_thousand, key=bare.key, fault={"mode": "count"})
    assert (end.code, end.body["files"][0]["added"]) == (0, ROWS)
    assert end.count
    return end.count, end.seconds, judge(home, bare.key)


def test_a_killed_import_is_there_as_a_whole_or_not_at_all(
    children: Children, bare: Base, ten_thousand: Path, whole: tuple[int, float, Found], tmp_path: Path,
    tally: Callable[..., None],
) -> None:  # fmt: skip
    calls, seconds, new = whole
    chance, wanted = Random(1), rounds(20)
    old = judge(fresh(bare.home, tmp_path / "home"), bare.key)
    strikes = no_more_than(calls, wanted // 2, seed=2)
    for number in range(wanted):
        home = fresh(bare.home, tmp_path / "home")
        if number < len(strikes):
            mode = "kill_inside" if number % 2 else "kill"
            end = children.cli(home, "import", ten_thousand, key=bare.key, fault={"mode": mode, "at": strikes[number]})
        else:
            end = children.cli(home, "import", ten_thousand, key=bare.key, lives=chance.random() * seconds)
        found = judge(home, bare.key)
        assert found in (old, new)
        again = children.cli(home, "import", ten_thousand, key=bare.key)
        assert again.code == 0, again.out
        assert judge(home, bare.key).rows == ROWS
        tally(rounds=1, killed=end.was_killed, old=found == old, new=found == new)
