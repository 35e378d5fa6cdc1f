"""The palette: type, see the best hits in groups, press Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role, font
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.card import Divider
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.keys_bar import KeysBar
from app.ui.widgets.overlay import Overlay
from app.ui.widgets.paint import draw_text, fill_round, key_width, paint_icon, paint_key, text_width
from app.ui.widgets.rows import RowDelegate, RowList
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

Index = QModelIndex | QPersistentModelIndex
WIDTH = 640
TOP = 112
FIELD = 56
ROW = 40
GROUP = 30
FOOT = 40
KEYS = ((("↑", "↓"), "move"), (("Enter",), "open"), (("Esc",), "close"))


@dataclass(frozen=True, slots=True)
class Result:
    """`id` comes back with `activated`; `note` stands muted after the text, `key` as a cap at the right."""

    id: str
    icon: str
    text: str
    note: str = ""
    key: str = ""


Entry = Result | str
"""A result, or the name of a group."""


class PaletteBox(Overlay):
    query_changed = Signal(str)
    activated = Signal(str)

    def __init__(self, window: QWidget, placeholder: str = "Search or run", tip: str = "") -> None:
        super().__init__(window)
        self.setAccessibleName("Search or run")
        self.field = _Field(placeholder)
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName("Search or run")
        self._has_moved = False
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._results = _Results(self)
        self._list = RowList("Results")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setModel(self._results)
        self._delegate = _ResultDelegate(self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.clicked.connect(lambda index: self._open(index.row()))
        column = QVBoxLayout(self.box)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.addWidget(IconLabel("search", "muted", 18))
        self._head.addWidget(self.field, 1)
        self._head.addWidget(_Cap("Esc"))
        column.addLayout(self._head)
        column.addWidget(Divider())
        self._middle = QVBoxLayout()
        self._middle.addWidget(self._list)
        self._nothing = Label("Nothing found", Role.SMALL, "muted")
        self._nothing.hide()
        self._middle.addWidget(self._nothing)
        column.addLayout(self._middle, 1)
        column.addWidget(Divider())
        self._foot = QHBoxLayout()
        self._foot.addWidget(KeysBar(KEYS, 18, FOOT, line=False), 1)
        self._tip = Label(tip, Role.CAPTION, "muted")
        self._foot.addWidget(self._tip)
        column.addLayout(self._foot)
        self.follow_theme()

    def open_box(self) -> None:
        self.field.clear()
        super().open_box()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _typed(self, text: str) -> None:
        self._has_moved = False
        self.query_changed.emit(text)

    def set_results(self, groups: Sequence[tuple[str, Sequence[Result]]], *, keep: bool = False) -> None:
        """Show other results. With `keep` the row a person has moved to stays the current one."""
        held = self._current_id() if keep and self._has_moved else None
        entries: list[Entry] = []
        for group, results in groups:
            if results:
                entries += [group, *results] if group else list(results)
        self._delegate.query = self.field.text().strip()
        self._results.fill(entries)
        self._list.setVisible(bool(entries))
        self._nothing.setVisible(not entries and bool(self.field.text()))
        at = next((n for n, each in enumerate(entries) if isinstance(each, Result) and each.id == held), 0)
        self._move(at, 1)
        if not self.isHidden():
            self.place_box()

    def _current_id(self) -> str | None:
        entry = self._list.currentIndex().data(Qt.ItemDataRole.UserRole)
        return entry.id if isinstance(entry, Result) else None

    def place_box(self) -> None:
        dp = current().dp
        rows = sum(dp(GROUP if isinstance(entry, str) else ROW) for entry in self._results.entries)
        words = dp(ROW) if not self._nothing.isHidden() else 0
        padding = dp(16) if rows or words else 0
        wanted = dp(FIELD) + 2 + (rows or words) + padding + dp(FOOT) + 2
        width = min(dp(WIDTH), self.width() - dp(32))
        top = min(dp(TOP), max(dp(16), self.height() // 8))
        self.box.setGeometry((self.width() - width) // 2, top, width, min(wanted, self.height() - top - dp(16)))

    def restyle(self) -> None:
        dp = current().dp
        pad(self._head, 20, 0, 18, 0)
        self._head.setSpacing(dp(12))
        self.field.setFixedHeight(dp(FIELD))
        pad(self._middle, 8, 8, 8, 8)
        self._foot.setContentsMargins(0, 0, dp(18), 0)
        self._nothing.setContentsMargins(dp(12), 0, 0, 0)
        if not self.isHidden():
            self.place_box()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            row = self._list.current_row()
            self._has_moved |= event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}
            if event.key() == Qt.Key.Key_Down:
                self._move(row + 1, 1)
                return True
            if event.key() == Qt.Key.Key_Up:
                self._move(row - 1, -1)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._open(row)
                return True
        return super().eventFilter(watched, event)

    def _move(self, row: int, step: int) -> None:
        """Make the next result from `row` on the current one, over the names of groups, around the ends."""
        entries = self._results.entries
        for _ in entries:
            row %= len(entries)
            entry = entries[row]
            if isinstance(entry, Result):
                self._list.go_to(row)
                if row == 1:
                    self._list.scrollToTop()
                self.field.setAccessibleDescription(f"{entry.text} {entry.note}".strip())
                announce(self.field, f"{entry.text} {entry.note}".strip())
                return
            row += step

    def _open(self, row: int) -> None:
        entries = self._results.entries
        if 0 <= row < len(entries) and isinstance(entry := entries[row], Result):
            self.close_box()
            self.activated.emit(entry.id)


class _Results(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def fill(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.entries[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry if isinstance(entry, str) else f"{entry.text} {entry.note}".strip()
        return None


class _ResultDelegate(RowDelegate):
    query = ""

    def row_height(self, index: Index) -> int:
        return GROUP if isinstance(index.data(Qt.ItemDataRole.UserRole), str) else ROW

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current()
        painter.fillRect(option.rect, theme.color("surface"))
        if isinstance(index.data(Qt.ItemDataRole.UserRole), str):
            return
        if option.state & QStyle.StateFlag.State_Selected:
            fill_round(painter, QRectF(option.rect), theme.dp(8), "sel")
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, QRectF(option.rect), theme.dp(8), "hover")

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        dp = current().dp
        entry = index.data(Qt.ItemDataRole.UserRole)
        inner = rect.adjusted(dp(12), 0, -dp(12), 0)
        if isinstance(entry, str):
            draw_text(painter, inner, entry, Role.CAPTION_STRONG, "muted")
            return
        middle = inner.center().y()
        view = self.parent()
        on = isinstance(view, RowList) and view.current_row() == index.row()
        paint_icon(painter, entry.icon, QPointF(inner.left() + dp(8), middle), 16, "accent" if on else "muted")
        inner.setLeft(inner.left() + dp(30))
        key = entry.key or ("Enter" if on else "")
        if key:
            paint_key(painter, inner.right() - key_width(key), middle - dp(20) / 2, key)
            inner.setRight(inner.right() - key_width(key) - dp(12))
        self._paint_match(painter, inner, entry.text)
        if entry.note and inner.width() > 0:
            draw_text(painter, inner.adjusted(dp(10), 0, 0, 0), entry.note, Role.SMALL, "muted", elide=True)

    def _paint_match(self, painter: QPainter, inner: QRectF, text: str) -> None:
        """Draw the text with what was typed in bold, and move the left edge behind it."""
        at = text.lower().find(self.query.lower()) if self.query else -1
        end = at + len(self.query)
        parts = (
            [(text, Role.BODY)]
            if at < 0
            else [
                (text[:at], Role.BODY),
                (text[at:end], Role.CARD_TITLE),
                (text[end:], Role.BODY),
            ]
        )
        for part, role in parts:
            cut = text_width(part, role) > inner.width()
            inner.setLeft(inner.left() + draw_text(painter, inner, part, role, elide=cut))


class _Field(Themed, QLineEdit):
    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setObjectName("palette_field")
        self.setProperty("ring", False)
        self.setFrame(False)
        self.setPlaceholderText(placeholder)
        self.follow_theme()

    def restyle(self) -> None:
        self.setFont(font(Role.PALETTE))


class _Cap(Themed, QWidget):
    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(key_width(self._key), current().dp(20))

    def restyle(self) -> None:
        self.setFixedSize(self.sizeHint())

    def paintEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        paint_key(QPainter(self), 0, 0, self._key)
