"""Which statements the books have: accounts by month, each cell a mark that is also a word."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import (
    ALIGN_MIDDLE,
    draw_text,
    fill_round,
    paint_icon,
    paint_ring,
    paint_round,
    text_width,
)
from app.ui.widgets.themed import Themed
from app.ui.widgets.tips import tip

Index = QModelIndex | QPersistentModelIndex
CELL = 28
PITCH = 34
_MONTH = 32
"""Width that a month has at least, so that its name can be read."""
GAP = 5
NAMES = 141
INSET = 16


class Coverage(StrEnum):
    TIES = "ties"
    UNTIED = "untied"
    INCOMPLETE = "incomplete"
    NO_STATEMENT = "no_statement"
    MISSING = "missing"
    NONE = "none"


WORDS = {
    Coverage.TIES: "balance ties",
    Coverage.UNTIED: "does not tie",
    Coverage.INCOMPLETE: "incomplete",
    Coverage.NO_STATEMENT: "no statement yet",
    Coverage.MISSING: "missing",
    Coverage.NONE: "not open then",
}
FILLS = {
    Coverage.TIES: "in_bg",
    Coverage.UNTIED: "danger_bg",
    Coverage.INCOMPLETE: "warn_bg",
    Coverage.NO_STATEMENT: "av",
}
MARKS = {
    Coverage.TIES: ("check", "money_in"),
    Coverage.UNTIED: ("close", "danger"),
    Coverage.INCOMPLETE: ("alert", "warn"),
}


def paint_coverage(painter: QPainter, box: QRectF, state: Coverage) -> None:
    theme = current()
    if state is Coverage.NONE:
        draw_text(painter, box, "–", Role.SMALL, "muted", ALIGN_MIDDLE)
    elif state is Coverage.MISSING:
        paint_round(painter, box, theme.dp(6), None, "control", dashed=True)
    else:
        fill_round(painter, box, theme.dp(6), FILLS[state])
    if state in MARKS:
        paint_icon(painter, MARKS[state][0], box.center(), 14, MARKS[state][1])
    elif state is Coverage.NO_STATEMENT:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted"))
        painter.drawEllipse(box.center(), theme.dp(6) / 2, theme.dp(6) / 2)
        painter.restore()


class CoverageGrid(Themed, QWidget):
    """Arrows move from cell to cell, Enter or a click emits `activated(row, column)`."""

    activated = Signal(int, int)

    def __init__(self, name: str = "Statements by month", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = _Grid(name)
        self._grid.cell_activated.connect(self.activated)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._grid)
        self.setFocusProxy(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_coverage(
        self,
        months: Sequence[str],
        rows: Sequence[tuple[str, Sequence[Coverage]]],
        notes: dict[tuple[int, int], str] | None = None,
    ) -> None:
        """Show accounts and their months; `notes` explain single cells in a sentence."""
        self._grid.fill(months, rows, notes or {})

    def restyle(self) -> None:
        self._row.setContentsMargins(0, 0, current().dp(INSET) - current().dp(GAP), 0)


class _Grid(Themed, QTableView):
    cell_activated = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = _CoverageModel(self)
        self.setModel(self._model)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName("Accounts and months")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalHeader(_MonthHeader(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(_MonthHeader(Qt.Orientation.Vertical, self))
        self.setItemDelegate(_CoverageDelegate(self))
        self.clicked.connect(lambda index: self.cell_activated.emit(index.row(), index.column()))
        self.follow_theme()

    def fill(
        self, months: Sequence[str], rows: Sequence[tuple[str, Sequence[Coverage]]], notes: dict[tuple[int, int], str]
    ) -> None:
        self._model.fill(months, rows, notes)
        self._on_theme()

    def restyle(self) -> None:
        dp = current().dp
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setMinimumSectionSize(dp(_MONTH))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setFixedHeight(dp(30))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(dp(PITCH))
        down.setDefaultSectionSize(dp(PITCH))
        down.setFixedWidth(dp(NAMES) + dp(INSET))
        self.setFixedHeight(across.height() + self._model.rowCount() * dp(PITCH))
        self._show_newest()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._show_newest()

    def _show_newest(self) -> None:
        """Leave the oldest months out where not all have room."""
        dp, count = current().dp, self._model.columnCount()
        room = (self.width() - self.verticalHeader().width()) // dp(_MONTH)
        for column in range(count):
            self.setColumnHidden(column, column < count - max(1, room))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        at = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and at.isValid():
            self.cell_activated.emit(at.row(), at.column())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, self._model.columnCount() - 1))


class _CoverageModel(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._months: list[str] = []
        self._rows: list[tuple[str, list[Coverage]]] = []
        self._notes: dict[tuple[int, int], str] = {}

    def fill(
        self, months: Sequence[str], rows: Sequence[tuple[str, Sequence[Coverage]]], notes: dict[tuple[int, int], str]
    ) -> None:
        self.beginResetModel()
        self._months = list(months)
        self._rows = [(name, list(states)) for name, states in rows]
        self._notes = dict(notes)
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self._rows)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self._months)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - what Qt's models return
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._months[section] if orientation is Qt.Orientation.Horizontal else self._rows[section][0]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - same
        name, states = self._rows[index.row()]
        state = states[index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return state
        words = f"{name}, {self._months[index.column()]}: {WORDS[state]}"
        note = self._notes.get((index.row(), index.column()))
        words = f"{words}. {note}" if note else words
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(words)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return words
        return None


class _CoverageDelegate(QStyledItemDelegate):
    def __init__(self, grid: _Grid) -> None:
        super().__init__(grid)
        self._grid = grid

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        dp = current().dp
        rect = QRectF(option.rect)
        box = QRectF(rect.left(), rect.center().y() - dp(CELL) / 2, rect.width() - dp(GAP), dp(CELL))
        paint_coverage(painter, box, Coverage(index.data(Qt.ItemDataRole.UserRole)))
        if self._grid.hasFocus() and index == self._grid.currentIndex():
            paint_ring(painter, box.adjusted(1, 1, -1, -1), dp(5))


class _MonthHeader(QHeaderView):
    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - Qt's names
        dp = current().dp
        painter.fillRect(rect, current().color("surface"))
        words = str(self.model().headerData(logicalIndex, self.orientation()))
        if self.orientation() is Qt.Orientation.Horizontal:
            draw_text(painter, QRectF(rect).adjusted(0, 0, -dp(GAP), 0), words, Role.CAPTION, "muted", ALIGN_MIDDLE)
        else:
            draw_text(painter, QRectF(rect).adjusted(dp(INSET), 0, -dp(8), 0), words, Role.SMALL, elide=True)


class CoverageLegend(Themed, QLabel):
    """What the marks mean, in words."""

    SHOWN = (Coverage.TIES, Coverage.UNTIED, Coverage.INCOMPLETE, Coverage.NO_STATEMENT, Coverage.MISSING)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(", ".join(WORDS[state] for state in self.SHOWN), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        words = sum(round(text_width(WORDS[state], Role.CAPTION)) + dp(22) + dp(7) for state in self.SHOWN)
        return QSize(words + dp(8) * (len(self.SHOWN) - 1) + 2, dp(20))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(0, self.sizeHint().height())  # whoever shows it leaves it out where it has no room

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        dp = current().dp
        painter = QPainter(self)
        x = 0.0
        for state in self.SHOWN:
            top = (self.height() - dp(18)) / 2
            paint_coverage(painter, QRectF(QPointF(x, top), QPointF(x + dp(22), top + dp(18))), state)
            x += dp(22) + dp(7)
            box = QRectF(x, 0, self.width(), self.height())
            x += round(draw_text(painter, box, WORDS[state], Role.CAPTION, "muted")) + dp(8)
