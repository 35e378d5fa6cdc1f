"""One lock for a home folder, held by every process that has its books open.

Shared by all who work with the books, exclusive for what replaces them (migration, restore, rotation, erasure). The
lock is the operating system's, so a holder that dies frees it; the file's text only tells who holds it. Network file
systems are refused: their locks, and the engine's shared memory, do not hold there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.core.errors import BadFile, Conflict, InUse

LOCK_FILE = "home.lock"
WAIT_SECONDS = 0.5
"""How long a lock is tried for: another process may hold it exclusively for an instant while it tidies the file."""

_TIDY_SIZE = 16 * 1024
_POLL_SECONDS = 0.01

# fmt: off
NETWORK_TYPES = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "ncp", "afs", "coda", "ceph", "lustre", "gpfs",
    "beegfs", "glusterfs", "orangefs", "pvfs2", "davfs", "davfs2", "acfs", "ocfs2", "gfs", "gfs2",
})
FUSE_NETWORK_TYPES = frozenset({
    "sshfs", "rclone", "davfs", "davfs2", "glusterfs", "ceph", "cephfs", "s3fs", "gcsfuse", "goofys", "curlftpfs",
    "smbnetfs", "gvfsd-fuse", "google-drive-ocamlfuse", "onedrive", "juicefs", "mount.glusterfs",
})
"""Programs of FUSE, as `fuse.NAME` in the table of mounts."""
# fmt: on


class Holder(NamedTuple):
    """A process that has the home open."""

    program: str
    pid: int


class HomeLock:
    """The lock of one home, held by this process until `release` or the process ends."""

    def __init__(self, home: Path, program: str) -> None:
        """Take the home and the name other programs show for this one. Nothing is opened yet."""
        self._path = home / LOCK_FILE
        self._program = "".join(each for each in program if each.isprintable())[:60]
        self._descriptor: int | None = None
        self._announced = False

    def acquire_shared(self, wait_seconds: float = WAIT_SECONDS, *, announce: bool = True) -> None:
        """Hold the home together with others. Raises: InUse (someone replaces the books), BadFile.

        Without `announce` nothing is written yet, so that a try to open books that fails leaves no trace.
        """
        self._acquire(exclusive=False, wait_seconds=wait_seconds, announce=announce)

    def announce(self) -> None:
        """Tell others in the lock file who holds the home. Does nothing when it is not held, or told already."""
        if self._descriptor is not None and not self._announced:
            self._announced = True
            _tidy(self._descriptor, exclusive=False)
            _note(self._descriptor, "+", self._program)

    def acquire_exclusive(self, wait_seconds: float = WAIT_SECONDS) -> None:
        """Hold the home alone. Raises: InUse, BadFile."""
        self._acquire(exclusive=True, wait_seconds=wait_seconds)

    @contextlib.contextmanager
    def exclusive(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Hold alone for a while what is held shared. Raises: InUse, and the shared hold stays."""
        if self._descriptor is None:
            raise ValueError("the home is not held")
        if not _wait_for(self._descriptor, exclusive=True, seconds=wait_seconds):
            # Changing the kind of a lock gives the old one up first, also when the new one cannot be had.
            held = _wait_for(self._descriptor, exclusive=False, seconds=wait_seconds)
            error = self._in_use()
            if not held:
                self.release()
            raise error
        try:
            yield
        finally:
            if not _wait_for(self._descriptor, exclusive=False, seconds=wait_seconds):
                self.release()
                raise self._in_use()

    def release(self) -> None:
        """Give the lock up. Does nothing when it is not held."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            if self._announced:
                self._announced = False
                _note(descriptor, "-", self._program)
            os.close(descriptor)

    def holders(self) -> tuple[Holder, ...]:
        """Return the other processes that hold the home, as far as they can be told."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ()
        return tuple(each for each in _living(text) if each.pid != os.getpid())

    def _acquire(self, *, exclusive: bool, wait_seconds: float, announce: bool = True) -> None:
        if self._descriptor is not None:
            raise ValueError("the home is held already")
        refuse_network_home(self._path.parent)
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise BadFile(
                f"The lock file {LOCK_FILE} of the home folder cannot be opened.",
                "Check that the folder exists and that this user may write in it.",
            ) from error
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, descriptor)
            if not _wait_for(descriptor, exclusive=exclusive, seconds=wait_seconds):
                raise self._in_use()
            if announce:
                _tidy(descriptor, exclusive=exclusive)
                _note(descriptor, "+", self._program)
            undo.pop_all()
        self._descriptor, self._announced = descriptor, announce

    def _in_use(self) -> Conflict:
        found = self.holders()
        if found:
            who = ", ".join(f"{each.program} (process {each.pid})" for each in found[:3])
            return InUse(f"The books are in use by {who}.", "Close it and try again.")
        return InUse("The books are in use by another program.", "Close it and try again.")


@contextlib.contextmanager
def one_at_a_time(home: Path, wait_seconds: float = 5.0) -> Iterator[None]:
    """Let programs do inside one after the other, whoever holds the home; for what takes an instant.

    Where no such lock can be had, or not in time, it is done all the same.
    """
    descriptor = None
    try:
        with contextlib.suppress(OSError, BadFile):
            descriptor = _open_moment(home)
            deadline = time.monotonic() + wait_seconds
            while not _try_moment(descriptor) and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextlib.contextmanager
