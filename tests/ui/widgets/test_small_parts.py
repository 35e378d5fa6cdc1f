"""Slider, flowing links and the line chart."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.flow import Flow
from app.ui.widgets.line_chart import LineChart, Mark, Series
from app.ui.widgets.slider import Slider


@pytest.fixture
def shown(qtbot: Any, look: Any) -> Any:
    def show(widget: QWidget, width: int, height: int) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        return widget

    return show


def test_a_slider_is_dragged_and_moved_by_keys(shown: Any, qtbot: Any) -> None:
    slider = shown(Slider(-100, 100, "Profit"), 300, 28)
    slider.setValue(0)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(299, 14))
    assert slider.value() == 100
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(150, 14))
    assert abs(slider.value()) <= 1
    slider.setValue(0)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    assert slider.value() == 11


def test_links_go_on_in_the_next_line_and_hidden_ones_take_no_room(shown: Any) -> None:
    holder = QWidget()
    flow = Flow(16, holder)
    links = [LinkButton(f"Link number {number}") for number in range(4)]
    for link in links:
        flow.addWidget(link)
    shown(holder, 1000, 200)
    assert len({link.y() for link in links}) == 1
    holder.resize(220, 200)
    assert [link.y() for link in links] == sorted(link.y() for link in links)
    assert len({link.y() for link in links}) > 1
    tall = flow.heightForWidth(220)
    links[0].hide()
    assert flow.heightForWidth(220) <= tall
    assert flow.heightForWidth(10_000) == links[1].sizeHint().height()
    assert flow.count() == 4
    assert flow.takeAt(9) is None


def test_a_chart_draws_its_lines_in_their_colours(shown: Any, look: Any) -> None:
    chart = shown(LineChart(200), 400, 200)
    chart.show_series(
        [Series("In reserve", "c_in", [(0, 0), (5, 100), (10, 100)], stepped=True, filled=True),
         Series("Needed", "c_tax", [(0, 50), (10, 80)])],
        str, str, words="Reserve against need", marks=[Mark(5, 100, "here", "accent")],
    )  # fmt: skip
    assert chart.accessibleName() == "Reserve against need"
    image = chart.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(400) for y in range(200)}
    assert {look.color("c_in").name(), look.color("c_tax").name(), look.color("c_band").name()} <= seen


def test_a_chart_without_points_stays_empty(shown: Any) -> None:
    chart = shown(LineChart(100), 200, 100)
    chart.show_series([], str, str, words="Nothing yet")
    image = chart.grab().toImage()
    assert len({image.pixelColor(x, y).name() for x in range(200) for y in range(100)}) == 1
