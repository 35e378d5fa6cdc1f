"""F4: books of an older format that are killed while they are brought up open afterwards, and lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from faults.conftest import PASSPHRASE, rounds
from faults.disk import cut_at, killed_at, read_log
from faults.harness import CLOCK, Children, fresh, judge, no_more_than

from app.services.backup import backups
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.vault import book_keys
from app.store import migrate
from app.store.connection import open_connection

FORMATS = sorted((Path(__file__).parents[1] / "data").glob("format-*"))


@pytest.fixture(params=FORMATS, ids=lambda folder: folder.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    home = tmp_path / "old"
    home.mkdir(mode=0o700)
    for file in request.param.iterdir():
        (home / file.name).write_bytes(file.read_bytes())
        (home / file.name).chmod(0o600)
    return home, book_keys.open_keys(home, passphrase=PASSPHRASE).dbk.hex()


def version(home: Path, key: str) -> int:
    connection = open_connection(home / "books.db", key)
    try:
        return migrate.version_of(connection)
    finally:
        connection.close()


def copies(home: Path, key: str) -> int:
    """Return how many backups of the older books lie beside them; each that is listed is whole."""
    found = backups.listed(home)
    for each in found:
        assert each.header is not None, each.trouble
        assert each.header.reason == "migration"
        assert backups.verify(each.file, Unlock(key_hex=key), keychain=lambda: None, home=home).ok
    return len(found)


def check(home: Path, key: str, whole: str) -> bool:
    """Return whether the kill came after the step; then open the books, which brings them up if it came before."""
    was_new = version(home, key) == migrate.CURRENT
    if was_new:
        assert copies(home, key), "the books were brought up with no copy of the older ones"
    assert judge(home, key).contents == whole
    assert copies(home, key)
    return was_new


def test_a_killed_migration_is_finished_at_the_next_start(
    children: Children, old: tuple[Path, str], tmp_path: Path, tally: Callable[..., None]
) -> None:
    base, key = old
    home, log, boot = fresh(base, tmp_path / "home"), tmp_path / "log", tmp_path / "boot"
    boot.write_text("00000000-0000-4000-8000-000000000000\n")
    end = children.cli(home, "history", key=key, fault={"mode": "count", "log": str(log), "boot": str(boot)})
    assert end.code == 0, end.out
    assert end.count
    changes = read_log(log, home)
    whole = judge(home, key).contents
    chance = Random(4)
    for number, moment in enumerate(no_more_than(end.count, rounds(10, 100), seed=4)):
        home = fresh(base, home)
        if number % 3:
            mode = chance.choice(["kill", "kill_inside"])
            killed = children.cli(home, "history", key=key, fault={"mode": mode, "at": moment}).was_killed
        else:
            killed = children.cli(home, "history", key=key, lives=chance.random() * end.seconds).was_killed
        new = check(home, key, whole)
        tally(rounds=1, killed=killed, new=new, old=not new)
    for number, moment in enumerate(no_more_than(end.count, rounds(15, 100), seed=5)):
        for target in (tmp_path / "cut", tmp_path / "kill"):
            fresh_target(target)
        cut_at(base, changes, moment, tmp_path / "cut", seed=number)
        killed_at(base, changes, moment, tmp_path / "kill")
        check(tmp_path / "cut", key, whole)
        check(tmp_path / "kill", key, whole)
        tally(power_cuts=1)


def fresh_target(target: Path) -> None:
    import shutil

    shutil.rmtree(target, ignore_errors=True)


def test_brought_up_books_open_with_the_passphrase_of_before(old: tuple[Path, str]) -> None:
    opening.open_books(old[0], Unlock(passphrase=PASSPHRASE), keychain=lambda: None, clock=CLOCK).close()
