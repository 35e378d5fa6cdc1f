"""Writing one file where a person wants it."""

from __future__ import annotations

from pathlib import Path

from app.adapters import safe_files


def write_file(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a file that is new, or any with `replace`, whole or not at all.

    Raises: Exists, BadFile, DiskFull, Refused (a name that hides or runs).
    """
    safe_files.refuse_name(path)
    safe_files.write_atomic(path, data, replace=replace)
