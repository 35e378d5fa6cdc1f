"""A list without frames whose rows a delegate paints: the ground, the current row's strip and the line below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text
from app.ui.widgets.scroll import OverlayScrollBar
from app.ui.widgets.themed import Themed

Index = QModelIndex | QPersistentModelIndex


class RowList(Themed, QListView):
    """One Tab stop; arrows, Home, End and Page keys move; Enter emits `row_activated`."""

    row_activated = Signal(int)
    current_changed = Signal(int)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self._bar = OverlayScrollBar(self)
        self.doubleClicked.connect(lambda index: self.row_activated.emit(index.row()))
        self.follow_theme()

    def current_row(self) -> int:
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        index = self.model().index(row, 0)
        if index.isValid():
            self.setCurrentIndex(index)

    def restyle(self) -> None:
        self.verticalScrollBar().setSingleStep(current().dp(54))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def currentChanged(self, now: Index, before: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(now, before)
        self.current_changed.emit(now.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.row_activated.emit(self.current_row())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:  # noqa: N802 - Qt's name
        """Letters are commands here; a letter that is none must not make the current row jump."""

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.go_to(0)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().leaveEvent(event)
        self.viewport().update()


class RowDelegate(QStyledItemDelegate):
    """Subclasses paint `paint_row` and say `row_height`, in px of the design."""

    fill = "surface"

    def row_height(self, _index: Index) -> int:
        return 36

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        return QSize(0, current().dp(self.row_height(index)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        self.paint_ground(painter, option, index)
        self.paint_row(painter, QRectF(option.rect).adjusted(0, 0, 0, -1), index)
        painter.restore()

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, theme.color("sel" if chosen else "hover" if over else self.ground(index)))
        if chosen:
            painter.fillRect(rect.left(), rect.top(), theme.dp(3), rect.height(), theme.color("accent"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("divider"))

    def ground(self, _index: Index) -> str:
        return self.fill

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        inner = rect.adjusted(current().dp(24), 0, -current().dp(24), 0)
        draw_text(painter, inner, str(index.data(Qt.ItemDataRole.DisplayRole) or ""), elide=True)
