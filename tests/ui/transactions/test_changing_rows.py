"""Changing one row or many, by keyboard, and taking it back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.sheets.split_sheet import SplitSheet
from app.ui.widgets.paint import Check


def test_space_marks_and_the_bar_tells_how_many_and_what_they_come_to(page: Any, press: Any, search: Any) -> None:
    search("figma")
    cents = [page.model.line(row).row.cents for row in (0, 1)]
    press("Space", "Down", "Space")
    assert page.bulk.isVisible()
    assert page.bulk.count.text() == "2 selected"
    assert page.bulk.sum.cents() == sum(cents)
    assert page.model.check is Check.PARTLY
    press("Escape")
    assert not page.bulk.isVisible()


def test_ctrl_a_marks_all_that_match_not_only_what_is_seen(page: Any, press: Any) -> None:
    press("Ctrl+A")
    assert page.bulk.count.text() == "1,210 selected"
    assert page.model.check is Check.ON
    page.table.head.sectionClicked.emit(0)
    assert page.model.marks == set()


def test_shift_marks_a_range_and_gives_back_what_it_reached_too_far(page: Any, press: Any) -> None:
    press("Shift+Down", "Shift+Down", "Shift+Down")
    assert len(page.model.marks) == 4
    press("Shift+Up")
    assert len(page.model.marks) == 3
    press("Down")
    assert len(page.model.marks) == 3


def test_marks_stay_only_on_rows_the_filter_shows(page: Any, press: Any, search: Any) -> None:
    press("Ctrl+A")
    search("figma")
    assert page.model.marks == set(page.model.ids)


def test_a_category_for_many_is_one_step_and_undo_brings_all_back(
    page: Any, press: Any, type_in: Any, search: Any, settle: Any, words: Any
) -> None:
    search("trader joe")
    before = [words("category", row) for row in range(3)]
    press("Shift+Down", "Shift+Down", "C")
    type_in("22")
    press("Return")
    assert [words("category", row) for row in range(3)] == ["Supplies"] * 3
    assert [words("line", row) for row in range(3)] == ["22"] * 3
    assert page.model.marks == set()
    assert page.table.hasFocus()
    press("U")
    assert [words("category", row) for row in range(3)] == before


def test_undo_goes_back_to_the_row_it_restores(page: Any, press: Any, type_in: Any) -> None:
    press("Down", "Down")
    deleted = page.table.current_id
    press("D")
    type_in("entered twice")
    press("Return")
    assert page.model.row_of(deleted) == -1
    assert page.table.row == 2
    press("Down", "Down", "Down", "U")
    assert page.table.current_id == deleted
    assert page.table.hasFocus()


def test_a_deleted_row_is_found_by_its_status_and_restored(page: Any, press: Any, settle: Any, qtbot: Any) -> None:
    gone = page.table.current_id
    press("D", "Return")
    page.show_what(status="deleted")
    settle(page.window())
    assert list(page.model.ids) == [gone]
    press("Return")
    qtbot.waitUntil(lambda: not page._resting.isActive())
    settle(page.window())
    assert page.row_pane.buttons["restore"].isVisible()
    assert not page.row_pane.form.note.isEnabled()
    page.table.setFocus()
    press("R")
    assert page.no_match.isVisible()


def test_a_deletion_needs_a_reason(page: Any, press: Any) -> None:
    press("D", "Backspace", "Return")
    assert page.model.rowCount() == 1210
    page.window().close_overlays()


def test_confirming_settles_the_suggestion_and_keeps_the_place(page: Any, press: Any, settle: Any) -> None:
    page.show_what(status="question")
    settle(page.window())
    page.table.setFocus()
    number = page.table.current_id
    following = page.model.ids[1]
    press("E")
    assert page.model.row_of(number) == -1
    assert page.table.current_id == following
    assert page.table.hasFocus()


def test_a_share_is_set_for_costs_only(page: Any, press: Any, type_in: Any, words: Any) -> None:
    assert words("share") == "100%"
    press("B")
    type_in("60")
    press("Return")
    assert words("share") == "60%"


def test_a_share_of_something_private_is_refused_with_a_way_out(page: Any, press: Any, type_in: Any) -> None:
    personal = next(row for row in range(50) if page.model.line(row).row.kind == "personal")
    page.table.go_to(personal)
    page.table.setFocus()
    press("B")
    type_in("60")
    press("Return")
    assert page.model.line(personal).row.percent == 10_000
    page.window().close_overlays()


def test_two_mirrored_rows_are_linked_as_an_own_transfer_and_unlinked_in_the_pane(
    page: Any, press: Any, settle: Any, qtbot: Any
) -> None:
    rows = [page.model.line(row).row for row in range(300)]
    out = next(row for row in rows if row.kind == "personal" and row.cents < 0)
    back = next(row for row in rows if row.cents > 0 and row.account_id != out.account_id and row.kind == "income")
    page.model.set_marks({out.id, back.id})
    page.table.go_to(page.model.row_of(out.id))
    page.table.setFocus()
    press("T")
    assert page.model.line(page.model.row_of(out.id)).row.kind == "transfer"
    press("Return")
    qtbot.waitUntil(page.row_pane.story.links.section.isVisible)
    page.row_pane.story.unlink_wanted.emit(out.id, back.id)
    settle(page.window())
    assert page.model.line(page.model.row_of(out.id)).row.kind == "personal"


def test_two_duplicates_are_merged_and_the_earlier_one_stays(page: Any, press: Any, settle: Any) -> None:
    seen: dict[tuple[int, int], int] = {}
    pair = (0, 0)
    for number in page.model.ids:
        row = page.model.line(page.model.row_of(number)).row
        key = (row.account_id, row.cents)
        if key in seen:
            pair = (seen[key], number)
            break
        seen[key] = number
    page.model.set_marks(set(pair))
    page.table.setFocus()
    press("M")
    assert page.model.row_of(max(pair)) == -1
    assert page.model.row_of(min(pair)) >= 0


def test_merging_rows_that_differ_is_refused(page: Any, press: Any) -> None:
    press("Space", "Down", "Space", "M")
    assert page.model.rowCount() == 1210
    page.window().close_overlays()


def test_enter_opens_the_row_escape_closes_it_and_the_row_has_the_keyboard(page: Any, press: Any, qtbot: Any) -> None:
    press("Down", "Return")
    assert page.row_pane.isVisible()
    assert page.row_pane.form.category.hasFocus()
    qtbot.waitUntil(page.row_pane.story.history.section.isVisible)
    press("Escape")
    assert not page.row_pane.isVisible()
    assert page.table.hasFocus()
    assert page.table.row == 1


def test_the_pane_follows_the_row(page: Any, press: Any, qtbot: Any) -> None:
    press("N", "Escape", "Return")
    page.table.setFocus()
    press("Down", "Down")
    assert page.row_pane.shown_id == page.table.current_id


def test_a_note_is_saved_when_it_is_left_and_can_be_found(page: Any, press: Any, type_in: Any, search: Any) -> None:
    number = page.table.current_id
    press("N")
    assert page.row_pane.form.note.hasFocus()
    type_in("for the trade fair")
    press("Return")
    assert page.model.line(0).row.note == "for the trade fair"
    search("trade fair")
    assert list(page.model.ids) == [number]


def test_a_tax_date_in_another_year_says_where_it_counts(page: Any, press: Any, qtbot: Any) -> None:
    press("Return")
    page.row_pane.form.day.setFocus()
    page.row_pane.form.day.setText("12/30/2025")
    press("Return")
    number = page.row_pane.shown_id
    row = page.model.line(page.model.row_of(number)).row
    assert row.tax_date != row.posted_date


def test_a_day_that_is_none_is_marked_and_not_saved(page: Any, press: Any) -> None:
    press("Return")
    before = page.model.line(0).row.tax_date
    page.row_pane.form.day.setFocus()
    page.row_pane.form.day.setText("someday")
    press("Return")
    assert page.row_pane.form.day.property("wrong")
    assert page.model.line(0).row.tax_date == before


def test_what_is_being_typed_survives_a_reload(page: Any, press: Any, type_in: Any, settle: Any) -> None:
    press("N")
    type_in("half a th")
    page.load()
    settle(page.window())
    assert page.row_pane.form.note.text() == "half a th"


def test_a_row_is_split_into_parts_that_add_up_and_joined_again(
    page: Any, press: Any, type_in: Any, settle: Any, words: Any, qtbot: Any
) -> None:
    whole = abs(page.model.line(0).row.cents)
    press("S")
    sheet = page.window().findChild(SplitSheet)
    first, second = sheet.rows
    first.amount.set_cents(whole - 1000)
    first.take("expense", "C22", 2026)
    assert not sheet.send.isEnabled()
    second.take("personal", "NONE", 2026)
    assert sheet.remaining.text() == "$10.00 remaining"
    second.amount.set_cents(1000)
    assert sheet.remaining.text() == "It adds up"
    sheet.send.click()
    settle(page.window())
    assert words("category", 0) == "Split"
    page.table.setFocus()
    press("Return")
    qtbot.waitUntil(page.row_pane.story.parts.section.isVisible)
    page.row_pane.story.join_wanted.emit()
    settle(page.window())
    assert words("category", 0) != "Split"


def test_one_step_of_the_history_is_undone_from_the_pane(
    page: Any, press: Any, type_in: Any, settle: Any, qtbot: Any
) -> None:
    press("N")
    type_in("first")
    press("Return")
    qtbot.waitUntil(lambda: not page._resting.isActive())
    settle(page.window())
    detail: list[Any] = []
    page.row_pane.story.undo_wanted.connect(detail.append)
    link = next(each for each in page.row_pane.story.history.section.findChildren(object) if _is_undo(each))
    link.click()
    settle(page.window())
    assert detail
    assert not page.model.line(0).row.note


def _is_undo(each: Any) -> bool:
    return hasattr(each, "words") and callable(each.words) and each.words() == "Undo this"


def test_a_reload_keeps_the_row_at_the_top_and_the_current_row(page: Any, press: Any, settle: Any) -> None:
    press(*["PgDown"] * 4)
    place = page.table.place()
    page.load()
    settle(page.window())
    assert page.table.place() == place


def test_typing_letters_over_the_list_reads_no_rows(page: Any) -> None:
    QTest.keyClicks(page.table, "zq")
    assert page.model.blocks_held == 1


def test_in_a_narrow_window_the_bar_puts_what_has_no_room_into_its_menu(page: Any, press: Any) -> None:
    press("Space")
    page.window().resize(920, 640)
    QApplication.processEvents()
    assert "delete" in page.bulk.in_menu()
    assert page.bulk.confirm.isVisible()
    right = page.bulk.close_button.geometry().right()
    assert right < page.bulk.width()


def test_tab_leaves_the_table(page: Any) -> None:
    QTest.keyClick(page.table, Qt.Key.Key_Tab)
    assert not page.table.hasFocus()


def test_dark_and_large_text_keep_amounts_whole(page: Any, look: Any) -> None:
    from app.ui.theme.fonts import Role
    from app.ui.transactions.columns import BY_ID
    from app.ui.widgets.paint import text_width

    look.set_mode("dark")
    look.set_scale(1.5)
    QApplication.processEvents()
    room = page.table.columnWidth(BY_ID["amount"]) - look.dp(24 + 8)
    assert text_width("+$200,999.28", Role.NAME) <= room
    assert page.table.verticalScrollBar().maximum() > 0


def test_locking_while_a_note_is_typed_breaks_nothing(page: Any, press: Any, type_in: Any, settle: Any) -> None:
    press("N")
    type_in("half a th")
    window = page.window()
    window.session.lock()
    settle(window)
    assert window.session.state == "locked"
    assert window.shell.made() == []


def test_buttons_of_the_pane_are_about_its_row_whatever_is_marked(page: Any, press: Any, settle: Any) -> None:
    page.show_what(status="question")
    settle(page.window())
    page.table.setFocus()
    press("Space", "Down", "Return")
    marked, shown = page.model.ids[0], page.model.ids[1]
    page.row_pane.buttons["confirm"].click()
    settle(page.window())
    assert page.model.row_of(shown) == -1
    assert page.model.row_of(marked) >= 0
