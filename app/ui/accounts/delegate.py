"""The list of accounts and how it is painted: tile, name and second line, badge, balance, one action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.ui.accounts import view_model
from app.ui.accounts.bank_rows import LinkRow
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import (
    ALIGN_LEFT,
    ALIGN_RIGHT,
    badge_width,
    draw_text,
    key_width,
    paint_badge,
    paint_icon,
    paint_key,
    paint_round,
    paint_tile,
    text_width,
)
from app.ui.widgets.rows import RowDelegate, RowList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.ledger.account_page import AccountRow

Index = QModelIndex | QPersistentModelIndex
ROW = 54
ACCOUNT = Qt.ItemDataRole.UserRole + 1
LINK = Qt.ItemDataRole.UserRole + 2
_BALANCE_FROM_RIGHT = 140
BADGE_FROM_RIGHT = 397
"""Where badges begin, from the right edge."""
_TIGHT, _NARROW = 530, 640
"""Widths (at 100 %) under which rows have no button, and under which badges stand beside the balance."""


class AccountModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[AccountRow, ...] = ()
        self.links: Mapping[int, LinkRow] = {}

    def fill(self, rows: Sequence[AccountRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def set_links(self, links: Mapping[int, LinkRow]) -> None:
        """Show what is to be said of linked accounts, by account."""
        if links != self.links:
            self.links = dict(links)
            if self.rows:
                self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - what Qt's models return
        row = self.rows[index.row()]
        if role == ACCOUNT:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            held = view_model.balance(row.balance_cents, row.currency)
            link = self.links.get(row.id)
            words = link.badge[1] if link and link.badge else view_model.private(row.health_words)
            return f"{row.name}, {second_line(row, link)}, {words}, balance {held}"
        if role == LINK:
            return self.links.get(row.id)
        return None


def second_line(row: AccountRow, link: LinkRow | None) -> str:
    return link.second if link else view_model.second_line(row)


def action_words(row: AccountRow, link: LinkRow | None) -> tuple[str, str, str]:
    """Return what the one button of a row says, its icon and its key: what needs the person comes first."""
    if link is not None and link.action == "sign_in":
        return "Sign in", "", "F"
    if row.health.value == "bad":
        return "Compare", "", "C"
    if link is not None:
        return {"sync": ("Sync", "sync", ""), "stop": ("Stop", "close", "")}.get(link.action, ("Show", "", ""))
    return "Import", "import", ""


def balance_from_right(width: float) -> int:
    """Return where balances end, from the right edge of the card: behind them stands the action."""
    dp = current().dp
    return dp(16) if width < dp(_TIGHT) else dp(_BALANCE_FROM_RIGHT)


def action_box(rect: QRectF, row: AccountRow, link: LinkRow | None = None) -> QRectF:
    """Return where the button of a row stands; empty where the name needs its room, what it does has a key too."""
    dp = current().dp
    if rect.width() < dp(_TIGHT):
        return QRectF()
    text, icon, key = action_words(row, link)
    width = text_width(text, Role.SMALL_STRONG) + 2 * dp(11)
    width += dp(26) if icon else 0
    width += key_width(key) + dp(8) if key else 0
    return QRectF(rect.right() - dp(16) - round(width), rect.center().y() - dp(14), round(width), dp(28))


class AccountDelegate(RowDelegate):
    def __init__(self, view: AccountList) -> None:
        super().__init__(view)
        self._list = view

    def row_height(self, _index: Index) -> int:
        return ROW

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The card shows through; what is filled in its first row keeps to the card's corners."""
        if index.row() == 0:
            dp = current().dp
            path = QPainterPath()
            path.addRoundedRect(QRectF(option.rect).adjusted(0, 0, 0, dp(20)), dp(9), dp(9))
            painter.setClipPath(path)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            super().paint_ground(painter, option, index)
        else:
            rect = option.rect
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, current().color("divider"))
        painter.setClipping(False)

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        dp = current().dp
        row: AccountRow = index.data(ACCOUNT)
        link: LinkRow | None = index.data(LINK)
        side = dp(32)
        tile = QRectF(rect.left() + dp(16), rect.center().y() - side / 2, side, side)
        paint_tile(painter, tile, icon=view_model.icon_of(row.kind))
        button = action_box(rect, row, link)
        if not button.isEmpty():
            self._paint_action(painter, button, row, link, hot=index.row() == self._list.hot_row)
        right = rect.right() - balance_from_right(rect.width())
        held = view_model.balance(row.balance_cents, row.currency)
        draw_text(painter, QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()), held, Role.NAME,
                  "text", ALIGN_RIGHT)  # fmt: skip
        left = self._paint_badge(painter, rect, row, link, right - text_width(held, Role.NAME))
        x = rect.left() + dp(60)
        wide = left - dp(12) - x
        name = QRectF(x, rect.center().y() - dp(18), wide, dp(20))
        draw_text(painter, name, row.name, Role.NAME, "text", ALIGN_LEFT, elide=True)
        second = QRectF(x, rect.center().y() + dp(2), wide, dp(16))
        draw_text(painter, second, second_line(row, link), Role.CAPTION, "muted", ALIGN_LEFT, elide=True)

    @staticmethod
    def _paint_badge(painter: QPainter, rect: QRectF, row: AccountRow, link: LinkRow | None, end: float) -> float:
        """Paint how the account stands and return where it begins; it moves left where it would meet the balance."""
        dp = current().dp
        look, words = row.health.value, view_model.private(row.health_words)
        if link is not None and link.badge is not None:
            look, words = link.badge
        kind, icon = view_model.BADGES[look]
        width = badge_width(words, icon)
        beside = end - dp(16) - width
        left = beside if rect.width() < dp(_NARROW) else min(rect.right() - dp(BADGE_FROM_RIGHT), beside)
        paint_badge(painter, QRectF(left, rect.top(), width, rect.height()), words, kind, icon)
        return left

    @staticmethod
    def _paint_action(painter: QPainter, box: QRectF, row: AccountRow, link: LinkRow | None, *, hot: bool) -> None:
        dp = current().dp
        text, icon, key = action_words(row, link)
        paint_round(painter, box, dp(6), "hover" if hot else "surface", "border")
        x = box.left() + dp(11)
        if icon:
            paint_icon(painter, icon, QPointF(x + dp(8), box.center().y()), 16)
            x += dp(26)
        width = draw_text(painter, QRectF(x, box.top(), box.width(), box.height()), text, Role.SMALL_STRONG)
        if key:
            paint_key(painter, x + width + dp(8), box.center().y() - dp(10), key)


