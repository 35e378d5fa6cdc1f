"""The record of accountant packs that were handed out. A record is never undone; it names no place on the disk."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import logs, safe_files
from app.core import log_events
from app.core.dates import Day
from app.core.ingest.typed import kept
from app.core.report.schedule_c import line_sums, schedule_c
from app.core.security.audit_events import Event
from app.services.audit.audit_notes import note, noting
from app.services.books.open_books import Books

if TYPE_CHECKING:
    from app.core.report.pack_input import PackInput

_MANIFEST = "manifest.json"


class HandedOut(NamedTuple):
    """One pack. `sha256` is that of the file, or of the manifest where the pack is a folder."""

    id: int
    at: str
    year: int
    as_of: Day
    name: str
    sha256: str
    files: int
    bytes: int
    net_profit_cents: int
    open_questions: int


def record(books: Books, target: Path, source: PackInput) -> HandedOut | None:
    """Note a pack that was just written to `target`, a folder or a file; books that only read note nothing."""
    if books.reads_only:
        return None
    inside = [path for path in target.rglob("*") if path.is_file()] if target.is_dir() else [target]
    sealed = target / _MANIFEST if target.is_dir() else target
    with safe_files.open_regular(sealed) as stream:
        sha256 = file_digest(stream, "sha256").hexdigest()
    net = schedule_c(source.year, line_sums(source.rows), source.worked).net_profit_cents
    row = (
        books.stamp(), source.year, source.as_of, kept(target.name), sha256,
        _files_in(target, inside), sum(path.stat().st_size for path in inside), net, len(source.questions),
    )  # fmt: skip
    with noting(books):
        cursor = books.connection.execute(
            f"INSERT INTO pack ({', '.join(HandedOut._fields[1:])}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - names of this module
            row,
        )
        made = HandedOut(int(cursor.lastrowid), *row)
        note(
            books, Event.PACK_EXPORTED, object_id=made.id, year=source.year, files=made.files, bytes=made.bytes,
            sha256=sha256,
        )  # fmt: skip
    logs.note(log_events.Event.EXPORT_DONE, files=made.files, size=made.bytes)
    return made


def _files_in(target: Path, inside: list[Path]) -> int:
    from app.adapters.safe_files import archives  # noqa: PLC0415 - only a packed pack needs it

    if target.is_dir():
        return len(inside)
    with archives.zip_contents(target) as found:
        return len(found.files)


def listed(books: Books, *, year: int | None = None) -> list[HandedOut]:
    """Return what was handed out, newest first."""
    rows = books.connection.execute(
        f"SELECT {', '.join(HandedOut._fields)} FROM pack WHERE year = ?1 OR ?1 IS NULL ORDER BY id DESC",  # noqa: S608 - same
        (year,),
    )
    return [HandedOut(*row) for row in rows]
