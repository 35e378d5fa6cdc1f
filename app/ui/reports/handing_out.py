"""What leaves the program from the page of reports, as files and on paper; and packs that are checked again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.ui.reports import view_model
from app.ui.runtime.places import Places

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from app.core.report.pack_figures import Check as Proof
    from app.services.books.open_books import Books
    from app.ui.reports.page import ReportsPage
    from app.ui.reports.view_model import Facts
    from app.ui.runtime.tasks import Token


class HandingOut:
    """Asks where, does the work off the GUI thread, says how it went."""

    def __init__(self, page: ReportsPage) -> None:
        self._page = page
        self._frame = page.frame
        self._places = Places(page)
        self._writes = False

    @property
    def _facts(self) -> Facts | None:
        """Return the facts of books that hold rows; nothing is handed out of others."""
        facts = self._page.facts
        return facts if facts is not None and facts.years else None

    # --- the pack

    def export(self) -> None:
        """Ask where the pack goes, then write it."""
        facts = self._facts
        if facts is None or self._writes:
            return
        zipped = self._page.preview.zipped
        name = view_model.default_name(facts.business, facts.year, "accountant-pack", ".zip" if zipped else "")
        write = partial(self._write_pack, facts)
        if zipped:
            self._places.ask_new("Export the pack", name, write, suffix="zip", kind="ZIP file")
        else:
            self._places.ask_new("Export the pack as a new folder", name, write)

    def _write_pack(self, facts: Facts, target: Path) -> None:
        if self._writes:
            return
        self._set_writing(on=True)
        initials = self._page.preview.initials_only

        def work(books: Books) -> None:
            from app.services.report import pack_export  # noqa: PLC0415 - only an export needs the writers of files

            pack_export.export_pack(books, facts.year, target, facts.today, initials_only=initials)

        def done(_none: None) -> None:
            self._set_writing(on=False)
            self._page.pack.show_written(target)
            self._frame.toast(f"Pack written to {target.name}.", undo=False)

        def failed(error: Exception) -> None:
            self._set_writing(on=False)
            self._frame.fail(error)

        self._frame.progress("Writing the pack", None)
        self._frame.tasks.write(work, done, failed)

    def _set_writing(self, *, on: bool) -> None:
        self._writes = on
        for button in (self._page.export_button, self._page.preview.export_button):
            button.setEnabled(not on)
        if not on:
            self._frame.end_progress()

    def ask_pack(self, *, zipped: bool) -> None:
        """Ask for a pack and check it against its own manifest."""
        if zipped:
            self._places.ask_file("Check a pack", "ZIP file", "zip", self._verify)
        else:
            self._places.ask_folder("Check a pack", self._verify)

    def _verify(self, path: Path) -> None:
        def look(_token: Token) -> list[Proof]:
            from app.services.report import pack_export  # noqa: PLC0415 - reading packs is rare

            return pack_export.verify_pack(path)

        self._frame.tasks.free(look, partial(self._page.pack.show_proof, path.name), self._frame.fail)

    # --- the ledger

    def save_ledger(self) -> None:
        facts = self._facts
        if facts is not None:
            name = view_model.default_name(facts.business, facts.year, "general-ledger", ".csv")
            write = partial(self._write_ledger, facts.year)
            self._places.ask_new("Save the ledger", name, write, suffix="csv", kind="CSV file")

    def _write_ledger(self, year: int, target: Path) -> None:
        def work(books: Books, _token: Token) -> None:
            from app.services.program import saving  # noqa: PLC0415 - loaded by the page already
            from app.services.report import pack_export  # noqa: PLC0415 - loaded by the page already

            saving.write_file(target, pack_export.ledger_csv(books, year))

        def done(_none: None) -> None:
            self._frame.toast(f"Ledger written to {target.name}.", undo=False)

        self._page.fetch(work, done, name="save")

    # --- paper

    def print_summary(self) -> None:
        """Ask for a printer, then draw the pages as fine as it prints."""
        from app.ui.runtime import printing  # noqa: PLC0415 - print support loads when somebody prints

        facts = self._facts
        if facts is not None:
            name = view_model.default_name(facts.business, facts.year, "summary")
            printing.ask_printer(self._page, name, partial(self._print, facts))

    def _print(self, facts: Facts, printer: QPrinter) -> None:
        from app.ui.runtime import printing  # noqa: PLC0415 - same

        initials = self._page.preview.initials_only

        def draw(books: Books, _token: Token) -> list[bytes]:
            from app.services.report import pack_export  # noqa: PLC0415 - same

            return pack_export.page_images(books, facts.year, facts.today, printing.DPI, initials_only=initials)

        def drawn(pages: list[bytes]) -> None:
            taken = printing.print_pages(printer, pages)
            self._frame.toast("Sent to the printer." if taken else "The printer did not take the pages.", undo=False)

        self._page.fetch(draw, drawn, name="print")
