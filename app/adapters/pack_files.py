"""The accountant pack on disk: a folder or a ZIP file whose bytes depend on nothing but its content.

A pack appears complete or not at all: it is built in a hidden folder beside its target and renamed. Checking a pack is
the business of app.adapters.pack_check.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app.adapters.csv_out import write_rows
from app.adapters.journals import beancount_text, hledger_text
from app.adapters.pack_check import verify
from app.adapters.pdf import render
from app.adapters.xlsx import workbook_bytes
from app.core.dates import date_of
from app.core.errors import Exists, Refused
from app.core.report.pack import (
    BEANCOUNT,
    HLEDGER,
    MANIFEST,
    PROFIT_AND_LOSS,
    README,
    SUMMARY,
    WHAT,
    WORKBOOK,
    PackContent,
    content,
    dollar_accounts,
    manifest,
)
from app.core.report.pack_figures import Check
from app.core.report.pack_input import PackInput
from app.core.report.sheet import Sheet
from app.core.report.summary import summary
from app.core.report.table import Table
from app.core.report.workbook import profit_and_loss, workbook

__all__ = ["Check", "PackedFile", "verify", "write_pack"]

CHUNK = 1 << 20


class PackedFile(NamedTuple):
    """One file as the manifest lists it."""

    name: str
    sha256: str
    rows: int | None
    total_cents: int | None


def write_pack(source: PackInput, target: Path) -> list[PackedFile]:
    """Write the pack to a new or empty folder, or to a new file when the target ends in `.zip`; return its files.

    Raises: Exists when something is there already; Refused when the place cannot be written.
    """
    zipped = target.suffix.lower() == ".zip"
    if target.is_symlink() or (target.exists() and (zipped or not target.is_dir() or any(target.iterdir()))):
        raise Exists(f"{target.name} is there already.", "Name a new file, or a new or empty folder.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _workplace(target) as folder:
            packed = _fill(source, folder)
            if zipped:
                archive = folder.parent / "pack.zip"
                _zip(folder, archive, [*[file.name for file in packed], MANIFEST], source)
                archive.replace(target)
            else:
                if target.exists():
                    target.rmdir()
                folder.rename(target)
    except OSError as error:
        raise Refused(
            f"The pack could not be written: {error.strerror or 'the disk refused'}.",
            "Choose a folder you may write to, with enough free space.",
        ) from error
    return packed


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """Give a private folder on the target's disk that is gone afterwards, whatever happens."""
    outer = Path(tempfile.mkdtemp(prefix=".pack-", dir=target.parent))
    folder = outer / "pack"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _fill(source: PackInput, folder: Path) -> list[PackedFile]:
    made = content(source)
    written = _written(source, made)
    packed = [_bytes(folder, README, made.readme.encode("utf-8", "replace"))]
    for name in WHAT:
        if name in written:
            packed.append(_bytes(folder, name, written[name]))
        elif name in made.tables:
            packed.append(_table(folder, name, made.tables[name]))
    listed: list[dict[str, str | int | None]] = [dict(file._asdict()) for file in packed]
    words = json.dumps(manifest(source, made.form, listed), ensure_ascii=False, indent=1)
    _bytes(folder, MANIFEST, f"{words}\n".encode())
    return packed


def _written(source: PackInput, made: PackContent) -> dict[str, bytes]:
    """Return the files that are no CSV tables."""
    title = f"{source.business.name} {source.year}"
    banks = dollar_accounts(source)

    def sheets(name: str, found: list[Sheet]) -> bytes:
        day = date_of(source.as_of)
        subject = f"{source.business.name} · {source.year} to {day.isoformat()}, cash basis · unaudited"
        return workbook_bytes(found, title=f"{name} {source.year}", subject=subject, created=day)

    return {
        SUMMARY: render("summary", summary(source, made), timestamp=date_of(source.as_of)),
        WORKBOOK: sheets("Workpapers", workbook(source, made.form)),
        PROFIT_AND_LOSS: sheets("Profit and loss", [profit_and_loss(source, made.form)]),
        HLEDGER: hledger_text(made.book, banks, source.as_of, title).encode(),
        BEANCOUNT: beancount_text(made.book, banks, source.as_of, title).encode(),
    }


def _new_file(path: Path) -> int:
    """Return the descriptor of a file that did not exist, readable by its owner only."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def _bytes(folder: Path, name: str, data: bytes) -> PackedFile:
    with os.fdopen(_new_file(folder / name), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return PackedFile(name, hashlib.sha256(data).hexdigest(), None, None)


def _table(folder: Path, name: str, table: Table) -> PackedFile:
    # Half a surrogate cannot be encoded; one such letter from a bank must not stop the pack.
    with os.fdopen(_new_file(folder / name), "w", encoding="utf-8", errors="replace", newline="") as file:
        rows = write_rows(file, table.header, table.rows)
        file.flush()
        os.fsync(file.fileno())
    with (folder / name).open("rb") as file_again:
        digest = hashlib.file_digest(file_again, "sha256").hexdigest()
    return PackedFile(name, digest, rows, table.total_cents)


def _zip(folder: Path, archive: Path, names: list[str], source: PackInput) -> None:
    """Pack the files in the given order, all dated by the pack's last day."""
    day = date_of(source.as_of)
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with os.fdopen(_new_file(archive), "wb") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for name in names:
                entry = zipfile.ZipInfo(name, stamp)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3
                entry.external_attr = 0o100600 << 16
                entry.file_size = (folder / name).stat().st_size
                with (folder / name).open("rb") as file, packed.open(entry, "w") as member:
                    shutil.copyfileobj(file, member, CHUNK)
        raw.flush()
        os.fsync(raw.fileno())
