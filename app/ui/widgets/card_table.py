"""A table inside a card: as wide as the card and as high as its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionViewItem, QWidget

from app.ui.theme.theme import current
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.paint import ALIGN_LEFT, ALIGN_RIGHT
from app.ui.widgets.table import CellDelegate, Table

Index = QModelIndex | QPersistentModelIndex
Row = tuple[Cell, ...]
LEAST = 80
"""What the column that takes the rest is never narrower than, in px of the design, unless a table asks for more."""


class Cells(QAbstractTableModel):
    """Rows of cells under a head; a column whose head begins with ">" stands at the right."""

    def __init__(self, heads: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._rows: list[Row] = []

    def set_heads(self, heads: Sequence[str]) -> None:
        self._heads = tuple(heads)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._heads) - 1)

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt
        return cell_data(self._rows[index.row()][index.column()], role) if index.isValid() else None

    def headerData(self, section: int, way: Qt.Orientation, role: int = 0) -> Any:  # noqa: ANN401, N802 - Qt
        if way is not Qt.Orientation.Horizontal:
            return None
        head = self._heads[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return head.removeprefix(">")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if head.startswith(">") else ALIGN_LEFT
        return None


class CardRows(CellDelegate):
    """The last row has no line under it: the card ends there."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.row() == index.model().rowCount() - 1:
            rect: QRect = option.rect
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            ground = "sel" if chosen else "hover" if index.row() == self._table.hovered_row else "surface"
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, current().color(ground))


class CardTable(Table):
    """A table as wide as its card and as high as its rows; the page scrolls it.

    Widths are px of the design; the column of width 0 takes what is left. Where not all fit, the columns of `yields`
    are hidden in their order. With a `height` of its own it scrolls its rows itself.
    """

    def __init__(
        self, name: str, heads: Sequence[str], widths: Sequence[int], yields: Sequence[int] = (), height: int = 0,
        least: int = LEAST,
    ) -> None:  # fmt: skip
        super().__init__(name, edge=16, row=40)
        self._height = height
        self._least = least
        self._widths = tuple(widths)
        self._yields = tuple(yields)
        self.cells = Cells(heads, self)
        self.setModel(self.cells)
        self.setItemDelegate(CardRows(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.head.setSectionsClickable(False)
        self.head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.restyle()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows and keep the current one where it was."""
        row = self.currentIndex().row()
        self.cells.show_rows(rows)
        self.fit_height()
        self._share_width()
        if row >= 0 and rows:
            self.go_to(min(row, len(rows) - 1))

    def fit_height(self) -> None:
        if self._height:
            self.setFixedHeight(current().dp(self._height))
        else:
            super().fit_height()

    def go_to(self, row: int) -> None:
        self.setCurrentIndex(self.cells.index(row, 0))

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "cells"):
            self.fit_height()
            self._share_width()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt
        super().focusInEvent(event)
        # Qt makes the first row current without choosing it, and only a chosen row shows where the keyboard is.
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        dp, room = current().dp, self.viewport().width()
        shown = self._fitting(room)
        rest = room - sum(dp(self._widths[column]) for column in shown)
        for column, width in enumerate(self._widths):
            self.setColumnHidden(column, column not in shown)
            if column in shown:
                self.setColumnWidth(column, dp(width) if width else max(dp(self._least), rest))

    def _fitting(self, room: int) -> set[int]:
        """Return the columns for which there is room."""
        dp = current().dp
        shown = set(range(len(self._widths)))
        for column in self._yields:
            if sum(dp(self._widths[each] or self._least) for each in shown) <= room:
                break
            shown.discard(column)
        return shown
