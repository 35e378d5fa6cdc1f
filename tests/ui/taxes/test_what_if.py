"""What if: amounts by slider and by field, the answer beside the year as it is expected, nothing written."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from ui import audit

from app.services.books import history
from app.services.tax import what_if
from app.ui.taxes import what_if_model as model
from app.ui.taxes.what_if_model import Asked
from app.ui.taxes.what_if_sheet import WhatIfSheet
from app.ui.widgets.amount import amount_text
from app.ui.widgets.line_chart import scale
from tests.ui.taxes.conftest import stored, words_of

Key = Qt.Key


@pytest.fixture
def sheet(page: Any, window: Any, qtbot: Any, settle: Any) -> Any:
    qtbot.keyClick(page.deposits.table, Key.Key_W)
    settle(window)
    return window.findChild(WhatIfSheet)


def answered(sheet: Any, window: Any, settle: Any) -> Any:
    """Let the sheet work out what stands in it."""
    sheet._wait.stop()
    sheet.ask()
    settle(window)
    return sheet.result.found


def test_the_answer_is_that_of_the_command(sheet: Any, window: Any, settle: Any, qtbot: Any) -> None:
    qtbot.keyClicks(sheet.rows["retirement"].edit, "15000")
    found = answered(sheet, window, settle)
    told = what_if.ask(what_if.expected(stored(window), 2026), {"retirement": "+15000"})
    assert found.after - found.before == told.difference_cents < 0
    cells = sheet.result.taxes.cells
    last = [cells.index(cells.rowCount() - 1, column).data() for column in range(4)]
    assert last == [
        "All taxes",
        amount_text(what_if.total(told.before)),
        amount_text(what_if.total(told.after)),
        amount_text(told.difference_cents),
    ]
    assert sheet.result.figure.text() == f"{amount_text(-told.difference_cents)} less in all taxes"


def test_the_taxes_shown_add_up_to_all_taxes(sheet: Any, window: Any, settle: Any) -> None:
    sheet.rows["wages"].slider.setValue(4000)
    sheet.rows["profit"].slider.setValue(1000)
    found = answered(sheet, window, settle)
    parts = list(model.by_tax(found.answer))
    assert sum(before for _, before, _ in parts) == found.before
    assert sum(after for _, _, after in parts) == found.after


def test_field_and_slider_are_tied_together(sheet: Any, qtbot: Any) -> None:
    row = sheet.rows["profit"]
    qtbot.keyClicks(row.edit, "-12,500")
    assert row.slider.value() == -125
    assert row.cents() == -1_250_000
    qtbot.keyClick(row.slider, Key.Key_Right)
    assert row.edit.text() == "-12,400.00"
    row.edit.clear()
    qtbot.keyClicks(row.edit, "a lot")
    assert row.wrong.text()
    assert row.cents() == -1_240_000
    wages = sheet.rows["wages"]
    qtbot.keyClicks(wages.edit, "-5")
    assert "without a sign" in wages.wrong.text()


def test_nothing_is_written(sheet: Any, window: Any, settle: Any) -> None:
    before = [each.id for each in history.history(stored(window), limit=50)]
    profile = stored(window).settings.profile(2026)
    sheet.state.drop._choose("TX")
    sheet.rows["wages"].slider.setValue(900)
    found = answered(sheet, window, settle)
    assert found.after != found.before
    assert "Nothing here is written to your books" in words_of(sheet)
    assert [each.id for each in history.history(stored(window), limit=50)] == before
    assert stored(window).settings.profile(2026) == profile


def test_an_answer_that_comes_late_is_dropped(sheet: Any, window: Any, settle: Any) -> None:
    sheet.rows["wages"].slider.setValue(100)
    sheet._wait.stop()
    sheet.ask()
    sheet.rows["wages"].slider.setValue(300)
    sheet._wait.stop()
    sheet.ask()
    settle(window)
    assert sheet.result.found.asked.amounts["wages"] == 3_000_000


def test_the_curve_has_two_hundred_points_and_a_table(sheet: Any, window: Any, settle: Any) -> None:
    sheet.rows["wages"].slider.setValue(400)
    found = answered(sheet, window, settle)
    assert len(found.points) == 200
    assert found.more(found.points[0]) == 0
    assert sheet.result.chart.isVisible()
    assert sheet.result.chart.accessibleName().startswith("All taxes over “A job beside the business”")
    sheet.result.turn_curve.click()
    assert not sheet.result.chart.isVisible()
    cells = sheet.result.curve.cells
    assert cells.rowCount() == 200
    assert cells.index(199, 0).data() == "$200,000.00"
    assert cells.index(199, 1).data() == amount_text(found.points[-1].tax)


def test_the_break_even_is_where_all_taxes_are_what_they_were(sheet: Any, window: Any, settle: Any) -> None:
    sheet.rows["wages"].slider.setValue(50)
    sheet.rows["retirement"].slider.setValue(10)
    found = answered(sheet, window, settle)
    assert found.question.key == "retirement"
    assert found.even is not None
    assert "Break-even: with " in sheet.result.even.text()
    year = what_if.expected(stored(window), 2026)
    patch = {"wages": "+5000", "retirement": model.patch_text(found.question, found.even)}
    assert abs(what_if.ask(year, patch).difference_cents) <= 100


def test_a_line_that_changes_opens_its_formula(sheet: Any, window: Any, settle: Any, qtbot: Any) -> None:
    sheet.rows["wages"].slider.setValue(400)
    answered(sheet, window, settle)
    sheet.result.turn_lines.click()
    assert sheet.result.lines.cells.rowCount() == len(sheet.result.found.answer.changes)
    sheet.result.lines.setFocus()
    qtbot.keyClick(sheet.result.lines, Key.Key_Return)
    change = sheet.result.found.answer.changes[0]
    line = model.line_of(sheet.result.found.answer.after, change)
    assert line is not None
    assert line.formula.replace("*", "×").replace("_", " ") in words_of(sheet.result.below)


def test_a_spouse_is_asked_about_only_where_there_is_one(sheet: Any, window: Any, settle: Any) -> None:
    assert sheet.rows["spouse_wages"].isVisible()
    sheet.rows["spouse_wages"].slider.setValue(30)
    sheet.status.drop._choose("single")
    assert not sheet.rows["spouse_wages"].isVisible()
    assert "spouse_wages" not in sheet.asked().amounts
    sheet.reset()
    assert sheet.asked() == Asked(amounts={}, words={}, curve="spouse_wages")


def test_what_comes_in_january_is_taken_off_the_curve_over_the_profit(sheet: Any, window: Any, settle: Any) -> None:
    sheet.rows["delay"].slider.setValue(100)
    sheet.rows["profit"].slider.setValue(0)
    sheet._curve = "profit"
    found = answered(sheet, window, settle)
    nearest = min(found.points, key=lambda point: abs(found.more(point)))
    assert abs(nearest.tax - found.after) < 50_000


def test_the_sheet_can_be_heard_and_used_by_keyboard(sheet: Any, window: Any, settle: Any) -> None:
    sheet.rows["wages"].slider.setValue(400)
    answered(sheet, window, settle)
    sheet.place_box()
    settle(window)
    found = [*audit.unnamed(sheet.box), *audit.untabbed(sheet.box), *audit.too_small(sheet.box)]
    assert not found


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_the_sheet_holds_large_text(sheet: Any, window: Any, look: Any, settle: Any, size: tuple[int, int]) -> None:
    look.set_scale(2.0)
    window.setMinimumSize(*size)
    window.resize(*size)
    sheet.rows["wages"].slider.setValue(400)
    answered(sheet, window, settle)
    sheet.place_box()
    settle(window)
    assert not audit.misplaced(sheet.box)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([4_930_000, 5_574_842], (4_800_000, 5_600_000, 200_000)),
        ([0, 10_300_000], (0, 15_000_000, 5_000_000)),
        ([7, 7], (7, 8, 1)),
        ([-300, 500], (-400, 600, 200)),
    ],
)
def test_the_axis_has_round_numbers_around_the_values(values: list[int], expected: tuple[int, int, int]) -> None:
    assert scale(values) == expected
