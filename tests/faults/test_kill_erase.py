"""F5, erasure: killed at any moment, a payer is all there or nowhere; the books are all there, or nothing opens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pages
import pytest
from faults.erase_forker import NAME
from faults.keys_forker import CLOCK, FIRST, FileKeychain

from app.adapters.randomness import OsRandomness
from app.core.errors import NoBooks
from app.core.security.envelope import Mode
from app.services.audit import audit_log
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.ingest import imports
from app.services.ledger import transactions
from app.store import erasure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are forked and killed")

HERE = Path(__file__).parent
ROUNDS = max(20, int(os.environ.get("OPS1099_SOAK_ROUNDS", "0")))
ROWS = 400
NEEDLES = (b"zebulon", b"quartermain", b"whispered")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Books with a payer among many rows, and their key."""
    folder = tmp_path_factory.mktemp("erase")
    made, _ = opening.create(
        folder / "home", mode=Mode.PASSPHRASE, passphrase=FIRST, keychain=None, randomness=OsRandomness(), clock=CLOCK,
        kdf_memory_mib=64,
    )  # fmt: skip
    path = folder / "bank.csv"
    lines = [f"2026-03-{1 + n % 28:02d},ZELLE FROM {NAME.upper()} {n},{n + 1}.00" for n in range(ROWS // 4)]
    lines += [f"2026-04-{1 + n % 28:02d},COFFEE HOUSE {n},-{n + 1}.00" for n in range(ROWS - len(lines))]
    path.write_text("Date,Description,Amount\n" + "\n".join(lines) + "\n")
    [result] = imports.import_files(made, [path], imports.ImportOptions(account="Everyday", account_kind="checking"))
    assert result.added == ROWS
    for number in range(1, 6):
        transactions.set_values(made, number, {"merchant": NAME, "note": "whispered", "kind": "income", "line": "C1"})
    key = made.key_hex()
    made.close()
    return folder / "home", key


@pytest.fixture(scope="module")
def kill() -> Iterator[Callable[..., dict[str, Any]]]:
    """Lets one child erase and kills it after so many seconds."""
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}:{HERE.parent}"}
    server = subprocess.Popen(
        [sys.executable, str(HERE / "erase_forker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment, cwd=HERE.parents[1],
    )  # fmt: skip

    def ask(work: str, home: Path, key: str, chain: Path, lives: float) -> dict[str, Any]:
        request = {"work": work, "home": str(home), "key": key, "chain": str(chain), "step": "begun", "lives": lives}
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, "the forker has ended"
        return dict(json.loads(answer))

    yield ask
    server.communicate()


@pytest.fixture
def copy(template: tuple[Path, str], tmp_path: Path) -> Callable[[int], Path]:
    return lambda number: Path(shutil.copytree(template[0], tmp_path / f"home-{number}"))


def opened(home: Path, key: str, chain: Path) -> Books:
    return opening.open_books(home, Unlock(key_hex=key), keychain=lambda: FileKeychain(chain), clock=CLOCK)


def longest(kill: Callable[..., dict[str, Any]], work: str, home: Path, key: str, chain: Path) -> float:
    """Return how long an erasure may take here and now, so that the kills fall into it."""
    for lives in (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0, 20.0):
        trial = Path(shutil.copytree(home, home.with_name(f"{home.name}-{lives}")))
        if "erased" in kill(work, trial, key, chain, lives)["steps"]:
            return lives
    pytest.fail("an erasure never ends")


def test_a_payer_is_all_there_or_nowhere(
    kill: Callable[..., dict[str, Any]], copy: Callable[[int], Path], template: tuple[Path, str], tmp_path: Path
) -> None:
    dice, key, chain = Random(5), template[1], tmp_path / "chain"
    most = longest(kill, "payer", copy(-1), key, chain)
    fates = set()
    for number in range(ROUNDS):
        home = copy(number)
        kill("payer", home, key, chain, dice.uniform(0, most))
        books = opened(home, key, chain)
        erased = bool(books.connection.execute("SELECT COUNT(*) FROM erasure").fetchone()[0])
        fates.add(erased)
        rows, named, frames = books.connection.execute(
            "SELECT COUNT(*), SUM(merchant = ?), SUM(cents) FROM effective", (NAME,)
        ).fetchone()
        assert (rows, frames) == (ROWS, 100 * (sum(range(1, 101)) - sum(range(1, 301))))
        assert bool(named) != erased
        assert not erasure.is_unfinished(books.connection)
        assert audit_log.verify(books).first_bad_seq is None
        assert books.digest.prove(lambda: None).ok
        left = [needle for needle in NEEDLES if needle in pages.of_home(home, key).lower()]
        assert left == ([] if erased else list(NEEDLES))
        books.close()
    assert fates == {True, False}


def test_all_is_there_or_nothing_opens(
    kill: Callable[..., dict[str, Any]], copy: Callable[[int], Path], template: tuple[Path, str], tmp_path: Path
) -> None:
    dice, key, chain = Random(6), template[1], tmp_path / "chain"
    most = longest(kill, "everything", copy(-1), key, chain)
    fates = set()
    for number in range(ROUNDS):
        home = copy(number)
        kill("everything", home, key, chain, dice.uniform(0, most))
        try:
            books = opened(home, key, chain)
        except NoBooks:
            fates.add("gone")
            assert [path.name for path in home.iterdir()] == ["ERASED.txt"]
            continue
        fates.add("there")
        assert books.connection.execute("SELECT COUNT(*) FROM transactions").fetchone()[0] == ROWS
        assert audit_log.verify(books).first_bad_seq is None
        books.close()
        assert not (home / "erasing").exists()
    assert fates == {"there", "gone"}
