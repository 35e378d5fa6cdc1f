"""The accountant pack: made, shown before it is made, and checked; and the ledger of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.dates import Day, year_days
from app.services.books.open_books import Books

if TYPE_CHECKING:
    from app.adapters.pack_files import PackedFile
    from app.core.report.pack_figures import Check


class PackFile(NamedTuple):
    """A file that an export would write, in words for a page."""

    name: str
    what: str
    format: str
    note: str
    """How much is in it: `1,204 rows`, `4 pages`."""


def export_pack(
    books: Books, year: int, target: Path, as_of: Day, *, initials_only: bool = False
) -> tuple[list[PackedFile], int]:
    """Write the accountant pack of a year and return its files and the number of open questions.

    `as_of` is the day the pack is made for; of an earlier year it holds all rows. Equal books and an equal day give
    equal bytes. `initials_only` shortens whatever could name a client. Raises: Exists when the target is there already.
    """
    from app.adapters import pack_files  # noqa: PLC0415 - only an export needs it
    from app.services.report import pack_facts, packs  # noqa: PLC0415 - same

    source = pack_facts.pack_input(books, year, as_of, initials_only=initials_only)
    files = pack_files.write_pack(source, target)
    packs.record(books, target, source)
    return files, len(source.questions)


def page_images(books: Books, year: int, as_of: Day, dpi: int = 100, *, initials_only: bool = False) -> list[bytes]:
    """Return the pages of the pack's summary as PNG images, as the export would print them."""
    from app.adapters import pdf  # noqa: PLC0415 - only a preview needs it
    from app.core.report.pack import content, summary_day  # noqa: PLC0415
    from app.core.report.summary import summary  # noqa: PLC0415
    from app.services.report import pack_facts  # noqa: PLC0415

    source = pack_facts.pack_input(books, year, as_of, initials_only=initials_only)
    return pdf.page_images("summary", summary(source, content(source)), timestamp=summary_day(source), dpi=dpi)


def pack_contents(books: Books, year: int, as_of: Day) -> list[PackFile]:
    """Return what a pack of that day would hold, file by file, without writing it."""
    from app.core.report import pack  # noqa: PLC0415 - only the page of reports asks
    from app.core.report.wording import counted  # noqa: PLC0415
    from app.core.report.workbook import workbook  # noqa: PLC0415
    from app.services.report import pack_facts  # noqa: PLC0415

    source = pack_facts.pack_input(books, year, as_of)
    made = pack.content(source)
    entries = counted(len({leg.entry for leg in made.book.legs}), "entry", "entries")
    notes = {
        pack.SUMMARY: "4 pages",
        pack.WORKBOOK: counted(len(workbook(source, made.form)), "tab", "tabs"),
        pack.PROFIT_AND_LOSS: counted(len(made.form.lines), "line", "lines"),
        pack.HLEDGER: entries,
        pack.BEANCOUNT: entries,
        pack.MANIFEST: counted(len(pack.WHAT), "file listed", "files listed"),
    }
    notes |= {name: counted(len(held.rows), "row", "rows") for name, held in made.tables.items()}
    formats = {"journal": "hledger", "beancount": "Beancount"}
    return [
        PackFile(name, what, formats.get(name.rpartition(".")[2], name.rpartition(".")[2].upper()), notes[name])
        for name, what in pack.WHAT.items()
    ]


def verify_pack(path: Path) -> list[Check]:
    """Check a pack against its own manifest. Raises: BadFile when there is none."""
    from app.adapters import pack_check  # noqa: PLC0415

    return pack_check.verify(path)


def ledger_rows(books: Books, year: int) -> Iterator[Sequence[Any]]:
    """Yield the general ledger of a year: date, entry, account, debit, credit, memo, balance; amounts in cents."""
    from app.core.report import pack  # noqa: PLC0415
    from app.services.report import pack_facts  # noqa: PLC0415

    source = pack_facts.pack_input(books, year, year_days(year)[1])
    yield from pack.files(source)[pack.LEDGER].rows


def ledger_csv(books: Books, year: int) -> bytes:
    """Return the general ledger of a year as the CSV file of the pack."""
    from io import StringIO  # noqa: PLC0415

    from app.adapters import csv_out  # noqa: PLC0415
    from app.core.report import pack  # noqa: PLC0415

    stream = StringIO(newline="")
    csv_out.write_rows(stream, pack.LEDGER_COLUMNS, ledger_rows(books, year))
    return stream.getvalue().encode("utf-8", "replace")
