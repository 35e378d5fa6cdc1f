"""Reports: what is handed to the accountant, looked at before it goes out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.dates import year_days
from app.core.errors import AppError
from app.ui.frame.page import Frame, Page
from app.ui.reports import view_model
from app.ui.reports.form_view import FormView
from app.ui.reports.handing_out import HandingOut
from app.ui.reports.ledger_view import LedgerView
from app.ui.reports.months_view import MonthsView
from app.ui.reports.pack_view import PackView, way_out
from app.ui.reports.preview import PreviewPane
from app.ui.reports.view_model import Facts
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, DropDown, Segmented
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.header import PageHeader
from app.ui.widgets.tips import tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.services.report.export_checks import Check

PACK, FORM, MONTHS, LEDGER = "pack", "form", "months", "ledger"
VIEWS = ((PACK, "Accountant pack"), (FORM, "Schedule C"), (MONTHS, "Profit and loss by month"), (LEDGER, "Ledger"))
SHORT = {PACK: "Pack", MONTHS: "By month"}
"""What a view is called where its name has no room."""
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
        self._is_loading = False
        self._once_loaded: Callable[[], None] | None = None
        self.preview = PreviewPane()
        self._build()
        self.out = HandingOut(self)
        self.preview.initials_changed.connect(self._initials_changed)
        self.preview.print_wanted.connect(self.out.print_summary)
        self.preview.export_wanted.connect(self.out.export)
        self.export_button.clicked.connect(self.out.export)
        self.ledger.save_wanted.connect(self.out.save_ledger)
        self.set_pane(self.preview)
        self._bind()

    def _build(self) -> None:
        self.header = PageHeader("Reports")
        self.open_preview = Button("Preview", icon="eye")
        self.open_preview.clicked.connect(self._show_preview)
        self.export_button = Button("Export pack", "primary", icon="export", key="Ctrl E")
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
        self.pack.verify.connect(lambda zipped: self.out.ask_pack(zipped=zipped))
        self.form.line_wanted.connect(partial(self._show_line, to_date=True))
        self.months.line_wanted.connect(partial(self._show_line, to_date=False))
        self.ledger.row_wanted.connect(lambda row: self.frame.go("transactions", row=row))
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
        self._fit()

    def _bind(self) -> None:
        act = self.frame.commands

        def can_turn() -> bool:
            return self.pane_is_visible and self.preview.count > 1

        act.bind("reports.print", self.out.print_summary, lambda: self.facts is not None and bool(self.facts.years))
        act.bind("reports.previous_page", lambda: self.preview.turn(-1), can_turn)
        act.bind("reports.next_page", lambda: self.preview.turn(1), can_turn)
        for widget in (self.header, self.tabs, self.pack, self.form, self.preview):
            act.attach("reports", widget)
        # In these PgUp and PgDn move in the table.
        self.months.addAction(act["reports.print"])
        self.ledger.addAction(act["reports.print"])

    def main_widget(self) -> QWidget:
        if self.body.isHidden():
            return self.empty
        return {PACK: self.pack.scroller, FORM: self.form.table, MONTHS: self.months.table,
                LEDGER: self.ledger.table}[self.view]  # fmt: skip

    # --- loading

    def load(self) -> None:
        self._is_loading = True
        self._fresh.clear()
        wanted, today = self._year, self.frame.session.today
        self.fetch(lambda books, token: view_model.load_facts(books, token, wanted, today), self._show)

    def _show(self, facts: Facts) -> None:
        self.facts, self._is_loading = facts, False
        empty = not facts.years
        self.body.setVisible(not empty)
        self.empty.setVisible(empty)
        self.year.setVisible(not empty)
        self._place_pane()
        if empty:
            self._once_loaded = None
            return
        self._year = facts.year
        self.year.set_choices([(year, str(year)) for year in facts.years], facts.year)
        self._fit()
        self.pack.show_facts(facts)
        self._load_view()
        then, self._once_loaded = self._once_loaded, None
        if then is not None:
            then()

    def _load_view(self) -> None:
        """Ask for what the view in front shows, unless it is up to date."""
        facts = self.facts
        if facts is None or not facts.years or self._is_loading:
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
        if facts is None or self._is_loading or not self.pane_is_visible or "preview" in self._fresh:
            return
        self._fresh.add("preview")
        year, today, initials = facts.year, facts.today, self.preview.initials_only

        def draw(books: Books, _token: object) -> list[bytes]:
            from app.services.report import pack_export  # noqa: PLC0415 - drawing pages loads the most of all

            return pack_export.page_images(books, year, today, 144, initials_only=initials)

        self.fetch(draw, self._show_pages, name="preview", failed=self._preview_failed)

    def _show_pages(self, pages: list[bytes]) -> None:
        self.preview.show_pages(pages)

    def _preview_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            self.frame.fail(error)
            return
        self.preview.wait(error.message)

    def forget(self) -> None:
        self.facts, self._once_loaded = None, None
        self._fresh.clear()
        self.preview.wait()
        self.form.clear()
        self.months.clear()
        self.ledger.clear()

    # --- what is shown

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - export, year, view, packs
        if what.get("year") is not None:
            self._turn_to_year(what["year"])
        if what.get("view") in self.views:
            self.turn_to(str(what["view"]))
        for word, act in (("packs", self.pack.show_packs), ("export", self.out.export)):
            if what.get(word):
                self.turn_to(PACK)
                self._once_loaded = act
        if self._once_loaded is not None and not self._is_loading:
            then, self._once_loaded = self._once_loaded, None
            then()

    def turn_to(self, view: str) -> None:
        """Bring a view to the front; beside some of them stands the summary."""
        if view == self.view:
            return
        focus: QWidget | None = QApplication.focusWidget()
        inside = focus is not None and self.stack.isAncestorOf(focus)
        self.view = view
        self.tabs.set_value(view)
        self.stack.setCurrentWidget(self.views[view])
        if inside:
            self.main_widget().setFocus(Qt.FocusReason.OtherFocusReason)
        self._place_pane()
        if view in WITH_PREVIEW:
            self.preview.go_to(WITH_PREVIEW[view])
        self._load_view()

    def _turn_to_year(self, year: object) -> None:
        self._year = int(str(year))
        self.preview.wait()
        self.load()

    def _place_pane(self) -> None:
        self.has_pane = self.view in WITH_PREVIEW and not self.body.isHidden()
        super()._place_pane()
        alone = self.has_pane and self.pane_overlays and not self._pane_is_open
        for button in (self.open_preview, self.export_button):
            button.setVisible(alone)
        self._fit()
        if self.pane is not None:
            self._load_preview()

    def _fit(self) -> None:
        """Leave a key and words out of the head, and call views by a short name, where they have no room."""
        beside = self.pane.width() if self.pane_is_visible and not self.pane_overlays and self.pane is not None else 0
        room = self.width() - beside
        self.export_button.set_key("Ctrl E")
        self.open_preview.set_words("Preview")
        self.open_preview.setToolTip("")
        if self.header.wanted_width() > room:
            self.export_button.set_key(None)
        if self.header.wanted_width() > room:
            self.open_preview.set_words("")
            self.open_preview.setAccessibleName("Preview")
            self.open_preview.setToolTip(tip("Preview"))
        for short in ({}, {MONTHS: SHORT[MONTHS]}, SHORT):
            for view, words in VIEWS:
                self.tabs.set_text(view, short.get(view, words), words)
            if self.tabs.sizeHint().width() <= room - 2 * current().dp(24):
                break

    def _show_preview(self) -> None:
        self.open_pane()
        self.preview.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_pane(self) -> None:
        self.close_pane()
        self.open_preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _initials_changed(self) -> None:
        self._fresh.discard("preview")
        self._load_preview()

    def _act_on_check(self, check: Check) -> None:
        if check.action == "Import":
            self.frame.choose_files()
        elif self.facts is not None:
            page, what = way_out(check, *year_days(self.facts.year))
            self.frame.go(page, **what)

    def _show_line(self, code: str, *, to_date: bool) -> None:
        facts = self.facts
        if facts is None:
            return
        year, as_of = facts.year, facts.today if to_date else None
        label = view_model.line_words(code, year)

        def find(books: Books, _token: object) -> tuple[int, ...]:
            from app.services.report import reports  # noqa: PLC0415 - loaded by the view already

            return reports.rows_on_line(books, year, code, as_of)

        self.fetch(find, lambda ids: self.frame.go("transactions", ids=ids, of=label), name="line")


PAGE = ReportsPage
