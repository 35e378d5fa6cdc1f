"""What the system says of a file, in sentences a person can act on."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import BadFile, DiskFull, Exists

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

_REASONS = {
    errno.ENOENT: ("there is no such file or folder", "Check the path."),
    errno.ENOTDIR: ("a part of its path is not a folder", "Check the path."),
    errno.EACCES: ("this user may not do that", "Check who owns the file and its folder."),
    errno.EPERM: ("this user may not do that", "Check who owns the file and its folder."),
    errno.EROFS: ("the disk is read-only", "Choose a folder that can be written."),
    errno.ENOSPC: ("the disk is full", "Make room and try again. The old content is unchanged."),
    errno.EDQUOT: ("this user's share of the disk is full", "Make room and try again. The old content is unchanged."),
    errno.EIO: ("the disk reported an error", "Check the disk, and restore from a backup if it is failing."),
    errno.ENODEV: ("the disk is gone", "Connect the disk again."),
    errno.ENXIO: ("the disk is gone", "Connect the disk again."),
    errno.ESTALE: ("the disk is gone", "Connect the disk again."),
    errno.EFBIG: ("it is larger than this disk or program allows", "Choose a folder on another disk."),
    errno.ELOOP: ("it is a link that leads back to itself", "Check the path."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name."),
    errno.EISDIR: ("it is a folder", "Name a file."),
    errno.ENOTEMPTY: ("there is something in it already", "Name a new or empty folder."),
    errno.ETXTBSY: ("another program holds it", "Close the other program and try again."),
    errno.EBUSY: ("another program holds it", "Close the other program and try again."),
    errno.EMFILE: ("too many files are open", "Close other programs and try again."),
    errno.ENFILE: ("too many files are open", "Close other programs and try again."),
}


def shown(path: Path) -> str:
    """Return a file's name for a sentence: control and direction characters cannot change what is read."""
    text = path.name or str(path)
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}"
        for character in text.encode("utf-8", "replace").decode("utf-8")
    )


@contextlib.contextmanager
def plain_errors(path: Path, done: str) -> Iterator[None]:
    """Turn what the system refuses into a sentence: the file “cannot be `done`”.

    Raises: BadFile, Exists, DiskFull.
    """
    try:
        os.fsencode(path).index(b"\0")
    except UnicodeEncodeError as error:
        raise _cannot(path, done, 0) from error
    except ValueError:
        pass  # no such byte, as it should be
    else:
        raise _cannot(path, done, 0)
    try:
        yield
    except FileExistsError as error:
        if done == "made":
            raise BadFile(f"{shown(path)} is a file, not a folder.", "Name a folder.") from error
        raise Exists(f"{shown(path)} exists already.", "Choose another name. Nothing was changed.") from error
    except OSError as error:
        raise _cannot(path, done, error.errno or 0) from error


def too_large(path: Path, limit: int) -> BadFile:
    return BadFile(f"{shown(path)} is larger than {limit:,} bytes, the most that is read here.")


def no_room(path: Path, needed: int, free: int) -> DiskFull:
    return DiskFull(
        f"{shown(path)} cannot be written: it needs {_size(needed)}, and the disk has {_size(free)} left.",
        "Make room and try again. The old content is unchanged.",
    )


def _cannot(path: Path, done: str, number: int) -> BadFile | DiskFull:
    sentence, hint = _REASONS.get(number, ("the system refused it", "Check the path and the disk."))
    words = f"{shown(path)} cannot be {done}: {sentence}."
    return DiskFull(words, hint) if number in _FULL else BadFile(words, hint)


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if count >= 100_000 else f"{count:,} bytes"
