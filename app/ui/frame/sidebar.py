"""The sidebar: brand with the menus, the door to the palette, the pages. A rail of icons where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QSpacerItem, QToolButton, QVBoxLayout, QWidget

from app.ui.frame.actions import SPECS
from app.ui.frame.pages import PAGES, Entry
from app.ui.theme import icons, theme
from app.ui.theme.fonts import Role
from app.ui.widgets.paint import draw_text, fill_round, key_width, paint_key, text_width

WIDE, RAIL = 212, 56


class _Painted(QAbstractButton):
    """A row of the sidebar; knows whether it is under the pointer and whether only its icon fits."""

    def __init__(self, name: str, height: int) -> None:
        super().__init__()
        self.is_rail = False
        self._height = height
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(theme.current().dp(40), theme.current().dp(self._height))

    minimumSizeHint = sizeHint  # noqa: N815 - Qt

    def box(self, painter: QPainter, fill: str | None, edge: str | None) -> QRectF:
        """Paint the row's ground and its ring of focus; return the row."""
        look = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(look.color(edge) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(look.color(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(row, look.dp(8), look.dp(8))
        if self.hasFocus():
            pen = painter.pen()
            pen.setColor(look.color("accent"))
            pen.setWidth(2)
            pen.setStyle(Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), look.dp(7), look.dp(7))
        return row

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt
        super().leaveEvent(event)
        self.update()


class Item(_Painted):
    """One page."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.title, 32)
        self.entry = entry
        self.count = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def set_count(self, count: int) -> None:
        self.count = count
        self.setAccessibleName(f"{self.entry.title}, {count} open" if count else self.entry.title)
        self.tell(rail=self.is_rail)
        self.update()

    def tell(self, *, rail: bool) -> None:
        """Where only the icon fits, the tooltip says what it is, how much is open there, and its key."""
        key = next((spec.keys[0].replace("+", " ") for spec in SPECS if spec.id == f"go.{self.entry.id}"), "F1")
        self.setToolTip(f"{self.accessibleName()} ({key})" if rail else "")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        look, painter = theme.current(), QPainter(self)
        on = self.isChecked()
        hover = self.underMouse() and not on
        row = self.box(painter, "nav_on" if on else ("hover" if hover else None), "border" if on else None)
        size = look.dp(18)
        left = (self.width() - size) // 2 if self.is_rail else look.dp(10)
        color = "accent" if on else "muted"
        painter.drawPixmap(left, (self.height() - size) // 2, icons.pixmap(self.entry.icon, color, 18))
        if self.is_rail:
            if self.count:
                words = self._short() if self.count < 100 else "99+"
                wide = text_width(words, Role.KEY) + look.dp(7)
                pill = QRectF(self.width() - wide, 0, wide, look.dp(15))
                fill_round(painter, pill, look.dp(7), "accent")
                draw_text(painter, pill, words, Role.KEY, "on_accent", Qt.AlignmentFlag.AlignHCenter)
            return
        text = row.adjusted(look.dp(38), 0, -look.dp(10), 0)
        draw_text(painter, text, self.entry.title, Role.CARD_TITLE if on else Role.BODY, "text")
        if self.count:
            draw_text(painter, text, self._short(), Role.CAPTION, "muted", Qt.AlignmentFlag.AlignRight)

    def _short(self) -> str:
        return str(self.count) if self.count < 1000 else "999+"


class Find(_Painted):
    """Looks like a field, opens the palette."""

    def __init__(self) -> None:
        super().__init__("Search or run a command", 32)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        look, painter = theme.current(), QPainter(self)
        row = self.box(painter, "hover" if self.underMouse() else "surface", "border")
        size = look.dp(16)
        left = (self.width() - size) // 2 if self.is_rail else look.dp(10)
        painter.drawPixmap(left, (self.height() - size) // 2, icons.pixmap("search", "muted", 16))
        if self.is_rail:
            return
        draw_text(painter, row.adjusted(look.dp(34), 0, 0, 0), "Search or run", Role.SMALL, "muted")
        wide = key_width("Ctrl K")
        paint_key(painter, self.width() - wide - look.dp(6), (self.height() - look.dp(20)) / 2, "Ctrl K")


class Brand(QToolButton):
    """The name of program and books; a press opens the menus."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__()
        self.is_rail = False
        self.book_name = ""
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Menu of 1099 Ops")
        self.setToolTip("Menu")
        theme.current().changed.connect(self.updateGeometry)

    def set_book_name(self, name: str) -> None:
        self.book_name = name
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(theme.current().dp(40), theme.current().dp(40))

    minimumSizeHint = sizeHint  # noqa: N815 - Qt

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(look.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.dp(8), look.dp(8))
        size = look.dp(28)
        left = (self.width() - size) // 2 if self.is_rail else look.dp(6)
        painter.drawPixmap(left, (self.height() - size) // 2, icons.app_icon().pixmap(QSize(size, size)))
        if self.is_rail:
            return
        wide = self.width() - look.dp(44) - look.dp(28)
        draw_text(painter, QRectF(look.dp(44), look.dp(1), wide, look.dp(20)), "1099 Ops", Role.CARD_TITLE, "text")
        draw_text(painter, QRectF(look.dp(44), look.dp(20), wide, look.dp(16)), self.book_name, Role.CAPTION, "muted")
        chevron = icons.pixmap("chevron-down", "muted", 16)
        painter.drawPixmap(self.width() - look.dp(24), (self.height() - look.dp(16)) // 2, chevron)


class Sidebar(QWidget):
    """Emits `chosen` with the id of a page. Arrow keys move between pages: one stop for Tab."""

    chosen = Signal(str)

    def __init__(self, menu: QMenu) -> None:
        super().__init__()
        self.setAccessibleName("Pages")
        self.brand, self.finder = Brand(menu), Find()
        self.items = {entry.id: Item(entry) for entry in PAGES}
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.brand)
        self._gaps = [QSpacerItem(0, 0), QSpacerItem(0, 0)]
        self._column.addItem(self._gaps[0])
        self._column.addWidget(self.finder)
        self._column.addItem(self._gaps[1])
        top = [item for item in self.items.values() if item.entry.group == "top"]
        bottom = [item for item in self.items.values() if item.entry.group == "bottom"]
        self._gap = QWidget()
        for item in top:
            self._column.addWidget(item)
        self._column.addWidget(self._gap, 1)
        for item in bottom:
            self._column.addWidget(item)
        for item in self.items.values():
            item.clicked.connect(lambda _on=False, id_=item.entry.id: self.chosen.emit(id_))
            item.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.current().changed.connect(self._resize)
        self.set_rail(on=False)

    def set_rail(self, *, on: bool) -> None:
        self.is_rail = on
        self.brand.is_rail = self.finder.is_rail = on
        for item in self.items.values():
            item.is_rail = on
            item.tell(rail=on)
        self.finder.setToolTip("Search or run (Ctrl K)" if on else "")
        self._resize()

    def _resize(self) -> None:
        dp = theme.current().dp
        self.setFixedWidth(dp(RAIL if self.is_rail else WIDE))
        side = dp(8) if self.is_rail else dp(12)
        self._column.setContentsMargins(side, dp(3), side if self.is_rail else dp(8), dp(12))
        self._column.setSpacing(dp(2))
        self._gaps[0].changeSize(0, dp(12))
        self._gaps[1].changeSize(0, dp(10))
        self._column.invalidate()

    def set_current(self, page: str) -> None:
        for id_, item in self.items.items():
            item.setChecked(id_ == page)
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus if id_ == page else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        order = list(self.items)
        here = next((n for n, id_ in enumerate(order) if self.items[id_].hasFocus()), None)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if here is None or not step:
            super().keyPressEvent(event)
            return
        target = order[(here + step) % len(order)]
        self.chosen.emit(target)
        self.items[target].setFocus()
