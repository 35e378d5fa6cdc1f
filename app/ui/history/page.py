"""History: every step that was done, what it touched, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.books.naming import counted
from app.core.errors import Conflict
from app.ui.frame.page import Frame, Page
from app.ui.history import view_model
from app.ui.history.foot import HistoryFoot
from app.ui.history.step_pane import StepPane
from app.ui.history.steps import ROW, StepDelegate, StepList
from app.ui.history.view_model import BLOCK, Loaded, Step
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, CheckBox, Chip, LinkButton
from app.ui.widgets.card import Divider
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fields import LineEdit
from app.ui.widgets.header import PageHeader
from app.ui.widgets.keys_bar import KeysBar
from app.ui.widgets.rows import RowList
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.books.history_words import Entry
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome

KEYS = ((("↑", "↓"), "move"), (("Enter",), "details"), (("U",), "undo"), (("R",), "do again"),
        (("T",), "its transactions"), (("?",), "all keys"))  # fmt: skip


class HistoryPage(Page):
    id, title = "history", "History"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._loaded: Loaded | None = None
        self._limit = BLOCK
        self._touching: int | None = None
        self._wanted: int | None = None
        self.model = StepList(self)
        self._build()
        self.detail = StepPane()
        self.detail.undo_wanted.connect(self.undo)
        self.detail.again_wanted.connect(self.again)
        self.detail.rows_wanted.connect(self.show_rows)
        self.detail.step_wanted.connect(self.go_to_step)
        self.set_pane(self.detail)
        self._bind()

    def _build(self) -> None:
        self.header = PageHeader("History")
        self.search = LineEdit("Find a step", icon="search", size=32)
        self.search.textChanged.connect(lambda _text: self._show_entries())
        self.header.add_action(self.search)
        self.undoable = CheckBox("Only what can be undone")
        self.undoable.toggled.connect(lambda _on: self._show_entries())
        self.touching = Chip("Steps of one transaction", active=True, closable=True)
        self.touching.closed.connect(lambda: self._touch(None))
        self.touching.clicked.connect(lambda: self._touch(None))
        self.touching.hide()
        self.count = Label("", Role.SMALL, "muted")
        self.older = LinkButton("Show older")
        self.older.clicked.connect(self._show_older)
        self._filters = QHBoxLayout()
        self._filters.addWidget(self.undoable)
        self._filters.addWidget(self.touching)
        self._filters.addStretch(1)
        self._filters.addWidget(self.count)
        self._filters.addWidget(self.older)
        self.list = RowList("Steps, newest first")
        self.list.setModel(self.model)
        self.list.setItemDelegate(StepDelegate(self.model, self.list))
        self.list.current_changed.connect(lambda _row: self._show_current())
        self.list.row_activated.connect(lambda _row: self._enter())
        self.list.clicked.connect(lambda _index: self.open_pane() if self.pane_overlays else None)
        self.nothing = EmptyState("search", "No step matches", "Try another word, or take the filter away.")
        clear = Button("Show every step")
        clear.clicked.connect(self._clear_filters)
        self.nothing.add_action(clear)
        self.nothing.hide()
        self.foot = HistoryFoot()
        self.foot.verify_wanted.connect(self._verify)
        self.foot.packs_wanted.connect(lambda: self.frame.go("reports", packs=True))
        self.column.addWidget(self.header)
        self.column.addLayout(self._filters)
        self.column.addWidget(Divider())
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.nothing, 1)
        self.column.addWidget(self.foot)
        self.column.addWidget(KeysBar(KEYS))
        current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        dp = current().dp
        self.search.setFixedWidth(dp(260))
        self._filters.setContentsMargins(dp(24), 0, dp(24), dp(10))
        self._filters.setSpacing(dp(12))

    def _bind(self) -> None:
        act = self.frame.commands
        act.bind("history.undo", self.undo, lambda: self.entry is not None and self.entry.can_undo)
        act.bind("history.redo", self.again, lambda: self.entry is not None and self.entry.undone)
        act.bind("history.rows", self.show_rows, lambda: self.detail.step is not None and bool(self.detail.step.ids))
        act.attach("history", self.list)
        act.attach("history", self.detail)

    def main_widget(self) -> QWidget:
        return self.search if self.list.isHidden() else self.list

    # --- loading

    def load(self) -> None:
        limit, touching, today = self._limit, self._touching, self.frame.session.today
        self.fetch(lambda books, token: view_model.load(books, token, limit, touching, today), self._show)

    def _show(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self.touching.setVisible(loaded.touching is not None)
        self.older.setVisible(loaded.has_older)
        self.foot.show_packs(view_model.packs_words(loaded), can_show=loaded.packs > 0)
        self._show_entries()

    def _show_entries(self) -> None:
        """Show the steps that pass the filter; the current one stays current and in its place."""
        loaded = self._loaded
        if loaded is None:
            return
        held, place = self.list.current_row(), self.list.verticalScrollBar().value()
        kept = self.entry.operation.id if self.entry is not None else None
        entries = view_model.shown(loaded.entries, self.search.text(), only_undoable=self.undoable.isChecked())
        self.model.show(entries, loaded)
        self.list.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        words = counted(len(entries), "step")
        self.count.setText(f"The newest {words}" if loaded.has_older and len(entries) == self._limit else words)
        if not entries:
            self.detail.show_nothing()
            return
        wanted, self._wanted = self._wanted, None
        row = self.model.row_of(wanted if wanted is not None else kept)
        if wanted is None and row >= 0:
            self.list.verticalScrollBar().setValue(place + (row - held) * current().dp(ROW))
        self.list.go_to(row if row >= 0 else min(max(held, 0), len(entries) - 1))
        self._show_current()

    @property
    def entry(self) -> Entry | None:
        row = self.list.current_row()
        return self.model.entries[row] if 0 <= row < len(self.model.entries) else None

    def _show_current(self, refused: Sequence[int] = ()) -> None:
        entry, loaded = self.entry, self._loaded
        if entry is None or loaded is None:
            return
        known = self.detail.step if self.detail.entry == entry and not refused else None
        self.detail.show_step(entry, loaded, known)
        blocking = tuple(refused)
        self.fetch(
            lambda books, token: view_model.load_step(books, token, entry, blocking), self._show_step, name="step"
        )

    def _show_step(self, step: Step) -> None:
        entry, loaded = self.entry, self._loaded
        if entry is not None and loaded is not None and entry.operation.id == step.operation:
            self.detail.show_step(entry, loaded, step)

    def forget(self) -> None:
        self._loaded = None
        self.model.show([], None)
        self.detail.show_nothing()

    # --- what is shown

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - operation or transaction_id
        if what.get("operation") is not None:
            self.go_to_step(int(what["operation"]))
        if what.get("transaction_id") is not None:
            self._touch(int(what["transaction_id"]))

    def go_to_step(self, operation: int) -> None:
        """Make a step the current one, whatever filter hides it and however old it is."""
        row = self.model.row_of(operation)
        if row >= 0:
            self.list.go_to(row)
            self.list.setFocus()
            return
        self._wanted = operation
        loaded = self._loaded
        if loaded is not None and any(entry.operation.id == operation for entry in loaded.entries):
            self._clear_filters()
            return
        self._clear_text()
        self._touching = None
        self._limit = max(self._limit, 100 * BLOCK)
        self.load()

    def _touch(self, transaction_id: int | None) -> None:
        self._touching = transaction_id
        self._limit = BLOCK
        self.load()

    def _show_older(self) -> None:
        self._limit += BLOCK
        self.load()

    def _clear_text(self) -> None:
        for part in (self.search, self.undoable):
            part.blockSignals(True)
        self.search.clear()
        self.undoable.setChecked(False)
        for part in (self.search, self.undoable):
            part.blockSignals(False)

    def _clear_filters(self) -> None:
        self._clear_text()
        if self._touching is not None:
            self._touch(None)
        else:
            self._show_entries()
        self.list.setFocus()

    def _enter(self) -> None:
        """Enter opens the details and goes to what can be done there."""
        self.open_pane()
        for button in (self.detail.action, self.detail.rows_button):
            if button is not None and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    # --- what can be done

    def undo(self) -> None:
        """Take the current step back."""
        if self.entry is not None and self.entry.can_undo:
            self._reverse(self.entry, f"Undone: {self.entry.sentence}")

    def again(self) -> None:
        """Do the current step again, which was undone."""
        if self.entry is not None and self.entry.undone:
            self._reverse(self.entry, f"Done again: {self.entry.sentence}")

    def _reverse(self, entry: Entry, words: str) -> None:
        target = view_model.target_of(entry)

        def work(books: Books) -> Outcome:
            from app.services.books import history  # noqa: PLC0415 - most visits only look

            return history.undo(books, target)

        def done(_outcome: Outcome) -> None:
            self.frame.toast(words, undo=False)
            self.list.setFocus()

        def failed(error: Exception) -> None:
            if isinstance(error, Conflict) and error.operations and self.entry == entry:
                self.open_pane()
                self._show_current(error.operations)
            else:
                self.frame.fail(error)

        self.frame.tasks.write(work, done, failed)

    def show_rows(self) -> None:
        """Show the transactions of the step that are still in the books."""
        step, entry = self.detail.step, self.detail.entry
        if step is not None and entry is not None and step.ids:
            self.frame.go("transactions", ids=step.ids, of=view_model.file_of(entry))

    def _verify(self) -> None:
        from app.services.audit import audit_log  # noqa: PLC0415 - looked at now and then

        self.foot.show_checking()
        self.fetch(lambda books, _token: audit_log.verify(books), self.foot.show_audit, name="audit")


PAGE = HistoryPage
