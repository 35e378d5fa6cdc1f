"""What the page Taxes opens over itself: what if, the tax set-up, a postponed date, the worksheet to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.ui.runtime.places import Places
from app.ui.taxes import view_model
from app.ui.taxes.postpone_sheet import PostponeSheet
from app.ui.taxes.setup_sheet import SetupSheet
from app.ui.taxes.what_if_sheet import WhatIfSheet

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.tax.tax_setup import Setup
    from app.ui.runtime.tasks import Token
    from app.ui.taxes.page import TaxesPage
    from app.ui.taxes.plan_model import PlanRow


class Sheets:
    """The sheets of one page."""

    def __init__(self, page: TaxesPage) -> None:
        self._page = page
        self._places = Places(page)

    def open_what_if(self) -> None:
        """Ask what the taxes would be if something were otherwise."""
        if self._page.loaded is not None:
            sheet = WhatIfSheet(self._page.frame, self._page.window(), self._page.loaded.page.year)
            sheet.closed.connect(sheet.deleteLater)
            sheet.open_box()

    def open_setup(self, number: int = 0) -> None:
        """Ask what the figures rest on: one question, else the next open one."""
        year = self._page.chosen_year

        def show(found: tuple[Setup, Day]) -> None:
            sheet = SetupSheet(self._page.frame, self._page.window(), *found, number)
            sheet.wants.connect(self._do_elsewhere)
            sheet.closed.connect(sheet.deleteLater)
            sheet.open_box()

        if self._page.loaded is not None:
            show((self._page.loaded.setup, self._page.loaded.today))
        else:
            self._page.fetch(lambda books, _token: view_model.load_setup(books, year), show, name="setup")

    def setup_later(self) -> None:
        self._page.scroller.wants_setup = False
        self._page.scroller.setup.hide()
        self._page.fit_header()
        self._page.main_widget().setFocus()

    def _do_elsewhere(self, what: str) -> None:
        if what == "payment" and self._page.loaded is not None:
            self._page.open_payment()
        elif what == "import":
            self._page.frame.choose_files()

    def open_postpone(self, row: PlanRow | None = None) -> None:
        """Ask for another day of an instalment: the one given, else the current one of the table."""
        row = row or self._page.payments.current_due()
        if self._page.loaded is None or row is None or not row.numbers:
            return
        sheet = PostponeSheet(
            self._page.frame, self._page.window(), row, self._page.loaded.page.year, self._page.loaded.today
        )
        sheet.closed.connect(sheet.deleteLater)
        sheet.open_box()

    def save_plan(self) -> None:
        """Ask where the worksheet of the instalments goes, to be printed."""
        if self._page.loaded is not None:
            name = f"instalments-{self._page.loaded.page.year}.pdf"
            self._places.ask_new("Save the worksheet", name, self.write_plan, suffix="pdf", kind="PDF")

    def write_plan(self, out: Path) -> None:
        """Write the worksheet of the instalments as a new PDF file."""
        year = self._page.chosen_year

        def work(books: Books, _token: Token) -> None:
            from app.core.dates import date_of  # noqa: PLC0415
            from app.services.tax import tax_plan, tax_plan_sheet  # noqa: PLC0415 - rare

            found = tax_plan.planned(books, year=year)
            tax_plan_sheet.write(found, out, date_of(found.as_of))

        saved = f"Saved {out.name}."
        self._page.fetch(work, lambda _none: self._page.frame.toast(saved, undo=False), name="plan")
