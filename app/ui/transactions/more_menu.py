"""The menu at the head of the page: the CSV file, how the rows look, how they are sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from app.ui.transactions.page import TransactionsPage

_SORTS = (("date", "Date"), ("payee", "Payee"), ("category", "Category"), ("account", "Account"), ("amount", "Amount"))


def open_more(page: TransactionsPage) -> None:
    """Open the menu under its button; it is made anew each time and ticks what is so now."""
    preferences = page.frame.preferences
    menu = QMenu(page)
    menu.addAction(page.frame.commands["transactions.export"])
    compact = menu.addAction("Compact rows")
    compact.setCheckable(True)
    compact.setChecked(preferences.is_on("appearance/compact"))
    compact.triggered.connect(lambda on: preferences.set("appearance/compact", value=bool(on)))
    menu.addAction("Columns as designed").triggered.connect(lambda _on=False: page.table.reset_columns())
    order = menu.addMenu("Sort by")
    for sort, words in _SORTS:
        action = order.addAction(words)
        action.setCheckable(True)
        action.setChecked(sort == page.filters.sort)
        action.triggered.connect(lambda _on=False, sort=sort: page.sort_by(sort))
    menu.aboutToHide.connect(menu.deleteLater)
    button = page.head.more_button
    menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 4)))
