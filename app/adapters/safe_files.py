"""Files that must never be half written, readable by others, or something else than files.

Writing: a private temporary file in the same folder, synced, then renamed, then the folder synced, so that a reader
finds the old content or the new one. A link at the target is replaced, never followed. Reading: only regular files, up
to a limit; a pipe or a device would block or never end.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.core.errors import BadFile, Exists, Locked

PART_SUFFIX = ".part"
MAX_LINE = 8192
"""Bytes of a line that holds a passphrase or a key."""


def write_atomic(path: Path, data: bytes, *, mode: int = 0o600, replace: bool = True) -> None:
    """Write a whole file or nothing. Raises: BadFile (with the system's reason), Exists (unless `replace`)."""
    with _plain_errors(path, "written"):
        # What tempfile.mkstemp does; loading that module would cost every command that changes the books 3 ms.
        temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}{PART_SUFFIX}")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, 0o600)
        try:
            with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
                stream.write(data)
                stream.flush()
                if sys.platform != "win32":
                    os.fchmod(handle, mode)
                os.fsync(handle)
            if replace:
                temporary.replace(path)
            else:
                _place_new(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def overwrite(path: Path, data: bytes) -> None:
    """Write a short file in place, quickly and without waiting for the disk: for a hint that may be lost or torn.

    Raises: OSError.
    """
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut. Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            # Some file systems cannot sync folders; they say so with EINVAL.
            if error.errno != errno.EINVAL:
                raise
        finally:
            os.close(descriptor)


def private_folder(path: Path) -> None:
    """Make a folder only its owner can enter, with its parents; close an existing one to others. Raises: BadFile."""
    with _plain_errors(path, "made"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            _close_to_others(path)


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


def open_regular(path: Path, *, limit: int | None = None) -> BinaryIO:
    """Open a file for reading if it is one, of at most `limit` bytes. The caller closes it. Raises: BadFile."""
    with _plain_errors(path, "read"):
        # Looked at before it is opened: opening some devices does something, and a pipe waits for its writer.
        _require_regular(path, path.stat(), limit)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
        try:
            # Looked at again: it may have been exchanged in between.
            _require_regular(path, os.fstat(descriptor), limit)
            return open(descriptor, "rb")  # noqa: PTH123 - a descriptor; the caller closes it
        except BaseException:
            os.close(descriptor)
            raise


def read_limited(path: Path, limit: int) -> bytes:
    """Return a whole file of at most `limit` bytes. Raises: BadFile."""
    with open_regular(path, limit=limit) as stream, _plain_errors(path, "read"):
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise _too_large(path, limit)
    return data


def read_passphrase_file(path: Path) -> str:
    """Return the first line, without its line end, in NFC; only of a file that nobody else can read.

    Raises: BadFile, Locked (the line is empty).
    """
    with open_regular(path) as stream:
        if sys.platform != "win32":
            state = os.fstat(stream.fileno())
            if stat.S_IMODE(state.st_mode) & 0o177 or state.st_uid not in (os.geteuid(), 0):
                raise BadFile(
                    f"The passphrase file {shown(path)} can be read or used by others.",
                    f"Close it first: chmod 600 {shown(path)}",
                )
        with _plain_errors(path, "read"):
            line = stream.readline(MAX_LINE + 1)
    return _secret_line(line, f"The first line of {shown(path)}")


def read_fd(descriptor: int) -> str:
    """Return the first line of an open descriptor, without its line end, in NFC, and leave what follows unread.

    Raises: BadFile, Locked (the line is empty).
    """
    line = bytearray()
    while len(line) <= MAX_LINE and not line.endswith(b"\n"):
        try:
            byte = os.read(descriptor, 1)
        except (OSError, OverflowError) as error:
            raise BadFile(
                f"Descriptor {descriptor} cannot be read.", "Open it for reading in the calling program."
            ) from error
        if not byte:
            break
        line += byte
    return _secret_line(bytes(line), f"The first line of descriptor {descriptor}")


def shown(path: Path) -> str:
    """Return a file's name for a sentence: control and direction characters cannot change what is read."""
    text = path.name or str(path)
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}"
        for character in text.encode("utf-8", "replace").decode("utf-8")
    )


def _secret_line(line: bytes, what: str) -> str:
    content = line.removesuffix(b"\n").removesuffix(b"\r")
    if len(content) > MAX_LINE:
        raise BadFile(f"{what} is longer than {MAX_LINE:,} bytes.", "Give the passphrase or the key alone.")
    if not content:
        raise Locked(f"{what} is empty.", "Put the passphrase or the key on it.")
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadFile(f"{what} is not UTF-8 text.", "Save it as UTF-8.") from error


def _place_new(temporary: Path, path: Path) -> None:
    """Give the file its name only if nothing has it: a hard link, as a rename would replace."""
    if sys.platform == "win32":
        temporary.rename(path)
    else:
        try:
            path.hardlink_to(temporary)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}:
                raise
            # A file system without hard links (exFAT): the name is taken first, so two writers cannot both have it.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            temporary.replace(path)
        else:
            temporary.unlink()


def _require_regular(path: Path, state: os.stat_result, limit: int | None) -> None:
    if not stat.S_ISREG(state.st_mode):
        kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
        kind = next((words for test, words in kinds if test(state.st_mode)), "a device")
        raise BadFile(f"{shown(path)} is {kind}, not a file.", "Name a file.")
    if limit is not None and state.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> BadFile:
    return BadFile(f"{shown(path)} is larger than {limit:,} bytes, the most that is read here.")


@contextlib.contextmanager
def _plain_errors(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        if done == "made":
            raise BadFile(f"{shown(path)} is a file, not a folder.", "Name a folder.") from error
        raise Exists(f"{shown(path)} exists already.", "Nothing was changed.") from error
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        sentence, hint = _REASONS.get(number or 0, ("the system refused it", "Check the path and the disk."))
        raise BadFile(f"{shown(path)} cannot be {done}: {sentence}.", hint) from error


_REASONS = {
    errno.ENOENT: ("there is no such file or folder", "Check the path."),
    errno.ENOTDIR: ("a part of its path is not a folder", "Check the path."),
    errno.EACCES: ("this user may not do that", "Check who owns the file and its folder."),
    errno.EPERM: ("this user may not do that", "Check who owns the file and its folder."),
    errno.EROFS: ("the disk is read-only", "Choose a folder that can be written."),
    errno.ENOSPC: ("the disk is full", "Make room and try again. The old content is unchanged."),
    errno.EDQUOT: ("this user's share of the disk is full", "Make room and try again. The old content is unchanged."),
    errno.EIO: ("the disk reported an error", "Check the disk, and restore from a backup if it is failing."),
    errno.ELOOP: ("it is a link that leads back to itself", "Check the path."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name."),
    errno.EISDIR: ("it is a folder", "Name a file."),
}
