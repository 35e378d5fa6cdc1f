"""Large text on a small screen, and a common laptop: every word of a button and every figure is there whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QTableView, QTextBrowser, QWidget

from app.ui.frame.pages import PAGES
from app.ui.widgets.coverage import CoverageGrid
from app.ui.widgets.pressable import Pressable
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.table import Table
from app.ui.widgets.text import ElidedLabel, Label, StrongLabel

Settle = Callable[[Any], None]
PADDING = 2
"""Px by which a low window may press together what stands one below the other."""
ROOMS = ((1024, 700, 1.5), (1024, 700, 2.0), (1366, 768, 1.0))


def kept(widget: QWidget) -> bool:
    """Whether a widget says that it needs its room: what ends in an ellipsis shows itself whole elsewhere."""
    if isinstance(widget, ElidedLabel | StrongLabel):
        return False
    return isinstance(widget, Label | Pressable) or isinstance(widget.parentWidget(), Segmented)


def name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
    return f"{type(widget).__name__} “{text}”"


def wanted(widget: QWidget) -> tuple[int, int]:
    least = widget.minimumSizeHint()
    if isinstance(widget, Label) and widget.wordWrap():
        return least.width(), widget.heightForWidth(widget.width())
    return least.width(), least.height()


def place(widget: QWidget, page: QWidget) -> QRect:
    return QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())


def reach(widget: QWidget, page: QWidget) -> tuple[int, int]:
    """Return from where to where something can be seen across: the page, or what scrolls up and down in it."""
    left, right = 0, page.width()
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            box = place(parent, page)
            left, right = max(left, box.left()), min(right, box.right() + 1)
        parent = parent.parentWidget()
    return left, right


def cut(page: QWidget) -> list[str]:
    """Return what stands on a page and is not whole, in words."""
    found = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or not kept(widget):
            continue
        width, height = wanted(widget)
        if widget.width() < width or widget.height() < height - PADDING:
            found.append(f"{name(widget)} is {widget.width()}×{widget.height()}, wants {width}×{height}")
        box, (left, right) = place(widget, page), reach(widget, page)
        if box.left() < left or box.right() >= right:
            found.append(f"{name(widget)} reaches from {box.left()} to {box.right()}, seen is {left} to {right}")
    return found


def overlapping(page: QWidget) -> list[str]:
    """Return buttons of one parent that lie on each other."""
    found = []
    buttons = [each for each in page.findChildren(Pressable) if each.isVisible()]
    for one, other in combinations(buttons, 2):
        if one.parentWidget() is other.parentWidget() and one.geometry().intersects(other.geometry()):
            found.append(f"{name(one)} lies on {name(other)}")
    return found


@pytest.mark.parametrize(("width", "height", "scale"), ROOMS)
def test_nothing_of_a_page_is_cut(
    window: Any, look: Any, settle: Settle, width: int, height: int, scale: float
) -> None:
    look.set_scale(scale)
    window.setMinimumSize(1, 1)
    window.resize(width, height)
    troubles = []
    for entry in PAGES:
        window.go(entry.id)
        settle(window)
        page = window.shell.page
        troubles += [f"{entry.id}: {each}" for each in (*cut(page), *overlapping(page))]
    assert (window.width(), window.height()) == (width, height)
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize(("width", "height", "scale"), ROOMS)
def test_no_column_lies_beyond_the_edge_and_what_a_row_is_about_has_room(
    window: Any, look: Any, settle: Settle, width: int, height: int, scale: float
) -> None:
    look.set_scale(scale)
    window.setMinimumSize(1, 1)
    window.resize(width, height)
    seen = []
    for to, what, about in (("reports", {"view": "form"}, 1), ("reports", {"view": "ledger"}, 1), ("accounts", {}, 1)):
        window.go(to, **what)
        settle(window)
        for table in (each for each in window.shell.page.findChildren(Table) if each.isVisible()):
            seen.append(table.accessibleName())
            assert table.head.length() <= table.viewport().width() + 1
            assert table.columnWidth(about) >= look.dp(100)
    assert seen == ["Schedule C, line by line", "General ledger", "Imports"]
    grid = window.shell.page.findChild(CoverageGrid)
    months = grid.findChild(QTableView)
    assert months.horizontalHeader().length() <= months.viewport().width() + 1
    newest = months.model().columnCount() - 1
    assert not months.isColumnHidden(newest)
    assert months.columnWidth(newest) >= look.dp(30)


@pytest.mark.parametrize(("width", "height", "scale"), ROOMS)
@pytest.mark.parametrize("view", ["pack", "form", "months", "ledger"])
def test_nothing_of_a_report_is_cut(
    window: Any, look: Any, settle: Settle, view: str, width: int, height: int, scale: float
) -> None:
    look.set_scale(scale)
    window.setMinimumSize(1, 1)
    window.resize(width, height)
    window.go("reports", view=view)
    settle(window)
    page = window.shell.page
    assert page.view == view
    assert cut(page) == []
    assert page.tabs.width() == page.tabs.sizeHint().width()


@pytest.mark.parametrize(("width", "height", "scale"), ROOMS)
def test_the_lines_of_the_help_end_within_the_page(
    window: Any, look: Any, settle: Settle, width: int, height: int, scale: float
) -> None:
    look.set_scale(scale)
    window.setMinimumSize(1, 1)
    window.resize(width, height)
    window.go("help")
    settle(window)
    text = window.shell.page.findChild(QTextBrowser)
    assert text.lineWrapColumnOrWidth() <= text.viewport().width()
    assert text.document().idealWidth() <= text.viewport().width()


def test_a_view_with_a_short_name_is_still_called_by_its_whole_one(window: Any, look: Any, settle: Settle) -> None:
    look.set_scale(2.0)
    window.setMinimumSize(1, 1)
    window.resize(1024, 700)
    window.go("reports")
    settle(window)
    page = window.shell.page
    tab = page.tabs._parts["months"]
    assert (tab.words, tab.accessibleName()) == ("By month", "Profit and loss by month")
    assert page.open_preview.accessibleName() == "Preview"
    look.set_scale(1.0)
    window.resize(1366, 768)
    settle(window)
    assert tab.words == "Profit and loss by month"
    assert page.open_preview.words() == "Preview"
