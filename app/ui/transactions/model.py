"""The list's rows: ids in an order, and behind them the rows of a few blocks, read when they come into sight."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.core.books import naming
from app.core.books.vocabulary import Kind
from app.core.money import WHOLE, rate_text
from app.ui.transactions.columns import BY_ID, COLUMNS, RING
from app.ui.widgets.amount import amount_in
from app.ui.widgets.cell import CELL_ROLE, Cell, cell_data
from app.ui.widgets.paint import ALIGN_LEFT, ALIGN_RIGHT, Check

if TYPE_CHECKING:
    from app.services.ledger.finding import Listed, Shown

Index = QModelIndex | QPersistentModelIndex
BLOCK = 100
KEPT = 40
"""Blocks that are held; the one not looked at for longest is dropped."""
_OWN = frozenset({Kind.TRANSFER, Kind.CARD_PAYMENT})
_SHARED = frozenset({Kind.EXPENSE, Kind.REFUND})
_GONE = Cell()


class Line(NamedTuple):
    row: Listed
    shown: Shown


Read = Callable[[Sequence[int]], list[Line]]


def share_words(row: Listed) -> str:
    """Return the business share of a cost, and that of anything else that is not whole."""
    if row.is_split or not row.line.startswith(("C", "S")):
        return ""
    if row.kind not in _SHARED and row.percent == WHOLE:
        return ""
    return f"{rate_text(row.percent)}%"


def with_line(words: str, code: str) -> str:
    """Return a category with its line: `Travel, line 24a`."""
    if code == naming.DASH:
        return words
    return f"{words}, line {code}" if code[:1].isdigit() else f"{words}, {code}"


def amount_of(row: Listed) -> str:
    """Return what a row in another currency moved, in that currency; empty for US dollars."""
    if row.currency == "USD":
        return ""
    return amount_in(row.cents, row.currency)


class TransactionModel(QAbstractTableModel):
    marks_changed = Signal()

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._blocks: OrderedDict[int, dict[int, Line]] = OrderedDict()
        self.ids: array[int] = array("q")
        self.marks: set[int] = set()
        self.accounts: dict[int, str] = {}
        self.this_year = 0

    # --- what is shown

    def show(self, ids: array[int]) -> None:
        """Show these rows; marks stay on those that are still among them."""
        if ids == self.ids:
            self._blocks.clear()
            if ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.ids = ids
        self._blocks.clear()
        self.endResetModel()
        if self.marks:
            self.set_marks(self.marks.intersection(ids))

    def forget(self) -> None:
        self.marks = set()
        self.accounts = {}
        self.show(array("q"))

    def line(self, row: int) -> Line | None:
        """Return a row, reading its block where that is not held; None when the row is gone meanwhile."""
        number = row // BLOCK
        block = self._blocks.get(number)
        if block is None:
            ids = self.ids[number * BLOCK : (number + 1) * BLOCK]
            block = {line.row.id: line for line in self._read(ids)}
            self._blocks[number] = block
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(number)
        return block.get(self.ids[row])

    def row_of(self, transaction_id: int) -> int:
        """Return where a transaction stands, -1 when it is not shown."""
        try:
            return self.ids.index(transaction_id)
        except ValueError:
            return -1

    @property
    def blocks_held(self) -> int:
        return len(self._blocks)

    # --- marks

    def set_marks(self, marks: set[int]) -> None:
        if marks != self.marks:
            self.marks = marks
            self._marks_differ()

    def toggle(self, row: int) -> None:
        self.marks ^= {self.ids[row]}
        self._marks_differ()

    def mark_rows(self, rows: Iterable[int], *, on: bool = True) -> None:
        ids = {self.ids[row] for row in rows}
        self.set_marks(self.marks | ids if on else self.marks - ids)

    def mark_all(self) -> None:
        self.set_marks(set(self.ids))

    def _marks_differ(self) -> None:
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, 0))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)
        self.marks_changed.emit()

    @property
    def marked(self) -> list[int]:
        """Return the marked ids in the order of the list."""
        return [number for number in self.ids if number in self.marks] if self.marks else []

    @property
    def check(self) -> Check:
        if not self.marks:
            return Check.OFF
        return Check.ON if len(self.marks) == len(self.ids) else Check.PARTLY

    # --- Qt

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        return cell_data(self.cell(index.row(), index.column()), role)

    def cell(self, row: int, column: int) -> Cell:
        name = COLUMNS[column].id
        if name == "check":
            return Cell(kind="check", check=Check.ON if self.ids[row] in self.marks else Check.OFF)
        line = self.line(row)
        return _GONE if line is None else self._cell(name, line.row, line.shown)

    def _cell(self, name: str, row: Listed, shown: Shown) -> Cell:
        if name == "date":
            return Cell(kind="muted", text=naming.day_words(row.tax_date, self.this_year))
        if name == "payee":
            return Cell(kind="name", text=shown.payee)
        if name == "text":
            return Cell(kind="bank", text=row.text, tip=row.text)
        if name == "category":
            return self._category(row, shown)
        if name == "line":
            return Cell(kind="line", text=shown.line)
        if name == "account":
            words = self.accounts.get(row.account_id) or naming.account_short(row.account, row.last4)
            return Cell(kind="muted", text=words)
        if name == "share":
            return Cell(kind="muted", text=share_words(row), right=True)
        quiet = row.kind in _OWN or row.status == "deleted"
        return Cell(kind="amount", cents=row.cents, text=amount_of(row), quiet=quiet)

    @staticmethod
    def _category(row: Listed, shown: Shown) -> Cell:
        if row.status == "deleted":
            return Cell(text="Deleted", gutter=True, color="muted", tip="It counts nowhere and can be restored")
        outside = row.kind in _OWN or row.kind == Kind.PERSONAL
        tip = f"Needs an answer: {row.reason}" if shown.has_question else row.reason
        color = "muted" if outside and not shown.has_question and not row.is_split else ""
        return Cell(text=shown.category, gutter=True, question=shown.has_question, color=color, tip=tip)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's models
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == CELL_ROLE:
            return (
                Cell(kind="check", check=self.check) if column.id == "check" else Cell(gutter=column.id == "category")
            )
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if column.right else ALIGN_LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}. {RING}" if section == BY_ID["category"] else column.title or column.tip
        return None
