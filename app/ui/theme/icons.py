"""Line icons in any token's colour, sharp at any scale of the screen."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.theme.theme import current

APP_SIZES = (16, 24, 32, 48, 64, 128, 256)
SMALL_APP_SIZE = 20
"""Up to this size the app icon has its own drawing on the pixel grid."""


@cache
def _source(name: str) -> str:
    return (resources.files("resources") / "icons" / f"{name}.svg").read_text("utf-8")


@cache
def _render(name: str, rgba: str, size: int, dpr: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", rgba).encode()))
    pixmap = QPixmap(round(size * dpr), round(size * dpr))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def pixmap(name: str, color: str = "muted", size: float = 16, dpr: float | None = None) -> QPixmap:
    """Return an icon in a token's colour, `size` in px of the design. Raises: FileNotFoundError for an unknown name."""
    theme = current()
    ratio = dpr or QGuiApplication.primaryScreen().devicePixelRatio()
    return _render(name, theme.color(color).name(), theme.dp(size), ratio)


def icon(name: str, color: str = "muted", size: float = 16) -> QIcon:
    """Return an icon for menus and actions; it does not change with the theme by itself."""
    made = QIcon(pixmap(name, color, size))
    made.addPixmap(pixmap(name, "faint", size), QIcon.Mode.Disabled)
    return made


def app_pixmap(size: float, dpr: float | None = None) -> QPixmap:
    ratio = dpr or QGuiApplication.primaryScreen().devicePixelRatio()
    return _render("app-icon-16" if size <= SMALL_APP_SIZE else "app-icon", "", current().dp(size), ratio)


def app_icon() -> QIcon:
    """Return the icon of the window and the task bar; works before the theme is installed."""
    made = QIcon()
    for size in APP_SIZES:
        made.addPixmap(_render("app-icon-16" if size <= SMALL_APP_SIZE else "app-icon", "", size, 1.0))
    return made