class AccountList(RowList):
    """As high as its rows. A click on the button of a row emits `acted` with the row."""

    acted = Signal(int)

    def __init__(self) -> None:
        self.accounts: AccountModel | None = None
        super().__init__("Accounts")
        self.hot_row = -1
        self.setStyleSheet("QListView { background: transparent; }")
        self.accounts = AccountModel(self)
        self.setModel(self.accounts)
        self.setItemDelegate(AccountDelegate(self))
        self.clicked.connect(lambda index: self.row_activated.emit(index.row()))
        self.doubleClicked.disconnect()

    def fill(self, rows: Sequence[AccountRow]) -> None:
        """Show accounts, keeping the current one."""
        assert self.accounts is not None
        now = self.current()
        self.accounts.fill(rows)
        self.restyle()
        if now is not None:
            self.select(now.id)

    def set_links(self, links: Mapping[int, LinkRow]) -> None:
        """Show what is to be said of linked accounts, by account."""
        assert self.accounts is not None
        self.accounts.set_links(links)
        self.viewport().update()

    def current(self) -> AccountRow | None:
        assert self.accounts is not None
        row = self.currentIndex().row()
        return self.accounts.rows[row] if 0 <= row < len(self.accounts.rows) else None

    def select(self, account_id: int) -> None:
        assert self.accounts is not None
        for number, row in enumerate(self.accounts.rows):
            if row.id == account_id:
                self.go_to(number)

    def restyle(self) -> None:
        super().restyle()
        if self.accounts is not None:
            self.setFixedHeight(current().dp(ROW) * len(self.accounts.rows))

    def _button_at(self, event: QMouseEvent) -> int:
        index = self.indexAt(event.position().toPoint())
        row = index.data(ACCOUNT)
        if row is None:
            return -1
        box = action_box(QRectF(self.visualRect(index)).adjusted(0, 0, 0, -1), row, index.data(LINK))
        return index.row() if box.contains(event.position()) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        hot = self._button_at(event)
        if hot != self.hot_row:
            self.hot_row = hot
            self.viewport().update()
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        row = self._button_at(event)
        if row >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.go_to(row)
            self.acted.emit(row)
            return
        super().mousePressEvent(event)
