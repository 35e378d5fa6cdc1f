"""The rows that are marked: what a command is about, and the bar that adds them up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from app.ui.transactions import view_model

if TYPE_CHECKING:
    from app.services.ledger.finding import Found
    from app.ui.transactions.page import TransactionsPage


class Marking:
    def __init__(self, page: TransactionsPage) -> None:
        self._page, self._model, self._bar = page, page.model, page.bulk
        self._model.marks_changed.connect(self._changed)
        self._bar.closed.connect(self.unmark)

    def unmark(self) -> None:
        self._model.set_marks(set())
        self._page.table.setFocus()

    def target_ids(self) -> list[int]:
        """Return what a command is about: the marked rows, else the current one."""
        if self._model.marks:
            return self._model.marked
        current = self._page.table.current_id
        return [] if current is None else [current]

    def _changed(self) -> None:
        page, count = self._page, len(self._model.marks)
        was = self._bar.isVisible()
        self._bar.setVisible(bool(count))
        page.row_pane.set_leading(on=not count)
        if count and not was:
            QTimer.singleShot(0, lambda: page.table.scrollTo(page.table.currentIndex()))
        if not count:
            return
        self._bar.show_marks(count)
        if page.found is not None and page.found.count == count == len(self._model.ids):
            self._show_sum(page.found)
        else:
            query = replace(page.filters.cleared(), ids=tuple(self._model.marks)).query()
            page.fetch(lambda books, token: view_model.sums(books, token, query), self._show_sum, name="marked")

    def _show_sum(self, found: Found) -> None:
        if self._model.marks:
            self._bar.show_sum(found.net_cents)
