"""A file that only grows at its end, shared by several programs: the log. Each write is whole, none is synced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from app.adapters.safe_files.places import NO_LINK
from app.adapters.safe_files.troubles import plain_errors, shown
from app.core.errors import BadFile


class Appender:
    """Writes at the end of a private file, made if it is not there; a link is not followed."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises: BadFile, DiskFull."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | NO_LINK
        flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        with plain_errors(path, "written"):
            self._descriptor = os.open(path, flags, 0o600)
        state = os.fstat(self._descriptor)
        if not stat.S_ISREG(state.st_mode):
            os.close(self._descriptor)
            raise BadFile(f"{shown(path)} is not a file.", "Move it away.")
        self._path = path
        self.size = state.st_size

    def write(self, data: bytes) -> None:
        """Raises: BadFile, DiskFull."""
        with plain_errors(self._path, "written"):
            os.write(self._descriptor, data)
        self.size += len(data)

    def fileno(self) -> int:
        return self._descriptor

    def close(self) -> None:
        with plain_errors(self._path, "written"):
            os.close(self._descriptor)
