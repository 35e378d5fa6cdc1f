"""Profit and loss by month. The names stay at the left while the months scroll."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from app.ui.reports.view_model import MonthFacts, MonthRow
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.card import Divider
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.table import Table
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

Index = QModelIndex | QPersistentModelIndex
HEADERS = ("Line", "Schedule C")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMES, TOTAL = 2, 14
"""So many columns name the line; then come the months and the total."""
_WIDTHS = {0: 72, 1: 208, TOTAL: 136}
_MONTH = 100


class MonthModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[MonthRow, ...] = ()

    def show(self, rows: tuple[MonthRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return TOTAL + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, N802 - Qt's models
        if orientation is Qt.Orientation.Horizontal:
            words = (*HEADERS, *MONTHS, "Year")[section]
            return cell_data(Cell(text=words, right=section >= NAMES), role)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        return cell_data(month_cell(self.rows[index.row()], index.column()), role)


def month_cell(row: MonthRow, column: int) -> Cell:
    """Return a cell; a month without rows shows a dash, a total is strong."""
    if column == 0:
        return Cell(kind="line", text=row.printed, spoken=f"Line {row.printed}" if row.printed else "Total")
    if column == 1:
        return Cell(kind="text" if row.code else "strong", text=row.label)
    cents = row.total if column == TOTAL else row.months[column - NAMES]
    if not cents and column < TOTAL:
        return Cell(kind="muted", text="–", right=True, spoken="nothing")
    if column == TOTAL or not row.code:
        return Cell(kind="strong", text=amount_text(cents), right=True)
    return Cell(kind="text", text=amount_text(cents), right=True)


class MonthsView(Themed, QWidget):
    line_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = MonthModel(self)
        self.facts: MonthFacts | None = None
        self.table = _MonthTable("Profit and loss by month")
        self.table.setModel(self.model)
        self.table.setHorizontalScrollMode(Table.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.table.row_activated.connect(self._open)
        self.names = _Names(self.table)
        self.names.row_activated.connect(self._open)
        self.note = Label("", Role.CAPTION, "muted", wrap=True)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(self._foot)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        pad(self._foot, 24, 12, 24, 12)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in range(TOTAL + 1):
            self.table.setColumnWidth(column, dp(_WIDTHS.get(column, _MONTH)))
        self.table.horizontalScrollBar().setSingleStep(dp(_MONTH))
        self.names.place()

    def show_facts(self, facts: MonthFacts) -> None:
        row = self.table.currentIndex().row()
        down, across = self.table.verticalScrollBar().value(), self.table.horizontalScrollBar().value()
        self.facts = facts
        self.model.show(facts.rows)
        reached = max((n for row_ in facts.rows for n, cents in enumerate(row_.months) if cents), default=11)
        for month in range(12):
            self.table.setColumnHidden(NAMES + month, month > reached)
        if 0 <= row < len(facts.rows):
            self.table.setCurrentIndex(self.model.index(row, 0))
        self.table.verticalScrollBar().setValue(down)
        self.table.horizontalScrollBar().setValue(across)
        words = "As booked, signed as in the books: money in is positive."
        if facts.limited:
            words += " Meals stand here whole; the form takes half of them."
        self.note.setText(words)
        self.names.place()

    def clear(self) -> None:
        self.facts = None
        self.model.show(())

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model.rows) and self.model.rows[row].code:
            self.line_wanted.emit(self.model.rows[row].code)


class _MonthTable(Table):
    """Up and down move the row and leave the months where they are; left and right move the months."""

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, hint: Table.ScrollHint = Table.ScrollHint.EnsureVisible
    ) -> None:
        across = self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        self.horizontalScrollBar().setValue(across)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + (1 if event.key() == Qt.Key.Key_Right else -1) * bar.singleStep())
            return
        super().keyPressEvent(event)


class _Names(Table):
    """The names of the lines once more, over the table, where scrolling sideways does not move it."""

    def __init__(self, table: Table) -> None:
        super().__init__("", parent=table)
        self._table = table
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for column in range(NAMES, TOTAL + 1):
            self.setColumnHidden(column, True)
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)
        self._edge = Divider(upright=True, parent=table)
        table.horizontalScrollBar().rangeChanged.connect(lambda _least, _most: self.place())
        table.installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self._table and event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self.place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._bar.hide()

    def place(self) -> None:
        """Lie over the names, as wide as they are and a line more."""
        for column in range(NAMES):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, self._table.columnWidth(column))
        bar = self._table.horizontalScrollBar()
        foot = bar.height() if bar.isVisible() else 0
        width = sum(self._table.columnWidth(column) for column in range(NAMES))
        self.setGeometry(0, 0, width, self._table.height() - foot)
        self._edge.setGeometry(width, 0, 1, self._table.height() - foot)
        self._edge.setVisible(bar.maximum() > 0)
        self.raise_()
        self._edge.raise_()
