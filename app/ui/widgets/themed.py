"""How a widget keeps to the theme: it styles itself once now and again whenever the theme changes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLayout, QWidget

from app.ui.theme.theme import current


class Themed:
    """A mixin for widgets. A subclass sizes and colours itself in `restyle` and calls `follow_theme` when built."""

    def follow_theme(self) -> None:
        current().follow(self)
        self.restyle()

    def theme_changed(self) -> None:
        self._on_theme()

    def _on_theme(self) -> None:
        self.restyle()
        assert isinstance(self, QWidget)
        self.updateGeometry()
        self.update()

    def restyle(self) -> None:
        """Take sizes and colours from the theme."""


def pad(layout: QLayout, left: float, top: float, right: float, bottom: float) -> None:
    dp = current().dp
    layout.setContentsMargins(dp(left), dp(top), dp(right), dp(bottom))


def ink(widget: QWidget, color: str) -> None:
    """Colour a widget's text. Only touches the palette when it differs: palettes travel down to children."""
    palette = widget.palette()
    wanted = current().color(color)
    if palette.color(QPalette.ColorRole.WindowText) != wanted:
        palette.setColor(QPalette.ColorRole.WindowText, wanted)
        palette.setColor(QPalette.ColorRole.Text, wanted)
        widget.setPalette(palette)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete its widgets."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None, Qt.WindowType.Widget)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
