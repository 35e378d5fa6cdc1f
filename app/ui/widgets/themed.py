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


def take_out(widget: QWidget) -> None:
    """Take a widget out of the layout that holds it, if one does.

    By asking for its item: what the binding keeps of an item that Qt deletes by itself stays behind, and the next thing
    made at that address is taken for it, up to a crash.
    """
    parent = widget.parentWidget()
    layouts = [parent.layout()] if parent is not None else []
    for layout in layouts:
        if layout is None:
            continue
        at = layout.indexOf(widget)
        if at >= 0:
            layout.takeAt(at)
            return
        layouts += [each for each in layout.children() if isinstance(each, QLayout)]


def discard(widget: QWidget) -> None:
    """Take a widget out of its layout and out of sight, and delete it."""
    take_out(widget)
    _delete(widget)


def _delete(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None, Qt.WindowType.Widget)
    widget.deleteLater()


def clear(layout: QLayout, keep: int = 0) -> None:
    """Take everything out of a layout and delete its widgets, all but the first `keep` items."""
    while (item := layout.takeAt(keep)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            _delete(widget)
        elif inner is not None:
            clear(inner)
