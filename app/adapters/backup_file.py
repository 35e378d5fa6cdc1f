"""Backup files on disk: written and read as a stream, never whole in memory, never half there under their final name.

A file is written under a temporary name in its folder, synced, looked at from the disk again, and only then named.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.adapters import safe_files
from app.core.errors import BadFile, Conflict, Exists
from app.core.security import backup_container
from app.core.security.backup_container import BackupKeys, Header

CHUNK = 256 * 1024
Step = Callable[[int, int], None]
"""Told how many bytes of how many are done; may raise to stop."""


class Found(NamedTuple):
    """A backup file whose beginning and length are right. Nothing is proved about the rest yet."""

    path: Path
    header: Header
    offset: int
    size: int


def temporary(final: Path, what: str = "") -> Path:
    """Return a private name beside the final one, of the form that is swept up when its writer was killed."""
    return final.with_name(f".{final.name}.{os.urandom(4).hex()}{what}{safe_files.PART_SUFFIX}")


def write(
    path: Path, start: bytes, pieces: Sequence[tuple[Path, int]], trailer: Callable[[bytes], bytes], step: Step
) -> tuple[str, int]:
    """Write a new file of header and pieces, synced; return its SHA-256 and size. Raises: Conflict, BadFile."""
    digest = hashlib.sha256(start)
    total = len(start) + sum(size for _, size in pieces) + backup_container.TRAILER_SIZE
    with plain_errors(path), _created(path) as stream:
        stream.write(start)
        done = len(start)
        for piece, size in pieces:
            for block in _blocks(piece, size):
                stream.write(block)
                digest.update(block)
                done += len(block)
                step(done, total)
        end = trailer(digest.digest())
        stream.write(end)
        digest.update(end)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest(), total


def find(path: Path) -> Found:
    """Read the beginning of a backup. Raises: BadFile (no backup, a link, no file), DamagedFile, NewerSchema."""
    with _opened(path) as stream:
        prefix = stream.read(backup_container.PREFIX_SIZE)
        start = prefix + stream.read(backup_container.header_size(prefix))
        size = os.fstat(stream.fileno()).st_size
    return Found(path, backup_container.read(start, size), len(start), size)


def unpack(found: Found, keys: BackupKeys | None, image: Path | None, objects: Path | None, step: Step) -> str:
    """Read the whole file from the disk, prove it, and write its parts where asked; return its SHA-256.

    Nothing that was written may be used before this returns: the proof stands at the end of the file. Without keys
    only accidents are noticed. Raises: DamagedFile, Conflict, BadFile.
    """
    header = found.header
    with _opened(found.path) as stream:
        forget_cached(stream)
        digest = hashlib.sha256()
        done = 0

        def part(size: int, target: Path | None) -> str:
            nonlocal done
            own = hashlib.sha256()
            with _created(target) if target is not None else contextlib.nullcontext() as out:
                while size:
                    block = stream.read(min(CHUNK, size))
                    if not block:
                        raise backup_container.damaged("it is cut short")
                    digest.update(block)
                    if target is not None and out is not None:
                        own.update(block)
                        out.write(block)
                    size -= len(block)
                    done += len(block)
                    step(done, found.size)
                if out is not None:
                    out.flush()
                    os.fsync(out.fileno())
            return own.hexdigest()

        with plain_errors(image or found.path):
            part(found.offset, None)
            part(header.image_size, image)
            for receipt in header.receipts if header.full else ():
                target = objects / receipt.sha256 if objects is not None else None
                if part(receipt.size, target) != receipt.sha256 and target is not None:
                    raise backup_container.damaged("a receipt in it was changed")
        found_digest = digest.digest()
        end = stream.read(backup_container.TRAILER_SIZE + 1)
    if not hmac.compare_digest(end[:32], found_digest):
        raise backup_container.damaged("a part of it was changed since it was written")
    if keys is not None and not hmac.compare_digest(end, keys.trailer(found_digest)):
        raise backup_container.damaged("it was changed since it was written, and its checksum was made to fit")
    digest.update(end)
    return digest.hexdigest()


def place(part: Path, final: Path) -> None:
    """Give a written file its name, for good. Raises: Exists, BadFile."""
    with plain_errors(final):
        try:
            os.link(part, final)
        except FileExistsError as error:
            raise Exists(f"{safe_files.shown(final)} exists already.", "Nothing was changed.") from error
        except OSError:
            # A file system without hard links (a stick): looked at, then renamed.
            if os.path.lexists(final):
                raise Exists(f"{safe_files.shown(final)} exists already.", "Nothing was changed.") from None
            part.rename(final)
        else:
            part.unlink()
        safe_files.sync_folder(final.parent)


def refuse_existing(path: Path) -> None:
    """Raises: Exists, BadFile (the name is no file name, or its folder is not there)."""
    with plain_errors(path):
        if os.path.lexists(path):
            raise Exists(f"{safe_files.shown(path)} exists already.", "Choose another name; nothing was changed.")
        if not path.parent.is_dir():
            raise BadFile(f"The folder for {safe_files.shown(path)} is not there.", "Make it first, or name another.")


def sync(path: Path) -> None:
    """Make the content of a file that the database wrote last."""
    with plain_errors(path):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def reserve(path: Path) -> None:
    """Make an empty private file for the database to fill."""
    with plain_errors(path), _created(path):
        pass


def copy(source: Path, target: Path) -> str:
    """Copy a file under a new name, synced; return its SHA-256."""
    digest = hashlib.sha256()
    with plain_errors(target), _created(target) as stream:
        for block in _blocks(source, source.stat().st_size):
            digest.update(block)
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with _opened(path) as stream, plain_errors(path):
        while block := stream.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def require_space(folder: Path, needed: int) -> None:
    """Raises: Conflict disk_full, with the room that is needed, before anything is written."""
    with plain_errors(folder):
        free = shutil.disk_usage(folder).free
    if free < needed:
        raise Conflict(
            f"The disk is too full: this needs {_megabytes(needed)} and {_megabytes(free)} are free.",
            "Nothing was changed. Free some space and try again.",
            code="disk_full",
        )


def forget_cached(stream: BinaryIO) -> None:
    """Ask the system to read what follows from the disk, not from what it remembers of the writing."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with contextlib.suppress(OSError):
            advise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextlib.contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn the system's errors into sentences; a full disk has a code of its own."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Conflict(
                "The disk is full; nothing was changed.", "Free some space and try again.", code="disk_full"
            ) from error
        reason = os.strerror(error.errno) if error.errno else "the system refused it"
        raise BadFile(
            f"{safe_files.shown(path)} cannot be used: {reason}.", "Check the folder, its owner and the disk."
        ) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file that is one itself, not a link to one: a link would let the file change between two looks."""
    with plain_errors(path):
        if stat.S_ISLNK(path.lstat().st_mode):
            raise BadFile(f"{safe_files.shown(path)} is a link.", "Name the file itself.")
    with safe_files.open_regular(path) as stream:
        yield stream


@contextlib.contextmanager
def _created(path: Path) -> Iterator[BinaryIO]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
        if sys.platform != "win32":
            os.fchmod(handle, 0o600)
        yield stream


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while size:
            block = stream.read(min(CHUNK, size))
            if not block:
                raise BadFile(f"{safe_files.shown(path)} was cut short while it was read.", "Try again.")
            size -= len(block)
            yield block


def _megabytes(count: int) -> str:
    return f"{max(1, -(-count // 1_000_000)):,} MB"
