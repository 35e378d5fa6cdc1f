"""Every widget shows in both modes and at a large text size without a word of complaint from Qt."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot
from ui.widgets import gallery

from app.ui.theme.theme import Theme

NO_WINDOW_MANAGER = "This plugin does not support propagateSizeHints"
"""The offscreen plugin says this at every window; it is no defect of ours."""

pytestmark = [
    pytest.mark.qt_log_level_fail("WARNING"),
    pytest.mark.qt_log_ignore(NO_WINDOW_MANAGER, extend=True),
]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_all_widgets_paint_in_both_modes(qtbot: QtBot, theme: Theme, mode: str, scale: float) -> None:
    theme.set_mode(mode)
    theme.set_scale(scale)
    for build in (gallery.gallery, gallery.second_page):
        window = build()
        qtbot.addWidget(window)
        window.show()
        picture = window.grab().toImage()
        assert picture.pixelColor(2, picture.height() - 3).name().upper() == theme.tokens.bg


def test_a_change_of_mode_recolours_what_is_open(qtbot: QtBot, theme: Theme) -> None:
    window = gallery.gallery()
    qtbot.addWidget(window)
    window.show()
    theme.set_mode("dark")
    theme.set_scale(1.25)
    picture = window.grab().toImage()
    assert picture.pixelColor(2, picture.height() - 3).name().upper() == theme.tokens.bg
    assert theme.is_dark


def test_every_control_has_a_name_and_a_target_of_24(qtbot: QtBot, theme: Theme) -> None:
    window = gallery.gallery()
    qtbot.addWidget(window)
    window.show()
    for control in [*window.findChildren(QAbstractButton), *window.findChildren(QLineEdit)]:
        if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert control.accessibleName(), control
            assert min(control.width(), control.height()) >= 24, control.accessibleName()
