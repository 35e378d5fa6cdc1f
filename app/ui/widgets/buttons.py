"""Buttons that paint themselves: the text, an icon before it and the key that does the same inside it.

A click with the mouse leaves the keyboard where it was; Tab reaches every button.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.check_box import CheckBox
from app.ui.widgets.chip import Chip
from app.ui.widgets.paint import ALIGN_LEFT, draw_text, key_width, paint_icon, paint_key, paint_round, text_width
from app.ui.widgets.pressable import HEIGHTS, Pressable
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tips import tip

__all__ = ["Button", "CheckBox", "Chip", "DropDown", "IconButton", "KeyCap", "LinkButton", "Segmented"]

KINDS = ("plain", "primary", "quiet", "danger")


class Button(Pressable):
    """`kind`: plain, primary (one a window), quiet or danger. `size`: small 28, normal 32, foot 36, large 44."""

    def __init__(
        self,
        text: str,
        kind: str = "plain",
        icon: str | None = None,
        key: str | None = None,
        size: str = "normal",
        parent: QWidget | None = None,
    ) -> None:
        assert kind in KINDS
        super().__init__(text, parent)
        self._kind = kind
        self._icon = icon
        self._key = key
        self._size = size
        self._menu_mark = False
        if key:
            self.setAccessibleDescription(f"Key {key}")
        self.setProperty("ring_radius", self._radius())
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_kind(self, kind: str) -> None:
        assert kind in KINDS
        self._kind = kind
        self._on_theme()

    def set_icon(self, icon: str | None) -> None:
        self._icon = icon
        self._on_theme()

    def set_key(self, key: str | None) -> None:
        self._key = key
        self.setAccessibleDescription(f"Key {key}" if key else "")
        self._on_theme()

    def _radius(self) -> int:
        return 6 if self._size == "small" else 8

    def _role(self) -> Role:
        if self._size == "small":
            return Role.SMALL_TITLE if self._kind == "primary" else Role.SMALL_STRONG
        return Role.CARD_TITLE if self._kind == "primary" else Role.NAME

    def _parts(self) -> tuple[float, float, float, float]:
        """Return the widths of icon, text, key and chevron, each with the space that parts it from the text."""
        theme = current()
        icon = theme.dp(16) + (theme.dp(10) if self._words else 0) if self._icon else 0
        key = key_width(self._key) + theme.dp(8) if self._key else 0
        mark = theme.dp(16) + theme.dp(8) if self._menu_mark else 0
        return icon, text_width(self._words, self._role()), key, mark

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        theme = current()
        inset = theme.dp(10 if self._size == "small" else 12) + 1
        return QSize(round(sum(self._parts())) + 2 * inset, theme.dp(HEIGHTS[self._size]))

    def _fill_edge(self) -> tuple[str | None, str | None]:
        down = self.isDown() or (self.menu() is not None and self.menu().isVisible())
        over = self._over_now()
        if not self.isEnabled():
            return (None if self._kind == "quiet" else "sunken"), (None if self._kind == "quiet" else "border")
        if self._kind == "primary":
            return ("accent_hover", None) if over or down else ("accent", None)
        if self._kind == "quiet":
            return ("av" if down else "hover" if over else None), None
        if self._kind == "danger":
            return ("danger_bg" if over or down else "surface"), "danger_line"
        return ("av" if down else "hover" if over else "surface"), "border"

    def _ink(self) -> str:
        if not self.isEnabled():
            return "faint"
        return {"primary": "on_accent", "quiet": "accent", "danger": "danger"}.get(self._kind, "text")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        box = QRectF(self.rect())
        fill, edge = self._fill_edge()
        paint_round(painter, box, theme.dp(self._radius()), fill, edge)
        icon, text, key, mark = self._parts()
        x = round(box.center().x() - (icon + text + key + mark) / 2)
        middle = box.center().y()
        if self._icon:
            color = self._ink() if self._kind != "plain" or not self.isEnabled() else "muted"
            paint_icon(painter, self._icon, QPointF(x + theme.dp(8), middle), 16, color)
            x += round(icon)
        draw_text(painter, QRectF(x, 0, text + 1, box.height()), self._words, self._role(), self._ink(), ALIGN_LEFT)
        x += round(text)
        if self._key:
            primary = self._kind == "primary"
            y = (box.height() - theme.dp(20)) / 2
            paint_key(painter, x + theme.dp(8), y, self._key, on_primary=primary, enabled=self.isEnabled())
            x += round(key)
        if self._menu_mark:
            paint_icon(painter, "chevron-down", QPointF(x + theme.dp(16), middle), 16, "muted")


class IconButton(Pressable):
    """A square button with an icon; its name is the tooltip and what a screen reader says."""

    def __init__(
        self,
        icon: str,
        name: str,
        size: str = "normal",
        *,
        framed: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", parent)
        self._icon = icon
        self._size = size
        self._framed = framed
        self._key = ""
        self.setAccessibleName(name)
        self.setToolTip(tip(name))
        self.setProperty("ring_radius", 6 if size == "small" else 8)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_icon(self, icon: str, name: str) -> None:
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(tip(name))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        side = current().dp(HEIGHTS[self._size])
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        rest = "surface" if self._framed else None
        fill = "av" if self.isDown() else "hover" if self._over_now() else rest
        radius = theme.dp(6 if self._size == "small" else 8)
        paint_round(painter, QRectF(self.rect()), radius, fill, "border" if self._framed else None)
        paint_icon(painter, self._icon, QRectF(self.rect()).center(), 16, "muted" if self.isEnabled() else "faint")


class KeyCap(Pressable):
    """A key cap that can be clicked, such as the "?" beside "Why this amount"."""

    def __init__(self, key: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._key = key
        self.setAccessibleName(name)
        self.setToolTip(tip(name))
        self.setProperty("ring_radius", 4)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        least = current().dp(24)
        return QSize(max(least, key_width(self._key)), least)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        x = (self.width() - key_width(self._key)) / 2
        paint_key(painter, x, (self.height() - current().dp(20)) / 2, self._key)


class LinkButton(Pressable):
    """A link: accent text without a frame, underlined under the mouse."""

    def __init__(
        self,
        text: str,
        key: str | None = None,
        role: Role = Role.SMALL_STRONG,
        color: str = "accent",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._key = key
        self._role = role
        self._color = color
        if key:
            self.setAccessibleDescription(f"Key {key}")
        self.setProperty("ring_radius", 4)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        theme = current()
        key = key_width(self._key) + theme.dp(8) if self._key else 0
        return QSize(int(text_width(self._words, self._role)) + 1 + key, theme.dp(24))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        color = self._color if self.isEnabled() else "faint"
        if self._over_now() and color == "accent":
            color = "accent_hover"
        box = QRectF(self.rect())
        width = draw_text(painter, box, self._words, self._role, color)
        if self._over_now():
            painter.setPen(theme.color(color))
            y = round(box.center().y() + theme.dp(self._role.px) * 0.5)
            painter.drawLine(0, y, round(width), y)
        if self._key:
            paint_key(painter, width + theme.dp(8), (box.height() - theme.dp(20)) / 2, self._key)


class DropDown(Button):
    """A button that shows the chosen value and opens a menu of the others."""

    changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[object, str]],
        value: object = None,
        size: str = "normal",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._choices: list[tuple[object, str]] = []
        self._value: object = None
        self._name = name
        super().__init__("", size=size, parent=parent)
        self._menu_mark = True
        self._list = QMenu(self)
        self.clicked.connect(self._open)
        self.set_choices(choices, value)

    def set_choices(self, choices: Sequence[tuple[object, str]], value: object = None) -> None:
        self._choices = list(choices)
        self._list.clear()
        for at, text in self._choices:
            action = self._list.addAction(text.replace("&", "&&"))
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, at=at: self._choose(at))
        known = [at for at, _ in self._choices]
        self.set_value(value if value in known else known[0] if known else None)

    def choices(self) -> list[tuple[object, str]]:
        return list(self._choices)

    def value(self) -> object:
        return self._value

    def set_value(self, value: object) -> None:
        """Show a value without telling anyone."""
        self._value = value
        text = next((text for at, text in self._choices if at == value), "")
        self.set_words(text)
        self.setAccessibleName(f"{self._name}: {text}" if self._name else text)
        for action, (at, _) in zip(self._list.actions(), self._choices, strict=True):
            action.setChecked(at == value)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._open()
            return
        super().keyPressEvent(event)

    def _open(self) -> None:
        self._list.setMinimumWidth(self.width())
        self._list.popup(self.mapToGlobal(QPoint(0, self.height() + current().dp(4))))

    def _choose(self, value: object) -> None:
        if value != self._value:
            self.set_value(value)
            self.changed.emit(value)
        else:
            self.set_value(value)
