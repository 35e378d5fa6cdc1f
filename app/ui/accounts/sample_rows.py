"""Five rows of a file as they would be booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.core.dates import date_of
from app.ui.accounts.view_model import balance
from app.ui.theme.theme import current
from app.ui.widgets.card import INSET
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.table import Table

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.ingest.import_preview import StatementPreview

Index = QModelIndex | QPersistentModelIndex
HEADS = ("Date", "Newest rows", "Would be booked as", "", "Amount")
WIDTHS = {0: 80, 2: 230, 3: 110, 4: 132}


class _SampleModel(QAbstractTableModel):
    def __init__(self, statement: StatementPreview, parent: QWidget) -> None:
        super().__init__(parent)
        self._statement = statement

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self._statement.samples)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(HEADS)

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, N802 - Qt's name
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return cell_data(Cell(text=HEADS[section], right=section == len(HEADS) - 1), role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - what Qt's models return
        row = self._statement.samples[index.row()]
        on = date_of(row.day)
        if index.column() == 4:
            currency = self._statement.currency
            foreign = "" if currency == "USD" else balance(row.cents, currency, plus=True)
            return cell_data(Cell(kind="amount", cents=row.cents, text=foreign), role)
        cells = (
            Cell(kind="muted", text=f"{on:%b} {on.day}"),
            Cell(text=row.text, tip=row.text),
            Cell(kind="muted", text="already there") if row.already_there else Cell(text=row.suggestion),
            Cell(kind="muted", text="" if row.already_there else row.confidence),
        )
        return cell_data(cells[index.column()], role)


class SampleRows(Table):
    def __init__(self, statement: StatementPreview) -> None:
        self._ready = False
        super().__init__("Newest rows of the file", edge=INSET, compact=True)
        self.setModel(_SampleModel(statement, self))
        self.head.setSectionsClickable(False)
        self._ready = True
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        if self._ready:
            for column, width in WIDTHS.items():
                self.setColumnWidth(column, current().dp(width))
            self.head.setSectionResizeMode(1, self.head.ResizeMode.Stretch)
            self.fit_height()
