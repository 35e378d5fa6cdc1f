"""Backup files on disk: written and read as a stream, never whole in memory."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.adapters import safe_files
from app.adapters.safe_files import moving
from app.core.errors import BadFile, DiskFull, Exists
from app.core.security import backup_container
from app.core.security.backup_container import BackupKeys, Header

CHUNK = 256 * 1024
Step = Callable[[int, int], None]
"""Told how many of how many are done; may raise to stop."""


class Found(NamedTuple):
    """A backup file whose beginning and length are right. Nothing is proved about the rest yet."""

    path: Path
    header: Header
    offset: int
    size: int


def write(
    path: Path, start: bytes, pieces: Sequence[tuple[Path, int]], trailer: Callable[[bytes], bytes], step: Step
) -> None:
    """Write a backup of header and pieces, synced, into a workplace. Raises: DiskFull, BadFile."""
    digest = hashlib.sha256(start)
    total = len(start) + sum(size for _, size in pieces) + backup_container.TRAILER_SIZE
    with safe_files.new_file(path) as stream:
        stream.write(start)
        done = len(start)
        for piece, size in pieces:
            for block in _blocks(piece, size):
                stream.write(block)
                digest.update(block)
                done += len(block)
                step(done, total)
        stream.write(trailer(digest.digest()))


def find(path: Path) -> Found:
    """Read the beginning of a backup. Raises: BadFile (no backup, a link, no file), DamagedFile, NewerSchema."""
    with _opened(path) as stream:
        prefix = stream.read(backup_container.PREFIX_SIZE)
        start = prefix + stream.read(backup_container.header_size(prefix))
        size = os.fstat(stream.fileno()).st_size
    return Found(path, backup_container.read(start, size), len(start), size)


def unpack(found: Found, keys: BackupKeys | None, image: Path | None, objects: Path | None, step: Step) -> str:
    """Read a whole backup from the disk, prove it, and write its parts where asked; return its SHA-256.

    Nothing that was written may be used before this returns: the proof stands at the end of the file. Without keys
    only accidents are noticed. Raises: DamagedFile, DiskFull, BadFile.
    """
    with _opened(found.path) as stream:
        _forget_cached(stream)
        reading = _Reading(stream, found.size, step)
        reading.part(found.offset, None)
        reading.part(found.header.image_size, image)
        for receipt in found.header.receipts if found.header.full else ():
            reading.part(receipt.size, objects / receipt.sha256 if objects is not None else None, receipt.sha256)
        digest = reading.digest.digest()
        end = stream.read(backup_container.TRAILER_SIZE + 1)
    if not hmac.compare_digest(end[:32], digest):
        raise backup_container.damaged("a part of it was changed since it was written")
    if keys is not None and not hmac.compare_digest(end, keys.trailer(digest)):
        raise backup_container.damaged("it was changed since it was written, and its checksum was made to fit")
    reading.digest.update(end)
    return reading.digest.hexdigest()


class _Reading:
    """A backup as it is read, with the digest of all that was read."""

    def __init__(self, stream: BinaryIO, total: int, step: Step) -> None:
        self.digest = hashlib.sha256()
        self._stream = stream
        self._done = 0
        self._total = total
        self._step = step

    def part(self, size: int, target: Path | None, sha256: str | None = None) -> None:
        """Read a part, into a new file where one is named. Raises: DamagedFile when its own hash is another."""
        own = hashlib.sha256()
        with safe_files.new_file(target) if target is not None else contextlib.nullcontext() as out:
            while size:
                block = self._stream.read(min(CHUNK, size))
                if not block:
                    raise backup_container.damaged("it is cut short")
                self.digest.update(block)
                if sha256 is not None:
                    own.update(block)
                if out is not None:
                    out.write(block)
                size -= len(block)
                self._done += len(block)
                self._step(self._done, self._total)
        if sha256 is not None and own.hexdigest() != sha256:
            raise backup_container.damaged("a receipt in it was changed")


def copy(source: Path, target: Path) -> str:
    """Copy a file into a workplace, synced; return its SHA-256. Raises: BadFile, DiskFull."""
    digest = hashlib.sha256()
    with _opened(source) as stream, safe_files.new_file(target) as out:
        while block := stream.read(CHUNK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file that is no link. Raises: BadFile."""
    digest = hashlib.sha256()
    with _opened(path) as stream, safe_files.plain_errors(path, "read"):
        while block := stream.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def refuse_existing(path: Path) -> None:
    """Raises: Exists; BadFile when the folder is not there."""
    if os.path.lexists(path):
        raise Exists(f"{safe_files.shown(path)} exists already.", "Choose another name; nothing was changed.")
    if not path.parent.is_dir():
        raise BadFile(
            f"The folder for {safe_files.shown(path)} is not there.", "Make the folder first, or name another."
        )


def require_space(folder: Path, needed: int) -> None:
    """Raises: DiskFull, with the room that is needed, before anything is written."""
    free = moving.room(folder)
    if free is not None and free < needed:
        raise DiskFull(
            f"The disk is too full: this needs {_megabytes(needed)}, and {free // 1_000_000:,} MB are free.",
            "Nothing was changed. Make room and try again.",
        )


def _forget_cached(stream: BinaryIO) -> None:
    """Ask the system to read what follows from the disk, not from what it remembers of the writing."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with contextlib.suppress(OSError):
            advise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file that is one itself, not a link to one: a link could lead elsewhere at the second look."""
    if path.is_symlink():
        raise BadFile(f"{safe_files.shown(path)} is a link.", "Name the file itself.")
    with safe_files.open_regular(path, follow=False) as stream:
        yield stream


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    with _opened(path) as stream:
        while size:
            block = stream.read(min(CHUNK, size))
            if not block:
                raise BadFile(f"{safe_files.shown(path)} was cut short while it was read.", "Try again.")
            size -= len(block)
            yield block


def _megabytes(count: int) -> str:
    return f"{max(1, -(-count // 1_000_000)):,} MB"
