"""F3: a backup or a restore that is killed or fails anywhere: the books are the old ones or the new, never mixed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from faults.conftest import Base, rounds
from faults.harness import ERRORS, Children, Found, fresh, judge, leftovers, no_more_than

from app.services.backup import backups
from app.services.backup.restoring import REPLACED, STAGING
from app.services.books.open_books import Books, Unlock
from app.services.books.opening import open_books
from app.services.ledger import receipt_files


class Two(NamedTuple):
    """Books with a backup and a change after it: what they hold now, and what they held then."""

    home: Path
    key: str
    file: str
    now: Found
    then: Found


def opened(home: Path, key: str) -> Books:
    from faults.harness import CLOCK

    return open_books(home, Unlock(key_hex=key), keychain=lambda: None, clock=CLOCK)


@pytest.fixture(scope="module")
def two(children: Children, sample: Base, tmp_path_factory: pytest.TempPathFactory) -> Two:
    home = fresh(sample.home, tmp_path_factory.mktemp("two") / "home")
    books = opened(home, sample.key)
    receipt_files.put(books, b"a receipt")
    books.close()
    end = children.cli(home, "backup", "create", key=sample.key)
    assert end.code == 0, end.out
    file = Path(end.body["file"]).name
    then = judge(home, sample.key)
    assert children.cli(home, "transactions", "set", "3", "note=after", key=sample.key).code == 0
    return Two(home, sample.key, file, judge(home, sample.key), then)


def whole_ones(home: Path, key: str) -> list[str]:
    """Prove every backup that is listed as good; return their names."""
    good = [each for each in backups.listed(home) if each.header]
    for each in good:
        assert backups.verify(each.file, Unlock(key_hex=key), keychain=lambda: None).ok
    assert len(good) == len(backups.listed(home)), "a half one has a name"
    return [each.file.name for each in good]


def test_a_killed_backup_leaves_the_books_alone_and_no_half_file_with_a_name(
    children: Children, two: Two, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home = fresh(two.home, tmp_path / "home")
    end = children.cli(home, "backup", "create", key=two.key, fault={"mode": "count"})
    assert end.code == 0
    assert end.count
    calls, seconds, chance, wanted = end.count, end.seconds, Random(3), rounds(20)
    strikes = no_more_than(calls, wanted // 2, seed=3)
    made = 0
    for number in range(wanted):
        home = fresh(two.home, home)
        if number < len(strikes):
            mode = "kill_inside" if number % 2 else "kill"
            end = children.cli(home, "backup", "create", key=two.key, fault={"mode": mode, "at": strikes[number]})
        else:
            end = children.cli(home, "backup", "create", key=two.key, lives=chance.random() * seconds)
        assert judge(home, two.key).contents == two.now.contents
        assert leftovers(home) == []
        found = whole_ones(home, two.key)
        assert two.file in found
        made += len(found) == 2
        tally(rounds=1, killed=end.was_killed, made=len(found) == 2)
    assert children.cli(home, "backup", "create", key=two.key).code == 0


def test_a_killed_restore_is_done_or_undone_at_the_next_opening(
    children: Children, two: Two, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home = fresh(two.home, tmp_path / "home")
    argv = ("backup", "restore", str(home / "backups" / two.file))
    end = children.cli(home, *argv, key=two.key, fault={"mode": "count"})
    assert end.code == 0, end.out
    assert end.count
    restored = judge(home, two.key)
    assert restored.contents == two.then.contents
    calls, seconds, chance, wanted = end.count, end.seconds, Random(5), rounds(12)
    strikes = no_more_than(calls, 2 * wanted // 3, seed=5)
    # the swap itself is the last few calls: each of them is struck at
    strikes = sorted({*strikes, *range(calls - 25, calls + 1, 3)})
    ends = set()
    for number in range(len(strikes) + wanted // 3):
        home = fresh(two.home, home)
        if number < len(strikes):
            mode = "kill_inside" if number % 2 else "kill"
            end = children.cli(home, *argv, key=two.key, fault={"mode": mode, "at": strikes[number]})
        else:
            end = children.cli(home, *argv, key=two.key, lives=chance.random() * seconds)
        found = judge(home, two.key)
        assert found.contents in (two.now.contents, two.then.contents)
        assert not (home / STAGING).exists()
        is_new = found.contents == two.then.contents
        if is_new:
            assert list((home / "backups").glob(f"{REPLACED}*.db")), "what was replaced is kept"
        whole_ones(home, two.key)
        ends.add(is_new)
        again = children.cli(home, *argv, key=two.key)
        assert again.code == 0, again.out
        assert judge(home, two.key).contents == two.then.contents
        tally(rounds=1, killed=end.was_killed, restored=is_new)
    assert ends == {True, False}, "both sides of the swap were struck"


def test_a_restore_into_a_new_home_that_was_killed_can_be_done_again(
    children: Children, two: Two, tmp_path: Path, tally: Callable[..., None]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copytree(two.home / "backups", stick, dirs_exist_ok=True)
    new, place = tmp_path / "place" / "new", tmp_path / "place"
    place.mkdir()
    argv = ("backup", "restore", str(stick / two.file), "--into", str(new))
    end = children.cli(new, *argv, key=two.key, fault={"mode": "count", "below": str(place)})
    assert end.code == 0, end.out
    assert end.count
    assert judge(new, two.key).contents == two.then.contents
    for number, moment in enumerate(no_more_than(end.count, rounds(10), seed=7)):
        shutil.rmtree(new, ignore_errors=True)
        mode = "kill_inside" if number % 2 else "kill"
        end = children.cli(new, *argv, key=two.key, fault={"mode": mode, "at": moment, "below": str(place)})
        again = children.cli(new, *argv, key=two.key)
        assert again.code == 0 or again.error["code"] == "exists", again.out
        assert judge(new, two.key).contents == two.then.contents
        tally(rounds=1, killed=end.was_killed)


def test_a_restore_whose_disk_fails_says_so_and_the_next_one_works(
    children: Children, two: Two, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home = fresh(two.home, tmp_path / "home")
    argv = ("backup", "restore", str(home / "backups" / two.file))
    end = children.cli(home, *argv, key=two.key, fault={"mode": "count"})
    assert end.count
    told, chance = 0, Random(9)
    for moment in no_more_than(end.count, rounds(12, 400), seed=9):
        home = fresh(two.home, home)
        name = chance.choice(["EIO", "ENOSPC", "EDQUOT"])
        end = children.cli(home, *argv, key=two.key, fault={"mode": "fail", "at": moment, "errno": ERRORS[name]})
        where = f"call {moment} fails with {name}: {end}"
        assert end.code in {0, 3, 5, 7}, where
        told += end.code != 0
        found = judge(home, two.key)
        assert found.contents in (two.now.contents, two.then.contents), where
        if end.code == 0:
            assert found.contents == two.then.contents, where
        whole_ones(home, two.key)
        again = children.cli(home, *argv, key=two.key)
        assert again.code == 0, again.out
        tally(rounds=1, told=end.code != 0)
    assert told
