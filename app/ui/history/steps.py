"""The list of steps and how a step is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter

from app.ui.history import view_model
from app.ui.history.view_model import Loaded
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import ALIGN_RIGHT, badge_width, draw_text, paint_badge, paint_tile
from app.ui.widgets.rows import RowDelegate
from app.ui.widgets.tips import tip

if TYPE_CHECKING:
    from app.services.books.history_words import Entry

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
ROW = 54
_EDGE, _TEXT, _ROWS = 24, 68, 96
UNDONE = "Undone"


class StepList(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.loaded: Loaded | None = None

    def show(self, entries: list[Entry], loaded: Loaded | None) -> None:
        self.beginResetModel()
        self.entries, self.loaded = entries, loaded
        self.endResetModel()

    def row_of(self, operation: int | None) -> int:
        return next((n for n, entry in enumerate(self.entries) if entry.operation.id == operation), -1)

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        if not index.isValid() or index.row() >= len(self.entries) or self.loaded is None:
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.sentence
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(entry.sentence)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return view_model.spoken(entry, self.loaded)
        return None


class StepDelegate(RowDelegate):
    def __init__(self, steps: StepList, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = steps

    def row_height(self, _index: Index) -> int:
        return ROW

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        loaded, entry = self._steps.loaded, index.data(ENTRY)
        if loaded is None or entry is None:
            return
        dp = current().dp
        tile = QRectF(rect.left() + dp(_EDGE), rect.top() + dp(11), dp(32), dp(32))
        paint_tile(painter, tile, icon=view_model.icon_of(entry))
        end = rect.right() - dp(_EDGE)
        rows = QRectF(end - dp(_ROWS), rect.top(), dp(_ROWS), rect.height())
        draw_text(painter, rows, view_model.rows_of(entry), Role.SMALL, "muted", ALIGN_RIGHT)
        room = rows.left() - dp(8)
        if entry.undone:
            badge = QRectF(room - badge_width(UNDONE, "undo"), rect.top(), badge_width(UNDONE, "undo"), rect.height())
            paint_badge(painter, badge, UNDONE, icon="undo")
            room = badge.left() - dp(12)
        left = rect.left() + dp(_TEXT)
        color = "muted" if entry.undone or view_model.is_reversal(entry) else "text"
        first = QRectF(left, rect.top() + dp(8), room - left, dp(20))
        draw_text(painter, first, entry.sentence, Role.NAME, color, elide=True)
        second = QRectF(left, rect.top() + dp(28), room - left, dp(16))
        draw_text(painter, second, view_model.second_line(entry, loaded), Role.CAPTION, "muted", elide=True)
