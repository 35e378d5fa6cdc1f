"""Books to break, and children that break them. `run.py soak` runs the same tests with more rounds."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from faults.harness import CLOCK, Children, build_shim
from generator.flat import make_flat_csv

from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.ingest import imports
from app.services.tax import profile

ROOT = Path(__file__).parents[2]
PASSPHRASE = "violet anchor harvest tundra 41"
ROUNDS = int(os.environ.get("OPS1099_SOAK_ROUNDS", "0"))
TALLY = os.environ.get("OPS1099_SOAK_TALLY")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the shim and the limits are Linux's")


class Base(NamedTuple):
    """Books to copy, never opened in place, and the key that opens every copy."""

    home: Path
    key: str


def rounds(few: int, full: int = 200) -> int:
    """Return how many rounds to run: few in the tests, in a soak the full number scaled to the rounds asked for."""
    return max(few, ROUNDS * full // 200) if ROUNDS else few


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    made = Children(build_shim(tmp_path_factory.mktemp("shim")))
    yield made
    made.close()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Books with nothing in them."""
    home = tmp_path_factory.mktemp("bare") / "home"
    books, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(), clock=CLOCK,
        kdf_memory_mib=64,
    )  # fmt: skip
    key = books.key_hex()
    books.close()
    return Base(home, key)


@pytest.fixture(scope="session")
def sample(bare: Base, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Books with the sample files in them."""
    home = tmp_path_factory.mktemp("sample") / "home"
    shutil.copytree(bare.home, home)
    books = opening.open_books(home, Unlock(key_hex=bare.key), keychain=lambda: None, clock=CLOCK)
    profile.change(books, 2026, {"filing_status": "mfj", "state": "CA"})
    results = imports.import_files(books, sorted((ROOT / "resources" / "sample").iterdir()), imports.ImportOptions())
    assert all(result.error is None for result in results)
    books.close()
    return Base(home, bare.key)


@pytest.fixture(scope="session")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A statement of 10,000 rows."""
    path = tmp_path_factory.mktemp("files") / "Chase4821_Activity_20261120.csv"
    path.write_bytes(make_flat_csv(10_000, 7))
    return path


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Counts what happened in the rounds of a test; a soak prints the sums: `tally(rounds=1, killed=1)`."""
    counts: Counter[str] = Counter()
    yield lambda **more: counts.update(more)
    if TALLY:
        with Path(TALLY).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"test": request.node.nodeid, "counts": counts}) + "\n")
