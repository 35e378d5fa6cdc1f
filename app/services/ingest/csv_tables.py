"""Tables that are read and written row by row, without the books."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.adapters import safe_files
from app.core.errors import BadFile, Exists

_LARGEST_TABLE = 4 << 30
"""Bytes. Rows are read one by one, so this only bounds the time."""


@contextmanager
def open_table(path: Path) -> Iterator[IO[str]]:
    """Open a CSV in UTF-8, with or without a byte order mark; `-` is what comes in. Raises: BadFile, NotAStatement."""
    import io  # noqa: PLC0415

    from app.core.ingest import decode, file_kinds  # noqa: PLC0415 - both only here

    if str(path) == "-":
        with io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="") as stream:
            yield stream
        return
    with safe_files.open_regular(path, limit=_LARGEST_TABLE) as raw:
        decode.refuse_other_kinds(raw.read(file_kinds.HEAD))
        raw.seek(0)
        with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream:
            yield stream


@contextmanager
def new_table(path: Path) -> Iterator[IO[str]]:
    """Open a new file for writing; nothing is left when the work is not finished. Raises: Exists, BadFile, DiskFull."""
    safe_files.refuse_name(path)
    if os.path.lexists(path):
        # Told before the work and not after it; that nobody makes it meanwhile is seen to at the end.
        raise Exists(f"{path.name} exists already.", "Choose another name.")
    with safe_files.writing_text(path, replace=False) as stream:
        yield stream


def header(reader: csv.DictReader[str], needed: Sequence[str], hint: str) -> list[str]:
    """Return the names of a table's columns. Raises: BadFile for one that is no table, or lacks a needed column."""
    try:
        names = list(reader.fieldnames or ())
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile("The table could not be read.", "Save it as CSV in UTF-8.") from error
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadFile(f"The table has the column “{twice}” twice.", "Keep one of them.")
    missing = [name for name in needed if name not in names]
    if missing:
        raise BadFile(f"The table has no column “{missing[0]}”.", f"It needs: {hint}.")
    return names
