"""The pane of one month: what the statement says, what the books say, and what may explain the difference."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from app.core.books.naming import counted
from app.core.dates import date_of, month_days
from app.ui.accounts.add_pane import WIDTH
from app.ui.accounts.view_model import balance, private
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.card import Fact
from app.ui.widgets.evidence import EvidenceLine
from app.ui.widgets.paint import ALIGN_RIGHT, draw_text, text_width
from app.ui.widgets.pane import Pane, PaneHead, Section
from app.ui.widgets.rows import RowDelegate, RowList
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.ledger.compare_month import Comparison
    from app.services.ledger.listing import Listed

Index = QModelIndex | QPersistentModelIndex
MOST_ROWS = 400
ROW = 48
_ICONS = {
    "twice": "transactions", "sign": "transfer", "extra": "help", "deleted": "trash", "later": "clock",
    "absent": "search",
}  # fmt: skip


class ComparePane(Pane):
    """Emits `row_wanted` with a row, `rows_wanted` with several and whose they are, and `import_wanted`."""

    closed = Signal()
    row_wanted = Signal(int)
    rows_wanted = Signal(list, str)
    import_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(WIDTH, "Compare with the statement")
        self.shown: Comparison | None = None
        self.list = RowList("Rows of the month")

    def show_comparison(self, found: Comparison) -> None:
        self.shown = found
        day = date_of(month_days(found.month)[0])
        close = IconButton("close", "Close", "small", framed=False)
        close.clicked.connect(self.closed)
        self.set_header(PaneHead(f"{day:%B %Y}", found.account, right=close, icon="calendar"))
        self.setAccessibleName(f"{found.account} compared with its statement, {day:%B %Y}")
        self.clear_sections()
        self.add_section(self._figures(found))
        if found.suspects:
            self.add_section(self._suspects(found))
        self.add_section(self._rows(found))
        self.body.addStretch(1)

    def _figures(self, found: Comparison) -> Section:
        section = Section()
        if found.stated_cents is not None and found.stated_day is not None and found.computed_cents is not None:
            on = date_of(found.stated_day)
            off = found.difference_cents or 0
            section.add(Fact(f"Statement of {on:%b} {on.day}", _held(found.stated_cents, found.currency)))
            section.add(Fact("The books that day", _held(found.computed_cents, found.currency)))
            strong = Label(balance(off, found.currency), Role.SMALL_TITLE, "danger" if off else "money_in")
            section.add(Fact("Difference", strong))
        color = "text" if found.difference_cents else "muted"
        section.add(Label(private(found.sentence), Role.SMALL, color, wrap=True), 6)
        if found.stated_cents is None:
            button = Button("Import a statement", icon="import", size="small")
            button.clicked.connect(partial(self.import_wanted.emit, found.account_id))
            section.add(button, 10)
        return section

    def _suspects(self, found: Comparison) -> Section:
        section = Section("What may be wrong")
        for suspect in found.suspects[:6]:
            section.add(EvidenceLine(_ICONS.get(suspect.kind, "search"), private(suspect.sentence)))
            if suspect.transaction_ids:
                many = len(suspect.transaction_ids) > 1
                link = LinkButton("Show these rows" if many else "Show this row")
                link.clicked.connect(partial(self.rows_wanted.emit, list(suspect.transaction_ids), found.account))
                section.add(link)
        return section

    def _rows(self, found: Comparison) -> Section:
        section = Section(counted(len(found.rows), "row") + " in the books")
        self.list = RowList("Rows of the month")
        self.list.setModel(_RowModel(found.rows[:MOST_ROWS], self.list))
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.row_activated.connect(self._open)
        self.list.clicked.connect(lambda index: self._open(index.row()))
        self.list.setFixedHeight(current().dp(ROW) * min(len(found.rows), MOST_ROWS))
        section.column.addWidget(self.list)
        if not found.rows:
            self.list.hide()
            section.add(Label("None.", Role.SMALL, "muted"))
        return section

    def _open(self, row: int) -> None:
        if self.shown is not None and 0 <= row < len(self.shown.rows):
            self.row_wanted.emit(self.shown.rows[row].id)


def _held(cents: int, currency: str) -> Label:
    return Label(balance(cents, currency), Role.SMALL_STRONG)


class _RowModel(QAbstractListModel):
    def __init__(self, rows: tuple[Listed, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - what Qt's models return
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            on = date_of(row.posted_date)
            return f"{on:%b} {on.day}, {row.text}, {balance(row.cents, row.currency)}"
        return None


class _RowDelegate(RowDelegate):
    fill = "sunken"

    def row_height(self, _index: Index) -> int:
        return ROW

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        dp = current().dp
        row: Listed = index.data(Qt.ItemDataRole.UserRole)
        inner = rect.adjusted(dp(20), 0, -dp(20), 0)
        amount = balance(row.cents, row.currency, plus=True)
        draw_text(painter, inner, amount, Role.SMALL_STRONG, "money_in" if row.cents > 0 else "text", ALIGN_RIGHT)
        wide = inner.width() - text_width(amount, Role.SMALL_STRONG) - dp(12)
        on = date_of(row.posted_date)
        first = QRectF(inner.left(), inner.center().y() - dp(17), wide, dp(18))
        draw_text(painter, first, row.text, Role.SMALL, elide=True)
        second = QRectF(inner.left(), inner.center().y() + dp(1), wide, dp(16))
        draw_text(painter, second, f"{on:%b} {on.day}", Role.CAPTION, "muted")
