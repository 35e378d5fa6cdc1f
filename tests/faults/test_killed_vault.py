"""F2, F3 and F5: backup, restore, rotation, change of passphrase and erasure, killed and cut off at any call.

The same command is struck before and inside chosen calls to the disk, after random times, and by power cuts. Whatever
is left opens by the program itself, as it was or as it was to become.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from faults.conftest import PASSPHRASE, Base, rounds
from faults.disk import Change, cut_at, killed_at, read_log
from faults.harness import Children, End, Found, fresh, judge, no_more_than, opened

from app.adapters.randomness import OsRandomness
from app.core.errors import NotFound, WrongPassphrase
from app.core.security import recovery
from app.services.backup import backups
from app.services.books.open_books import Books, Unlock
from app.services.ledger import transactions
from app.services.privacy import erasure_scope
from app.services.vault import key_changes

SECRET = bytes(range(20))
ON_PAPER = Unlock(recovery_key=recovery.render(SECRET))
NEW_PASSPHRASE = "marble canyon lantern orbit 77"


class Deed(NamedTuple):
    """A piece of work, how the books it left are opened, and how often it is struck."""

    name: str
    work: str
    more: dict[str, object]
    few: int
    with_key: bool = True


DEEDS = (
    Deed("backup", "cli", {"argv": ["backup", "create"]}, 20),
    Deed("restore", "cli", {"argv": ["backup", "restore", "{backup}"]}, 20),
    Deed("erase", "erase", {"payer": "{payer}"}, 16),
    Deed("rotate", "cli", {"argv": ["vault", "rotate"], "passphrase": PASSPHRASE}, 12, with_key=False),
    Deed("passphrase", "cli", {"argv": ["vault", "passphrase", "--new-passphrase-fd", {"fd": NEW_PASSPHRASE}],
                               "passphrase": PASSPHRASE}, 12, with_key=False),
)  # fmt: skip


class Ready(NamedTuple):
    """Books with a backup of an earlier state beside them, and what both states hold."""

    home: Path
    key: str
    backup: Path
    payer: str
    earlier: Found
    now: Found


@pytest.fixture(scope="module")
def ready(sample: Base, tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = tmp_path_factory.mktemp("ready")
    home = fresh(sample.home, folder / "home")
    books = opened(home, Unlock(key_hex=sample.key))
    key_changes.set_recovery_key(books, SECRET, randomness=OsRandomness())
    made = backups.create(books, reason="asked")
    payer = next(payers_of(books))
    books.close()
    earlier = judge(fresh(home, folder / "look"), sample.key)
    books = opened(home, Unlock(key_hex=sample.key))
    transactions.set_values(books, 3, {"note": "after the backup"})
    books.close()
    now = judge(fresh(home, folder / "look"), sample.key)
    assert earlier.contents != now.contents
    return Ready(home, sample.key, made.file.relative_to(home), payer, earlier, now)


def payers_of(books: Books) -> Iterator[str]:
    for (name,) in books.connection.execute("SELECT name FROM merchant WHERE name IS NOT NULL ORDER BY id").fetchall():
        with contextlib.suppress(NotFound):
            erasure_scope.find(books, name)
            yield name


class Struck:
    """One deed on copies of the same books: undisturbed once, with the log of its calls, and then struck."""

    def __init__(self, deed: Deed, ready: Ready, children: Children, folder: Path) -> None:
        self.deed, self.ready, self._children, self._folder = deed, ready, children, folder
        self.home = folder / "home"
        fresh(ready.home, self.home)
        log, boot = folder / "log", folder / "boot"
        boot.write_text("00000000-0000-4000-8000-000000000000\n")
        end = self.do(fault={"mode": "count", "log": str(log), "boot": str(boot)})
        assert end.code == 0, end.out + end.err
        assert end.count
        self.calls, self.seconds = end.count, end.seconds
        self.changes: list[Change] = read_log(log, self.home)
        self.new = judge(self.home, unlock=self.unlock())

    def do(self, **more: object) -> End:
        words = {"{backup}": str(self.home / self.ready.backup), "{payer}": self.ready.payer}
        what = {name: filled(value, words) for name, value in self.deed.more.items()}
        if self.deed.with_key:
            what["key"] = self.ready.key
        return self._children.run(self.deed.work, self.home, **what, **more)

    def unlock(self) -> Unlock:
        return Unlock(key_hex=self.ready.key) if self.deed.with_key else ON_PAPER

    def check(self, home: Path) -> Found:
        """Judge what was left, by the key of the deed's kind, and all that lies beside the books."""
        found = judge(home, unlock=self.unlock())
        assert found.contents in {self.ready.now.contents, self.new.contents}, self.deed.name
        for each in backups.listed(home):
            assert each.trouble is None, "a half backup is listed"
            if each.header is not None:
                backups.verify(each.file, self.unlock(), keychain=lambda: None, home=home)
        if self.deed.name in {"rotate", "passphrase"}:
            opens_by_a_passphrase(home)
        return found


def filled(value: object, words: dict[str, str]) -> object:
    if isinstance(value, list):
        return [filled(each, words) for each in value]
    return words.get(value, value) if isinstance(value, str) else value


def opens_by_a_passphrase(home: Path) -> None:
    for words in (NEW_PASSPHRASE, PASSPHRASE):
        try:
            opened(home, Unlock(passphrase=words)).close()
        except WrongPassphrase:
            continue
        return
    pytest.fail("neither the old nor the new passphrase opens the books")


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_what_a_kill_or_a_power_cut_leaves_opens_as_before_or_as_it_was_to_become(
    deed: Deed, ready: Ready, children: Children, tmp_path: Path, tally: Callable[..., None]
) -> None:
    struck = Struck(deed, ready, children, tmp_path)
    chance, wanted = Random(deed.name), rounds(deed.few)
    moments = no_more_than(struck.calls, wanted * 2 // 3, seed=len(deed.name))
    for number in range(wanted):
        fresh(ready.home, struck.home)
        if number < len(moments):
            fault = {"mode": "kill_inside" if number % 2 else "kill", "at": moments[number]}
            end = struck.do(fault=fault)
        else:
            end = struck.do(lives=chance.random() * struck.seconds)
        found = struck.check(struck.home)
        tally(rounds=1, killed=end.was_killed, old=found.contents == ready.now.contents)
    for number, moment in enumerate(no_more_than(struck.calls, wanted // 2, seed=7)):
        for name, make in (("cut", cut_at), ("kill", killed_at)):
            target = tmp_path / name
            shutil.rmtree(target, ignore_errors=True)
            make(ready.home, struck.changes, moment, target, **({"seed": number} if name == "cut" else {}))
            struck.check(target)
        tally(power_cuts=1)
