"""F7: what a power cut may take, and what it never takes; and every moment between two calls at which a kill may come.

One run is written down call by call; then the disk is made again as it may lie after a cut at any of the calls.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import works
from faults.conftest import Base, rounds
from faults.disk import Change, cut_at, killed_at, read_log
from faults.harness import KEPT, Children, End, fresh, hashed, judge, no_more_than, opened

from app.services.books.open_books import Unlock


class Recorded:
    """A run and the log of all it did to the disk."""

    def __init__(self, children: Children, base: Path, folder: Path, work: str, **what: object) -> None:
        home = fresh(base, folder / "home")
        log, boot = folder / "log", folder / "boot"
        boot.write_text("00000000-0000-4000-8000-000000000000\n")
        self.base, self.folder = base, folder
        self.end: End = children.run(work, home, fault={"mode": "count", "log": str(log), "boot": str(boot)}, **what)
        assert self.end.code == 0, self.end.out + self.end.err
        assert self.end.count
        self.calls = self.end.count
        self.changes: list[Change] = read_log(log, home)
        self.home = home

    def cut(self, moment: int, seed: int) -> Path:
        target = self.folder / "cut"
        shutil.rmtree(target, ignore_errors=True)
        cut_at(self.base, self.changes, moment, target, seed=seed)
        return target

    def killed(self, moment: int) -> Path:
        target = self.folder / "killed"
        shutil.rmtree(target, ignore_errors=True)
        killed_at(self.base, self.changes, moment, target)
        return target


@pytest.fixture
def record(children: Children, tmp_path: Path) -> Callable[..., Recorded]:
    return lambda base, work, **what: Recorded(children, base.home, tmp_path, work, key=base.key, **what)


def test_the_log_makes_the_same_home_again(record: Callable[..., Recorded], sample: Base, ten_thousand: Path) -> None:
    """What the cuts rest on: played to its end, the log gives the very bytes the run left."""
    run = record(sample, "cli", argv=["import", str(ten_thousand)])
    made = run.killed(run.calls + 1)
    names = {path.relative_to(run.home) for path in run.home.rglob("*") if path.is_file()}
    assert {path.relative_to(made) for path in made.rglob("*") if path.is_file()} == names
    assert [name for name in names if (made / name).read_bytes() != (run.home / name).read_bytes()] == []


def test_a_power_cut_during_an_import_leaves_all_of_it_or_nothing(
    record: Callable[..., Recorded], bare: Base, ten_thousand: Path, tally: Callable[..., None]
) -> None:
    run = record(bare, "cli", argv=["import", str(ten_thousand)])
    old, new = judge(run.killed(1), bare.key), judge(run.home, bare.key)
    for number, moment in enumerate(no_more_than(run.calls, rounds(20), seed=3)):
        cut, killed = judge(run.cut(moment, number), bare.key), judge(run.killed(moment), bare.key)
        assert cut in (old, new)
        assert killed in (old, new)
        tally(rounds=1, old=cut == old, new=cut == new)
    for seed in range(rounds(4, 20)):
        assert judge(run.cut(run.calls + 1, seed), bare.key) == new, "an import that was confirmed is gone"


def test_a_power_cut_takes_at_most_the_last_second_of_edits(
    record: Callable[..., Recorded], sample: Base, tmp_path: Path, tally: Callable[..., None]
) -> None:
    journal, steps = tmp_path / "journal", 200
    run = record(sample, "edit", seed=4, count=steps, journal=str(journal), quick=True)
    returned = [tuple(map(int, line.split())) for line in journal.read_text().splitlines()]
    books = opened(fresh(sample.home, tmp_path / "reference"), Unlock(key_hex=sample.key))
    contents = [hashed(books.connection, KEPT)]
    contents += [hashed(books.connection, KEPT) for _ in works.edits(books, 4, steps)]
    books.close()
    for number, moment in enumerate(no_more_than(run.calls, rounds(30), seed=5)):
        found = judge(run.cut(moment, number), sample.key).contents
        done = [ms for _, calls, ms in returned if calls < moment]
        # an undo makes the same contents again: the newest such state up to the edit under way is meant
        left = max(at for at, each in enumerate(contents[: len(done) + 2]) if each == found)
        if left < len(done):
            assert done[-1] - done[left] <= 1000, "more than a second of confirmed edits is gone"
        tally(rounds=1, edits_lost=max(0, len(done) - left))
    assert judge(run.cut(run.calls + 1, 1), sample.key).contents == contents[-1], "closed books were not on the disk"
