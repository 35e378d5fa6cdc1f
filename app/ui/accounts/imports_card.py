"""The imports: what each file brought, and the way to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent

from app.ui.accounts import view_model
from app.ui.theme.theme import current
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import INSET, Card
from app.ui.widgets.cell import Cell, cell_data
from app.ui.widgets.gap import Gap
from app.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.ingest.import_history import ImportEntry

Index = QModelIndex | QPersistentModelIndex
HEADS = ("When", "File", "Account", "New", "Already there", "Rejected", "")
WHEN, FILE, ACCOUNT, NEW, THERE, REJECTED, UNDO = range(7)
_FILE_LEAST = 110
WIDTHS = {WHEN: 124, ACCOUNT: 160, NEW: 56, THERE: 104, REJECTED: 80, UNDO: 76}


class ImportModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[ImportEntry] = []
        self._zone = "UTC"

    def fill(self, entries: Sequence[ImportEntry], zone: str) -> None:
        self.beginResetModel()
        self.entries, self._zone = list(entries), zone
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.entries)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - what Qt's models return
        return cell_data(self._cell(self.entries[index.row()], index.column()), role)

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, N802 - Qt's name
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return cell_data(Cell(text=HEADS[section], right=section >= NEW), role)

    def _cell(self, entry: ImportEntry, column: int) -> Cell:
        if column == WHEN:
            return Cell(kind="muted", text=view_model.when(entry.at, self._zone))
        if column == FILE:
            return Cell(kind="muted" if entry.undone else "name", text=entry.file, tip=entry.file)
        if column == ACCOUNT:
            return Cell(kind="muted", text=entry.account, tip=entry.account)
        if column in {NEW, THERE, REJECTED}:
            count = {NEW: entry.added, THERE: entry.already_there, REJECTED: entry.rejected}[column]
            wrong = column == REJECTED and entry.rejected
            quiet = entry.undone or column != NEW or not count
            return Cell(text=f"{count:,}", right=True, color="warn" if wrong else "muted" if quiet else "",
                        spoken=f"{HEADS[column]} {count}")  # fmt: skip
        if entry.undone:
            return Cell(kind="muted", text="Undone", right=True)
        if entry.can_undo:
            return Cell(text="Undo", right=True, color="accent", spoken=f"Undo the import of {entry.file}, key U")
        return Cell(kind="muted", text="kept", right=True, tip="This import can no longer be undone as a whole.")


class ImportTable(Table):
    """A click on Undo emits `undo_wanted` with the row."""

    undo_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__("Imports", edge=INSET)
        self.records = ImportModel(self)
        self.setModel(self.records)
        self.head.setSectionsClickable(False)
        self._widths()

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "records"):
            self._widths()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.give_way(self.width(), WIDTHS, _FILE_LEAST, (THERE, REJECTED, NEW, WHEN))

    def _widths(self) -> None:
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, current().dp(width))
        self.head.setSectionResizeMode(FILE, self.head.ResizeMode.Stretch)
        self.fit_height()

    def current_entry(self) -> ImportEntry | None:
        row = self.currentIndex().row()
        return self.records.entries[row] if 0 <= row < len(self.records.entries) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == UNDO and self.records.entries[index.row()].can_undo:
            self.undo_wanted.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        over = index.isValid() and index.column() == UNDO and self.records.entries[index.row()].can_undo
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)


class ImportsCard(Card):
    """The newest imports, and all of them when asked for."""

    undo_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Imports")
        self._entries: Sequence[ImportEntry] = ()
        self._zone = "UTC"
        self._all = False
        self.more = LinkButton("All")
        self.more.clicked.connect(self._turn)
        self.add_link(self.more)
        self.table = ImportTable()
        self.table.undo_wanted.connect(lambda row: self.undo_wanted.emit(self.table.records.entries[row]))
        self.body.addWidget(self.table)
        self.body.addWidget(Gap(8))

    def fill(self, entries: Sequence[ImportEntry], zone: str) -> None:
        """Show imports, keeping the current one."""
        self._entries, self._zone = entries, zone
        now = self.table.current_entry()
        shown = entries if self._all else entries[: view_model.SHOWN_IMPORTS]
        self.table.records.fill(shown, zone)
        self.table.fit_height()
        self.more.setVisible(len(entries) > view_model.SHOWN_IMPORTS)
        self.more.set_words("Fewer" if self._all else f"All {len(entries)}")
        if now is not None:
            for number, entry in enumerate(shown):
                if (entry.operation, entry.account_id) == (now.operation, now.account_id):
                    self.table.setCurrentIndex(self.table.records.index(number, 0))
        self.setVisible(bool(entries))

    def _turn(self) -> None:
        self._all = not self._all
        self.fill(self._entries, self._zone)
