"""The ten questions of the tax set-up as a list: which are answered, which one is open. One Tab stop."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel

from app.services.tax.tax_setup import CARDS, Setup
from app.ui.taxes.setup_cards import SPECS
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import ALIGN_MIDDLE, draw_text, fill_round, paint_icon
from app.ui.widgets.rows import Index, RowDelegate, RowList

ROW = 40
_ANSWERED = Qt.ItemDataRole.UserRole + 1


class CardList(RowList):
    """`chosen` tells of the question somebody went to."""

    chosen = Signal(int)

    def __init__(self) -> None:
        self._showing = True
        super().__init__("Questions")
        self._model = QStandardItemModel(self)
        for number in CARDS:
            item = QStandardItem(SPECS[number].title)
            item.setEditable(False)
            self._model.appendRow(item)
        self.setModel(self._model)
        self.setItemDelegate(_Cards(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.current_changed.connect(self._went)
        self._showing = False
        self.restyle()

    def restyle(self) -> None:
        super().restyle()
        self.setFixedHeight(len(CARDS) * current().dp(ROW))

    def show_cards(self, setup: Setup, number: int) -> None:
        self._showing = True
        for each in CARDS:
            item = self._model.item(each - 1)
            answered = each in setup.answered
            item.setData(answered, _ANSWERED)
            said = f"{each}. {SPECS[each].title}, {'answered' if answered else 'open'}"
            item.setData(said, Qt.ItemDataRole.AccessibleTextRole)
        self.go_to(number - 1)
        self._showing = False

    def _went(self, row: int) -> None:
        if not self._showing and row >= 0:
            self.chosen.emit(row + 1)


class _Cards(RowDelegate):
    def row_height(self, _index: Index) -> int:
        return ROW

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        theme = current()
        side, middle = theme.dp(22), rect.center().y()
        disc = QRectF(rect.left() + theme.dp(10), middle - side / 2, side, side)
        answered = bool(index.data(_ANSWERED))
        fill_round(painter, disc, side / 2, "in_bg" if answered else "av")
        if answered:
            paint_icon(painter, "check", QPointF(disc.center()), 14, "money_in")
        else:
            draw_text(painter, disc, str(index.row() + 1), Role.CAPTION_STRONG, "muted", ALIGN_MIDDLE)
        words = rect.adjusted(theme.dp(42), 0, -theme.dp(8), 0)
        draw_text(painter, words, str(index.data(Qt.ItemDataRole.DisplayRole)), Role.SMALL, elide=True)
