"""What exchanges gave, until the device has it: in memory or Redis, and without a Redis also on the disk.

A token that is lost is a bank nobody can use or end, and somebody pays for it. So a relay that is alone writes what an
exchange gave into a folder before it answers, where the process after it finds it. Each is sealed to its device under
keys that lie elsewhere; it goes when the device has it, and after a quarter of an hour in any case.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from anyio import to_thread

from relay.shared_state import Shared

RESULT_SECONDS = 15 * 60
TOMBSTONE_SECONDS = 6 * 3600
"""As long as Plaid tells what became of a link."""
SWEEP_SECONDS = 60
MOST, LARGEST = 1_000, 64 * 1024
_OURS: Final = re.compile(r"[0-9a-f]{64}(?:\.[0-9a-f]{64})?|[0-9a-f]{16}\.part")
_POSIX = os.name == "posix"


class Folder:
    """A private folder of small files that end by themselves; anything else in it is left alone. Raises: OSError."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time, *, most: int = MOST) -> None:
        self._path, self._clock, self._most = path.resolve(), clock, most

    def is_there(self) -> bool:
        return self._path.exists()

    def trouble(self) -> str:
        """Return why nothing can be kept here, or nothing; makes no folder."""
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return "" if os.access(self._path.parent, os.W_OK | os.X_OK) else f"{self._path} cannot be made"
        except OSError as error:
            return f"{self._path}: {error.strerror}"
        if not stat.S_ISDIR(state.st_mode):
            return f"{self._path} is no folder"
        if _POSIX and (state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o077):
            return f"{self._path} is not this user's alone: chmod 700, and chown"
        return "" if os.access(self._path, os.W_OK | os.X_OK) else f"{self._path} cannot be written"

    def open(self) -> None:
        """Make the folder where it is missing, and take away what ended while nobody was there."""
        self._path.mkdir(mode=0o700, exist_ok=True)
        if trouble := self.trouble():
            raise PermissionError(trouble)
        self.sweep()

    def write(self, name: str, data: bytes, *, ends: float | None = None) -> None:
        """Keep a value: it is on the disk, whole, when this returns. `ends` is what its time of change says."""
        if len(data) > LARGEST or sum(1 for _ in self._path.iterdir()) >= self._most:
            raise OSError("too large, or too many")
        part = self._path / f"{secrets.token_hex(8)}.part"
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                if ends is not None:
                    os.utime(part, (ends, ends))
                os.fsync(file.fileno())
            part.replace(self._path / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        self._settle()

    def read(self, name: str) -> bytes | None:
        """Return a value that has not ended; None for what is no file of ours."""
        try:
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            with os.fdopen(os.open(self._path / name, flags), "rb") as file:
                state = os.fstat(file.fileno())
                if not stat.S_ISREG(state.st_mode) or not self._holds(state):
                    return None
                data = file.read(LARGEST + 1)
        except OSError:
            return None
        return data if len(data) <= LARGEST and data.isascii() else None

    def remove(self, name: str) -> None:
        """Forget a value, and those that belong to it."""
        for path in self._ours():
            if path.name == name or path.name.startswith(f"{name}."):
                path.unlink(missing_ok=True)
        self._settle()

    def sweep(self) -> None:
        """Take away what has ended, and the parts that a killed process left."""
        for path in self._ours():
            with suppress(OSError):
                if not self._holds(path.lstat()):
                    path.unlink()

    def _ours(self) -> list[Path]:
        return [path for path in self._path.iterdir() if _OURS.fullmatch(path.name)]

    def _holds(self, state: os.stat_result) -> bool:
        return abs(self._clock() - state.st_mtime) < RESULT_SECONDS

    def _settle(self) -> None:
        """Bring the folder's own list of names to the disk, where the system can."""
        if _POSIX:
            descriptor = os.open(self._path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class Results:
    """What links gave, by their keys. `note` takes the name of an event for the log."""

    def __init__(self, state: Shared, folder: Path | None, note: Callable[[str], None]) -> None:
        self._state, self._note = state, note
        self._folder = None if folder is None or state.is_shared else Folder(folder)
        self._sweeper: asyncio.Task[None] | None = None
        self.kept_in = "redis" if state.is_shared else "memory"
        """Where a result is safe: `redis`, `disk`, or only in `memory`, which a killed process takes with it."""

    async def open(self) -> None:
        """Begin to keep results; without a folder that can be written they are kept in memory alone."""
        if self._folder is not None and await self._try(self._folder.open):
            self._sweeper = asyncio.create_task(self._sweep())
        elif self.kept_in == "memory":
            self._folder = None
            self._note("results_in_memory_only")

    async def close(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeper

    async def get(self, key: str) -> bytes | None:
        found = await self._state.get(key)
        if found is None and self._folder is not None:
            return await to_thread.run_sync(self._folder.read, _name(key))
        return found

    def write(self, key: str, value: bytes) -> bool:
        """Bring a result to the disk, from whatever thread has it; say whether it is there. `put` is still to come."""
        try:
            if self._folder is not None:
                self._folder.write(_name(key), value)
        except OSError:
            return False
        return self._folder is not None

    async def put(self, key: str, value: bytes, *, is_written: bool = False) -> None:
        """Keep a result; it outlives this process when this returns, where there is a folder that takes it."""
        await self._state.put(key, value, seconds=RESULT_SECONDS)
        folder = self._folder
        if folder is not None and not is_written:
            await self._try(lambda: folder.write(_name(key), value))

    async def done(self, key: str, value: bytes) -> None:
        """Put what is left to say of a link in place of its results: the device has them."""
        await self._state.put(key, value, seconds=TOMBSTONE_SECONDS)
        folder = self._folder
        if folder is not None:
            await self._try(lambda: folder.remove(_name(key)))

    async def _try(self, work: Callable[[], None]) -> bool:
        try:
            await to_thread.run_sync(work)
        except OSError:
            if self.kept_in == "disk":
                self._note("results_in_memory_only")
            self.kept_in = "memory"
            return False
        self.kept_in = "disk"
        return True

    async def _sweep(self) -> None:
        while self._folder is not None:
            await asyncio.sleep(SWEEP_SECONDS)
            await self._try(self._folder.sweep)


def _name(key: str) -> str:
    """Return the file of a key: the hashes it is made of."""
    return key.partition(":")[2].replace(":", ".")
