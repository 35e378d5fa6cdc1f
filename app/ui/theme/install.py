"""Giving the application its look: fonts, the theme, the style it paints by, the ring around what has the focus."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.ui.theme import fonts, style, theme
from app.ui.theme.focus import FocusRing
from app.ui.theme.theme import Mode, Theme


def install(app: QApplication, mode: str = "system", scale: float = 1.0) -> Theme:
    """Give the application its look. A second call changes the look that is there."""
    there = theme.installed()
    if there is not None:
        there.set_mode(Mode(mode))
        there.set_scale(scale)
        return there
    fonts.load()
    made = Theme(app, mode, scale, style.sheet)
    theme.put_on(made)
    app.setStyle(style.OpsStyle())
    made.apply()
    FocusRing.follow(app, made)
    return made
