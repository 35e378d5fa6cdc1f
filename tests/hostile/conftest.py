"""Real processes with little memory and little time, on copies of books that hold good rows already."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.ingest import imports

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-20"
CPU_SECONDS = 5
MEMORY = 1 << 30

GOOD = (
    "Date,Description,Amount\n"
    "01/05/2026,OFFICE SUPPLY HOUSE 12,-41.20\n"
    "01/15/2026,CLIENT PAYMENT NORTHWIND,1500.00\n"
    "02/03/2026,COFFEE CORNER,-4.75\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    home: Path
    key: str
    dump: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a child process did."""

    code: int
    out: bytes
    err: bytes

    @property
    def body(self) -> dict[str, Any]:
        text = self.out.decode("utf-8")
        assert text.index("\n") == len(text) - 1, "exactly one object on one line"
        found = json.loads(text)
        assert isinstance(found, dict)
        return found

    @property
    def error(self) -> str | None:
        error = self.body.get("error")
        return error["code"] if error else None


def _dump(books: Books) -> list[Any]:
    names = [row[0] for row in books.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    rows = {name: books.connection.execute(f'SELECT * FROM "{name}"') for name in names}
    return [(name, sorted(map(repr, rows[name]))) for name in sorted(names)]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Books with three good rows; each test works on a copy."""
    folder = tmp_path_factory.mktemp("hostile")
    home = folder / "home"
    books, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase="violet anchor harvest tundra 41", keychain=None,
        randomness=OsRandomness(), clock=SystemClock("UTC", date(2026, 11, 20)), kdf_memory_mib=64,
    )  # fmt: skip
    good = folder / "good.csv"
    good.write_text(GOOD)
    [result] = imports.import_files(books, [good], imports.ImportOptions(account="Everyday", account_kind="checking"))
    assert result.added == 3
    made = Template(home=home, key=books.key_hex(), dump=_dump(books))
    books.close()
    return made


@pytest.fixture
def home(template: Template, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template.home, tmp_path / "home"))


@pytest.fixture
def look(template: Template, home: Path) -> Iterator[Callable[[], Books]]:
    """Opens the books after the fact, in this process."""
    held: list[Books] = []

    def opened() -> Books:
        clock = SystemClock("UTC", date(2026, 11, 20))
        held.append(opening.open_books(home, Unlock(key_hex=template.key), keychain=lambda: None, clock=clock))
        return held[-1]

    yield opened
    for books in held:
        books.close()


@pytest.fixture
def dump() -> Callable[[Books], list[Any]]:
    """Gives every row of every table, to see whether anything at all changed."""
    return _dump


@pytest.fixture(scope="session")
def without_network() -> list[str]:
    """The words before a command that take the network from it, none where this machine does not allow that."""
    for words in (["unshare", "--net"], ["unshare", "--map-current-user", "--net"]):
        with contextlib.suppress(FileNotFoundError):
            if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
                return words
    return []  # the guard of the child stays


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@pytest.fixture
def ops(template: Template, home: Path, tmp_path: Path, without_network: list[str]) -> Callable[..., Ran]:
    """Runs the command line in a child process with 5 seconds of processor time and 1 GiB of address space.

    It has no network where this machine can take it away, an empty folder for a person's own and one for temporary
    files, and is stopped when it reaches out of what it was given.
    """
    here, person, temporary = (tmp_path / name for name in ("here", "person", "temporary"))
    for folder in (here, person, temporary):
        folder.mkdir()
    environment = {
        **os.environ,
        "HOME": str(person),
        "TMPDIR": str(temporary),
        "XDG_CONFIG_HOME": "",
        "XDG_DATA_HOME": "",
    }

    def run(*arguments: str, as_json: bool = True, before: Callable[[], None] | None = None) -> Ran:
        def prepare() -> None:
            _limits()
            if before:
                before()

        reading, writing = os.pipe()
        os.write(writing, template.key.encode() + b"\n")
        os.close(writing)
        guarded = [sys.executable, str(ROOT / "tests" / "hostile" / "guarded.py"), str(tmp_path)]
        command = [*without_network, *guarded, "--home", str(home), "--key-fd", str(reading), "--today", TODAY]
        try:
            done = subprocess.run(
                [*command, *(["--json"] if as_json else []), *arguments],
                cwd=here, capture_output=True, pass_fds=(reading,), preexec_fn=prepare, timeout=60, check=False,
                stdin=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
        finally:
            os.close(reading)
        assert [name for folder in (here, person, temporary) for name in folder.iterdir()] == []
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture
def before(template: Template) -> list[Any]:
    """Gives every row of every table as it was before the test."""
    return template.dump
