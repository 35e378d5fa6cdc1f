"""Reading what others made: only regular files, up to a limit, within a time; a pipe or a device would never end."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from app.adapters.safe_files.places import NO_LINK
from app.adapters.safe_files.troubles import plain_errors, shown, too_large
from app.core.errors import BadFile, Locked

MAX_LINE = 8192
"""Bytes of a line that holds a passphrase or a key."""
_MOST_LINES = 10
"""Lines that are read of what goes on behind the first one."""
SLOWEST = 120.0
"""Seconds after which a file that is still not read is given up: its disk hangs, or is at the end of a thin line."""
_CHUNK = 8 << 20


def open_regular(path: Path, *, limit: int | None = None, follow: bool = True) -> io.BufferedReader:
    """Open a file for reading if it is one, of at most `limit` bytes. The caller closes it. Raises: BadFile.

    A person may name a link to a file; with `follow` off a link is refused, for what lies in folders others made.
    """
    with plain_errors(path, "read"):
        # Looked at before it is opened: opening some devices does something, and a pipe waits for its writer.
        _require_regular(path, path.stat(follow_symlinks=follow), limit)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags | (0 if follow else NO_LINK))
        try:
            # Looked at again: it may have been exchanged in between.
            _require_regular(path, os.fstat(descriptor), limit)
            return open(descriptor, "rb")  # noqa: PTH123 - a descriptor; the caller closes it
        except BaseException:
            os.close(descriptor)
            raise


def read_limited(path: Path, limit: int) -> bytes:
    """Return a whole file of at most `limit` bytes. Raises: BadFile, also when it changes while it is read."""
    with open_regular(path, limit=limit) as stream, plain_errors(path, "read"):
        before = os.fstat(stream.fileno())
        data = _all(stream, path, limit)
        after = os.fstat(stream.fileno())
    if len(data) > limit:
        raise too_large(path, limit)
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or len(data) != after.st_size:
        raise BadFile(f"{shown(path)} was changed while it was read.", "Wait until it is complete, then try again.")
    return data


def _all(stream: io.BufferedReader, path: Path, limit: int) -> bytes:
    give_up = time.monotonic() + SLOWEST
    chunks = []
    count = 0
    while count <= limit and (chunk := stream.read(min(_CHUNK, limit + 1 - count))):
        chunks.append(chunk)
        count += len(chunk)
        if time.monotonic() > give_up:
            raise BadFile(
                f"{shown(path)} could not be read in {SLOWEST:.0f} seconds.", "Copy it to this computer first."
            )
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _never(_text: str) -> bool:
    return False


def read_passphrase_file(path: Path, *, goes_on: Callable[[str], bool] = _never) -> str:
    """Return the first line, without its line end, in NFC; only of a file that nobody else can read.

    While it `goes_on`, the next line belongs to it.

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
        with plain_errors(path, "read"):
            return _secret_lines(lambda: stream.readline(MAX_LINE + 1), f"The first line of {shown(path)}", goes_on)


def read_fd(descriptor: int, *, goes_on: Callable[[str], bool] = _never) -> str:
    """Return the first line of an open descriptor, without its line end, in NFC, and leave what follows unread.

    While it `goes_on`, the next line belongs to it.

    Raises: BadFile, Locked (the line is empty).
    """
    return _secret_lines(lambda: _line_of(descriptor), f"The first line of descriptor {descriptor}", goes_on)


def _line_of(descriptor: int) -> bytes:
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
    return bytes(line)


def _secret_lines(read: Callable[[], bytes], what: str, goes_on: Callable[[str], bool]) -> str:
    text = _secret_line(read(), what)
    for _ in range(_MOST_LINES):
        if not goes_on(text):
            break
        line = read().strip()
        text = f"{text} {_secret_line(line, what)}" if line else text
    return text


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


def _require_regular(path: Path, state: os.stat_result, limit: int | None) -> None:
    if not stat.S_ISREG(state.st_mode):
        kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
        kind = next((words for test, words in kinds if test(state.st_mode)), "a device")
        raise BadFile(f"{shown(path)} is {kind}, not a file.", "Name a file.")
    if limit is not None and state.st_size > limit:
        raise too_large(path, limit)
