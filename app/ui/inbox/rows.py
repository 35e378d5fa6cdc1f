"""The list of questions: opening one to its rows by the chevron or the arrow keys, and going from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from app.ui.inbox.delegate import QuestionDelegate, chevron_hit
from app.ui.inbox.model import QuestionList, is_card
from app.ui.widgets.rows import RowList

if TYPE_CHECKING:
    from app.services.review.inbox import Card


class QuestionRows(RowList):
    clicked_on = Signal()
    """The pointer let go of a row."""

    def __init__(self, model: QuestionList) -> None:
        super().__init__("Questions")
        self._questions = model
        self.setModel(model)
        self.setItemDelegate(QuestionDelegate(self, model))
        model.opened_changed.connect(self.fit_rows)

    def fit_rows(self) -> None:
        """While no question is opened all rows are alike: the list then asks one for its height, not each."""
        self.setUniformItemSizes(not self._questions.opened)

    @property
    def card(self) -> Card | None:
        """The question that is current, or whose row is."""
        row, entries = self.current_row(), self._questions.entries
        return entries[row].card if 0 <= row < len(entries) else None

    def step(self, by: int) -> None:
        """Move to the next or previous question."""
        rows = [n for n, entry in enumerate(self._questions.entries) if is_card(entry)]
        here = self.current_row()
        at = rows.index(here) if here in rows else -1
        if rows:
            self.go_to(rows[min(max(at + by, 0), len(rows) - 1)])

    def go_to_card(self, item_id: str) -> bool:
        """Make a question current. Returns whether it is there."""
        row = self._questions.row_of(item_id)
        if row >= 0:
            self.go_to(row)
        return row >= 0

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        index = self.indexAt(event.position().toPoint())
        if chevron_hit(self, event.position()) and index.isValid() and is_card(self._questions.entries[index.row()]):
            self.setCurrentIndex(index)
            self._questions.toggle(self._questions.entries[index.row()].card.item.id)
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.clicked_on.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        card = self.card
        if card is not None and event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Left}:
            self._questions.toggle(card.item.id, opened=event.key() == Qt.Key.Key_Right)
            return
        super().keyPressEvent(event)
