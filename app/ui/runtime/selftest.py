"""Proof that Qt works here: its libraries load, and a widget with our type and icons draws something."""

from __future__ import annotations

from importlib import resources

from PySide6.QtCore import QByteArray, qVersion
from PySide6.QtGui import QFont, QFontInfo, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel

from app.ui.runtime import screen
from app.ui.theme import fonts


def prove() -> str:
    """Draw a widget without a screen and return Qt's version.

    Raises: OSError that names a library of the system the window needs and does not find; RuntimeError.
    """
    screen.load_platforms("offscreen")
    running = QApplication.instance()
    app = running or QApplication(["ops1099", "-platform", "offscreen"])
    try:
        _draw_text()
        _draw_icon()
    finally:
        if not running:
            app.shutdown()
    return qVersion()


def _draw_text() -> None:
    fonts.load()
    label = QLabel("1099 Ops")
    label.setFont(QFont(fonts.FAMILY))
    if QFontInfo(label.font()).family() != fonts.FAMILY:
        raise RuntimeError("the program's type is not used")
    _refuse_blank(label.grab().toImage())


def _draw_icon() -> None:
    renderer = QSvgRenderer(QByteArray((resources.files("resources") / "icons" / "app-icon.svg").read_bytes()))
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    _refuse_blank(image)


def _refuse_blank(image: QImage) -> None:
    if len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}) < 2:
        raise RuntimeError("what was drawn is blank")