def one_sync_at_a_time(home: Path, number: int) -> Iterator[bool]:
    """Say whether nobody else reads this linked bank now; nobody else can while the answer is yes."""
    descriptor = os.open(home / f"bank-{number:d}.lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        yield _try_moment(descriptor)
    finally:
        os.close(descriptor)


def refuse_network_home(home: Path) -> None:
    """Refuse a home on a network file system, where that can be told. Raises: BadFile."""
    if sys.platform == "win32":
        network = "a network path" if os.path.realpath(home).startswith("\\\\") else None
    else:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return
        network = network_type(os.path.realpath(home), mounts)
    if network is not None:
        raise BadFile(
            f"The home folder lies on a network file system ({network}), where the books could be damaged.",
            "Choose a folder on a disk of this computer; backups may lie on the network.",
        )


def network_type(real_path: str, mounts: str) -> str | None:
    """Return the type of the network file system a path lies on, None for a local one. `mounts` as in /proc/mounts."""
    best, found = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1]
        for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
            point = point.replace(code, character)
        inside = real_path == point or real_path.startswith(point.rstrip("/") + "/")
        # A later mount on the same point covers the earlier one.
        if inside and len(point) >= len(best):
            best, found = point, parts[2]
    name = found.lower()
    network = name in NETWORK_TYPES or name.removeprefix("fuse.") in FUSE_NETWORK_TYPES
    return found if network else None


def _wait_for(descriptor: int, *, exclusive: bool, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _try_lock(descriptor, exclusive=exclusive):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


if sys.platform == "win32":
    import msvcrt

    _SHARES = 64
    _BASE = 1 << 30
    # Windows locks ranges of bytes, each for one holder. A shared hold is one of 64 bytes far behind the end of the
    # file, an exclusive one is all of them. Which range a descriptor holds is remembered to give it back.
    _ranges: dict[int, tuple[int, int]] = {}

    def _try_lock(descriptor: int, *, exclusive: bool) -> bool:
        held = _ranges.pop(descriptor, None)
        if held is not None:
            os.lseek(descriptor, held[0], os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, held[1])
        wanted = [(_BASE, _SHARES)] if exclusive else [(_BASE + number, 1) for number in range(_SHARES)]
        for start, size in wanted:
            os.lseek(descriptor, start, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, size)
            except OSError:
                continue
            _ranges[descriptor] = (start, size)
            return True
        return False

    def _open_moment(home: Path) -> int:
        return os.open(home / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)

    def _try_moment(descriptor: int) -> bool:
        os.lseek(descriptor, _BASE + _SHARES, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _is_alive(pid: int) -> bool:
        return pid > 0
else:
    import fcntl

    def _try_lock(descriptor: int, *, exclusive: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES, errno.EINTR}:
                return False
            raise BadFile(
                "The home folder lies on a file system that cannot lock files.",
                "Choose a folder on a disk of this computer.",
            ) from error
        return True

    def _open_moment(home: Path) -> int:
        # The folder itself, which no hold of the home locks: nothing is made for it.
        return os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def _try_moment(descriptor: int) -> bool:
        return _try_lock(descriptor, exclusive=True)

    def _is_alive(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def _tidy(descriptor: int, *, exclusive: bool) -> None:
    """Empty the list of holders when it is long and nobody else is in it."""
    if os.fstat(descriptor).st_size < _TIDY_SIZE:
        return
    if exclusive or _try_lock(descriptor, exclusive=True):
        os.ftruncate(descriptor, 0)
    if not exclusive and not _wait_for(descriptor, exclusive=False, seconds=WAIT_SECONDS):
        raise InUse("The books are in use by another program.", "Close it and try again.")


def _note(descriptor: int, sign: str, program: str) -> None:
    """Add a line to the list of holders: one small write at the end, which never mixes with another's."""
    line = f"{sign}\t{os.getpid()}\t{_started(os.getpid())}\t{program}\n"
    # A full disk must not keep the books from opening, nor from closing: the list is only told to people.
    with contextlib.suppress(OSError):
        os.write(descriptor, line.encode("utf-8", "replace"))


def _living(text: str) -> Iterator[Holder]:
    """Yield the processes that took the lock more often than they gave it up, and still run."""
    balance: dict[tuple[int, str], int] = {}
    programs: dict[tuple[int, str], str] = {}
    for line in text.splitlines():
        parts = line.split("\t")
        if len(parts) != 4 or not parts[1].isdecimal():
            continue
        key = (int(parts[1]), parts[2])
        balance[key] = balance.get(key, 0) + (1 if parts[0] == "+" else -1)
        programs[key] = parts[3]
    for (pid, started), count in balance.items():
        # A process number is used again; the time its process began tells whether it is still the same one.
        if count > 0 and _is_alive(pid) and _started(pid) == started:
            yield Holder(programs[(pid, started)], pid)


def _started(pid: int) -> str:
    """Return when a process began, in the system's own ticks; nothing where that cannot be asked."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""
