"""Files that appear whole or not at all, readable by their owner only.

A private temporary file in the same folder, synced, then renamed, then the folder synced, so that a reader finds the
old content or the new one. A link at the target is replaced, never followed.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from app.adapters.safe_files.places import NO_LINK, Place, folder, lock, sync, tidy
from app.adapters.safe_files.troubles import no_room, plain_errors, shown
from app.core import file_names
from app.core.errors import Exists, Refused, Usage

LARGEST = 16 << 30
"""Bytes no file of ours comes near: what would grow beyond it has gone wrong."""
_WORTH_ASKING = 1 << 20
"""Bytes from which the free space is asked for before; smaller files simply fail."""
_BUFFER = 1 << 18


def write_atomic(
    path: Path, data: bytes, *, mode: int = 0o600, replace: bool = True, within: Path | None = None
) -> None:
    """Write a whole file or nothing.

    Below `within`, a folder of ours, no part of the path may be a link. Raises: BadFile (with the system's reason),
    DiskFull, Exists (unless `replace`).
    """
    with _writing(path, mode=mode, replace=replace, within=within, size=len(data)) as stream:
        stream.write(data)


def overwrite(path: Path, data: bytes, *, at: int) -> None:
    """Write into a file that is there, quickly and without waiting for the disk: for a hint that may be lost or torn.

    Raises: OSError.
    """
    # Without waiting also for who reads a pipe that somebody put there.
    flags = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a file")
        os.lseek(handle, at, os.SEEK_SET)
        os.write(handle, data)
    finally:
        os.close(handle)


@contextlib.contextmanager
def writing(
    path: Path, *, mode: int = 0o600, replace: bool = True, within: Path | None = None, size: int | None = None
) -> Iterator[BinaryIO]:
    """Give a stream that becomes the file when the block ends well; else nothing was written.

    `size` is what will come, where that is known. Raises: as `write_atomic`; what the block raises passes through, but
    for errors of the system, which are told as those of this file.
    """
    tidy(path.parent)
    with _writing(path, mode=mode, replace=replace, within=within, size=size) as stream:
        yield stream


@contextlib.contextmanager
def writing_text(path: Path, *, replace: bool = True) -> Iterator[TextIO]:
    """Give a text stream in UTF-8 that becomes the file when the block ends well. Raises: as `writing`."""
    with writing(path, replace=replace) as raw, as_text(raw) as text:
        yield text


@contextlib.contextmanager
def as_text(raw: BinaryIO) -> Iterator[TextIO]:
    """Give a text stream in UTF-8 over one of bytes, which stays open. Line ends are written as they come."""
    # Half a surrogate cannot be encoded; one such letter from a bank must not stop an export.
    text = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="")
    try:
        yield text
        text.flush()
    finally:
        with contextlib.suppress(OSError, ValueError):  # after a failed write its buffer cannot be emptied either
            text.detach()


@contextlib.contextmanager
def _writing(path: Path, *, mode: int, replace: bool, within: Path | None, size: int | None) -> Iterator[BinaryIO]:
    with plain_errors(path, "written"), Place(path.parent, within) as place:
        if path.name in {"", ".."}:
            raise IsADirectoryError(errno.EISDIR, "a folder")
        _require_room(place, path, size)
        part, handle = place.new_part()
        try:
            # Closed after it has its name: as long as it is open it is locked, and not tidied away.
            with _stream(handle) as stream:
                yield stream
                stream.flush()
                _settle(handle, mode)
                if sys.platform != "win32":
                    place.give_name(part, path.name, replace=replace)
            if sys.platform == "win32":
                place.give_name(part, path.name, replace=replace)
        except BaseException:
            place.forget(part)
            raise


class _Capped(io.FileIO):
    """A file that does not grow without end."""

    def write(self, data: object, /) -> int:
        if self.tell() > LARGEST:
            raise OSError(errno.EFBIG, "larger than any file of ours")
        return super().write(data)  # type: ignore[arg-type]  # whatever a buffered writer hands on


@contextlib.contextmanager
def _stream(handle: int) -> Iterator[BinaryIO]:
    stream = io.BufferedWriter(_Capped(handle, "wb"), _BUFFER)
    try:
        yield cast("BinaryIO", stream)
    except BaseException:
        # What could not be written is not tried again, and its second failure would hide the first.
        with contextlib.suppress(OSError):
            stream.raw.close()
        with contextlib.suppress(OSError, ValueError):
            stream.close()
        raise
    else:
        stream.close()


def _settle(handle: int, mode: int) -> None:
    """Bring a written file to the disk, with its mode."""
    if sys.platform != "win32" and mode != 0o600:
        try:
            os.fchmod(handle, mode)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP}:  # a stick that knows no modes
                raise
    sync(handle)


def _require_room(place: Place, path: Path, size: int | None) -> None:
    if size is not None and size >= _WORTH_ASKING:
        free = place.room()
        if free is not None and free < size:
            raise no_room(path, size, free)


# --- many files that appear together


@contextlib.contextmanager
def workplace(beside: Path) -> Iterator[Path]:
    """Give a private folder on the disk of `beside` that is gone afterwards, whatever happens.

    What another one left when its program was killed is removed first. Raises: BadFile, DiskFull.
    """
    folder(beside.parent)
    tidy(beside.parent)
    with plain_errors(beside, "written"):
        outer, handle = _private(beside.parent)
        try:
            yield outer
        finally:
            remove_folder(outer)
            if handle is not None:
                os.close(handle)


def _private(parent: Path) -> tuple[Path, int | None]:
    while True:
        outer = parent / f".1099ops-{os.urandom(4).hex()}.part"
        with contextlib.suppress(FileExistsError):
            outer.mkdir(mode=0o700)
            if sys.platform == "win32":
                return outer, None
            # Held while it is written in, so that no other writer tidies it away.
            handle = os.open(outer, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            if lock(handle) is not False:
                return outer, handle
            os.close(handle)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a stream to a new file, synced at the end. Only inside a `workplace`: a half one would have its name."""
    with plain_errors(path, "written"), Place(path.parent) as place, _stream(place.new_file(path.name)) as stream:
        yield stream
        stream.flush()
        sync(stream.fileno())


def become(built: Path, target: Path) -> None:
    """Give a folder that was built in a workplace its name. Raises: Exists (something is there), BadFile, DiskFull."""
    with plain_errors(target, "written"), Place(target.parent) as place:
        with Place(built) as inside:
            inside.sync()
        try:
            if sys.platform == "win32" and target.is_dir() and not target.is_symlink():
                target.rmdir()
            # A folder takes the name of an empty one, never of a file, a link or a folder with something in it.
            built.rename(target)
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
                raise Exists(
                    f"{shown(target)} is there already.", "Name a new file, or a new or empty folder."
                ) from error
            raise
        place.sync()


# --- single steps in folders of ours


def new_empty(path: Path) -> None:
    """Make an empty private file for an engine that writes it itself. Raises: Exists, BadFile, DiskFull."""
    with plain_errors(path, "written"), Place(path.parent) as place:
        os.close(place.new_file(path.name))


def rename_new(path: Path, target: Path) -> None:
    """Give a finished file of the same folder its name, if nothing has it. Raises: Exists, BadFile, DiskFull."""
    with plain_errors(target, "written"), Place(path.parent) as place:
        place.give_name(path.name, target.name, replace=False)


def remove(path: Path) -> bool:
    """Remove a file if that can be done, a link itself and not where it leads; return whether it is gone."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    return not os.path.lexists(path)


def write_fd(descriptor: int, line: str) -> None:
    """Write one line to a descriptor that another program gave us. Raises: Usage when it cannot be written."""
    try:
        os.write(descriptor, f"{line}\n".encode())
    except OSError as error:
        raise Usage(f"Descriptor {descriptor} cannot be written to.", "Open it for this program to write.") from error


def shred(path: Path) -> None:
    """Write zeros over a short file where it lies, wait for the disk, and remove it; gone already is well too.

    A disk may keep what stood there elsewhere, as flash does: what counts is that no name leads to it. Raises: BadFile.
    """
    with plain_errors(path, "erased"):
        flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(path, flags)
        except FileNotFoundError:
            return
        try:
            os.write(handle, bytes(os.fstat(handle).st_size))
            os.fsync(handle)
        finally:
            os.close(handle)
        path.unlink(missing_ok=True)
        with Place(path.parent) as place:
            place.sync()


def remove_folder(path: Path) -> bool:
    """Remove a folder with all in it; a link in or at it is not followed. Returns whether it is gone."""
    import shutil  # noqa: PLC0415 - no command that only reads needs it

    shutil.rmtree(path, ignore_errors=True)
    return not os.path.lexists(path)


def temporary_folder(prefix: str) -> Path:
    """Make a private folder among the system's temporary ones; its maker removes it. Raises: BadFile, DiskFull."""
    import tempfile  # noqa: PLC0415 - 3 ms no other command should pay

    with plain_errors(Path(prefix), "made"):
        return Path(tempfile.mkdtemp(prefix=prefix))


def temporary_folders(prefix: str) -> list[Path]:
    """Return the folders `temporary_folder` made: real ones of this user, no links."""
    import tempfile  # noqa: PLC0415 - as above

    found = []
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(prefix):
                with contextlib.suppress(OSError):
                    state = entry.stat(follow_symlinks=False)
                    owner = os.getuid() if sys.platform != "win32" else state.st_uid
                    if stat.S_ISDIR(state.st_mode) and state.st_uid == owner:
                        found.append(Path(entry.path))
    return found


def refuse_name(path: Path) -> None:
    """Refuse a name for an export that hides, runs or means a device somewhere. Raises: Refused."""
    trouble = file_names.trouble_with(path.name)
    if trouble is not None:
        raise Refused(f"The name {shown(path)} {trouble}.", "Choose another name.")
