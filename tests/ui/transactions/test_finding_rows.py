"""Finding: searching, chips, order, columns, and what the rows come to."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.dates import day_from_iso
from app.ui.transactions.columns import BY_ID
from app.ui.transactions.filters import Filters, span_words


def test_the_newest_rows_stand_first_and_only_a_few_blocks_are_read(page: Any, words: Any) -> None:
    assert page.model.rowCount() == 1210
    assert words("date", 0) == "Nov 19"
    assert page.model.blocks_held == 1
    assert page.totals.count.text() == "1,210 transactions"
    assert page.totals.left_out.text() == "own transfers not counted"


def test_the_slash_goes_to_the_search_field_and_typing_filters(
    page: Any, press: Any, qtbot: Any, settle: Any, payees: Any
) -> None:
    press("/")
    assert page.head.search.hasFocus()
    QTest.keyClicks(page.head.search, "figma")
    qtbot.waitUntil(lambda: page.filters.text == "figma")
    settle(page.window())
    assert page.head.search.hasFocus()
    assert {name for name in payees() if "Figma" not in name} == set()
    press("Down")
    assert page.table.hasFocus()


def test_an_amount_is_found_by_its_figures(page: Any, search: Any) -> None:
    search("1,807.50")
    amounts = {abs(page.model.line(row).row.cents) for row in range(page.model.rowCount())}
    assert amounts == {180_750}


def test_nothing_found_says_so_and_one_key_brings_all_back(page: Any, search: Any, press: Any) -> None:
    search("no such thing")
    assert page.no_match.isVisible()
    assert not page.table.isVisible()
    press("Shift+C")
    assert page.table.hasFocus()
    assert page.model.rowCount() == 1210
    assert page.head.search.text() == ""


def test_a_span_of_days_shows_as_a_coloured_chip_that_can_be_taken_away(page: Any, settle: Any, words: Any) -> None:
    page.filter_bar.chips["dates"].click()
    menu = page.filter_bar.menu
    next(action for action in menu.actions() if action.text() == "This month").trigger()
    menu.close()
    settle(page.window())
    chip = page.filter_bar.chips["dates"]
    assert chip.words() == "November 2026"
    assert page.model.rowCount() == 67
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    settle(page.window())
    assert page.model.rowCount() == 1210


def test_days_are_typed_as_people_write_them(page: Any, settle: Any, press: Any, type_in: Any, words: Any) -> None:
    page.filter_bar.wanted.emit("dates")
    type_in("11/1")
    press("Tab")
    type_in("yesterday")
    press("Return")
    assert page.filter_bar.chips["dates"].words() == "Nov 1 to 19, 2026"


def test_the_last_day_must_not_lie_before_the_first(page: Any, type_in: Any, press: Any) -> None:
    page.filter_bar.wanted.emit("dates")
    type_in("11/10")
    press("Tab")
    type_in("11/1")
    press("Return")
    assert page.filters.is_plain
    page.window().close_overlays()


def test_several_accounts_are_ticked_in_one_menu(page: Any, settle: Any, words: Any) -> None:
    page.filter_bar.chips["accounts"].click()
    menu = page.filter_bar.menu
    for name in ("PayPal", "Stripe"):
        next(action for action in menu.actions() if action.text() == name).trigger()
    assert menu.isVisible()
    menu.close()
    settle(page.window())
    assert page.filter_bar.chips["accounts"].words() == "2 accounts"
    assert {words("account", row) for row in range(page.model.rowCount())} == {"PayPal", "Stripe"}


def test_an_amount_and_a_direction_make_one_chip(
    page: Any, settle: Any, press: Any, type_in: Any, look: Any, words: Any
) -> None:
    page.filter_bar.wanted.emit("amount")
    press("Right", "Tab")
    type_in("1000")
    press("Return")
    chip = page.filter_bar.chips["amount"]
    assert chip.words() == "Money in over $1,000.00"
    assert all(page.model.line(row).row.cents >= 100_000 for row in range(page.model.rowCount()))
    look.set_hide_amounts(True)
    page.filter_bar.show_filters(page.filters, page.model.accounts)
    assert "1,000" not in chip.words()


def test_only_what_needs_an_answer_carries_the_ring(page: Any, settle: Any, words: Any) -> None:
    open_rows = sum(page.model.line(row).shown.has_question for row in range(page.model.rowCount()))
    page.show_what(status="question")
    settle(page.window())
    assert page.filter_bar.chips["status"].words() == "Needs an answer"
    assert page.model.rowCount() == open_rows > 500
    assert all(page.model.line(row).shown.has_question for row in range(open_rows))
    assert page.filter_bar.questions.accessibleName() == f"{open_rows} to answer in this view"


def test_a_category_is_chosen_by_typing_its_line(page: Any, press: Any, type_in: Any, words: Any) -> None:
    page.filter_bar.open("category")
    type_in("travel")
    press("Return")
    assert page.filter_bar.chips["category"].words() == "Travel"
    assert {page.model.line(row).row.line for row in range(page.model.rowCount())} == {"C24a"}


def test_a_click_on_a_header_sorts_and_the_order_is_remembered(page: Any, settle: Any) -> None:
    page.table.head.sectionClicked.emit(8)
    settle(page.window())
    cents = [page.model.line(row).row.cents for row in range(30)]
    assert cents == sorted(cents, reverse=True)
    page.sort_by("amount")
    settle(page.window())
    assert page.frame.preferences.text("transactions/sort") == "amount up"


def test_exactly_the_rows_another_page_names_are_shown(page: Any, settle: Any, words: Any) -> None:
    wanted = list(page.model.ids[5:17])
    page.window().go("transactions", ids=wanted, of="Figma")
    settle(page.window())
    assert sorted(page.model.ids) == sorted(wanted)
    assert page.filter_bar.chips["ids"].words() == "12 transactions of Figma"
    assert page.totals.count.text() == "12 transactions"


def test_a_row_named_by_another_page_opens_even_when_a_filter_hides_it(page: Any, search: Any, settle: Any) -> None:
    far = page.model.ids[900]
    search("figma")
    page.window().go("transactions", row=far)
    settle(page.window())
    assert page.table.current_id == far
    assert page.row_pane.isVisible()
    assert page.row_pane.shown_id == far


def test_columns_give_way_in_a_narrow_window_and_come_back(page: Any, qtbot: Any) -> None:
    window = page.window()
    assert page.table.shown_columns()[-3:] == ["account", "share", "amount"]
    gone = []
    for width in (1240, 1180, 1024):
        window.resize(width, 700)
        QApplication.processEvents()
        gone.append({"share", "account"} - set(page.table.shown_columns()))
    assert gone[-1] == {"share", "account"}
    assert all(len(before) <= len(after) for before, after in pairwise(gone))
    window.resize(1440, 900)
    QApplication.processEvents()
    assert {"share", "account"} <= set(page.table.shown_columns())


def test_widths_and_order_of_columns_are_remembered(page: Any) -> None:
    page.table.head.resizeSection(2, 260)
    page.table.head.moveSection(6, 2)
    setting = page.frame.preferences.text("transactions/columns")
    assert "payee:260" in setting
    assert setting.split(",")[2].startswith("account:")
    page.table.reset_columns()
    assert page.frame.preferences.text("transactions/columns").split(",")[2].startswith("payee:")


def test_compact_rows_are_lower_and_keep_the_row_at_the_top(page: Any, press: Any) -> None:
    press(*["PgDown"] * 3)
    row = page.table.current_id
    page.frame.preferences.set("appearance/compact", value=True)
    assert page.table.verticalHeader().defaultSectionSize() == 28
    assert page.table.current_id == row


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, "Any date"),
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-10-01", "2026-12-31", "Q4 2026"),
        ("2026-11-01", "2026-11-30", "November 2026"),
        ("2026-11-01", "2026-11-18", "Nov 1 to 18, 2026"),
        ("2026-11-17", "2026-11-18", "Nov 17 to 18, 2026"),
        ("2026-11-18", "2026-11-18", "Nov 18, 2026"),
        ("2026-11-03", None, "From Nov 3, 2026"),
        (None, "2026-11-03", "Until Nov 3, 2026"),
    ],
)
def test_a_span_reads_as_people_say_it(first: str | None, last: str | None, said: str) -> None:
    days = [None if day is None else day_from_iso(day) for day in (first, last)]
    assert span_words(days[0], days[1], 2026) == said


def test_the_rows_of_the_filter_are_saved_as_csv(page: Any, search: Any, settle: Any, tmp_path: Path) -> None:
    search("figma")
    count = page.model.rowCount()
    page.saving.save_to(tmp_path / "figma.csv")
    settle(page.window())
    assert len((tmp_path / "figma.csv").read_text().splitlines()) == count + 1


def test_a_folder_that_takes_no_file_is_told_in_a_sentence(page: Any, settle: Any, tmp_path: Path) -> None:
    page.saving.save_to(tmp_path / "missing" / "rows.csv")
    settle(page.window())
    page.window().close_overlays()
    assert not (tmp_path / "missing").exists()


def test_books_without_rows_offer_to_import(
    make_window: Callable[[Path], Any], tmp_path: Path, settle: Any, qtbot: Any
) -> None:
    window = make_window(tmp_path / "empty")
    with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
        window.session.create("passphrase", "violet anchor harvest tundra 41", lambda: None, window.fail)
    settle(window)
    window.go("transactions")
    settle(window)
    shown = window.shell.page
    assert shown.nothing.isVisible()
    assert not shown.totals.isVisible()


def test_locking_leaves_nothing_of_the_rows_behind(page: Any, press: Any) -> None:
    press("Return")
    page.forget()
    assert page.model.rowCount() == 0
    assert page.row_pane.shown_id is None
    assert page.filters == Filters()


def test_tab_goes_as_people_read(page: Any) -> None:
    page.head.search.setFocus()
    seen = []
    for _ in range(9):
        QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
        seen.append(page.window().focusWidget())
    bar = page.filter_bar
    shown = [bar.chips[name] for name in ("dates", "accounts", "status", "amount")]
    assert seen == [page.head.import_button, page.head.more_button, *shown, bar.more, bar.review_link, page.table]


def test_a_short_list_has_no_scroll_bar(page: Any, settle: Any) -> None:
    page.show_what(ids=list(page.model.ids[:12]))
    settle(page.window())
    QApplication.processEvents()
    assert page.table.verticalScrollBar().maximum() == 0
    page.frame.preferences.set("appearance/compact", value=True)
    QApplication.processEvents()
    assert not page.table._bar.isVisible()


def test_the_scroll_bar_follows_the_list_after_a_sheet_was_open(page: Any, press: Any, settle: Any, qtbot: Any) -> None:
    page.filter_bar.wanted.emit("amount")
    press("Escape")
    qtbot.waitUntil(page.table.hasFocus)
    page.show_what(ids=list(page.model.ids[:12]))
    settle(page.window())
    QApplication.processEvents()
    assert not page.table._bar.isVisible()
    page.clear_filter()
    settle(page.window())
    page.table._bar.setValue(500)
    assert page.table.verticalScrollBar().value() == 500


@pytest.mark.parametrize("width", [900, 1024, 1180, 1280, 1300])
def test_no_amount_is_cut_beside_or_under_the_pane(page: Any, press: Any, width: int) -> None:
    page.window().resize(width, 700)
    press("Space", "Return")
    assert page.window().width() == width
    assert page.row_pane.geometry().right() <= page.width()
    for total in page.totals.sums.values():
        assert total.width() >= total.sizeHint().width()
    assert page.bulk.close_button.geometry().right() < page.bulk.width()


def test_only_a_few_blocks_are_held_however_far_one_goes(page: Any, press: Any) -> None:
    from app.ui.transactions.model import BLOCK, TransactionModel

    read: list[int] = []
    model = TransactionModel(lambda ids: read.append(len(ids)) or [])
    model.show(array("q", range(10_000)))
    for row in range(0, 10_000, 50):
        model.line(row)
    assert read == [BLOCK] * 100
    assert model.blocks_held == 40
    model.line(9_999)
    assert len(read) == 100


def test_wide_columns_of_a_wide_window_leave_the_amount_in_a_narrow_one(page: Any) -> None:
    page.table.head.resizeSection(2, 420)
    page.window().resize(900, 640)
    QApplication.processEvents()
    assert page.table.head.length() <= page.table.viewport().width()
    page.window().resize(1440, 900)
    QApplication.processEvents()
    assert page.table.columnWidth(2) == 420


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_nothing_in_the_head_runs_under_something_else(page: Any, settle: Any, look: Any, scale: float) -> None:
    window, head = page.window(), page.head
    look.set_scale(scale)
    window.setMinimumSize(1, 1)
    window.resize(1024, 700)
    settle(window)
    parts = [head._titles, *(part for part in head.tab_stops() if part.isVisible())]
    assert len(parts) == 4
    for left, right in pairwise(parts):
        assert left.geometry().right() < right.geometry().left()
    assert parts[-1].geometry().right() <= head.width()
    assert head._titles.width() >= head._titles.minimumSizeHint().width()
    words = head.search.fontMetrics().horizontalAdvance(head.search.placeholderText())
    margins = head.search.textMargins()
    assert margins.left() + words + margins.right() < head.search.width()


def test_the_amount_stays_in_sight_at_the_largest_text(page: Any, settle: Any, look: Any) -> None:
    window, table = page.window(), page.table
    look.set_scale(2.0)
    window.setMinimumSize(1, 1)
    window.resize(1024, 700)
    settle(window)
    amount = BY_ID["amount"]
    right = table.head.sectionViewportPosition(amount) + table.head.sectionSize(amount)
    assert right <= table.viewport().width()
    assert table.shown_columns() == ["check", "date", "payee", "category", "amount"]
    look.set_scale(1.0)
    window.resize(1440, 900)
    settle(window)
    assert "text" in table.shown_columns()
