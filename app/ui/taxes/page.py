"""Taxes: what to set aside, why, and what has been paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.errors import UserError
from app.services.tax.tax_setup import LAST_YEAR
from app.ui.frame.page import Frame, Page, focus_of
from app.ui.taxes import view_model
from app.ui.taxes.body import Cards, NothingYet
from app.ui.taxes.page_changes import Changes
from app.ui.taxes.page_sheets import Sheets
from app.ui.taxes.side import LADDER, PAYMENT, TaxPane
from app.ui.taxes.states import STATE_NAMES
from app.ui.theme import theme
from app.ui.widgets.buttons import Button, DropDown
from app.ui.widgets.header import PageHeader
from app.ui.widgets.themed import discard

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.tax.tax_rows import BankRow
    from app.ui.runtime.tasks import Token
    from app.ui.taxes.view_model import Loaded

OFF = "The tax pages are off"


class TaxesPage(Page):
    id, title = "taxes", "Taxes"
    help = (
        "This page says how much of your money in belongs to the tax of the year, how much of it already lies aside, "
        "and what has been paid. Every step on the right opens the lines and the transactions it comes from."
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.loaded: Loaded | None = None
        self.chosen_year: int | None = None
        self._wanted: str = ""
        self._back_to: QWidget | None = None
        self._empty: NothingYet | None = None
        self.is_off = False
        self.sheets, self.changes = Sheets(self), Changes(self)
        self._make_header()
        self._make_cards()
        self._make_pane()
        bind = frame.commands.bind
        bind("taxes.payment", self.open_payment, lambda: self.loaded is not None)
        bind("taxes.ladder", self.open_ladder, lambda: self.loaded is not None)
        bind("taxes.worksheet", self.open_worksheet, lambda: self.loaded is not None)
        bind("taxes.setup", self.sheets.open_setup, lambda: self.loaded is not None or self.is_off)
        bind("taxes.what_if", self.sheets.open_what_if, lambda: self.loaded is not None)
        bind("taxes.moved", self.changes.keep_moved, lambda: self.loaded is not None and not self.loaded.is_past)
        bind("taxes.plan", self.sheets.save_plan, lambda: self.loaded is not None)
        bind("taxes.postpone", self.sheets.open_postpone, lambda: self.loaded is not None and not self.loaded.is_past)
        for part in (self.deposits.table, self.payments.due, self.payments.paid, self.side):
            frame.commands.attach("taxes", part)
        theme.current().changed.connect(self._tell_pane)
        self._tell_pane()

    def _make_header(self) -> None:
        self.header = PageHeader("Taxes")
        self.years = DropDown([], name="Tax year")
        self.years.changed.connect(lambda year: self.show_what(year=year))
        self.years.hide()
        self.why = Button("How is this computed?", key="H")
        self.why.clicked.connect(self.open_ladder)
        self.sheet = Button("Worksheet", icon="reports")
        self.sheet.clicked.connect(self.open_worksheet)
        self.record = Button("Record payment", "primary", key="P")
        self.record.clicked.connect(lambda _checked=False: self.open_payment())
        self.questions = Button("Set-up", icon="settings")
        self.questions.clicked.connect(lambda _checked=False: self.sheets.open_setup())
        self._actions = (self.years, self.why, self.questions, self.sheet, self.record)
        for action in self._actions:
            self.header.add_action(action)
        self.column.addWidget(self.header)

    def _make_cards(self) -> None:
        self.scroller = Cards()
        self.hero, self.payments, self.deposits = self.scroller.hero, self.scroller.payments, self.scroller.deposits
        self.hero.mark_reserve.connect(lambda: self.frame.go("accounts"))
        self.scroller.reserve.mark_reserve.connect(lambda: self.frame.go("accounts"))
        self.hero.moved.connect(self.changes.keep_moved)
        self.hero.what_if.connect(self.sheets.open_what_if)
        self.hero.told.connect(self.changes.tell_profile)
        self.scroller.setup.answer.connect(self.sheets.open_setup)
        self.scroller.setup.later.connect(self.sheets.setup_later)
        self.payments.show_rows.connect(self.show_transactions)
        self.payments.explain.connect(self.open_payment)
        self.payments.record.connect(self.open_payment)
        self.payments.postpone.connect(self.sheets.open_postpone)
        self.payments.print_plan.connect(self.sheets.save_plan)
        self.payments.last_year.connect(lambda: self.sheets.open_setup(LAST_YEAR))
        self.deposits.show_rows.connect(self.show_transactions)
        self.column.addWidget(self.scroller, 1)

    def _make_pane(self) -> None:
        self.side = TaxPane()
        self.side.show_rows.connect(self.show_transactions)
        self.side.wants_rows.connect(self._ask_rows)
        self.side.wants_bank_rows.connect(self._ask_bank_rows)
        self.side.record.connect(self.changes.record)
        self.side.closed.connect(self._closed)
        self.side.changed.connect(self._view_changed)
        self.set_pane(self.side)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._tell_pane()

    def _tell_pane(self) -> None:
        self.side.set_overlays(overlays=self.pane_overlays)
        self.why.setVisible(self.pane_overlays and self._empty is None)
        self.fit_header()

    def fit_header(self) -> None:
        """Let buttons give way where large text leaves no room: the menu and the keys have all of them."""
        if self._empty is not None:
            return
        self.sheet.show()
        self.questions.setVisible(self.scroller.setup.isHidden())
        self.why.set_words("How is this computed?")
        for give_way in (self.questions.hide, self.sheet.hide, lambda: self.why.set_words("Steps"), self.why.hide):
            if self.header.wanted_width() <= self.content.width():
                return
            give_way()

    def _place_pane(self) -> None:
        super()._place_pane()
        if self.loaded is None:
            self.side.hide()

    # --- what the page shows

    def main_widget(self) -> QWidget:
        if self._empty is not None:
            return self._empty.first
        if self.loaded is None:
            return self.scroller
        return self.deposits.table if self.loaded.page.deposits else self.payments.due

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - year; ladder, worksheet or payment
        if "year" in what:
            this_year = self.loaded.this_year if self.loaded is not None else None
            wanted = None if what["year"] == this_year else what["year"]
            if wanted != self.chosen_year:
                self.chosen_year = wanted
                self.load()
        self._wanted = next((name for name in ("ladder", "worksheet", "payment") if what.get(name)), "")
        if self.loaded is not None:
            self._open_wanted()

    def forget(self) -> None:
        self.loaded = None

    def load(self) -> None:
        year = self.chosen_year
        self.fetch(lambda books, token: view_model.load(books, token, year), self.show_loaded, failed=self._refused)

    def show_loaded(self, loaded: Loaded) -> None:
        if loaded.is_empty:
            self._show_empty("No money in yet",
                             "Import a bank file, and this page says what to set aside of every deposit.")  # fmt: skip
            return
        self.is_off = False
        waits_for_focus = self.loaded is None and (self._empty is not None or focus_of(self) is self.scroller)
        self.loaded = loaded
        self._leave_empty()
        self._place_pane()
        page = loaded.page
        self.header.set_subtitle(self.subtitle())
        self.years.set_choices([(year, str(year)) for year in loaded.years], page.year)
        self.years.setVisible(len(loaded.years) > 1)
        self.scroller.show_loaded(loaded)
        self.fit_header()
        self.side.show_loaded(loaded)
        if waits_for_focus:
            self.main_widget().setFocus()
        self._open_wanted()

    def subtitle(self) -> str:
        """Return the year, the filing status and the state by its name."""
        words = self.loaded.page.household.split(", ") if self.loaded is not None else []
        return ", ".join(STATE_NAMES.get(word, word) for word in words)

    def _open_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted:
            {"ladder": self.open_ladder, "worksheet": self.open_worksheet, "payment": self.open_payment}[wanted]()

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self.frame.fail(error)
            return

        def shown(off: bool) -> None:  # noqa: FBT001 - the answer of a service
            self.is_off = off
            self._show_empty(*((OFF, error.message) if off else (error.message, error.hint or "")))

        year = self.chosen_year
        self.fetch(lambda books, _token: view_model.is_off(books, year), shown, name="off")

    def _show_empty(self, title: str, sentence: str) -> None:
        has_focus = focus_of(self) in {self.scroller, self._empty and self._empty.first}
        self.loaded = None
        self._leave_empty()
        self._empty = NothingYet(title, sentence, is_off=self.is_off)
        self._empty.setup.connect(self.sheets.open_setup)
        self._empty.import_files.connect(self.frame.choose_files)
        self._empty.accounts.connect(lambda: self.frame.go("accounts"))
        self.scroller.hide()
        self.header.set_subtitle("")
        for action in self._actions:
            action.hide()
        self._place_pane()
        self.column.addWidget(self._empty, 1)
        self._empty.show()
        if has_focus:
            self._empty.first.setFocus()

    def _leave_empty(self) -> None:
        if self._empty is not None:
            discard(self._empty)
            self._empty = self._back_to = None
            self.scroller.show()
            for action in self._actions:
                action.show()
            self._tell_pane()
            self._place_pane()

    # --- the pane

    def open_ladder(self) -> None:
        self._remember_focus()
        if self.side.view != LADDER:
            self.side.show_ladder()
        self.open_pane()
        self.side.focus_view()

    def open_worksheet(self) -> None:
        self._remember_focus()
        self.side.show_worksheet()
        self.open_pane()
        self.side.focus_view()

    def open_payment(self, row: BankRow | None = None) -> None:
        """Open the form; a found payment that is the current row fills it in."""
        assert self.loaded is not None
        self._remember_focus()
        if self.side.view == PAYMENT and row is None:
            self.open_pane()
            self.side.focus_view()
            return
        states = {each.code for each in self.loaded.page.jurisdictions} | {
            row.jurisdiction for row in self.loaded.unrecorded if row.jurisdiction
        }
        self.side.show_payment(sorted(states - {"federal"}), row or self.payments.current_bank_row())
        self.open_pane()
        self.side.focus_view()

    def _view_changed(self) -> None:
        # One primary button a window: while the form has it, the header gives it up.
        self.record.set_kind("plain" if self.side.view == PAYMENT else "primary")
        self.record.setEnabled(self.side.view != PAYMENT)

    def _remember_focus(self) -> None:
        focus = focus_of(self)
        if self.content.isAncestorOf(focus):
            self._back_to = focus

    def _closed(self) -> None:
        self.close_pane()
        target = self._back_to if self._back_to is not None and self._back_to.isVisible() else self.main_widget()
        target.setFocus()

    def _ask_rows(self, key: str) -> None:
        year = self.chosen_year

        def work(books: Books, _token: Token) -> tuple[int, ...]:
            from app.services.tax import tax_page  # noqa: PLC0415

            return tax_page.rows_behind(books, key, year=year)

        def done(ids: tuple[int, ...]) -> None:
            if self.side.ladder is not None:
                self.side.ladder.take_rows(key, ids)

        self.fetch(work, done, name="rows")

    def _ask_bank_rows(self, cents: int, day: int) -> None:
        def work(books: Books, _token: Token) -> tuple[BankRow, ...]:
            from app.services.tax import tax_rows  # noqa: PLC0415

            return tax_rows.matching(books, cents, day)

        def done(rows: tuple[BankRow, ...]) -> None:
            if self.side.form is not None:
                self.side.form.take_rows(rows)

        self.fetch(work, done, name="bank rows")


PAGE = TaxesPage
