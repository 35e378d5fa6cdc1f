"""Files that get another name on the same disk."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.adapters.safe_files.places import sync_folder
from app.adapters.safe_files.troubles import plain_errors
from app.core.errors import Exists


def move_new(source: Path, target: Path) -> None:
    """Give a finished file of another folder its name, if nothing has it. Raises: Exists, BadFile, DiskFull."""
    with plain_errors(target, "written"):
        if sys.platform == "win32":
            source.rename(target)
            return
        try:
            os.link(source, target)
        except FileExistsError:
            raise
        except OSError as error:
            # A file system without hard links (a stick): looked at, then renamed.
            if os.path.lexists(target):
                raise Exists(f"{target.name} exists already.", "Nothing was changed.") from error
            source.rename(target)
        else:
            source.unlink()
        sync_folder(target.parent)


def move(source: Path, target: Path) -> bool:
    """Move a file within our own folders, over whatever has the name; return whether there was one to move.

    Raises: BadFile, DiskFull.
    """
    if not os.path.lexists(source):
        return False
    with plain_errors(target, "written"):
        source.replace(target)
        sync_folder(target.parent)
        sync_folder(source.parent)
    return True


def bring_to_disk(path: Path) -> None:
    """Make what an engine wrote into a file last through a power cut. Raises: BadFile, DiskFull."""
    with plain_errors(path, "written"):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def room(folder: Path) -> int | None:
    """Return the bytes that are free for a file in a folder; None where that cannot be asked."""
    import shutil  # noqa: PLC0415 - only large files ask

    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free if usage.total else None
