"""The command line on copies of books that hold the sample files: in this process, or for real where that matters."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.ingest import imports
from app.services.tax import profile
from app.store.connection import open_connection

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "resources" / "sample"
PASSPHRASE = "violet anchor harvest tundra 41"
TODAY = "2026-11-20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def body(self) -> dict[str, Any]:
        assert self.out.index("\n") == len(self.out) - 1, "exactly one object on one line"
        found = json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
        assert found["schema_version"] == 1
        return dict(found)

    @property
    def error(self) -> str | None:
        error = self.body.get("error")
        return error["code"] if error else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Books to copy, and the key that opens every copy."""

    full: Path
    bare: Path
    key: str


def _new(home: Path) -> Books:
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
        clock=SystemClock("UTC", date(2026, 11, 20)), kdf_memory_mib=64,
    )  # fmt: skip
    return made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("books")
    full, bare = folder / "full", folder / "bare"
    books = _new(bare)
    key = books.key_hex()
    books.close()
    shutil.copytree(bare, full)
    clock = SystemClock("UTC", date(2026, 11, 20))
    books = opening.open_books(full, Unlock(key_hex=key), keychain=lambda: None, clock=clock)
    profile.change(books, 2026, {"filing_status": "mfj", "state": "CA"})
    results = imports.import_files(books, sorted(SAMPLE.iterdir()), imports.ImportOptions())
    assert all(result.error is None for result in results)
    books.close()
    return Template(full=full, bare=bare, key=key)


@pytest.fixture
def home(template: Template, tmp_path: Path) -> Path:
    """Books with the sample files in them; operation 2 is the profile, 3 to 8 are the imports."""
    return Path(shutil.copytree(template.full, tmp_path / "home"))


@pytest.fixture
def bare(template: Template, tmp_path: Path) -> Path:
    """Books with nothing in them."""
    return Path(shutil.copytree(template.bare, tmp_path / "bare"))


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs a command line in this process, exactly as given."""

    def call(*arguments: str | Path) -> Answer:
        capfd.readouterr()
        code = bootstrap.run([str(each) for each in arguments])
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Answer(code=code, out=out, err=err)

    return call


@contextmanager
def _pipe(text: str) -> Iterator[int]:
    reading, writing = os.pipe()
    os.write(writing, text.encode() + b"\n")
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


@pytest.fixture
def on(run: Callable[..., Answer], template: Template) -> Callable[..., Answer]:
    """Runs a command on a home, unlocked by the key, answering JSON: `on(home, "accounts", "list")`."""

    def call(where: Path, *arguments: str | Path, today: str = TODAY) -> Answer:
        with _pipe(template.key) as key:
            return run("--home", where, "--key-fd", str(key), "--today", today, "--json", *arguments)

    return call


@pytest.fixture
def ops(on: Callable[..., Answer], home: Path) -> Callable[..., Answer]:
    """Runs a command on the books with the sample files."""
    return lambda *arguments, **more: on(home, *arguments, **more)


@pytest.fixture
def done(ops: Callable[..., Answer]) -> Callable[..., dict[str, Any]]:
    """Runs a command that must succeed without a word on stderr; gives its object."""

    def call(*arguments: str | Path) -> dict[str, Any]:
        answer = ops(*arguments)
        assert (answer.code, answer.err) == (0, ""), answer.out
        return answer.body

    return call


@pytest.fixture
def start(template: Template) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a real process on a home, unlocked by the key; all are gone in the end."""
    started: list[subprocess.Popen[bytes]] = []

    def call(where: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
        with _pipe(template.key) as key:
            command = [sys.executable, "-m", "app", "--home", where, "--key-fd", str(key), "--today", TODAY, "--json"]
            started.append(
                subprocess.Popen(
                    [*map(str, command), *map(str, arguments)], cwd=ROOT, stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=(key,),
                )
            )  # fmt: skip
        return started[-1]

    yield call
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
def real(start: Callable[..., subprocess.Popen[bytes]]) -> Callable[..., Answer]:
    """Runs a real process to its end."""

    def call(where: Path, *arguments: str | Path) -> Answer:
        process = start(where, *arguments)
        out, err = process.communicate(timeout=60)
        return Answer(code=process.returncode, out=out.decode(), err=err.decode())

    return call


@pytest.fixture
def raw(template: Template) -> Iterator[Callable[[Path], Any]]:
    """Opens the database itself, past every guard, as a stranger with the key would."""
    held: list[Any] = []

    def call(where: Path) -> Any:
        held.append(open_connection(where / "books.db", template.key))
        return held[-1]

    yield call
    for connection in held:
        connection.close()


@pytest.fixture
def dump(template: Template) -> Callable[[Path], list[Any]]:
    """Gives every row of every table of a home."""

    def call(where: Path) -> list[Any]:
        connection = open_connection(where / "books.db", template.key)
        try:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            rows = {name: connection.execute(f'SELECT * FROM "{name}"') for name in names}
            return [(name, sorted(map(repr, rows[name]))) for name in sorted(names)]
        finally:
            connection.close()

    return call


@pytest.fixture
def files() -> Callable[[Path], dict[str, str]]:
    """Gives name and hash of everything in a folder but the program's log, which tells of refusals too."""

    def call(where: Path) -> dict[str, str]:
        found = {}
        for path in sorted(where.rglob("*")):
            if path.parent.name == "logs" and path.suffix == ".jsonl":
                continue
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            found[str(path.relative_to(where))] = f"{path.lstat().st_mode:o} {content}"
        return found

    return call


@pytest.fixture
def bank(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small bank file: `bank("name.csv", ("2026-03-01", "TEXT", "-1.00"), …)`."""

    def write(name: str, *rows: tuple[str, str, str]) -> Path:
        path = tmp_path / name
        path.write_text("Date,Description,Amount\n" + "".join(f"{day},{text},{amount}\n" for day, text, amount in rows))
        return path

    return write
