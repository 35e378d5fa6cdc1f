"""F2, F5, F8, F9 through the command line: any call of a change of keys may be its last, or fail; the books open after.

`test_killed_key_changes` kills at random moments; here a death, or an error of the disk, is placed at a chosen call.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from faults import harness
from faults.conftest import PASSPHRASE, Base, rounds
from faults.disk import cut_at, killed_at, read_log
from faults.harness import ERRORS, Children, Found, fresh, judge, no_more_than

from app.core.errors import WrongPassphrase
from app.services.books.open_books import Unlock
from app.services.vault import book_keys, key_changes, recovery_sheet

NEW = "marble canyon lantern orbit 77"


class Deed(NamedTuple):
    name: str
    argv: tuple[str | dict[str, str], ...]


DEEDS = (
    Deed("rotate", ("vault", "rotate")),
    Deed("passphrase", ("vault", "passphrase", "--new-passphrase-fd", {"fd": NEW})),
    Deed("recovery", ("vault", "recovery", "--remove")),
)


@pytest.fixture(params=DEEDS, ids=lambda deed: deed.name)
def deed(request: pytest.FixtureRequest) -> Deed:
    return request.param  # type: ignore[no-any-return]


class Vault(NamedTuple):
    """Books with a recovery page, and what they hold."""

    home: Path
    page: str
    key: str
    held: Found


@pytest.fixture
def base(sample: Base, tmp_path: Path) -> Vault:
    home = fresh(sample.home, tmp_path / "base")
    books = harness.opened(home, Unlock(key_hex=sample.key))
    page = tmp_path / "page.txt"
    recovery_sheet.write(books, page, randomness=_randomness())
    books.close()
    return Vault(home, page.read_text().splitlines()[0], sample.key, judge(home, sample.key))


def _randomness() -> key_changes.Randomness:
    from app.adapters.randomness import OsRandomness

    return OsRandomness()


def open_again(home: Path, base: Vault, deed: Deed) -> str:
    """Open what is left, with the old secrets or the new one; nothing of the books may differ. Return which held."""
    state = "old"
    try:
        found = judge(home, unlock=Unlock(passphrase=PASSPHRASE))
    except WrongPassphrase:
        assert deed.name == "passphrase"
        found = judge(home, unlock=Unlock(passphrase=NEW))
        state = "new"
    assert (found.rows, found.cents, found.contents) == (base.held.rows, base.held.cents, base.held.contents)
    keyfile = book_keys.read_key_file(home)
    assert not keyfile.pending
    if book_keys.has_recovery_key(home):
        assert book_keys.open_keys(home, recovery_key=base.page)
    else:
        assert deed.name == "recovery"
        state = "new"
    return "new" if keyfile.newest.number == 2 else state


def test_a_death_at_any_call_leaves_books_that_open(
    children: Children, base: Vault, deed: Deed, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home, log = fresh(base.home, tmp_path / "home"), tmp_path / "log"
    end = children.cli(home, *deed.argv, passphrase=PASSPHRASE, fault={"mode": "count", "log": str(log)})
    assert end.code == 0, end.out
    assert end.count
    assert open_again(home, base, deed) == "new"
    changes = read_log(log, home)
    chance, states = Random(7), Counter[str]()
    for number, moment in enumerate(no_more_than(end.count, rounds(3), seed=7)):
        home = fresh(base.home, home)
        mode = chance.choice(["kill", "kill_inside"])
        killed = children.cli(home, *deed.argv, passphrase=PASSPHRASE, fault={"mode": mode, "at": moment}).was_killed
        states[open_again(home, base, deed)] += 1
        tally(rounds=1, killed=killed)
        if number % 2:
            for name in ("cut", "dead"):
                shutil.rmtree(tmp_path / name, ignore_errors=True)
            cut_at(base.home, changes, moment, tmp_path / "cut", seed=number)
            killed_at(base.home, changes, moment, tmp_path / "dead")
            open_again(tmp_path / "cut", base, deed)
            open_again(tmp_path / "dead", base, deed)
            tally(power_cuts=1)
    assert states["old"], states


def test_an_error_of_the_disk_at_any_call_is_told_and_the_next_try_works(
    children: Children, base: Vault, deed: Deed, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home = fresh(base.home, tmp_path / "home")
    end = children.cli(home, *deed.argv, passphrase=PASSPHRASE, fault={"mode": "count"})
    assert end.count
    chance, codes = Random(8), Counter[str]()
    for moment in no_more_than(end.count, rounds(3), seed=8):
        home = fresh(base.home, home)
        fault = {"mode": "fail", "at": moment, "errno": ERRORS[chance.choice(["ENOSPC", "EIO"])]}
        failed = children.cli(home, *deed.argv, passphrase=PASSPHRASE, fault=fault)
        assert failed.code in {0, 3, 5, 7}, failed
        codes[failed.error.get("code", "done")] += 1
        if open_again(home, base, deed) == "old":
            again = children.cli(home, *deed.argv, passphrase=PASSPHRASE)
            assert again.code == 0, (failed.out, again.out)
            assert open_again(home, base, deed) == "new"
        tally(rounds=1)
