"""The general ledger: every leg with the running balance of its account, and the file of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.books.naming import counted
from app.core.dates import year_of
from app.ui.reports.view_model import ALL_ACCOUNTS, LedgerRow, accounts_of
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import Button, DropDown
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.table import Table
from app.ui.widgets.text import WholeLabel
from app.ui.widgets.themed import Themed, pad

Index = QModelIndex | QPersistentModelIndex
HEADERS = ("Date", "Account", "Memo", "Debit", "Credit", "Balance")
_WIDTHS = {0: 96, 1: 240, 3: 112, 4: 112, 5: 144}
"""Columns of a fixed width; the bank's words take the rest and give way."""
_ACCOUNT_LEAST, _MEMO_LEAST = 150, 110


class LedgerModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.every: list[LedgerRow] = []
        self.rows: list[LedgerRow] = []
        self.account = ALL_ACCOUNTS

    def show(self, rows: list[LedgerRow], account: str) -> None:
        self.beginResetModel()
        self.every, self.account = rows, account
        self.rows = rows if account == ALL_ACCOUNTS else [row for row in rows if row.account == account]
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, N802 - Qt's models
        if orientation is Qt.Orientation.Horizontal:
            return cell_data(Cell(text=HEADERS[section], right=section > 2), role)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        return cell_data(ledger_cell(self.rows[index.row()], index.column()), role)


def ledger_cell(row: LedgerRow, column: int) -> Cell:
    if column == 0:
        return Cell(kind="muted", text=naming.day_words(row.day, year_of(row.day)))
    if column == 1:
        return Cell(text=row.account, tip=row.account)
    if column == 2:
        return Cell(kind="bank", text=row.memo, tip=row.memo)
    cents = (row.debit, row.credit, row.balance)[column - 3]
    if cents is None:
        return Cell(text="", right=True)
    return Cell(kind="text" if column < 5 else "muted", text=amount_text(cents), right=True)


class LedgerView(Themed, QWidget):
    """`row_wanted` names a transaction to show, `save_wanted` asks for the file."""

    row_wanted = Signal(int)
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = LedgerModel(self)
        self.year = 0
        self.account = DropDown([(ALL_ACCOUNTS, ALL_ACCOUNTS)], ALL_ACCOUNTS, size="small", name="Account")
        self.account.changed.connect(lambda chosen: self._filter(str(chosen)))
        self.count = WholeLabel("", Role.SMALL, "muted")
        self.save = Button("Save as CSV…", icon="export", size="small")
        self.save.clicked.connect(self.save_wanted)
        self._top = QHBoxLayout()
        self._top.addWidget(self.account)
        self._top.addWidget(self.count, 1)
        self._top.addWidget(self.save)
        self.table = Table("General ledger")
        self.table.setModel(self.model)
        self.table.row_activated.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.table, 1)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        pad(self._top, 24, 0, 24, 12)
        self._top.setSpacing(dp(12))
        head = self.table.horizontalHeader()
        for column in range(len(HEADERS)):
            fixed = column in _WIDTHS
            mode = QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(column, mode)
            if fixed:
                self.table.setColumnWidth(column, dp(_WIDTHS[column]))
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Of a narrow page accounts give room first, then the balance goes, and the bank's words last."""
        dp, widths = current().dp, dict(_WIDTHS)
        if self.width() < sum(map(dp, widths.values())) + dp(_MEMO_LEAST):
            widths[1] = _ACCOUNT_LEAST
        self.table.give_way(self.width(), widths, _MEMO_LEAST, (5,))
        rest = self.width() - dp(widths[0]) - dp(widths[3]) - dp(widths[4])
        alone = rest < dp(widths[1]) + dp(_MEMO_LEAST)
        self.table.setColumnHidden(2, alone)
        self.table.setColumnWidth(1, rest if alone else dp(widths[1]))

    def show_rows(self, year: int, rows: list[LedgerRow]) -> None:
        """Show a ledger; of the same year the account, row and place stay."""
        accounts = accounts_of(rows)
        chosen = self.model.account if year == self.year and self.model.account in accounts else ALL_ACCOUNTS
        row, place = self.table.currentIndex().row(), self.table.verticalScrollBar().value()
        same = year == self.year
        self.year = year
        self.account.set_choices([(name, name) for name in (ALL_ACCOUNTS, *accounts)], chosen)
        self.model.show(rows, chosen)
        self._count()
        if same and 0 <= row < len(self.model.rows):
            self.table.setCurrentIndex(self.model.index(row, 0))
            self.table.verticalScrollBar().setValue(place)

    def clear(self) -> None:
        self.year = 0
        self.model.show([], ALL_ACCOUNTS)
        self.account.set_choices([(ALL_ACCOUNTS, ALL_ACCOUNTS)], ALL_ACCOUNTS)

    def _filter(self, account: str) -> None:
        self.model.show(self.model.every, account)
        self.table.scrollToTop()
        self._count()

    def _count(self) -> None:
        lines = counted(len(self.model.rows), "line")
        self.count.shorter = (lines,)
        self.count.setText(lines + balanced(self.model.rows, self.model.account))

    def _open(self, row: int) -> None:
        number = self.model.rows[row].transaction_id if 0 <= row < len(self.model.rows) else None
        if number is not None:
            self.row_wanted.emit(number)


def balanced(rows: Sequence[LedgerRow], account: str) -> str:
    """Return whether debits and credits are equal, said only of the whole ledger."""
    if account != ALL_ACCOUNTS or not rows:
        return ""
    debit, credit = sum(row.debit or 0 for row in rows), sum(row.credit or 0 for row in rows)
    return ", debits equal credits" if debit == credit else f", off by {amount_text(abs(debit - credit))}"
