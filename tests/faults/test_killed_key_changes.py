"""F2 and F5: whatever moment a change of keys is killed at, the books open by the program itself, and lose nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from faults.keys_forker import CLOCK, FIRST, SECOND, FileKeychain, ways

from app.adapters.randomness import OsRandomness
from app.core.errors import Locked
from app.core.security import envelope, recovery, rewrap
from app.core.security.envelope import Mode
from app.services.audit import audit_log
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.vault import book_keys, key_changes, keychain_entries

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked and killed")

HERE = Path(__file__).parent
SECRET = bytes(range(20))
ROUNDS = max(20, int(os.environ.get("OPS1099_SOAK_ROUNDS", "0")))
ROWS = 20_000


class Home(NamedTuple):
    """Books to copy with their keychain, and the key that opens them."""

    path: Path
    chain: Path
    key: str
    uuid: str


def make(folder: Path, mode: Mode) -> Home:
    home, chain = folder / "home", FileKeychain(folder / "chain")
    books, _ = opening.create(
        home, mode=mode, passphrase=None if mode is Mode.KEYCHAIN else FIRST,
        keychain=chain if mode is Mode.KEYCHAIN else None, randomness=OsRandomness(), clock=CLOCK, kdf_memory_mib=64,
    )  # fmt: skip
    key_changes.set_recovery_key(books, SECRET, randomness=OsRandomness())
    if mode is Mode.KEYCHAIN:
        books.connection.execute("BEGIN")
        rows = [(number, f"COFFEE HOUSE {number} {'x' * 40}") for number in range(ROWS)]
        books.connection.executemany("INSERT INTO descriptor (crc, text) VALUES (?, ?)", rows)
        books.connection.execute("COMMIT")
    key = books.key_hex()
    books.close()
    return Home(home, folder / "chain", key, books.uuid)


@pytest.fixture(scope="module")
def kill() -> Iterator[Callable[..., dict[str, Any]]]:
    """Lets one child work on a home and kills it."""
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}:{HERE.parent}"}
    server = subprocess.Popen(
        [sys.executable, str(HERE / "keys_forker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment, cwd=HERE.parents[1],
    )  # fmt: skip
    assert server.stdin
    assert server.stdout

    def ask(work: str, home: Home, step: str = "", lives: float = 0) -> dict[str, Any]:
        where = {"home": str(home.path), "chain": str(home.chain), "key": home.key}
        request = {"work": work, "step": step, "lives": lives, **where}
        server.stdin.write(json.dumps(request) + "\n")  # type: ignore[union-attr]
        server.stdin.flush()  # type: ignore[union-attr]
        answer = server.stdout.readline()  # type: ignore[union-attr]
        assert answer, "the forker has ended"
        return dict(json.loads(answer))

    yield ask
    server.stdin.close()
    server.wait(30)
    server.stdout.close()


def copied(base: Home, folder: Path) -> Home:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copytree(base.path, folder / "home")
    shutil.copytree(base.chain, folder / "chain")
    return base._replace(path=folder / "home", chain=folder / "chain")


def test_a_killed_rotation_is_ended_at_the_next_opening(kill: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    base = make(tmp_path, Mode.KEYCHAIN)
    whole = copied(base, tmp_path / "whole")
    begun = time.monotonic()
    steps = kill("rotate", whole)["steps"]
    seconds = time.monotonic() - begun
    assert steps[-1] == "done"
    assert [book_keys.read_key_file(whole.path).newest.number, len(FileKeychain(whole.chain).names())] == [2, 1]
    chance = Random(2)
    generations: list[int] = []
    interrupted = 0
    for number in range(ROUNDS):
        home = copied(base, tmp_path / "round")
        # Half of them inside the re-encryption, the others at each step or at any time.
        step = "both keys written" if number % 2 else chance.choice(steps[:-1])
        kill("rotate", home, step, chance.random() * (seconds / 8 if number % 2 else seconds))
        interrupted += book_keys.read_key_file(home.path).pending
        generations.append(opened_after_rotation(home))
    assert set(generations) == {1, 2}
    assert interrupted >= ROUNDS // 5, "too few rounds were killed in the middle"


def opened_after_rotation(home: Home) -> int:
    """Open what a killed rotation left, by the keychain alone; return the generation that holds."""
    chain = FileKeychain(home.chain)
    books = opening.open_books(home.path, Unlock(), keychain=lambda: chain, clock=CLOCK)
    try:
        generation = books.keys.generation
        keyfile = book_keys.read_key_file(home.path)
        assert [each.number for each in keyfile.generations] == [generation]
        assert audit_log.verify(books).ok
        assert books.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert books.connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
        assert books.connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        assert books.connection.execute("SELECT COUNT(*) FROM descriptor").fetchone()[0] == ROWS
        assert chain.get(keychain_entries.entry_name(home.uuid, generation))
        # Nothing of the key that does not hold opens anything: the books, the file, a slot of the keychain.
        other = bytes.fromhex(home.key) if generation == 2 else b"?" * 32
        with pytest.raises(Locked):
            envelope.with_key(keyfile, other)
    finally:
        books.close()
    by_page = book_keys.open_keys(home.path, recovery_key=recovery.render(SECRET))
    assert by_page.generation == generation
    assert not list(home.path.glob(".*.part"))
    return generation


def test_a_killed_change_of_passphrase_leaves_the_old_one_or_the_new_one(
    kill: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    base = make(tmp_path, Mode.PASSPHRASE)
    known = ways()
    chance = Random(5)
    changes = 0
    for _ in range(ROUNDS):
        home = copied(base, tmp_path / "round")
        answer = kill("passphrase", home, "begun", chance.random() * 0.12)
        assert answer["killed"]
        said = [step for step in answer["steps"] if step != "begun"]
        changes += len(said)
        keyfile = book_keys.read_key_file(home.path)
        inside = [words for words, way in known.items() if rewrap.opened_by(keyfile, way) == bytes.fromhex(home.key)]
        # A new file of the first passphrase has another salt than the first file, so neither way may open that one.
        last = said[-1] if said else FIRST
        following = SECOND if last == FIRST else FIRST
        if said:
            assert inside in ([last], [following])
        else:
            assert inside in ([], [following])
            if not inside:
                assert book_keys.open_keys(home.path, passphrase=FIRST).dbk.hex() == home.key
        assert book_keys.open_keys(home.path, recovery_key=recovery.render(SECRET)).dbk.hex() == home.key
        books = opening.open_books(home.path, Unlock(key_hex=home.key), keychain=lambda: None, clock=CLOCK)
        state = audit_log.verify(books)
        books.close()
        assert state.ok, state
        assert not list(home.path.glob(".*.part"))
    assert changes >= ROUNDS, "too few rounds came to change anything"
