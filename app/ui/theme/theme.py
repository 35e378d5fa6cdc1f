"""The one theme of a running window: colours, text size and whether amounts are shown.

Widgets ask `current()` when they paint and repaint on `changed`. Sizes are given in px at 96 dpi and go through `dp()`,
fonts are in points, so that the text size setting scales both.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from itertools import count
from typing import Protocol
from weakref import WeakValueDictionary

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.ui.theme import fonts
from app.ui.theme.tokens import DARK, LIGHT, Tokens

SMALLEST_SCALE = 0.9
LARGEST_SCALE = 2.0
BASE_DPI = 72 if sys.platform == "darwin" else 96
"""The dots per inch at which one px of the design is one px of the screen."""


class Mode(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


SCHEMES = {
    Mode.SYSTEM: Qt.ColorScheme.Unknown,
    Mode.LIGHT: Qt.ColorScheme.Light,
    Mode.DARK: Qt.ColorScheme.Dark,
}


class Follower(Protocol):
    """A widget that styles itself anew when it is told."""

    def theme_changed(self) -> None:
        """Take colours and sizes again."""


class Theme(QObject):
    changed = Signal()

    def __init__(self, app: QApplication, mode: str, scale: float, sheet: Callable[[Theme], str]) -> None:
        """`sheet` writes the style sheet for the colours and sizes as they are."""
        super().__init__(app)
        self._sheet = sheet
        self._app = app
        self._mode = Mode(mode)
        self._scale = _in_range(scale)
        self._hide_amounts = False
        self._followers: WeakValueDictionary[int, Follower] = WeakValueDictionary()
        self._numbers = count()
        self._colors: dict[str, QColor] = {}
        self._is_dark = False
        hints = QGuiApplication.styleHints()
        self.reduce_motion = False
        hints.colorSchemeChanged.connect(self._follow_system)
        self._ask_system()
        self._settle()

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Set system, light or dark. Raises: ValueError for any other word."""
        if Mode(mode) is self._mode:
            return
        self._mode = Mode(mode)
        self._ask_system()
        self._settle()
        self.apply()

    @property
    def scale(self) -> float:
        return self._scale

    def set_scale(self, scale: float) -> None:
        """Set the text size, 0.9 to 2.0; what lies outside is brought inside."""
        if _in_range(scale) == self._scale:
            return
        self._scale = _in_range(scale)
        self.apply()

    @property
    def tokens(self) -> Tokens:
        return DARK if self._is_dark else LIGHT

    @property
    def is_dark(self) -> bool:
        return self._is_dark

    @property
    def hide_amounts(self) -> bool:
        return self._hide_amounts

    def set_hide_amounts(self, hide: bool) -> None:  # noqa: FBT001 - Qt's way of naming setters
        if hide != self._hide_amounts:
            self._hide_amounts = hide
            self._tell()

    def color(self, name: str) -> QColor:
        """Return a token's colour. Raises: AttributeError for a name that is no token."""
        found = self._colors.get(name)
        if found is None:
            found = self._colors[name] = QColor(getattr(self.tokens, name))
        return found

    def dp(self, px: float) -> int:
        """Return a size of the design in px of this screen, never 0 for something that is there."""
        scaled = round(px * self.factor)
        return scaled if scaled or not px else 1

    @property
    def factor(self) -> float:
        return QGuiApplication.primaryScreen().logicalDotsPerInch() / BASE_DPI * self._scale

    def apply(self) -> None:
        """Hand fonts, palette and style sheet to the application, then tell the widgets."""
        fonts.set_scale(self._scale, BASE_DPI)
        self._app.setFont(fonts.font(fonts.Role.BODY))
        self._app.setPalette(palette(self.tokens))
        self._app.setStyleSheet(self._sheet(self))
        self._tell()

    def follow(self, widget: Follower) -> None:
        """Tell a widget of every change as long as it lives.

        Not by the signal: making a connection gives other threads their turn, and a pane makes fifty widgets.
        """
        self._followers[next(self._numbers)] = widget

    def _tell(self) -> None:
        for widget in list(self._followers.values()):
            if isValid(widget):
                widget.theme_changed()
        self.changed.emit()

    def _follow_system(self) -> None:
        before = self._is_dark
        self._settle()
        if before != self._is_dark:
            self.apply()

    def _ask_system(self) -> None:
        """Title bars and file dialogs of the system take the chosen mode too."""
        QGuiApplication.styleHints().setColorScheme(SCHEMES[self._mode])

    def _settle(self) -> None:
        if self._mode is Mode.SYSTEM:
            self._is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        else:
            self._is_dark = self._mode is Mode.DARK
        self._colors.clear()


def _in_range(scale: float) -> float:
    return min(LARGEST_SCALE, max(SMALLEST_SCALE, scale))


def palette(tokens: Tokens) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    for where, color in (
        (role.Window, tokens.bg),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.sunken),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.faint),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.danger),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.ToolTipBase, tokens.toast),
        (role.ToolTipText, tokens.toast_text),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.hover),
        (role.Mid, tokens.border),
        (role.Dark, tokens.control),
        (role.Shadow, tokens.control),
    ):
        made.setColor(where, QColor(color))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(tokens.faint))
    return made


_installed: list[Theme] = []


def put_on(theme: Theme) -> None:
    """Make a theme the one that widgets ask for."""
    _installed[:] = [theme]


def installed() -> Theme | None:
    return _installed[0] if _installed else None


def current() -> Theme:
    """Return the installed theme. Raises: RuntimeError before one is put on."""
    if not _installed:
        raise RuntimeError("the theme is not installed")
    return _installed[0]


def dp(px: float) -> int:
    return current().dp(px)


def color(name: str) -> QColor:
    return current().color(name)


def amounts_hidden() -> bool:
    return bool(_installed) and _installed[0].hide_amounts
