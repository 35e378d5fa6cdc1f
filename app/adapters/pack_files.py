"""The accountant pack on disk: a folder or a ZIP file whose bytes depend on nothing but its content.

A pack appears complete or not at all: it is built in a hidden folder beside its target and renamed. Checking a pack is
the business of app.adapters.pack_check.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

from app.adapters import safe_files
from app.adapters.csv_out import write_rows
from app.adapters.journals import beancount_text, hledger_text
from app.adapters.pack_check import verify
from app.adapters.pdf import render
from app.adapters.safe_files import archives
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

_ELSEWHERE = "Choose a folder you may write to, with enough free space."


class PackedFile(NamedTuple):
    """One file as the manifest lists it."""

    name: str
    sha256: str
    rows: int | None
    total_cents: int | None


def write_pack(source: PackInput, target: Path) -> list[PackedFile]:
    """Write the pack to a new or empty folder, or to a new file when the target ends in `.zip`; return its files.

    Raises: Exists when something is there already; Refused, BadFile or DiskFull when the place cannot be written.
    """
    zipped = target.suffix.lower() == ".zip"
    safe_files.refuse_name(target)
    try:
        taken = target.is_symlink() or (target.exists() and (zipped or not target.is_dir() or any(target.iterdir())))
    except OSError as error:
        raise Refused("The pack could not be written: its place cannot be looked at.", _ELSEWHERE) from error
    if taken:
        raise Exists(f"{safe_files.shown(target)} is there already.", "Name a new file, or a new or empty folder.")
    with safe_files.workplace(target) as outer:
        folder = outer / "pack"
        safe_files.folder(folder)
        packed = _fill(source, folder)
        if zipped:
            with safe_files.writing(target, replace=False) as stream:
                names = [*[file.name for file in packed], MANIFEST]
                archives.write_zip(stream, folder, names, date_of(source.as_of))
        else:
            safe_files.become(folder, target)
    return packed


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


def _bytes(folder: Path, name: str, data: bytes) -> PackedFile:
    with safe_files.new_file(folder / name) as file:
        file.write(data)
    return PackedFile(name, hashlib.sha256(data).hexdigest(), None, None)


def _table(folder: Path, name: str, table: Table) -> PackedFile:
    with safe_files.new_file(folder / name) as file, safe_files.as_text(file) as text:
        rows = write_rows(text, table.header, table.rows)
    with safe_files.open_regular(folder / name, follow=False) as file_again:
        digest = hashlib.file_digest(file_again, "sha256").hexdigest()
    return PackedFile(name, digest, rows, table.total_cents)
