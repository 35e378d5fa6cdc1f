"""F8: any call to the disk may fail, at any place: a sentence, nothing half done, and the next try works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from faults.conftest import Base, rounds
from faults.disk import read_log
from faults.harness import ERRORS, Children, End, files_of, fresh, judge, no_more_than

FITTING = {
    "w": ("EIO", "ENOSPC", "EDQUOT"), "t": ("EIO", "ENOSPC", "EDQUOT"), "s": ("EIO", "ENOSPC", "EDQUOT"),
    "o": ("EIO", "EACCES"), "c": ("EIO", "ENOSPC", "EDQUOT", "EACCES"), "r": ("EIO", "ENOSPC", "EDQUOT", "EACCES"),
    "l": ("EIO", "ENOSPC", "EACCES"), "u": ("EIO", "EACCES"), "m": ("EIO", "ENOSPC", "EDQUOT", "EACCES"),
    "d": ("EIO", "EACCES"),
}  # fmt: skip
"""Which errors a call can meet, by its kind in the log."""


class Deed(NamedTuple):
    """A command on copies of some books; `{out}` in it is a place outside the home."""

    name: str
    base: str
    argv: tuple[str, ...]
    watches: str = "home"
    few: int = 20


DEEDS = (
    Deed("import", "bare", ("import", "{statement}")),
    Deed("edit", "sample", ("transactions", "set", "3", "note=lamp for the desk")),
    Deed("undo", "sample", ("undo",)),
    Deed(
        "csv", "sample", ("report", "ledger", "--year", "2026", "--format", "csv", "--out", "{out}/ledger.csv"), "out"
    ),
    Deed("backup", "sample", ("backup", "create", "--out", "{out}/mine.opsbak"), "out", 10),
    Deed("backup at home", "sample", ("backup", "create"), "home", 10),
    Deed("pack", "sample", ("export", "accountant", "--year", "2026", "--out", "{out}/pack.zip"), "out", 10),
)


@pytest.fixture(scope="module")
def statement(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from generator.flat import make_flat_csv

    path = tmp_path_factory.mktemp("files") / "Chase4821_Activity_20261120.csv"
    path.write_bytes(make_flat_csv(600, 7))
    return path


def is_told(end: End) -> bool:
    """Return whether a failure was told as one the user can act on: a code, a sentence, something to do."""
    error = end.error
    return end.code in {3, 4, 5, 7} and bool(error.get("message")) and error.get("code") != "internal"


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_a_call_that_fails_is_told_and_changes_nothing(
    deed: Deed, children: Children, request: pytest.FixtureRequest, statement: Path, tmp_path: Path,
    tally: Callable[..., None],
) -> None:  # fmt: skip
    base: Base = request.getfixturevalue(deed.base)
    home, out = tmp_path / "home", tmp_path / "out"

    def do(**more: object) -> End:
        out.mkdir(exist_ok=True)
        argv = [word.format(statement=statement, out=out) for word in deed.argv]
        return children.cli(home, *argv, key=base.key, **more)

    def start() -> None:
        fresh(base.home, home)
        fresh(base.home, out)
        for path in sorted(out.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()

    start()
    watched = {"home": str(home), "out": str(tmp_path)}[deed.watches]
    old = judge(home, base.key)
    kinds = calls_of(children, do, start, tmp_path, watched)
    start()
    assert do().code == 0
    new, written = judge(home, base.key), set(files_of(out))
    chance = Random(8)
    ends: Counter[str] = Counter()
    for moment in no_more_than(len(kinds), rounds(deed.few, 1000), seed=8):
        name = chance.choice(FITTING[kinds[moment - 1]])
        start()
        lasting = chance.random() < 0.5
        fault = {"mode": "fail", "at": moment, "errno": ERRORS[name], "lasting": lasting, "below": watched}
        end = do(fault=fault)
        where = f"{deed.name}: call {moment} of {len(kinds)} ({kinds[moment - 1]}) fails with {name}: {end}"
        assert end.code == 0 or is_told(end), where
        found = judge(home, base.key)
        assert found.contents in ({new.contents} if end.code == 0 else {old.contents, new.contents}), where
        # A disk that refuses to remove anything keeps the hidden unfinished file; its name is never the asked one.
        stuck = name in {"EIO", "EACCES"} and (lasting or kinds[moment - 1] in "ud")
        left = {each for each in files_of(out) if not (stuck and each.startswith("."))}
        assert left in ([written] if end.code == 0 else [set(), written]), where
        ends["done" if end.code == 0 else str(end.error["code"])] += 1
        tally(rounds=1, done=end.code == 0, told=end.code != 0, landed_all_the_same=end.code != 0 and found == new)
        again = do()
        assert again.code in {0, 5}, where
        assert judge(home, base.key).contents in (new.contents, old.contents) or deed.name == "undo", where
    assert ends.keys() - {"done"}, "no failure was ever told"


def calls_of(
    children: Children, do: Callable[..., End], start: Callable[[], None], folder: Path, watched: str
) -> list[str]:
    """Run the deed once undisturbed and return the kind of each of its calls."""
    start()
    log = folder.parent / f"{folder.name}.log"
    end = do(fault={"mode": "count", "log": str(log), "below": watched})
    assert end.code == 0, end.out + end.err
    kinds = {change.number: change.kind for change in read_log(log, Path(watched))}
    log.unlink()
    assert end.count
    return [kinds.get(number, "o") for number in range(1, end.count + 1)]
