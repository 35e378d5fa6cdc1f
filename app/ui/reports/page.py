"""Reports: what is handed to the accountant, looked at before it goes out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.dates import year_days
from app.core.errors import AppError
from app.ui.page import Frame, Page
from app.ui.reports import view_model
from app.ui.reports.form_view import FormView
from app.ui.reports.ledger_view import LedgerView
from app.ui.reports.months_view import MonthsView
from app.ui.reports.pack_view import PackView, way_out
from app.ui.reports.places import Places
from app.ui.reports.preview import PreviewPane
from app.ui.reports.view_model import Facts
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, DropDown, Segmented
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.header import PageHeader

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from app.adapters.pack_files import PackedFile
    from app.services.books import Books
    from app.services.export_checks import Check

PACK, FORM, MONTHS, LEDGER = "pack", "form", "months", "ledger"
VIEWS = ((PACK, "Accountant pack"), (FORM, "Schedule C"), (MONTHS, "Profit and loss by month"), (LEDGER, "Ledger"))
WITH_PREVIEW = {PACK: 0, FORM: 1}
"""Views beside which the summary stands, and the page of it that says the same."""


class ReportsPage(Page):
    id, title = "reports", "Reports"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.facts: Facts | None = None
        self.view = PACK
        self._year: int | None = None
        self._fresh: set[str] = set()
        self._export_once_loaded = False
        self._exporting = False
        self._places = Places(self)
        self._build()
        self.preview = PreviewPane()
        self.preview.initials_changed.connect(self._initials_changed)
        self.preview.print_wanted.connect(self.print_summary)
        self.preview.export_wanted.connect(self.export)
        self.preview.close_wanted.connect(self._close_preview)
        self.set_pane(self.preview)
        self._bind()

    def _build(self) -> None:
        self.header = PageHeader("Reports")
        self.open_preview = Button("Preview", icon="eye")
        self.open_preview.clicked.connect(self._show_preview)
        self.export_button = Button("Export pack", "primary", icon="export", key="Ctrl E")
        self.export_button.clicked.connect(self.export)
        self.year = DropDown([], name="Year")
        self.year.changed.connect(self._turn_to_year)
        for part in (self.open_preview, self.export_button, self.year):
            self.header.add_action(part)
        self.tabs = Segmented(VIEWS, PACK, "normal", "Report")
        self.tabs.changed.connect(lambda view: self.turn_to(str(view)))
        self._tab_line = QHBoxLayout()
        self._tab_line.addWidget(self.tabs)
        self._tab_line.addStretch(1)
        self.pack, self.form, self.months, self.ledger = PackView(), FormView(), MonthsView(), LedgerView()
        self.pack.acted.connect(self._act_on_check)
        self.pack.verify.connect(self._ask_pack)
        self.form.line_wanted.connect(partial(self._show_line, to_date=True))
        self.months.line_wanted.connect(partial(self._show_line, to_date=False))
        self.ledger.row_wanted.connect(lambda row: self.frame.go("transactions", row=row))
        self.ledger.save_wanted.connect(self.save_ledger)
        self.views: dict[str, QWidget] = {
            PACK: self.pack, FORM: self.form, MONTHS: self.months, LEDGER: self.ledger
        }  # fmt: skip
        self.stack = QStackedWidget()
        for view in self.views.values():
            self.stack.addWidget(view)
        self.body = QWidget()
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(self._tab_line)
        inner.addWidget(self.stack, 1)
        self.empty = EmptyState(
            "reports", "Nothing to report yet",
            "Import a bank file first. The accountant pack, Schedule C and the ledger are made from its rows.",
        )  # fmt: skip
        bring = Button("Import files…", "primary", icon="import")
        bring.clicked.connect(self.frame.choose_files)
        self.empty.add_action(bring)
        self.empty.hide()
        self.column.addWidget(self.header)
        self.column.addWidget(self.body, 1)
        self.column.addWidget(self.empty, 1)
        current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = current().dp
        self._tab_line.setContentsMargins(dp(24), 0, dp(24), dp(14))

    def _bind(self) -> None:
        act = self.frame.commands

        def can_turn() -> bool:
            return self.pane_is_visible and self.preview.count > 1

        act.bind("reports.print", self.print_summary, lambda: self.facts is not None and bool(self.facts.years))
        act.bind("reports.previous_page", lambda: self.preview.turn(-1), can_turn)
        act.bind("reports.next_page", lambda: self.preview.turn(1), can_turn)
        act.attach("reports", self)

    def main_widget(self) -> QWidget:
        if self.body.isHidden():
            return self.empty
        return {PACK: self.pack.scroller, FORM: self.form.table, MONTHS: self.months.table,
                LEDGER: self.ledger.table}[self.view]  # fmt: skip

    # --- loading

    def load(self) -> None:
        self._fresh.clear()
        wanted, today = self._year, self.frame.session.today
        self.fetch(lambda books, token: view_model.load_facts(books, token, wanted, today), self._show)

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        empty = not facts.years
        self.body.setVisible(not empty)
        self.empty.setVisible(empty)
        self.year.setVisible(not empty)
        self._place_pane()
        if empty:
            self._export_once_loaded = False
            self.frame.commands.refresh()
            return
        self._year = facts.year
        self.year.set_choices([(year, str(year)) for year in facts.years], facts.year)
        self.pack.show_facts(facts)
        self._load_view()
        if self._export_once_loaded:
            self._export_once_loaded = False
            self.export()

    def _load_view(self) -> None:
        """Ask for what the view in front shows, unless it is up to date."""
        facts = self.facts
        if facts is None or not facts.years:
            return
        self._load_preview()
        if self.view in self._fresh:
            return
        self._fresh.add(self.view)
        year, today = facts.year, facts.today
        if self.view == FORM:
            self.fetch(lambda b, t: view_model.load_form(b, t, year, today), self.form.show_facts, name=FORM)
        elif self.view == MONTHS:
            self.fetch(lambda b, t: view_model.load_months(b, t, year), self.months.show_facts, name=MONTHS)
        elif self.view == LEDGER:
            self.fetch(
                lambda b, t: view_model.load_ledger(b, t, year), partial(self.ledger.show_rows, year), name=LEDGER
            )

    def _load_preview(self) -> None:
        facts = self.facts
        if facts is None or not self.pane_is_visible or "preview" in self._fresh:
            return
        self._fresh.add("preview")
        year, today, initials = facts.year, facts.today, self.preview.initials_only

        def draw(books: Books, _token: object) -> list[bytes]:
            from app.services import reports  # noqa: PLC0415 - drawing pages loads the most of all

            return reports.page_images(books, year, today, 144, initials_only=initials)

        self.fetch(draw, self._show_pages, name="preview", failed=self._preview_failed)

    def _show_pages(self, pages: list[bytes]) -> None:
        self.preview.show_pages(pages)
        self.frame.commands.refresh()

    def _preview_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            self.frame.fail(error)
            return
        self.preview.wait(error.message)

    def forget(self) -> None:
        self.facts = None
        self._fresh.clear()
        self.preview.wait()
        self.form.clear()
        self.months.clear()
        self.ledger.clear()

    # --- what is shown

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - export, year, view
        if what.get("year") is not None:
            self._turn_to_year(what["year"])
        if what.get("view") in self.views:
            self.turn_to(str(what["view"]))
        if what.get("export"):
            self.turn_to(PACK)
            if self.facts is None or (self._year is not None and self.facts.year != self._year):
                self._export_once_loaded = True
            else:
                self.export()

    def turn_to(self, view: str) -> None:
        """Bring a view to the front; beside some of them stands the summary."""
        if view == self.view:
            return
        self.view = view
        self.tabs.set_value(view)
        self.stack.setCurrentWidget(self.views[view])
        self._place_pane()
        if view in WITH_PREVIEW:
            self.preview.go_to(WITH_PREVIEW[view])
        self._load_view()
        self.frame.commands.refresh()

    def _turn_to_year(self, year: object) -> None:
        self._year = int(str(year))
        self.preview.wait()
        self.load()

    def _place_pane(self) -> None:
        super()._place_pane()
        if self.pane is None:
            return
        beside = self.view in WITH_PREVIEW and not self.body.isHidden()
        if not beside:
            self.pane.hide()
        self.preview.set_overlays(overlays=self.pane_overlays)
        for button in (self.open_preview, self.export_button):
            button.setVisible(beside and self.pane_overlays and not self._pane_is_open)
        if beside:
            self._load_preview()

    def _show_preview(self) -> None:
        self.open_pane()
        self.preview.next.setFocus(Qt.FocusReason.OtherFocusReason)
        self.frame.commands.refresh()

    def _close_preview(self) -> None:
        self.close_pane()
        self.open_preview.setFocus(Qt.FocusReason.OtherFocusReason)
        self.frame.commands.refresh()

    def _initials_changed(self) -> None:
        self._fresh.discard("preview")
        self._load_preview()

    def _act_on_check(self, check: Check) -> None:
        if self.facts is not None:
            page, what = way_out(check, *year_days(self.facts.year))
            self.frame.go(page, **what)

    def _show_line(self, code: str, *, to_date: bool) -> None:
        facts = self.facts
        if facts is None:
            return
        year, as_of = facts.year, facts.today if to_date else None

        def find(books: Books, _token: object) -> tuple[int, ...]:
            from app.services import reports  # noqa: PLC0415 - loaded by the view already

            return reports.rows_on_line(books, year, code, as_of)

        self.fetch(find, lambda ids: self.frame.go("transactions", ids=ids), name="line")

    # --- handing out

    def export(self) -> None:
        """Ask where the pack goes, then write it."""
        facts = self.facts
        if facts is None or not facts.years or self._exporting:
            return
        zipped = self.preview.zipped
        name = view_model.default_name(facts.business, facts.year, "accountant-pack", ".zip" if zipped else "")
        if zipped:
            self._places.ask_new("Export the pack", name, self._write_pack, suffix="zip", kind="ZIP file")
        else:
            self._places.ask_new("Export the pack as a new folder", name, self._write_pack)

    def _write_pack(self, target: Path) -> None:
        facts = self.facts
        if facts is None or self._exporting:
            return
        self._set_exporting(on=True)
        year, today, initials = facts.year, facts.today, self.preview.initials_only

        def work(books: Books) -> tuple[list[PackedFile], int]:
            from app.services import reports  # noqa: PLC0415 - only an export needs the writers of files

            return reports.export_pack(books, year, target, today, initials_only=initials)

        def done(_written: tuple[list[PackedFile], int]) -> None:
            self._set_exporting(on=False)
            self.pack.show_written(target)
            self.frame.toast(f"Pack written to {target.name}.", undo=False)

        def failed(error: Exception) -> None:
            self._set_exporting(on=False)
            self.frame.fail(error)

        self.frame.progress("Writing the pack", None)
        self.frame.tasks.write(work, done, failed)

    def _set_exporting(self, *, on: bool) -> None:
        self._exporting = on
        for button in (self.export_button, self.preview.export_button):
            button.setEnabled(not on)
        if not on:
            self.frame.end_progress()

    def _ask_pack(self, zipped: bool) -> None:  # noqa: FBT001 - the signal's argument
        if zipped:
            self._places.ask_file("Check a pack", "ZIP file", "zip", self._verify)
        else:
            self._places.ask_folder("Check a pack", self._verify)

    def _verify(self, path: Path) -> None:
        def look(_token: object) -> list[Any]:
            from app.services import reports  # noqa: PLC0415 - reading files is rare

            return reports.verify_pack(path)

        self.frame.tasks.free(look, partial(self.pack.show_proof, path.name), self.frame.fail)

    def save_ledger(self) -> None:
        facts = self.facts
        if facts is not None:
            name = view_model.default_name(facts.business, facts.year, "general-ledger", ".csv")
            self._places.ask_new("Save the ledger", name, self._write_ledger, suffix="csv", kind="CSV file")

    def _write_ledger(self, target: Path) -> None:
        year = self.ledger.year

        def work(books: Books, _token: object) -> None:
            from app.services import reports  # noqa: PLC0415 - same

            reports.write_file(target, reports.ledger_csv(books, year))

        self.fetch(work, lambda _none: self.frame.toast(f"Ledger written to {target.name}.", undo=False), name="save")

    def print_summary(self) -> None:
        """Ask for a printer, then draw the pages as fine as it prints."""
        from app.ui.reports import printing  # noqa: PLC0415 - print support loads when somebody prints

        facts = self.facts
        if facts is None or not facts.years:
            return
        name = view_model.default_name(facts.business, facts.year, "summary")
        printing.ask_printer(self, name, self._print)

    def _print(self, printer: QPrinter) -> None:
        from app.ui.reports import printing  # noqa: PLC0415 - same

        facts, initials = self.facts, self.preview.initials_only
        if facts is None:
            return

        def draw(books: Books, _token: object) -> list[bytes]:
            from app.services import reports  # noqa: PLC0415 - same

            return reports.page_images(books, facts.year, facts.today, printing.DPI, initials_only=initials)

        def drawn(pages: list[bytes]) -> None:
            taken = printing.print_pages(printer, pages)
            self.frame.toast("Sent to the printer." if taken else "The printer did not take the pages.", undo=False)

        self.fetch(draw, drawn, name="print")


PAGE = ReportsPage
