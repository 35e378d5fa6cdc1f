"""The small marks of the design, painted alike by widgets and by the delegates of lists and tables."""

from __future__ import annotations

import re
import sys

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from app.ui.theme import icons
from app.ui.theme.fonts import Role, font, metrics
from app.ui.theme.marks import Check, paint_check
from app.ui.theme.theme import current

__all__ = [
    "ALIGN_LEFT",
    "ALIGN_MIDDLE",
    "ALIGN_RIGHT",
    "Check",
    "badge_width",
    "draw_text",
    "draw_text_at",
    "fill_round",
    "key_width",
    "monogram",
    "native_key",
    "paint_badge",
    "paint_check",
    "paint_dots",
    "paint_icon",
    "paint_key",
    "paint_ring",
    "paint_round",
    "paint_tile",
    "seen",
    "text_width",
]

Align = Qt.AlignmentFlag
ALIGN_LEFT = Align.AlignLeft | Align.AlignVCenter
ALIGN_RIGHT = Align.AlignRight | Align.AlignVCenter
ALIGN_MIDDLE = Align.AlignHCenter | Align.AlignVCenter

KEY_HEIGHT = 20
BADGE_HEIGHT = 20
BADGES = {
    "neutral": ("av", "muted"),
    "ok": ("in_bg", "money_in"),
    "warn": ("warn_bg", "warn"),
    "danger": ("danger_bg", "danger"),
    "accent": ("sel", "accent"),
}
BADGE_ICONS = {"ok": "check", "warn": "alert", "danger": "close"}
ON_MAC = sys.platform.startswith("darwin")
MAC_KEYS = {"Ctrl": "⌘", "Shift": "⇧", "Alt": "⌥", "Enter": "↩"}


def text_width(text: str, role: Role) -> float:
    return metrics(role).horizontalAdvance(text)


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    role: Role = Role.BODY,
    color: str = "text",
    align: Qt.AlignmentFlag = ALIGN_LEFT,
    *,
    elide: bool = False,
) -> float:
    """Draw one line inside `rect` and return its width."""
    text = seen(text)
    measures = metrics(role)
    if elide:
        text = measures.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    width = measures.horizontalAdvance(text)
    x = rect.left()
    if align & Align.AlignRight:
        x = rect.right() - width
    elif align & Align.AlignHCenter:
        x = rect.center().x() - width / 2
    if align & Align.AlignTop:
        middle = rect.top() + current().factor * role.line / 2
    elif align & Align.AlignBottom:
        middle = rect.bottom() - current().factor * role.line / 2
    else:
        middle = rect.center().y()
    draw_text_at(painter, x, middle + (measures.ascent() - measures.descent()) / 2, text, role, color)
    return width


