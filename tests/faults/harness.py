"""Real processes that are killed, starved or failed at chosen moments, and the judge of what they left.

Children are forked from a process that has the program loaded (`forker.py`), with a shim before the C library
(`shim.c`) that counts the calls which change files of the home. So a death can be placed before or inside any one of
them, again and again at the same place, or after a random time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.adapters.clock import SystemClock
from app.services.audit import audit_log
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.store import schema
from app.store.connection import open_connection

HERE = Path(__file__).parent
TODAY = date(2026, 11, 20)
CLOCK = SystemClock("UTC", TODAY)
FLAGS = ("-shared", "-fPIC", "-O1", "-ffreestanding", "-nostdlib")
KILLED = -9


def build_shim(folder: Path) -> Path:
    compiler = shutil.which("gcc")
    assert compiler, "gcc not found: the fault suite cannot run; install it with: apt-get install gcc"
    target = folder / "shim.so"
    subprocess.run([compiler, *FLAGS, "-o", str(target), str(HERE / "shim.c")], check=True, timeout=60)
    return target


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a child ended."""

    code: int
    out: str
    err: str
    count: int | None
    seconds: float
    cpu: float
    peak_mib: float

    @property
    def was_killed(self) -> bool:
        return self.code == KILLED

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.out)) if self.out.strip() else {}

    @property
    def error(self) -> dict[str, Any]:
        return dict(self.body.get("error") or {})


class Children:
    """Starts children and waits for each to end. One at a time."""

    def __init__(self, shim: Path) -> None:
        env = {**os.environ, "LD_PRELOAD": str(shim), "PYTHONPATH": f"{HERE.parents[1]}:{HERE.parent}"}
        env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        self._forker = subprocess.Popen(
            [sys.executable, str(HERE / "forker.py"), str(shim)], env=env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1],
        )  # fmt: skip

    def run(self, work: str, home: Path, *, lives: float | None = None, **more: Any) -> End:
        """Let one child work. `lives`: seconds until it is killed; `fault` and `limits`: see `forker`."""
        request = {"work": work, "home": str(home), "lives": lives, **more}
        assert self._forker.stdin
        assert self._forker.stdout
        self._forker.stdin.write(json.dumps(request) + "\n")
        self._forker.stdin.flush()
        line = self._forker.stdout.readline()
        assert line, "the forker has ended"
        answer = json.loads(line)
        end = End(
            code=answer["code"], out=answer["out"], err=answer["err"], count=answer["count"], seconds=answer["seconds"],
            cpu=answer["cpu"], peak_mib=answer["peak_kib"] / 1024,
        )  # fmt: skip
        assert not answer["hung"], f"a child hung: {request} {end}"
        assert answer["ready"], f"a child died before it began: {end}"
        return end

    def cli(self, home: Path, *argv: str | Path | dict[str, str], key: str | None = None, **more: Any) -> End:
        words = [word if isinstance(word, dict) else str(word) for word in argv]
        return self.run("cli", home, argv=words, key=key, **more)

    def close(self) -> None:
        self._forker.stdin.close()  # type: ignore[union-attr]
        self._forker.wait(30)
        self._forker.stdout.close()  # type: ignore[union-attr]


def no_more_than(calls: int, wanted: int, seed: int) -> list[int]:
    """Return numbers of calls to strike, spread over all of them; all when `wanted` is as many."""
    from random import Random

    if wanted >= calls:
        return list(range(1, calls + 1))
    return sorted(Random(seed).sample(range(1, calls + 1), wanted))


# --- what is in a home


def rows_of(home: Path, key: str, tables: tuple[str, ...]) -> str:
    """Return a hash over all rows of some tables, opened past every guard."""
    connection = open_connection(home / "books.db", key)
    try:
        return hashed(connection, tables)
    finally:
        connection.close()


def hashed(connection: Any, tables: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for table in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        if not columns:
            continue
        kept = ", ".join(name for name in columns if name not in {"at", "made_at", "imported_at"})
        digest.update(table.encode())
        for row in connection.execute(f"SELECT {kept} FROM {table} ORDER BY {kept}"):
            digest.update(repr(row).encode())
    return digest.hexdigest()


KEPT = tuple(sorted(schema.BOOKS + schema.DERIVED))
"""What must be wholly old or wholly new; the records besides it carry the time of day."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the judge found in a home that opened."""

    rows: int
    cents: int
    contents: str
    operations: int
    entries: int


def opened(home: Path, unlock: Unlock) -> Books:
    return opening.open_books(home, unlock, keychain=lambda: None, clock=CLOCK)


def judge(home: Path, key: str | None = None, *, unlock: Unlock | None = None) -> Found:
    """Open a home by the program itself and prove all that it says of itself; nothing may lie about afterwards."""
    books = opened(home, unlock or Unlock(key_hex=key))
    try:
        found = looked_at(books)
        assert books.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert books.connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
        assert books.connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        assert books.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        books.close()
    left = leftovers(home)
    assert not left, [(name, (home / name).stat().st_size) for name in left]
    return found


def looked_at(books: Books) -> Found:
    state = audit_log.verify(books)
    assert state.ok, state.sentence
    if books.digest.stated() is not None:
        assert books.digest.prove(lambda: None).ok, "the digest of the rows does not hold"
    ask = books.connection.execute
    assert ask("SELECT COUNT(*) FROM op_now").fetchone()[0] == 0
    return Found(
        rows=ask("SELECT COUNT(*) FROM transactions").fetchone()[0],
        cents=ask("SELECT COALESCE(SUM(cents), 0) FROM transactions").fetchone()[0],
        contents=hashed(books.connection, KEPT),
        operations=ask("SELECT COUNT(*) FROM operation").fetchone()[0],
        entries=state.entries,
    )


PARTS = (".part", ".new", ".tmp", "-journal", ".partial")


def leftovers(home: Path) -> list[str]:
    """Return the files of a home that only a write in progress has."""
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.name.endswith(PARTS))


def files_of(home: Path) -> dict[str, str]:
    """Return name and hash of every file; the lock's list of holders is only words, and the log tells what was told."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != "home.lock" and path.parent.name != "logs"
    }


def fresh(source: Path, target: Path) -> Path:
    """Copy a home over what lies at the target."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    return target


@contextlib.contextmanager
def small_disk(folder: Path, mib: float) -> Iterator[Path]:
    """Mount a disk of this size. Only for root."""
    folder.mkdir(exist_ok=True)
    size = f"size={int(mib * 1024)}k,mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "ops1099-test", str(folder)], check=True, timeout=30)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=30)


def may_mount() -> bool:
    """Return whether this process is root and the system lets it mount."""
    if os.geteuid() != 0:
        return False
    probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return probe.returncode == 0


ERRORS = {name: getattr(errno, name) for name in ("EIO", "ENOSPC", "EDQUOT", "EACCES")}
