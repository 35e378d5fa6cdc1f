"""Transactions: find, look at, mend, one by one or many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.dates import year_of
from app.core.errors import AppError, UserError
from app.ui.frame.page import Frame, Page, focus_of
from app.ui.theme import theme
from app.ui.transactions import view_model
from app.ui.transactions.bars import BulkBar, TotalsBar
from app.ui.transactions.commands import Commands
from app.ui.transactions.filter_bar import FilterBar
from app.ui.transactions.filters import Filters, narrowest_year
from app.ui.transactions.head import Head
from app.ui.transactions.marking import Marking
from app.ui.transactions.model import Line, TransactionModel
from app.ui.transactions.more_menu import open_more
from app.ui.transactions.pane import RowPane
from app.ui.transactions.saving import Saving
from app.ui.transactions.sheets import AmountSheet, DatesSheet
from app.ui.transactions.table import TransactionTable
from app.ui.transactions.teaching import Teaching
from app.ui.widgets.buttons import Button
from app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from app.services.ledger.finding import Found
    from app.ui.transactions.changes import Did
    from app.ui.transactions.view_model import Loaded

_PANE_MS = 80
"""How long the current row must rest before the pane reads all about it."""
_BESIDE_PANE = 1170
_SORT = "transactions/sort"
_REMEMBERED = 50
"""Own operations that are remembered, so that undoing one goes back to its rows."""


class TransactionsPage(Page):
    id = "transactions"
    title = "Transactions"
    help = (
        "Every row of every account. Type in the search field, or narrow the list by the chips. Space marks rows, and "
        "the bar below changes all marked ones at once. Enter opens one row with everything that is known about it. "
        "Nothing is lost: each change can be undone, and deleted rows can be restored."
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.filters = self._remembered_sort()
        self._steps: dict[int, tuple[int, ...]] = {}
        self._wanted_row: int | None = None
        self._at_top = False
        self.found: Found | None = None
        """How many rows the filter finds and what they come to, once that was added up."""
        self.model = TransactionModel(self._read, self)
        self.table = TransactionTable(self.model, frame.preferences)
        self.filter_bar = FilterBar(lambda: frame.session.today)
        self.bulk = BulkBar(frame.commands)
        self.totals = TotalsBar()
        self.row_pane = RowPane(frame.session.today)
        self._build()
        self._wire()
        self.teaching, self.saving, self.marking = Teaching(self), Saving(self), Marking(self)
        self.acts = Commands(self)
        self._resting = QTimer(self, singleShot=True, interval=_PANE_MS)
        self._resting.timeout.connect(self._fill_pane)
        self.table.set_sort(self.filters.sort, descending=self.filters.descending)
        self.set_pane(self.row_pane)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Let Tab go as people read: head, chips, list, bar, pane."""
        bar, bulk = self.filter_bar, self.bulk
        order = [
            *self.head.tab_stops(), *bar.chips.values(), bar.more, bar.review_link, self.table, self._clear_button,
            self._bring_button, bulk.check, *bulk.buttons.values(), bulk.more, bulk.close_button,
            *self.row_pane.tab_stops(),
        ]  # fmt: skip
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _remembered_sort(self) -> Filters:
        sort, _, way = self.frame.preferences.text(_SORT).partition(" ")
        if sort in {"date", "payee", "amount", "category", "account"}:
            return Filters(sort=sort, descending=way != "up")
        return Filters()

    def _build(self) -> None:
        self.head = Head()
        self.no_match = EmptyState("search", "No transactions match", "No transaction fits this filter.")
        clear = Button("Clear the filter", "primary", key="Shift C")
        clear.clicked.connect(self.clear_filter)
        self.no_match.add_action(clear)
        self.nothing = EmptyState(
            "import", "No transactions yet",
            "Import a file from your bank: OFX, QFX, QBO, QIF or CSV. You see what it holds before it is written.",
        )  # fmt: skip
        bring = Button("Import files…", "primary", icon="import", key="Ctrl I")
        bring.clicked.connect(self.frame.choose_files)
        self.nothing.add_action(bring)
        self._clear_button, self._bring_button = clear, bring
        self.stack = QStackedWidget()
        for body in (self.table, self.no_match, self.nothing):
            self.stack.addWidget(body)
        self.column.addWidget(self.head)
        self.column.addWidget(self.filter_bar)
        self.column.addWidget(self.stack, 1)
        self.column.addWidget(self.bulk)
        self.column.addWidget(self.totals)
        self.bulk.hide()
        self.totals.hide()

    def _wire(self) -> None:
        self.head.searched.connect(lambda text: self.set_filters(replace(self.filters, text=text)))
        self.head.left.connect(lambda: self.main_widget().setFocus())
        self.head.import_wanted.connect(self.frame.choose_files)
        self.head.more_wanted.connect(lambda: open_more(self))
        self.filter_bar.changed.connect(self.set_filters)
        self.filter_bar.wanted.connect(self._ask_filter)
        self.filter_bar.review.connect(lambda: self.frame.go("today"))
        self.table.sort_asked.connect(self.sort_by)
        self.table.current_moved.connect(self._current_moved)
        self.table.row_activated.connect(lambda _row: self.open_row())
        self.row_pane.closed.connect(self.leave_pane)

    # --- the frame

    def main_widget(self) -> QWidget:
        shown = self.stack.currentWidget()
        return (
            self.table if shown is self.table else self._clear_button if shown is self.no_match else self._bring_button
        )

    def load(self) -> None:
        """Find the rows of the filter; what they come to is asked once they show."""
        query, own = self.filters.query(), frozenset(self._steps)
        self.fetch(lambda books, token: view_model.load(books, token, query, own), self._show, name="rows")

    def forget(self) -> None:
        self._steps.clear()
        self.teaching.forget()
        self.filters = self._remembered_sort()
        self.row_pane.forget()  # first: what is being typed there can no longer be saved
        self.leave_pane()
        self.model.forget()
        self.head.forget()
        self.bulk.hide()

    def show_what(
        self, *, text: str = "", row: int | None = None, ids: Sequence[int] | None = None, of: str = "",
        status: str = "", account_id: int | None = None, first: int | None = None, last: int | None = None,
        search: bool = False, **_more: Any,  # noqa: ANN401 - words a page may add
    ) -> None:  # fmt: skip
        """Show a filter or a row; `ids` are exactly these rows, `of` says whose; `search` only takes the focus."""
        if search:
            self.head.focus_search()
        if not (text or ids is not None or status or account_id is not None or first is not None or last is not None):
            if row is not None:
                self.show_row(row)
            return
        wanted = replace(
            self.filters.cleared(), text=text, first=first, last=last, ids=None if ids is None else tuple(ids), of=of,
            accounts=() if account_id is None else (account_id,),
        )  # fmt: skip
        self._wanted_row = row
        self.set_filters(wanted.asked(status) if status else wanted)

    def show_row(self, row_id: int) -> None:
        """Go to a row and open it; a filter that hides it is cleared."""
        self._wanted_row = row_id
        if self.model.row_of(row_id) >= 0:
            self._go_to_wanted()
        else:
            self.set_filters(self.filters.cleared())

    # --- filter and order

    def set_filters(self, filters: Filters) -> None:
        """Show other rows, from the top."""
        self.filters = filters
        self.head.show_search(filters.text)
        self._at_top = True
        self.filter_bar.show_filters(filters, self.model.accounts)
        self.load()

    def clear_filter(self) -> None:
        self.set_filters(self.filters.cleared())
        self.table.setFocus()

    def sort_by(self, sort: str) -> None:
        """Sort by a column; the same one again turns the order around."""
        same = sort == self.filters.sort
        descending = not self.filters.descending if same else sort in {"date", "amount"}
        self.frame.preferences.set(_SORT, f"{sort} {'down' if descending else 'up'}")
        self.table.set_sort(sort, descending=descending)
        self.set_filters(replace(self.filters, sort=sort, descending=descending))

    def _ask_filter(self, name: str) -> None:
        if name == "dates":
            DatesSheet(self.window(), self.filters, self.frame.session.today, self.set_filters).open_box()
        elif name == "amount":
            AmountSheet(self.window(), self.filters, self.set_filters).open_box()
        else:
            self.acts.pick_category(
                lambda found: self.set_filters(replace(self.filters, category=(found.kind, found.line))), money_in=False
            )

    # --- what was found

    def _read(self, ids: Sequence[int]) -> list[Line]:
        """Read a block for the list, on this thread; a row that cannot be read is shown empty."""
        try:
            return view_model.lines(self.frame.session.gui, ids)
        except (AppError, UserError):
            return []

    def _show(self, loaded: Loaded) -> None:
        place = self.table.place()
        held = self.frame.session.today
        self.model.accounts = loaded.accounts
        self.model.this_year = narrowest_year(self.filters, held)
        has_focus = self.main_widget().hasFocus()
        self.table.set_with_year(on=self._needs_year())
        self.model.show(loaded.ids)
        self.filter_bar.show_filters(self.filters, loaded.accounts)
        empty = self.nothing if self.filters.is_plain else self.no_match
        self.stack.setCurrentWidget(self.table if loaded.ids else empty)
        if not loaded.ids:
            self.totals.hide()
        self.teaching.undone(loaded.undone)
        undone = [self._steps.pop(step) for step in loaded.undone]
        if self._wanted_row is not None:
            self._go_to_wanted()
        elif undone and undone[0] and (row := self.model.row_of(undone[0][0])) >= 0:
            self.table.go_back(place)
            self.table.go_to(row)
            if not self.row_pane.isAncestorOf(focus_of(self)):
                self.table.setFocus()
        elif self._at_top:
            self.table.go_to(0)
            self.table.scrollToTop()
        else:
            self.table.go_back(place)
        self._at_top = False
        if has_focus:
            self.main_widget().setFocus()
        self._current_moved()
        query = self.filters.query()
        self.fetch(lambda books, token: view_model.sums(books, token, query), self._show_sums, name="sums")

    def _needs_year(self) -> bool:
        return (
            self.filters.first is None
            or year_of(self.filters.first) != self.model.this_year
            or (self.filters.last is not None and year_of(self.filters.last) != self.model.this_year)
        )

    def _show_sums(self, found: Found) -> None:
        self.found = found
        self.totals.show_found(found)
        self.totals.setVisible(bool(found.count))
        self.filter_bar.show_questions(found.questions)

    def _go_to_wanted(self) -> None:
        row = self.model.row_of(self._wanted_row) if self._wanted_row is not None else -1
        self._wanted_row = None
        if row >= 0:
            self.table.go_to(row)
            self.table.setFocus()
            self.open_row(focus=False)

    # --- the current row and the pane

    def current_line(self) -> Line | None:
        return self.model.line(self.table.row) if self.table.current_id is not None else None

    def _current_moved(self) -> None:
        if not self._pane_is_open:
            return
        line = self.current_line()
        if line is None:
            self.leave_pane()
            return
        self.row_pane.show_line(line, self.model.accounts.get(line.row.account_id, line.row.account))
        self._resting.start()

    def _fill_pane(self) -> None:
        wanted = self.table.current_id
        if wanted is not None and self._pane_is_open:
            self.fetch(
                lambda books, token: view_model.detail(books, token, wanted), self.row_pane.show_detail, name="detail"
            )

    def open_row(self, *, focus: bool = True) -> None:
        """Open the pane on the current row; with `focus` the keyboard goes there."""
        if self.table.current_id is None:
            return
        self._pane_is_open = True
        self._current_moved()
        self._place_pane()
        if focus:
            self.row_pane.focus_on("category")

    def leave_pane(self) -> None:
        """Close the pane; the keyboard goes back to the row."""
        if self._pane_is_open:
            inside = self.row_pane.isAncestorOf(focus_of(self))
            if inside or self.row_pane.close_button.hasFocus():
                self.table.setFocus()
            self.close_pane()

    @property
    def pane_overlays(self) -> bool:
        """The sums of the filter need more room beside a pane than the window's own rule leaves them."""
        return super().pane_overlays or self.width() < theme.current().dp(_BESIDE_PANE)

    def _place_pane(self) -> None:
        if self._pane is not None and not self._pane_is_open:
            self._pane.hide()
            self._close.hide()
            return
        super()._place_pane()
        if self._pane is not None:
            self._close.hide()  # this pane has a cross of its own, wherever it lies

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            if self._pane_is_open:
                self.leave_pane()
                self.table.setFocus()
                return
            if self.model.marks:
                self.marking.unmark()
                return
        super().keyPressEvent(event)

    # --- changes

    def change(self, work: Callable[..., Did], *, keep_marks: bool = False) -> None:
        """Run a change on the writer thread, then say what was done."""
        self.write(work, partial(self._did, keep_marks=keep_marks))

    def _did(self, did: Did, *, keep_marks: bool) -> None:
        if did.operation is not None:
            self.remember_step(did.operation, did.ids)
            if not keep_marks and self.model.marks:
                self.model.set_marks(set())
        self.frame.toast(did.sentence, undo=did.operation is not None, more=self.teaching.take(did))

    def remember_step(self, operation: int, ids: tuple[int, ...]) -> None:
        """Keep which rows an own operation was about: undoing it goes back to them."""
        self._steps[operation] = ids
        while len(self._steps) > _REMEMBERED:
            del self._steps[next(iter(self._steps))]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(800, 600)


PAGE = TransactionsPage
