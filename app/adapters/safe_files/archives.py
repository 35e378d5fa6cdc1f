"""ZIP files: written with equal bytes for equal content, read member by member without unpacking anything to the disk.

An archive may come from anywhere, so its names, links and sizes are hostile until shown otherwise.
"""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from app.adapters.safe_files.reading import open_regular
from app.adapters.safe_files.troubles import plain_errors, shown
from app.core.errors import BadFile

LARGEST_FILE = 256 << 20
LARGEST_TOTAL = 1 << 30
LARGEST_RATIO = 500
"""How many times larger a member may be than what is stored of it; a table of equal rows comes to about 200."""
MOST_FILES = 64
_SMALL = 1 << 20
"""Bytes up to which any ratio is harmless."""
_CHUNK = 1 << 20

READ_ERRORS = (BadFile, OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a member may raise when the archive lies about it."""

Opener = Callable[[], BinaryIO]


class Contents(NamedTuple):
    """What may be read, by name, and what is wrong with the rest, one sentence part each."""

    files: dict[str, Opener]
    wrong: list[str]


def folder_contents(path: Path) -> Contents:
    """Return the files of a folder that came from somewhere. Raises: BadFile."""
    found: dict[str, Opener] = {}
    wrong: list[str] = []
    with plain_errors(path, "read"):
        for entry in sorted(path.iterdir()):
            mode = entry.lstat()
            if len(found) + len(wrong) >= MOST_FILES:
                return Contents({}, ["there are more files than a pack holds"])
            if not stat.S_ISREG(mode.st_mode):
                wrong.append(f"{shown(entry)} is a link, a folder or a device")
            elif mode.st_size > LARGEST_FILE:
                wrong.append(f"{shown(entry)} is too large")
            else:
                found[entry.name] = _file(entry)
    return Contents(found, wrong)


def _file(path: Path) -> Opener:
    return lambda: open_regular(path, limit=LARGEST_FILE, follow=False)


@contextlib.contextmanager
def zip_contents(path: Path) -> Iterator[Contents]:
    """Give the members of a ZIP file while the block runs. Raises: BadFile when it is none."""
    with open_regular(path) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except READ_ERRORS as error:
            raise BadFile(f"{shown(path)} is no readable archive.", "Name the pack's folder or ZIP file.") from error
        with archive:
            yield _members(archive, path.stat().st_size)


def _members(archive: zipfile.ZipFile, size: int) -> Contents:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        return Contents({}, [f"{len(entries)} files are more than a pack holds"])
    if sum(entry.compress_size for entry in entries) > size or sum(e.file_size for e in entries) > LARGEST_TOTAL:
        return Contents({}, ["its files are together larger than a pack can be"])
    found: dict[str, Opener] = {}
    wrong: list[str] = []
    for entry in entries:
        trouble = "is there twice" if entry.filename in found else _trouble(entry)
        if trouble is None:
            found[entry.filename] = _member(archive, entry)
        else:
            wrong.append(f"{shown(Path(entry.filename))} {trouble}")
    return Contents(found, wrong)


def _trouble(entry: zipfile.ZipInfo) -> str | None:
    name, mode = entry.filename, entry.external_attr >> 16
    if entry.is_dir() or not name or any(each in name for each in ("/", "\\", "..", ":")) or not name.isprintable():
        return "is no plain file name"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:  # some programs state only who may read it
        return "is a link or a device"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.file_size > LARGEST_FILE:
        return "is too large"
    if entry.file_size > _SMALL and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1):
        return "grows too much when it is unpacked"
    return None


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Opener:
    # A member never yields more than its declared size, so the limits above bound what is read.
    return lambda: cast("BinaryIO", archive.open(entry))


def zipped(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return an archive of these files in this order, without dates: equal files give equal bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for name, data in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            packed.writestr(entry, data)
    return whole.getvalue()


def write_zip(stream: BinaryIO, folder: Path, names: Sequence[str], day: date) -> None:
    """Pack files of a folder of ours in the given order, all dated by a day."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in names:
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            entry.file_size = (folder / name).stat().st_size
            with open_regular(folder / name, follow=False) as file, packed.open(entry, "w") as member:
                while chunk := file.read(_CHUNK):
                    member.write(chunk)
