"""Everything once, on the sample files, in a home that is thrown away: what a newcomer can look at in ten seconds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from app.core.books.vocabulary import AccountKind, Role
from app.core.dates import day_of
from app.core.errors import Refused
from app.services import accounts, imports, profile, reports, review, taxes
from app.services.books import Books

TODAY = date(2026, 11, 20)
PROFILE = {
    "filing_status": "mfj",
    "state": "CA",
    "time_zone": "America/Los_Angeles",
    "profession": "designer",
    "spouse_wages": "84000",
    "spouse_withholding": "9360",
    "prior_year_tax": "31250",
    "prior_year_agi": "171000",
}
"""The invented household of the sample files (docs/sample-data.md)."""

PACK = "accountant-pack-2026"
_OURS = "demo.txt"
_NOTE = "1099 Ops wrote this folder from its sample files. It may be deleted; the next demo writes it anew.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    imported: list[imports.FileResult]
    review_items: int
    reserve: dict[str, Any]
    pack: Path


def run(create: Callable[[Path], Books], out: Path, tell: Callable[[int, int], None] | None = None) -> Demo:
    """Import the sample into a temporary home and write its pack under `out`. Raises: Refused for a foreign folder."""
    _make_room(out)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="1099ops-demo-")))
        books = create(home / "home")
        stack.callback(books.close)
        profile.change(books, TODAY.year, PROFILE)
        folder = stack.enter_context(resources.as_file(resources.files("resources") / "sample"))
        imported = imports.import_files(books, sorted(folder.iterdir()), imports.ImportOptions(), tell)
        for account in books.accounts.all():
            if account.kind == AccountKind.SAVINGS:
                accounts.change(books, str(account.id), {"role": Role.RESERVE})
        reserve = taxes.reserve_now(books)
        reports.export_pack(books, TODAY.year, out / PACK, day_of(TODAY))
        return Demo(
            imported=imported, review_items=len(review.items(books)), reserve=reserve, pack=(out / PACK).absolute()
        )


def _make_room(out: Path) -> None:
    """Clear an earlier demo; never anything a person put there."""
    import shutil  # noqa: PLC0415 - only here

    marker = out / _OURS
    if out.exists() and any(out.iterdir()) and not marker.is_file():
        raise Refused(f"The folder {out} holds other things.", "Choose an empty or new folder with --out.")
    shutil.rmtree(out / PACK, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    marker.write_text(_NOTE, "utf-8")
