from __future__ import annotations

import os

import pytest
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.ui.theme.install import install
from app.ui.theme.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = install(qapp, "light", 1.0)
    made.set_hide_amounts(False)
    return made
