"""The table: marks beside a current row, columns that give way, and a place that is kept when data load again."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QItemSelectionModel, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionViewItem

from app.ui.runtime.preferences import Preferences
from app.ui.theme.theme import current
from app.ui.transactions import columns
from app.ui.transactions.columns import BY_ID, COLUMNS
from app.ui.transactions.model import Index, TransactionModel
from app.ui.widgets.table import STRIP, CellDelegate, Table, inside

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
ORDER = "transactions/columns"


class Place(NamedTuple):
    """Where the list stands: the row at the top with how far it is scrolled off, and the current row."""

    top_id: int
    offset: int
    current_id: int
    current_row: int


class TransactionTable(Table):
    """Space marks, Shift with the arrows marks a range. `sort_asked` names a column of `SORTS`."""

    sort_asked = Signal(str)
    current_moved = Signal()

    def __init__(self, model: TransactionModel, preferences: Preferences) -> None:
        super().__init__("Transactions", compact=preferences.is_on("appearance/compact"))
        self.rows = model
        self._preferences = preferences
        self._order, self._widths = columns.unpacked(preferences.text(ORDER))
        self._with_year = False
        self._applying = False
        self._anchor = -1
        self._before: set[int] = set()
        self.setModel(model)
        self._delegate = RowDelegate(self, model)
        self.setItemDelegate(self._delegate)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        head = self.head
        head.setSectionsMovable(True)
        head.setFirstSectionMovable(False)
        head.setStretchLastSection(False)
        head.setSortIndicatorShown(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(BY_ID["text"], QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(BY_ID["check"], QHeaderView.ResizeMode.Fixed)
        for place, name in enumerate(self._order):
            head.moveSection(head.visualIndex(BY_ID[name]), place)
        head.sectionClicked.connect(self._head_clicked)
        head.sectionResized.connect(self._resized)
        head.sectionMoved.connect(self._moved)
        head.sectionHandleDoubleClicked.disconnect()  # it would measure rows that are not there yet
        head.sectionHandleDoubleClicked.connect(self._as_designed)
        self.checked.connect(self._checked)
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self.current_moved.emit())
        preferences.changed.connect(self._preference)

    # --- columns

    def set_sort(self, sort: str, *, descending: bool) -> None:
        """Show by what the rows are sorted."""
        section = next(number for number, column in enumerate(COLUMNS) if column.sort == sort)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.head.setSortIndicator(section, order)

    def set_with_year(self, *, on: bool) -> None:
        """Make room for dates that carry their year."""
        if on != self._with_year:
            self._with_year = on
            self.fit_columns()

    def reset_columns(self) -> None:
        self._order, self._widths = columns.unpacked("")
        self._applying = True
        for place, name in enumerate(self._order):
            self.head.moveSection(self.head.visualIndex(BY_ID[name]), place)
        self._applying = False
        self._remember()
        self.fit_columns()

    def fit_columns(self) -> None:
        """Give every column its width and let those go that find no room."""
        look = current()
        widths = dict(self._widths)
        widths["date"] += columns.WITH_YEAR if self._with_year else 0
        room = self.viewport().width() / look.factor
        gone = columns.hidden(room, widths)
        widths = columns.squeezed(room, widths, gone)
        self._applying = True
        for number, column in enumerate(COLUMNS):
            self.head.setSectionHidden(number, column.id in gone)
            if column.id != "text":
                self.head.resizeSection(number, look.dp(widths[column.id]))
        self._applying = False
        self._delegate.places_differ()

    def shown_columns(self) -> list[str]:
        """Return the columns that show, from left to right."""
        head = self.head
        order = [head.logicalIndex(place) for place in range(head.count())]
        return [COLUMNS[number].id for number in order if not head.isSectionHidden(number)]

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_delegate"):
            self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit_columns()

    def _resized(self, section: int, _before: int, now: int) -> None:
        name = COLUMNS[section].id
        if self._applying or not now or name == "text":
            return
        year = columns.WITH_YEAR if name == "date" and self._with_year else 0
        self._widths[name] = max(40, round(now / current().factor) - year)
        self._remember()

    def _moved(self, _section: int, _before: int, _now: int) -> None:
        self._delegate.places_differ()
        if not self._applying:
            self._order = [COLUMNS[self.head.logicalIndex(place)].id for place in range(len(COLUMNS))]
            self._remember()

    def _as_designed(self, section: int) -> None:
        self._widths[COLUMNS[section].id] = COLUMNS[section].width
        self._remember()
        self.fit_columns()

    def _remember(self) -> None:
        self._preferences.set(ORDER, columns.packed(self._order, self._widths))

    def _preference(self, name: str) -> None:
        if name == "appearance/compact":
            place = self.place()
            self.set_compact(compact=self._preferences.is_on(name))
            self.go_back(place)

    def _head_clicked(self, section: int) -> None:
        if COLUMNS[section].id == "check":
            if len(self.rows.marks) == len(self.rows.ids):
                self.rows.set_marks(set())
            else:
                self.rows.mark_all()
        elif COLUMNS[section].sort:
            self.sort_asked.emit(COLUMNS[section].sort)

    # --- the current row and the place

    @property
    def row(self) -> int:
        return self.currentIndex().row()

    @property
    def current_id(self) -> int | None:
        return self.rows.ids[self.row] if 0 <= self.row < len(self.rows.ids) else None

    def go_to(self, row: int) -> None:
        """Make a row current and bring it into sight."""
        if self.rows.ids:
            place = self.rows.index(min(max(row, 0), len(self.rows.ids) - 1), BY_ID["payee"])
            self.selectionModel().setCurrentIndex(
                place, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            )
            self.scrollTo(place)

    def place(self) -> Place:
        top = self.rowAt(0)
        if top < 0 or not self.rows.ids:
            return Place(0, 0, 0, max(self.row, 0))
        offset = -self.rowViewportPosition(top)
        return Place(self.rows.ids[top], offset, self.current_id or 0, max(self.row, 0))

    def go_back(self, place: Place) -> None:
        """Show the same rows again at the same place; where the current row is gone the next one takes its place."""
        if not self.rows.ids:
            return
        row = self.rows.row_of(place.current_id) if place.current_id else -1
        index = self.rows.index(row if row >= 0 else min(place.current_row, len(self.rows.ids) - 1), BY_ID["payee"])
        top = self.rows.row_of(place.top_id) if place.top_id else -1
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        if top >= 0:
            self.verticalScrollBar().setValue(top * self.verticalHeader().defaultSectionSize() + place.offset)
        else:
            self.scrollTo(index)

    # --- keys and clicks

    def keyboardSearch(self, _text: str) -> None:  # noqa: N802 - Qt's name
        """Never look through all rows for what was typed: the search field does that."""

    def toggle(self) -> None:
        """Mark the current row, or take its mark away."""
        if self.current_id is not None:
            self._anchor = -1
            self.rows.toggle(self.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = Qt.Key(event.key())
        only_shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if only_shift and (key in _STEPS or key in _PAGES) and self.row >= 0:
            page = max(1, self.viewport().height() // self.verticalHeader().defaultSectionSize() - 1)
            self._extend(self.row + (_STEPS.get(key) or _PAGES[key] * page))
            return
        if key not in {Qt.Key.Key_Shift, Qt.Key.Key_Control}:
            self._anchor = -1
        super().keyPressEvent(event)

    def _extend(self, row: int) -> None:
        """Mark from where Shift was first held to a row."""
        row = min(max(row, 0), len(self.rows.ids) - 1)
        if self._anchor < 0:
            self._anchor, self._before = self.row, set(self.rows.marks)
        first, last = sorted((self._anchor, row))
        self.rows.set_marks(self._before.union(self.rows.ids[first : last + 1]))
        self.go_to(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.row >= 0:
            self._extend(index.row())
            return
        self._anchor = -1
        if index.isValid() and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._checked(index)
            return
        super().mousePressEvent(event)

    def _checked(self, index: Index) -> None:
        self.go_to(index.row())
        self.rows.toggle(index.row())


class RowDelegate(CellDelegate):
    """Fills marked rows; the current row carries the strip, and the fill too while nothing is marked."""

    def __init__(self, table: TransactionTable, model: TransactionModel) -> None:
        super().__init__(table)
        self._model = model
        self._places: dict[int, int] = {}

    def places_differ(self) -> None:
        self._places.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, table, model = current(), self._table, self._model
        if not self._places:
            head = table.head
            self._places = {n: head.place_of(n) for n in range(head.count()) if not head.isSectionHidden(n)}
        row, column = index.row(), index.column()
        if row >= len(model.ids):
            return
        rect: QRect = option.rect
        place = self._places.get(column, 0)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        marked = model.ids[row] in model.marks
        painter.save()
        if marked or (is_current and not model.marks):
            painter.fillRect(rect, look.color("sel"))
        elif is_current or row == table.hovered_row:
            painter.fillRect(rect, look.color("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, look.color("divider"))
        if place == 0 and is_current:
            painter.fillRect(rect.left(), rect.top(), look.dp(STRIP), rect.height(), look.color("accent"))
        box = inside(rect, place, len(self._places), table.edge)
        box.adjust(0, 0, 0, -1)
        self.paint_cell(painter, box, model.cell(row, column), index)
        painter.restore()
