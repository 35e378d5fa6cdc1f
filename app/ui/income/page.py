"""Income: who paid, what is to come, and whether it agrees with the forms 1099."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.core.income.forms import FormType
from app.ui.frame.page import Frame, Page, focus_of
from app.ui.income import view_model
from app.ui.income.body import Cards
from app.ui.income.payer_pane import PayerPane
from app.ui.income.sheets import ClientSheet, ExpectSheet, FormSheet, IncomeSheet, JoinSheet, RenameSheet
from app.ui.widgets.buttons import Button, DropDown
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.header import PageHeader

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.services.books.open_books import Books
    from app.ui.income.view_model import Detail, Loaded


class IncomePage(Page):
    id, title = "income", "Income"
    help = (
        "Everybody who paid you, found in the texts of the deposits you booked as income. Names that are nearly equal "
        "are joined only when you say so. Write down what you expect, and it is held against what comes; record the "
        "forms 1099 you get, and the page says what explains a difference to your books."
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.loaded: Loaded | None = None
        self.chosen_year: int | None = None
        self.sheet: IncomeSheet | None = None
        self._wanted: int | None = None
        self._make_header()
        self.cards = Cards()
        self.cards.payers.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_current())
        self.cards.payers.row_activated.connect(lambda _row: self._enter())
        self.cards.payers.clicked.connect(lambda _index: self.open_pane() if self.pane_overlays else None)
        self.cards.expected.row_activated.connect(self._open_expected)
        self.cards.forms.row_activated.connect(self._open_form)
        self.cards.near.join.connect(self._join)
        self.cards.near.apart.connect(self._keep_apart)
        self.cards.show_nameless.connect(self.show_nameless)
        self.cards.expect.connect(self.expect)
        self.cards.record.connect(self.record)
        self.column.addWidget(self.cards, 1)
        self._make_empty()
        self.detail = PayerPane()
        self.detail.rows_wanted.connect(self.show_transactions)
        self.detail.rename_wanted.connect(self.rename)
        self.detail.join_wanted.connect(self.join)
        self.detail.hide_wanted.connect(self._leave_out)
        self.detail.expect_wanted.connect(self.expect)
        self.detail.part.connect(self._part)
        self.set_pane(self.detail)
        self.has_pane = False
        self._place_pane()
        self._bind()

    def _make_header(self) -> None:
        self.header = PageHeader("Income")
        self.years = DropDown([], name="Year")
        self.years.changed.connect(lambda year: self.show_what(year=year))
        self.years.hide()
        self.add = Button("Add client", "primary", icon="plus", key="N")
        self.add.clicked.connect(lambda _checked=False: self.add_client())
        self.header.add_action(self.years)
        self.header.add_action(self.add)
        self.column.addWidget(self.header)

    def _make_empty(self) -> None:
        self.nothing = EmptyState(
            "income", "No client has paid yet", "Money in appears here once you book a deposit as client income."
        )
        self.first = Button("Import files", icon="import")
        self.first.clicked.connect(self.frame.choose_files)
        self.nothing.add_action(self.first)
        self.nothing.hide()
        self.column.addWidget(self.nothing, 1)

    def _bind(self) -> None:
        act = self.frame.commands
        ready = lambda: self.loaded is not None  # noqa: E731 - asked again at each press
        chosen = lambda: self.payer_id is not None  # noqa: E731 - as above
        act.bind("income.client", self.add_client, ready)
        act.bind("income.expect", self.expect, lambda: self.loaded is not None and bool(self.loaded.names))
        act.bind("income.form", self.record, lambda: self.loaded is not None and bool(self.loaded.names))
        act.bind("income.nameless", self.show_nameless, lambda: self.loaded is not None and bool(self.loaded.nameless))
        act.bind("income.rename", self.rename, chosen)
        act.bind("income.join", self.join, chosen)
        act.bind("income.rows", self.show_payments, lambda: self.detail.detail is not None)
        for part in (self.cards.payers, self.cards.expected, self.cards.forms, self.detail, self.nothing):
            act.attach("income", part)

    def main_widget(self) -> QWidget:
        if not self.nothing.isHidden():
            return self.first
        return self.cards.payers if self.loaded is not None and self.loaded.income.payers else self.add

    # --- loading

    def load(self) -> None:
        year = self.chosen_year
        self.fetch(lambda books, token: view_model.load(books, token, year), self.show_loaded)

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - year or payer
        if what.get("payer") is not None:
            self._wanted = int(what["payer"])
        if "year" in what:
            self.chosen_year = None if self.loaded and what["year"] == self.loaded.this_year else what["year"]
        self.load()

    def forget(self) -> None:
        self.loaded = None
        if self.sheet is not None:
            self.sheet.close_box()
        self.detail.show_nothing()
        self.cards.payers.show_rows([])
        self.cards.body.hide()

    def show_loaded(self, loaded: Loaded) -> None:
        kept = self._wanted if self._wanted is not None else self.payer_id
        was_first = self.loaded is None
        waits = was_first and focus_of(self) in {self.cards, self.add, self.cards.payers}
        self.loaded, self._wanted = loaded, None
        self.header.set_subtitle(str(loaded.year))
        self.years.set_choices([(year, str(year)) for year in loaded.years], loaded.year)
        self.years.setVisible(len(loaded.years) > 1)
        self.cards.setVisible(not loaded.is_empty)
        self.nothing.setVisible(loaded.is_empty)
        self.cards.show_loaded(loaded)
        self.has_pane = bool(loaded.income.payers)
        self._place_pane()
        numbers = [row.id for row in loaded.income.payers]
        if numbers:
            self.cards.payers.selectRow(numbers.index(kept) if kept in numbers else 0)
            self._show_current()
        else:
            self.detail.show_nothing()
        if waits:
            self.main_widget().setFocus()
        self.fit_header()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self.fit_header()

    def fit_header(self) -> None:
        """Let the key give way to the words where large text leaves no room."""
        self.add.set_words("Add client")
        if self.header.wanted_width() > self.content.width():
            self.add.set_words("Add")

    @property
    def payer_id(self) -> int | None:
        row = self.cards.payers.currentIndex().row()
        payers = self.loaded.income.payers if self.loaded is not None else ()
        return payers[row].id if 0 <= row < len(payers) else None

    def _show_current(self) -> None:
        loaded, payer = self.loaded, self.payer_id
        if loaded is None or payer is None:
            return
        year, today = loaded.year, loaded.today
        self.fetch(
            lambda books, token: view_model.load_detail(books, token, payer, year, today), self._show_detail,
            name="payer",
        )  # fmt: skip

    def _show_detail(self, detail: Detail | None) -> None:
        if detail is not None and self.loaded is not None and detail.payer.id == self.payer_id:
            self.detail.show_detail(self.loaded, detail)

    # --- what can be done

    def _open(self, sheet: IncomeSheet) -> None:
        self.sheet = sheet
        sheet.closed.connect(self._forget_sheet)
        sheet.open_box()

    def _forget_sheet(self) -> None:
        self.sheet = None

    def _choices(self) -> list[tuple[object, str]]:
        assert self.loaded is not None
        ordered = sorted(self.loaded.names.items(), key=lambda item: (item[1].casefold(), item[0]))
        return [(number, name) for number, name in ordered]

    def add_client(self) -> None:
        self._open(ClientSheet(self.frame, self.window()))

    def expect(self) -> None:
        """Write down a payment that is to come; a likely one that is the current row fills it in."""
        assert self.loaded is not None
        if not self.loaded.names:
            self.add_client()
            return
        likely = next((each for each in self.loaded.outlook.likely if each.payer_id == self.payer_id), None)
        self._open(
            ExpectSheet(
                self.frame, self.window(), self._choices(), self.loaded.today, payer=self.payer_id,
                due=likely.due if likely else None, cents=likely.cents if likely else None,
            )
        )  # fmt: skip

    def _open_expected(self, row: int) -> None:
        assert self.loaded is not None
        stored = view_model.expected_rows(self.loaded)
        if row < len(stored):
            self._open(
                ExpectSheet(self.frame, self.window(), self._choices(), self.loaded.today, held=stored[row])
            )  # fmt: skip
            return
        likely = self.loaded.outlook.likely[row - len(stored)]
        self._open(
            ExpectSheet(
                self.frame, self.window(), self._choices(), self.loaded.today, payer=likely.payer_id, due=likely.due,
                cents=likely.cents,
            )
        )  # fmt: skip

    def record(self) -> None:
        """Record a form 1099 of the year that is shown."""
        assert self.loaded is not None
        if not self.loaded.names:
            self.add_client()
            return
        detail, payer = self.detail.detail, self.payer_id
        by_card = detail is not None and detail.payer.id == payer and "processor" in detail.payer.methods
        form = FormType.K if by_card else FormType.NEC
        choices, years = self._choices(), self.loaded.years
        self._open(FormSheet(self.frame, self.window(), choices, years, self.loaded.year, payer, form))

    def _open_form(self, row: int) -> None:
        """Make the payer of a form the current one."""
        assert self.loaded is not None
        self._choose(self.loaded.check.rows[row].payer_id)

    def _choose(self, payer: int) -> None:
        assert self.loaded is not None
        numbers = [row.id for row in self.loaded.income.payers]
        if payer in numbers:
            self.cards.payers.selectRow(numbers.index(payer))
            self.open_pane()

    def rename(self) -> None:
        payer = self.payer_id
        if self.loaded is not None and payer is not None:
            self._open(RenameSheet(self.frame, self.window(), payer, self.loaded.names[payer]))

    def join(self) -> None:
        payer = self.payer_id
        others = [choice for choice in self._choices() if choice[0] != payer] if self.loaded is not None else []
        if self.loaded is not None and payer is not None and others:
            self._open(JoinSheet(self.frame, self.window(), payer, self.loaded.names[payer], others))

    def _join(self, one: int, other: int) -> None:
        def work(books: Books) -> object:
            from app.services.income import payer_changes  # noqa: PLC0415 - most visits only look

            return payer_changes.merge(books, str(one), [str(other)])

        self.write(work, lambda _done: self.frame.toast("They are one payer now"))

    def _keep_apart(self, one: int, other: int) -> None:
        def work(books: Books) -> object:
            from app.services.income import payer_changes  # noqa: PLC0415 - as above

            return payer_changes.keep_apart(books, str(one), str(other))

        self.write(work, lambda _done: self.frame.toast("They stay two payers"))

    def _leave_out(self) -> None:
        payer = self.payer_id
        if payer is None:
            return

        def work(books: Books) -> object:
            from app.services.income import payer_changes  # noqa: PLC0415 - as above

            return payer_changes.change(books, str(payer), {"payer": "no"})

        self.write(work, lambda _done: self.frame.toast("Left out of the list; the money stays income"))

    def _part(self, text_id: int) -> None:
        payer = self.payer_id
        if payer is None:
            return

        def work(books: Books) -> object:
            from app.services.income import payer_changes  # noqa: PLC0415 - as above

            return payer_changes.split(books, str(payer), [text_id])

        self.write(work, lambda _done: self.frame.toast("It is a payer of its own now"))

    def _enter(self) -> None:
        """Enter opens the pane where it lies over the page; beside the page it opens the payer's transactions."""
        if self.pane_overlays and not self.pane_is_visible:
            self.open_pane()
            if self.detail.all is not None:
                self.detail.all.setFocus()
            return
        self.show_payments()

    def show_payments(self) -> None:
        if self.detail.detail is not None and self.detail.detail.ids:
            self.show_transactions(self.detail.detail.ids)

    def show_nameless(self) -> None:
        """Show the deposits that name nobody: what they are called there is their payer here."""
        if self.loaded is not None and self.loaded.nameless:
            self.show_transactions(self.loaded.nameless)


PAGE = IncomePage
