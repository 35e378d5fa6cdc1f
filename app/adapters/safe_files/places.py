"""The folder that is written in, held open: what is put in its place meanwhile is not written to.

Windows has no calls relative to an open folder; there the full path is used each time.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from app.adapters.safe_files.troubles import plain_errors, shown
from app.core.errors import BadFile

PART_SUFFIX = ".part"
OURS = re.compile(r"\.1099ops-[0-9a-f]{8}\.part")
"""Names of what is being written. In a folder of the user nothing else is ever tidied away."""

_STALE_SECONDS = 3600
"""Where a living writer cannot be told from a dead one, this age tells."""

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Place:
    """A folder to write in. `within` is the folder of ours below which no part of the path may be a link."""

    def __init__(self, folder: Path, within: Path | None = None) -> None:
        """Open it. Raises: OSError, BadFile (a link where a folder of ours should be)."""
        self.folder = folder
        self._descriptor: int | None = None
        if within is not None:
            refuse_links(folder, within)
        if sys.platform != "win32":
            self._descriptor = _opened(folder, within)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else str(self.folder / name)

    def new_part(self) -> tuple[str, int]:
        """Make a private file for what is being written; return its name and descriptor. Raises: OSError."""
        while True:
            # What tempfile.mkstemp does; loading that module would cost every command that changes the books 3 ms.
            name = f".1099ops-{os.urandom(4).hex()}{PART_SUFFIX}"
            handle = self.new_file(name)
            if self._hold(name, handle):
                return name, handle
            os.close(handle)

    def new_file(self, name: str) -> int:
        """Make a private file that is not there yet. Raises: OSError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINK | _BINARY
        return os.open(self._at(name), flags, 0o600, dir_fd=self._descriptor)

    def _hold(self, name: str, handle: int) -> bool:
        """Lock a part for as long as it is open, so that it is not tidied away; False when that just happened."""
        if sys.platform != "win32" and lock(handle) is False:
            return False
        try:
            found = os.lstat(self._at(name)) if self._descriptor is None else self._state(name)
        except FileNotFoundError:
            return False
        return os.path.samestat(found, os.fstat(handle))

    def _state(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)

    def give_name(self, part: str, name: str, *, replace: bool) -> None:
        """Rename a part, and make that last. Raises: OSError, FileExistsError (unless `replace`)."""
        here = self._descriptor
        if replace:
            os.replace(self._at(part), self._at(name), src_dir_fd=here, dst_dir_fd=here)
            self.sync()
            return
        self._place_new(part, name)
        try:
            self.sync()
        except OSError:
            self.forget(name)  # or trying again would find it there
            raise

    def _place_new(self, part: str, name: str) -> None:
        """Give a file its name only if nothing has it: a hard link, as a rename would replace."""
        here = self._descriptor
        if sys.platform == "win32":
            (self.folder / part).rename(self.folder / name)
            return
        try:
            os.link(part, name, src_dir_fd=here, dst_dir_fd=here)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}:
                raise
            # A file system without hard links (exFAT): the name is taken first, so two writers cannot both have it.
            os.close(self.new_file(name))
            try:
                os.replace(part, name, src_dir_fd=here, dst_dir_fd=here)
            except OSError:
                self.forget(name)
                raise
        else:
            self.forget(part)

    def forget(self, name: str) -> None:
        """Remove a file if it can be removed: whatever went wrong before is what is told."""
        with contextlib.suppress(OSError):
            os.unlink(self._at(name), dir_fd=self._descriptor)

    def sync(self) -> None:
        """Make what was renamed here last through a power cut. Windows has no such call and needs none."""
        if self._descriptor is not None:
            sync(self._descriptor)

    def room(self) -> int | None:
        """Return the bytes free here; None where that cannot be asked."""
        if self._descriptor is None or sys.platform == "win32":
            return None
        try:
            state = os.fstatvfs(self._descriptor)
        except OSError:
            return None
        # Some file systems that live elsewhere say 0 of 0.
        return state.f_bavail * state.f_frsize if state.f_blocks else None


