"""All keys that act here, on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.frame.actions import SPECS, Actions
from app.ui.frame.pages import PAGES
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.key_cap import KeyCapLabel
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.ui.frame.main_window import MainWindow


def show_keys(window: MainWindow, page: str) -> None:
    """Show the keys of a page beside those that act everywhere."""
    title = next((entry.title for entry in PAGES if entry.id == page), "")
    sheet = Sheet(window, f"Keys of {title}" if title else "Keys", width=820)
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.current().dp(12))
    grid.setVerticalSpacing(theme.current().dp(4))
    _column(grid, 0, f"On {title}", page)
    _column(grid, 3, "Everywhere", None)
    grid.setColumnMinimumWidth(2, theme.current().dp(24))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(4, 1)
    holder = QWidget()
    holder.setLayout(grid)
    area = ScrollArea()
    area.setWidget(holder)
    area.setWidgetResizable(True)
    holder.setAutoFillBackground(False)
    area.setMinimumHeight(min(holder.sizeHint().height(), window.height() - theme.current().dp(190)))
    sheet.body.addWidget(area, 1)
    close = Button("Close", kind="primary")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(close)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    close.setFocus()


def _column(grid: QGridLayout, column: int, title: str, page: str | None) -> None:
    rows = [spec for spec in SPECS if spec.page == page and spec.keys]
    choices = [spec for spec in rows if ".choose" in spec.id]
    grid.addWidget(Label(title, Role.CARD_TITLE), 0, column, 1, 2)
    line = 1
    for spec in rows:
        if spec in choices[1:]:
            continue
        text, cap = (spec.text, Actions.key_text(spec)) if spec not in choices else ("Take choice 1 to 9", "1–9")
        grid.addWidget(KeyCapLabel(cap), line, column)
        grid.addWidget(Label(text, Role.SMALL), line, column + 1)
        line += 1
    grid.setRowStretch(max(grid.rowCount(), line), 1)
    if line == 1:
        grid.addWidget(Label("This page has no keys of its own.", Role.SMALL, "muted"), line, column, 1, 2)