_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control and direction characters: they would let an amount stand where it is not, or a name read otherwise."""


def seen(text: str) -> str:
    """Return a text with a mark for what could turn or hide the rest of it."""
    return text if text.isprintable() else _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def draw_text_at(painter: QPainter, x: float, baseline: float, text: str, role: Role, color: str | QColor) -> None:
    painter.setFont(font(role))
    painter.setPen(current().color(color) if isinstance(color, str) else color)
    painter.drawText(QPointF(x, round(baseline)), text)


def paint_icon(
    painter: QPainter, name: str, middle: QPointF, size: float = 16, color: str = "muted", opacity: float = 1.0
) -> None:
    """Paint an icon around a point."""
    pixmap: QPixmap = icons.pixmap(name, color, size, painter.device().devicePixelRatioF())
    side = pixmap.deviceIndependentSize()
    painter.save()
    painter.setOpacity(opacity)
    painter.drawPixmap(QPointF(round(middle.x() - side.width() / 2), round(middle.y() - side.height() / 2)), pixmap)
    painter.restore()


def fill_round(painter: QPainter, rect: QRectF, radius: float, fill: str | QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(current().color(fill) if isinstance(fill, str) else fill)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()


def paint_round(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: str | None,
    edge: str | None,
    *,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """Paint a rounded box whose edge lies inside `rect`."""
    theme = current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(Qt.PenStyle.NoPen)
    if edge is not None:
        pen = QPen(theme.color(edge), width)
        if dashed:
            pen.setDashPattern([3 / width, 2.5 / width])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(theme.color(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    inset = width / 2 if edge is not None else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
    painter.restore()


def paint_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Paint the focus ring around a part of a widget, 1 px outside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(current().color("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(-2, -2, 2, 2), radius + 2, radius + 2)
    painter.restore()


def native_key(key: str) -> str:
    """Return a chord such as "Ctrl K" as this system writes it."""
    return " ".join(MAC_KEYS.get(part, part) for part in key.split(" ")) if ON_MAC else key


def key_width(text: str) -> int:
    theme = current()
    return max(theme.dp(KEY_HEIGHT), round(text_width(native_key(text), Role.KEY)) + 2 * theme.dp(5) + 2)


def paint_key(
    painter: QPainter,
    x: float,
    y: float,
    text: str,
    *,
    on_primary: bool = False,
    enabled: bool = True,
    ink_name: str | None = None,
) -> int:
    """Paint a key cap with its upper left corner at (x, y) and return its width.

    On a filled button the cap has no fill, its edge and text are the button's text colour or `ink_name`.
    """
    theme = current()
    width, height, radius = key_width(text), theme.dp(KEY_HEIGHT), theme.dp(4)
    cap = QRectF(round(x), round(y), width, height)
    painter.save()
    if on_primary or ink_name:
        ink = QColor(theme.color((ink_name or "on_accent") if enabled else "faint"))
        ink.setAlphaF(0.85)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)
    else:
        ink = theme.color("muted" if enabled else "faint")
        paint_round(painter, cap, radius, "key_bg", "border")
        painter.setClipRect(QRectF(cap.left(), cap.bottom() - 2, width, 2))
        paint_round(painter, cap, radius, None, "control")
        painter.setClipping(False)
    measures = metrics(Role.KEY)
    shown = native_key(text)
    at = cap.center().x() - measures.horizontalAdvance(shown) / 2
    draw_text_at(painter, at, cap.center().y() + (measures.ascent() - measures.descent()) / 2, shown, Role.KEY, ink)
    painter.restore()
    return width


def badge_width(text: str, icon: str | None = None) -> int:
    theme = current()
    mark = theme.dp(12) + theme.dp(4) if icon else 0
    return round(text_width(text, Role.CAPTION_STRONG)) + 2 * theme.dp(7) + mark


def paint_badge(
    painter: QPainter,
    rect: QRectF,
    text: str,
    kind: str = "neutral",
    icon: str | None = None,
    *,
    right: bool = False,
) -> int:
    """Paint a badge at the left or right edge of `rect`, in its vertical middle, and return its width."""
    theme = current()
    fill, ink = BADGES[kind]
    width, height = badge_width(text, icon), theme.dp(BADGE_HEIGHT)
    x = rect.right() - width if right else rect.left()
    box = QRectF(round(x), round(rect.center().y() - height / 2), width, height)
    fill_round(painter, box, theme.dp(5), fill)
    inside = box.adjusted(theme.dp(7), 0, -theme.dp(7), 0)
    if icon:
        paint_icon(painter, icon, QPointF(inside.left() + theme.dp(6), box.center().y()), 12, ink)
        inside.setLeft(inside.left() + theme.dp(16))
    draw_text(painter, inside, text, Role.CAPTION_STRONG, ink)
    return width


def paint_tile(painter: QPainter, rect: QRectF, text: str = "", radius: float = 8, icon: str | None = None) -> None:
    """Paint a monogram or an icon on its square."""
    theme = current()
    fill_round(painter, rect, theme.dp(radius), "av")
    large = rect.width() > theme.dp(36)
    if icon:
        paint_icon(painter, icon, rect.center(), 18 if large else 16)
    else:
        draw_text(painter, rect, text, Role.CARD_TITLE if large else Role.CAPTION_TITLE, "muted", ALIGN_MIDDLE)


def paint_dots(painter: QPainter, x: float, middle: float, filled: int, count: int = 3) -> int:
    """Paint how sure a suggestion is as filled dots and rings; return the width. A word always stands beside it."""
    theme = current()
    side, gap = theme.dp(5), theme.dp(3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(count):
        dot = QRectF(round(x) + number * (side + gap), round(middle - side / 2), side, side)
        if number < filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("muted"))
        else:
            painter.setPen(QPen(theme.color("control"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            dot.adjust(0.5, 0.5, -0.5, -0.5)
        painter.drawEllipse(dot)
    painter.restore()
    return count * side + (count - 1) * gap


def rounded(rect: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def monogram(name: str) -> str:
    """Return two letters for a name: the first of two words, else the first two."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in name.split()]
    words = [word for word in words if word]
    if not words:
        return "–"
    if len(words) > 1 and words[1].lower() not in {"inc", "llc", "ltd", "co", "corp"}:
        return (words[0][0] + words[1][0]).upper()
    return words[0][:2].upper()