def _opened(folder: Path, within: Path | None) -> int:
    """Return the descriptor of a folder; below `within`, step by step, so that no link is passed."""
    flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _BINARY
    if within is None:
        return os.open(folder, flags)
    at = os.open(within, flags)
    for part in folder.relative_to(within).parts:
        try:
            at, above = os.open(part, flags | NO_LINK, dir_fd=at), at
        except BaseException:
            os.close(at)
            raise
        os.close(above)
    return at


def refuse_links(path: Path, within: Path) -> None:
    """Refuse a path of which a part below `within` is a link or a file. Raises: BadFile."""
    if ".." in path.parts:
        raise BadFile(f"{shown(path)} is named by way of another folder.", "Name its place straight.")
    at = within
    for part in path.relative_to(within).parts:
        at /= part
        try:
            mode = at.lstat().st_mode
        except FileNotFoundError:
            return
        if stat.S_ISLNK(mode) or not stat.S_ISDIR(mode):
            raise BadFile(
                f"{shown(at)} in the home folder of the books is not a folder of its own but a link or a file.",
                "Move it away: the books write only into folders of their own.",
            )


def sync(descriptor: int) -> None:
    """Make what was written last through a power cut. Raises: OSError."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems cannot do that, above all for folders; they say so with EINVAL.
        if error.errno != errno.EINVAL:
            raise


def lock(descriptor: int) -> bool | None:
    """Hold an open file or folder until it is closed; None where the file system knows no such thing."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def tidy(folder: Path) -> int:
    """Remove what our own writers left here when they were killed, never what one is writing; return how many."""
    count = 0
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        left = [Path(entry.path) for entry in found if OURS.fullmatch(entry.name)]
        count = sum(_tidied(path) for path in left)
    return count


def _tidied(path: Path) -> bool:
    try:
        state = path.lstat()
        if sys.platform == "win32":
            if not stat.S_ISREG(state.st_mode) or time.time() - state.st_mtime < _STALE_SECONDS:
                return False
            path.unlink()
            return True
        if state.st_uid != os.geteuid() or not (stat.S_ISREG(state.st_mode) or stat.S_ISDIR(state.st_mode)):
            return False
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | NO_LINK | _BINARY)
        try:
            if lock(handle) is not True or not os.path.samestat(state, os.fstat(handle)):
                return False
            if stat.S_ISREG(state.st_mode):
                path.unlink()
            else:
                import shutil  # noqa: PLC0415 - only after a crash

                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(handle)
    except OSError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut. Raises: OSError."""
    with Place(folder) as place:
        place.sync()


def private_folder(path: Path, *, within: Path | None = None) -> None:
    """Make a folder only its owner can enter, with its parents; close an existing one to others. Raises: BadFile.

    Below `within`, a folder of ours, no part of the path may be a link.
    """
    with plain_errors(path, "made"):
        if within is not None:
            refuse_links(path, within)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            _close_to_others(path)


def folder(path: Path) -> None:
    """Make a folder for a person's files, with its parents, unless it is there. Raises: BadFile, DiskFull."""
    with plain_errors(path, "made"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _close_to_others(folder: Path) -> None:
    if sys.platform != "win32":
        state = folder.stat()
        if stat.S_IMODE(state.st_mode) & 0o077 == 0:
            return
        if state.st_uid != os.geteuid() or state.st_mode & stat.S_ISVTX:
            raise BadFile(
                f"The folder {shown(folder)} is shared with other users of this computer.",
                "Name a folder of your own, or a new one.",
            )
        folder.chmod(0o700)


def remove_parts(folder: Path) -> int:
    """Remove what writers that were killed left behind; return how many. Only with the home lock held exclusively."""
    count = 0
    for leftover in folder.glob(f".*{PART_SUFFIX}"):
        leftover.unlink(missing_ok=True)
        count += 1
    return count
