"""Schedule C as it stands: each line opens the transactions it is made of."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from app.core.books.naming import counted
from app.core.money import WHOLE
from app.ui.reports.view_model import FormFacts, FormRow
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text, whole_text
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.table import Table
from app.ui.widgets.text import Figure, Label
from app.ui.widgets.themed import Themed, pad

Index = QModelIndex | QPersistentModelIndex
HEADERS = ("Line", "Schedule C", "Rows", "Booked", "On the form")
_WIDTHS = {0: 72, 2: 76, 3: 128, 4: 148}
"""Columns of a fixed width; the name takes the rest."""
_NAME_LEAST = 180
_NOTE_FROM, _RANGE_FROM = 300, 220
"""Heights (at 100 %) from which the note stands below, and the sentence below the figure."""


class FormModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[FormRow, ...] = ()

    def show(self, rows: tuple[FormRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, N802 - Qt's models
        if orientation is Qt.Orientation.Horizontal:
            return cell_data(Cell(text=HEADERS[section], right=section > 1), role)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        return cell_data(form_cell(self.rows[index.row()], index.column()), role)


def form_cell(row: FormRow, column: int) -> Cell:
    """Return what stands in a column; a result of the form is strong and opens nothing."""
    tip = f"Show {counted(row.number or 0, 'row')}" if row.code else ""
    if column == 0:
        return Cell(kind="line", text=row.printed, spoken=f"Line {row.printed}", tip=tip)
    if column == 1:
        part = f", {row.limit / 100:g} % of it" if row.limit != WHOLE else ""
        return Cell(kind="text" if row.code else "strong", text=f"{row.label}{part}", tip=tip)
    if column == 2:
        return Cell(kind="muted", text="" if row.number is None else f"{row.number:,}", right=True, tip=tip)
    if column == 3:
        if row.booked_cents is None:
            return Cell(text="", right=True)
        return Cell(kind="muted", text=amount_text(row.booked_cents), right=True, tip=tip)
    if row.code:
        return Cell(kind="amount", cents=row.form_cents, plain=True, tip=tip)
    return Cell(kind="strong", text=amount_text(row.form_cents), right=True)


class FormView(Themed, QWidget):
    """`line_wanted` names the code of a line whose transactions are asked for."""

    line_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = FormModel(self)
        self.facts: FormFacts | None = None
        self.caption = Label("Net profit, line 31", Role.CAPTION_STRONG, "muted")
        self.net = Figure("", Role.FIGURE_L)
        self.range = Label("", Role.SMALL, "muted", wrap=True)
        self.table = Table("Schedule C, line by line")
        self.table.setModel(self.model)
        self.table.row_activated.connect(self._open)
        self.table.clicked.connect(lambda index: self._open(index.row()))
        self.table.setCursor(Qt.CursorShape.ArrowCursor)
        self._top = QVBoxLayout()
        for part in (self.caption, self.net, self.range):
            self._top.addWidget(part)
        words = "An estimate from what is booked, not a return. Enter or a click on a line shows its rows."
        self.note = Label(words, Role.CAPTION, "muted", wrap=True)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.table, 1)
        column.addLayout(self._foot)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        pad(self._top, 24, 6, 24, 16)
        self._top.setSpacing(dp(4))
        head = self.table.horizontalHeader()
        for column in range(len(HEADERS)):
            fixed = column in _WIDTHS
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(column, mode)
            if fixed:
                self.table.setColumnWidth(column, dp(_WIDTHS[column]))
        self._leave_out()
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._leave_out()

    def _leave_out(self) -> None:
        """Leave the note out, then the sentence below the figure, where the lines would have no room."""
        dp = current().dp
        has_note = self.height() >= dp(_NOTE_FROM)
        self.note.setVisible(has_note)
        pad(self._foot, 24, 12 if has_note else 0, 24, 12 if has_note else 0)
        self.range.setVisible(self.height() >= dp(_RANGE_FROM))
        self.table.give_way(self.width(), _WIDTHS, _NAME_LEAST, (2, 3))

    def show_facts(self, facts: FormFacts) -> None:
        same = self.facts is not None and self.facts.year == facts.year
        row = self.table.currentIndex().row() if same else -1
        place = self.table.verticalScrollBar().value()
        self.facts = facts
        self.model.show(facts.rows)
        self._say()
        if row >= 0:
            self.table.setCurrentIndex(self.model.index(min(row, len(facts.rows) - 1), 0))
            self.table.verticalScrollBar().setValue(place)

    def clear(self) -> None:
        self.facts = None
        self.model.show(())
        self.net.setText("")
        self.range.setText("")

    def _say(self) -> None:
        facts = self.facts
        if facts is None:
            return
        self.net.setText(amount_text(facts.rows[-1].form_cents))
        words = f"{facts.span}, cash basis"
        if facts.open_questions:
            asked = counted(facts.open_questions, "question")
            verb = "is" if facts.open_questions == 1 else "are"
            words += (
                f". Between {whole_text(facts.net.low)} and {whole_text(facts.net.high)} while {asked} {verb} open."
            )
        self.range.setText(words)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model.rows) and self.model.rows[row].code:
            self.line_wanted.emit(self.model.rows[row].code)
