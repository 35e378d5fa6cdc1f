"""The table of the design: no grid, one line a row, a strip at the current row, amounts on one right edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.cell import CELL_ROLE, Cell
from app.ui.widgets.paint import (
    ALIGN_LEFT,
    ALIGN_RIGHT,
    draw_text,
    fill_round,
    paint_badge,
    paint_check,
    paint_icon,
    text_width,
)
from app.ui.widgets.scroll import OverlayScrollBar
from app.ui.widgets.themed import Themed

Index = QModelIndex | QPersistentModelIndex
ROW = 36
COMPACT_ROW = 28
HEADER = 32
EDGE = 24
INSET = 8
STRIP = 3
GUTTER = 16
"""Room for the ring of an open question, so that the words of a column stay aligned."""

ROLES = {
    "name": Role.NAME,
    "amount": Role.NAME,
    "strong": Role.SMALL_TITLE,
    "bank": Role.CAPTION,
}
COLORS = {"muted": "muted", "bank": "faint", "line": "muted", "icon": "muted"}


class Table(Themed, QTableView):
    """`edge` is the inset of the first and last column: 24 on a page, 16 in a card. `checked` tells of a check cell."""

    checked = Signal(QModelIndex)
    row_activated = Signal(int)

    def __init__(
        self, name: str = "", *, compact: bool = False, edge: int = EDGE, row: int = ROW, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.edge = edge
        self.hovered_row = -1
        self._row = row
        self._compact = compact
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.head = TableHeader(self)
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(CellDelegate(self))
        self._bar = OverlayScrollBar(self, current().dp(HEADER))
        self.doubleClicked.connect(lambda index: self.row_activated.emit(index.row()))
        self.follow_theme()

    def set_compact(self, *, compact: bool) -> None:
        self._compact = compact
        self._on_theme()

    def restyle(self) -> None:
        dp = current().dp
        height = dp(COMPACT_ROW if self._compact else self._row)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)
        self.head.setFixedHeight(dp(HEADER))
        self._bar.set_top(dp(HEADER) if not self.head.isHidden() else 0)
        self.viewport().update()

    def fit_height(self) -> None:
        """Be as high as all rows, for tables inside cards and panes that scroll as a whole."""
        rows = self.verticalHeader().count()
        head = 0 if self.head.isHidden() else current().dp(HEADER)
        self.setFixedHeight(head + rows * self.verticalHeader().defaultSectionSize())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.row_activated.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.verticalHeader().count():
            self.setCurrentIndex(self.model().index(0, 0))
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        index = self.indexAt(event.position().toPoint())
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell) and cell.kind == "check" and event.button() is Qt.MouseButton.LeftButton:
            self.checked.emit(index)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self._hover(-1)
        super().leaveEvent(event)

    def give_way(self, room: int, widths: Mapping[int, float], least: float, order: Sequence[int]) -> None:
        """Hide columns in their order until `least` is left for the one that has no width of its own.

        Units: `room` in px of the screen, the others in px of the design.
        """
        dp, shown = current().dp, set(widths)
        for column in order:
            if sum(dp(widths[each]) for each in shown) + dp(least) <= room:
                break
            shown.discard(column)
        for column in widths:
            self.setColumnHidden(column, column not in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._bar.set_top(self.head.height() if not self.head.isHidden() else 0)

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()


def inside(rect: QRect, visual: int, count: int, edge: int) -> QRectF:
    """Return where a column's text stands: 8 from its sides, the page's inset at the outer ones."""
    dp = current().dp
    left = dp(edge if visual == 0 else INSET)
    right = dp(edge if visual == count - 1 else INSET)
    return QRectF(rect).adjusted(left, 0, -right, 0)


class TableHeader(Themed, QHeaderView):
    """Sunken, 12/500 muted; the sorted column stands in the text colour with a chevron."""

    def __init__(self, table: Table) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(False)
        self.setMinimumSectionSize(current().dp(24))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(super().sizeHint().width(), current().dp(HEADER))

    def visible_count(self) -> int:
        return self.count() - self.hiddenSectionCount()

    def place_of(self, logical: int) -> int:
        """Return a column's place among those that show."""
        place = self.visualIndex(logical)
        return sum(1 for at in range(place) if not self.isSectionHidden(self.logicalIndex(at)))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - Qt's names
        theme = current()
        painter.save()
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("border"))
        if self._table.edge == EDGE:
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, theme.color("border"))
        box = inside(rect, self.place_of(logicalIndex), self.visible_count(), self._table.edge)
        box.adjust(0, 0, 0, -1)
        model = self.model()
        cell = model.headerData(logicalIndex, Qt.Orientation.Horizontal, CELL_ROLE)
        if isinstance(cell, Cell) and cell.kind == "check":
            side = theme.dp(16)
            paint_check(painter, QRectF(box.left(), box.top(), side, box.height()), cell.check)
        elif isinstance(cell, Cell) and cell.kind == "icon":
            paint_icon(painter, cell.icon, box.center(), 14)
        else:
            if isinstance(cell, Cell) and cell.gutter:
                box.setLeft(box.left() + theme.dp(GUTTER))
            align = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
            self._paint_words(
                painter, box, logicalIndex, right=bool(int(align or 0) & int(Qt.AlignmentFlag.AlignRight))
            )
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRectF, logical: int, *, right: bool) -> None:
        theme = current()
        words = str(self.model().headerData(logical, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        is_sorted = self.isSortIndicatorShown() and self.sortIndicatorSection() == logical
        color = "text" if is_sorted else "muted"
        draw_text(painter, box, words, Role.CAPTION_STRONG, color, ALIGN_RIGHT if right else ALIGN_LEFT, elide=True)
        if not is_sorted:
            return
        width = text_width(words, Role.CAPTION_STRONG)
        x = box.right() - width - theme.dp(11) if right else box.left() + width + theme.dp(12)
        middle = QPointF(x, box.center().y())
        painter.save()
        if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder:
            painter.translate(middle)
            painter.rotate(180)
            middle = QPointF(0, 0)
        paint_icon(painter, "chevron-down", middle, 14, "text")
        painter.restore()


class CellDelegate(QStyledItemDelegate):
    """Paints a `Cell`. A page that needs more overrides `paint_cell` and calls up for the rest."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        return QSize(0, self._table.verticalHeader().defaultSectionSize())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        rect: QRect = option.rect
        head = self._table.head
        place = head.place_of(index.column())
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, theme.color("sel"))
        elif index.row() == self._table.hovered_row:
            painter.fillRect(rect, theme.color("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("divider"))
        if place == 0 and index.row() == self._table.currentIndex().row() and chosen:
            painter.fillRect(rect.left(), rect.top(), theme.dp(STRIP), rect.height(), theme.color("accent"))
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            cell = Cell(text=str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        box = inside(rect, place, head.visible_count(), self._table.edge)
        box.adjust(0, 0, 0, -1)
        self.paint_cell(painter, box, cell, index)
        painter.restore()

    def paint_cell(self, painter: QPainter, box: QRectF, cell: Cell, _index: Index) -> None:
        theme = current()
        middle = box.center().y()
        if cell.kind == "check":
            paint_check(painter, QRectF(box.left(), box.top(), theme.dp(16), box.height()), cell.check)
            return
        if cell.kind == "badge":
            if cell.text:
                paint_badge(painter, box, cell.text, cell.badge, cell.icon or None, right=cell.right)
            return
        if cell.kind == "icon":
            if cell.icon:
                paint_icon(painter, cell.icon, box.center(), 14, cell.color or "muted")
            return
        if cell.gutter or cell.question:
            if cell.question:
                self._paint_question(painter, QPointF(box.left() + theme.dp(4), middle))
            box.setLeft(box.left() + theme.dp(GUTTER))
        if cell.strip:
            side = theme.dp(10)
            fill_round(painter, QRectF(box.left(), middle - side / 2, side, side), theme.dp(3), cell.strip)
            box.setLeft(box.left() + theme.dp(16))
        self._paint_words(painter, box, cell)

    def _paint_words(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        theme = current()
        role = ROLES.get(cell.kind, Role.SMALL)
        color = cell.color or COLORS.get(cell.kind, "text")
        if cell.kind == "amount" and not cell.color:
            color = "muted" if cell.quiet else "money_in" if cell.cents > 0 and not cell.plain else "text"
            color = "text" if theme.hide_amounts else color
            role = Role.BODY if cell.quiet else role
        shown = cell.shown()
        if cell.kind == "status" and cell.icon:
            width = text_width(shown, role) + theme.dp(20)
            left = box.right() - width if cell.right else box.left()
            paint_icon(painter, cell.icon, QPointF(left + theme.dp(7), box.center().y()), 14, cell.color or "money_in")
            draw_text(painter, QRectF(left + theme.dp(20), box.top(), width, box.height()), shown, role, "text")
            return
        align = ALIGN_RIGHT if cell.on_right() else ALIGN_LEFT
        draw_text(painter, box, shown, role, color, align, elide=cell.kind != "amount")

    @staticmethod
    def _paint_question(painter: QPainter, middle: QPointF) -> None:
        theme = current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("warn"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        reach = theme.dp(8) / 2 - 0.75
        painter.drawEllipse(middle, reach, reach)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
