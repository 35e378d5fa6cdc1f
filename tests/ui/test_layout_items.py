"""What Python holds of a layout's items outlives them: the next thing Qt makes at that address is taken for one.

Qt for Python keeps what stands for an item until its layout dies: for each that was asked for, and for those in a
layout that was filled before another took it in. So a single widget leaves its layout by `themed.take_out` alone.
"""

from __future__ import annotations

import ast
import gc
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget, QWidgetItem

from app.ui.widgets import themed

UI = Path(__file__).parents[2] / "app" / "ui"
LEAVES_ITEMS = {"itemAt", "itemAtPosition", "removeItem", "replaceWidget"}


def calls() -> list[tuple[str, ast.Attribute]]:
    return [
        (f"{path.relative_to(UI)}:{node.lineno}", node.func)
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def test_no_layout_is_asked_for_its_items_or_loses_one_unseen() -> None:
    assert [where for where, call in calls() if call.attr in LEAVES_ITEMS] == []
    # a stack of pages is a widget: its layout is Qt's own
    removed = [(where, call) for where, call in calls() if call.attr == "removeWidget"]
    assert [where for where, call in removed if ast.unparse(call.value) != "self.stack"] == []


def items() -> list[QWidgetItem]:
    return [each for each in gc.get_objects() if isinstance(each, QWidgetItem)]


def test_a_widget_that_is_taken_out_leaves_nothing_behind(qapp: Any) -> None:
    root, line = QWidget(), QHBoxLayout()
    column = QVBoxLayout(root)
    gc.collect()
    before = len(items())
    for text in ("one", "two", "three"):
        line.addWidget(QLabel(text))
    column.addLayout(line)
    one, two, three = root.findChildren(QLabel)
    themed.discard(one)
    themed.take_out(two)
    assert (line.count(), line.indexOf(three)) == (1, 0)
    themed.clear(column)
    QApplication.processEvents()
    gc.collect()
    assert len(items()) == before
    assert column.count() == 0
    themed.take_out(root)
    assert two.parentWidget() is root
