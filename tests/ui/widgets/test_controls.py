"""What the controls do under mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from ui.widgets import gallery

from app.core.dates import day_from_iso
from app.ui.theme.theme import Theme
from app.ui.widgets.amount import HIDDEN, AmountLabel, amount_text, spoken_amount, whole_text
from app.ui.widgets.buttons import Button, Chip, Segmented
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.coverage import Coverage, CoverageGrid
from app.ui.widgets.fields import AmountEdit, PasswordEdit
from app.ui.widgets.paint import monogram
from app.ui.widgets.palette_box import PaletteBox, Result
from app.ui.widgets.table import Table
from app.ui.widgets.toast import More, Toast
from app.ui.widgets.typed import cents_of, day_typed

TODAY = day_from_iso("2026-11-20")
ARROW = Qt.Key.Key_Down


Show = Callable[..., QWidget]


@pytest.fixture
def shown(qtbot: QtBot) -> Show:
    """Put widgets into a window that lives as long as the test."""
    windows: list[QWidget] = []

    def show(*widgets: QWidget) -> QWidget:
        window = QWidget()
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(700, 500)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show


def test_amounts_read_as_the_design_writes_them(theme: Theme) -> None:
    assert amount_text(-123450) == "−$1,234.50"
    assert amount_text(480000, plus=True) == "+$4,800.00"
    assert amount_text(0, plus=True) == "$0.00"
    assert whole_text(-150) == "−$2"
    assert whole_text(-49) == "$0"
    assert spoken_amount(-1240) == "Money out $12.40"


def test_hidden_amounts_are_hidden_on_labels_and_to_the_ear(qtbot: QtBot, theme: Theme) -> None:
    label = AmountLabel(480000)
    qtbot.addWidget(label)
    theme.set_hide_amounts(True)
    assert label.text() == HIDDEN
    assert "4,800" not in label.accessibleName()
    theme.set_hide_amounts(False)
    assert label.text() == "+$4,800.00"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("1,234.5", 123450), ("1234.50", 123450), ("12+30", 4200), ("-5", -500), ("10*3-.5", 2950), ("10/3", 333)],
)
def test_an_amount_is_understood_as_people_type_it(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["", "12,34", "abc", "5/0", "1 2", "3+"])
def test_what_is_no_amount_is_answered_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        cents_of(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("11/18", "2026-11-18"),
        ("12/24", "2025-12-24"),
        ("2026-11-18", "2026-11-18"),
        ("yesterday", "2026-11-19"),
        ("nov 3", "2026-11-03"),
        ("2/29", "2024-02-29"),
        ("1/5/25", "2025-01-05"),
    ],
)
def test_a_day_is_understood_as_people_type_it(typed: str, day: str) -> None:
    assert day_typed(typed, TODAY) == day_from_iso(day)


def test_a_field_left_with_nonsense_says_so(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    edit = AmountEdit()
    shown(edit)
    edit.setText("12,34")
    edit.editingFinished.emit()
    assert edit.property("wrong")
    edit.setText("12+30")
    edit.editingFinished.emit()
    assert (edit.text(), bool(edit.property("wrong"))) == ("42.00", False)


def test_enter_presses_a_button(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    button = Button("Confirm 3", "primary", key="E")
    shown(button)
    with qtbot.waitSignal(button.clicked, timeout=500):
        qtbot.keyClick(button, Qt.Key.Key_Return)


def test_the_cross_of_a_chip_closes_and_the_rest_opens(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    chip = Chip("Nov 1 to 18", "calendar", active=True, closable=True)
    shown(chip)
    said: list[str] = []
    chip.clicked.connect(lambda: said.append("clicked"))
    chip.closed.connect(lambda: said.append("closed"))
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 12, 14))
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(30, 14))
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert said == ["closed", "clicked", "closed"]


def test_arrows_move_through_segments(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    parts = Segmented([("a", "By merchant"), ("b", "By date")])
    shown(parts)
    first = parts.findChildren(QWidget)[0]
    first.setFocus()
    with qtbot.waitSignal(parts.changed, timeout=500):
        qtbot.keyClick(first, Qt.Key.Key_Right)
    assert parts.value() == "b"


def test_a_digit_chooses(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    choices = ChoiceList("Book as")
    choices.set_choices([(1, "Travel", "24a", "likely"), (2, "Personal", "none", "")], 1)
    shown(choices)
    with qtbot.waitSignal(choices.changed, timeout=500):
        qtbot.keyClick(choices, Qt.Key.Key_2)
    assert choices.chosen() == 2
    qtbot.keyClick(choices, Qt.Key.Key_9)
    assert choices.chosen() == 2


def test_caps_lock_is_told_from_what_is_typed(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    password = PasswordEdit()
    shown(password)
    qtbot.keyClicks(password.edit, "A")
    assert password.edit.accessibleDescription() == "Caps Lock is on"
    qtbot.keyClicks(password.edit, "b")
    assert password.edit.accessibleDescription() == ""
    qtbot.keyClick(password.edit, "C", Qt.KeyboardModifier.ShiftModifier)
    assert password.edit.accessibleDescription() == ""


def test_enter_opens_a_month_of_statements(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    grid = CoverageGrid()
    grid.set_coverage(["Oct", "Nov"], [("Checking", [Coverage.TIES, Coverage.NO_STATEMENT])])
    shown(grid)
    view = grid.focusProxy()
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 1))
    qtbot.keyClick(view, Qt.Key.Key_Left)
    with qtbot.waitSignal(grid.activated, timeout=500) as said:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert said.args == [0, 0]
    assert view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Checking, Oct: balance ties"


def test_a_click_on_a_check_cell_keeps_the_current_row(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    table = gallery.table()
    shown(table)
    table.setCurrentIndex(table.model().index(4, 2))
    box = table.visualRect(table.model().index(1, 0)).center()
    with qtbot.waitSignal(table.checked, timeout=500) as said:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert (said.args[0].row(), table.currentIndex().row()) == (1, 4)


def test_a_cell_says_what_it_shows(theme: Theme) -> None:
    table: Table = gallery.table()
    model = table.model()
    aloud = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 4).data(aloud) == "Office expense, needs an answer"
    assert model.index(0, 8).data(aloud) == "Money out $15.00"


def test_the_palette_skips_the_names_of_groups(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    window = shown()
    box = PaletteBox(window)
    box.open_box()
    box.set_results([("One", [Result("a", "person", "Ann")]), ("Two", [Result("b", "plus", "Bob")])])
    qtbot.keyClick(box.field, ARROW)
    with qtbot.waitSignal(box.activated, timeout=500) as said:
        qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert said.args == ["b"]
    assert box.isHidden()


def test_escape_closes_the_palette_and_gives_the_focus_back(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    button = Button("Import")
    window = shown(button)
    button.setFocus()
    box = PaletteBox(window)
    box.open_box()
    with qtbot.waitSignal(box.closed, timeout=500):
        qtbot.keyClick(box.field, Qt.Key.Key_Escape)
    assert window.focusWidget() is button


def test_tab_stays_inside_a_sheet(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    window = shown(Button("Outside"))
    sheet = gallery.with_sheet(window)
    for _ in range(6):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert sheet.box.isAncestorOf(window.focusWidget())


def test_a_toast_takes_no_focus_and_undoes(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    button = Button("Confirm")
    window = shown(button)
    button.setFocus()
    toast = Toast(window)
    toast.show_text("Booked Figma as Office expense", undo=True)
    assert window.focusWidget() is button
    with qtbot.waitSignal(toast.undo_clicked, timeout=500):
        qtbot.mouseClick(toast._undo, Qt.MouseButton.LeftButton)
    assert toast.isHidden()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [400, 640, 800, 1200])
def test_a_toast_cuts_neither_words_nor_buttons(
    qtbot: QtBot, theme: Theme, shown: Show, width: int, scale: float
) -> None:
    """The least needed button gives way: its key goes on."""
    theme.set_scale(scale)
    window = shown(Button("Confirm"))
    window.resize(round(width * scale), 500)
    done: list[str] = []
    more = (More("Show them", "V", lambda: done.append("V")), More("From now on", "L", lambda: done.append("L")))
    toast = Toast(window)
    toast.show_text("Booked Northwind Laboratories as Office expense.", undo=True, more=more)
    QApplication.processEvents()
    parts = [part for part in toast.findChildren(QWidget) if part.isVisible() and part.parent() is toast]
    boxes = [part.geometry() for part in parts]
    assert all(toast.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n])
    for part in parts:
        assert part.width() >= (part.minimumSizeHint() if isinstance(part, QLabel) else part.sizeHint()).width()
        assert part.height() >= part.heightForWidth(part.width())
    assert window.rect().contains(toast.geometry())
    qtbot.mouseClick(toast._more[1], Qt.MouseButton.LeftButton)
    assert (done, toast.isHidden()) == (["L"], True)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Northwind Labs LLC", "NL"), ("Lyft", "LY"), ("B&H Photo", "BP"), ("Figma Inc", "FI"), ("", "–")],
)
def test_a_name_becomes_two_letters(name: str, letters: str) -> None:
    assert monogram(name) == letters
