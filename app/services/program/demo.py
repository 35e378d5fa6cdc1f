"""Everything once, on the sample files, in a home that is thrown away: what a newcomer can look at in ten seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters import safe_files
from app.core.dates import day_of
from app.core.errors import Refused
from app.services.ingest import imports
from app.services.program import sample_books
from app.services.program.sample_books import TODAY
from app.services.report import pack_export
from app.services.review import questions
from app.services.tax import reserves

__all__ = ["PACK", "TODAY", "Demo", "run"]

PACK = "accountant-pack-2026"
_OURS = "demo.txt"
_NOTE = "1099 Ops wrote this folder from its sample files. It may be deleted; the next demo writes it anew.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    imported: list[imports.FileResult]
    review_items: int
    reserve: dict[str, Any]
    pack: Path


def run(create: sample_books.Create, out: Path, tell: Callable[[int, int], None] | None = None) -> Demo:
    """Import the sample into a temporary home and write its pack under `out`. Raises: Refused for a foreign folder."""
    _make_room(out)
    sample = sample_books.open_sample(create, tell)
    try:
        books = sample.books
        reserve = reserves.reserve_now(books)
        pack_export.export_pack(books, TODAY.year, out / PACK, day_of(TODAY))
        return Demo(
            imported=sample.imported, review_items=len(questions.items(books)), reserve=reserve,
            pack=(out / PACK).absolute(),
        )  # fmt: skip
    finally:
        sample.close()


def _make_room(out: Path) -> None:
    """Clear an earlier demo; never anything a person put there."""
    marker = out / _OURS
    if out.exists() and any(out.iterdir()) and not marker.is_file():
        raise Refused(f"The folder {out} holds other things.", "Choose an empty or new folder with --out.")
    safe_files.remove_folder(out / PACK)
    safe_files.folder(out)
    safe_files.write_atomic(marker, _NOTE.encode())
