"""A corrected row teaches its merchant, when the person says so: offered on the toast, shown, undone, edited."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.classify import remembered
from app.ui.sheets.learned_sheet import LearnedSheet


def said(page: Any) -> str:
    return str(page.window().shell.toast.accessibleName())


def buttons(page: Any) -> list[str]:
    """Return what the toast offers besides Undo."""
    return [button.accessibleName() for button in page.window().shell.toast._more if button.isVisible()]


def kept(page: Any) -> list[remembered.Memory]:
    return remembered.listed(page.window().session.gui)


@pytest.fixture
def figma(page: Any, search: Any, settle: Any) -> list[int]:
    """The rows of one merchant and account, listed alone, with the keyboard on the newest."""
    search("figma")
    newest = page.model.ids[0]
    alike = [newest, *remembered.others_like(page.window().session.gui, newest)]
    page.show_what(ids=alike, of="Figma")
    settle(page.window())
    page.table.setFocus()
    page.table.go_to(0)
    return list(page.model.ids)


@pytest.fixture
def as_supplies(press: Any, type_in: Any) -> Any:
    """Books what is marked, or else the current row, as supplies: `C`, the line, Enter."""

    def do() -> None:
        press("C")
        type_in("22")
        press("Return")

    return do


def test_a_corrected_row_offers_the_equal_rows_and_learns_with_one_key(
    page: Any, press: Any, words: Any, figma: list[int], as_supplies: Any
) -> None:
    before = words("line", 1)
    as_supplies()
    assert said(page) == "Booked Figma as Supplies."
    assert buttons(page) == ["Show them", f"{len(figma) - 1} more and from now on"]
    assert (kept(page), words("line", 1)) == ([], before)
    press("L")
    [memory] = kept(page)
    assert said(page) == remembered.told(memory)
    assert said(page).startswith("Figma is booked as Supplies from now on")
    assert buttons(page) == ["Edit"]
    assert {words("line", row) for row in range(len(figma))} == {"22"}


def test_a_suggestion_confirmed_in_the_list_can_be_learned_too(
    page: Any, press: Any, words: Any, figma: list[int]
) -> None:
    line = words("line", 0)
    press("E")
    assert said(page) == "Confirmed Figma."
    assert buttons(page) == ["Show them", f"{len(figma) - 1} more and from now on"]
    press("L")
    assert [memory.line for memory in kept(page)] == [f"C{line}"]
    assert {words("line", row) for row in range(len(figma))} == {line}


def test_undo_takes_the_lesson_back_and_then_the_booking(
    page: Any, press: Any, words: Any, figma: list[int], as_supplies: Any
) -> None:
    before = [words("line", row) for row in range(len(figma))]
    as_supplies()
    press("L", "U")
    assert kept(page) == []
    assert [words("line", row) for row in range(len(figma))] == ["22", *before[1:]]
    press("L")
    assert len(kept(page)) == 1, "the offer stands again"
    press("U", "U", "L")
    assert kept(page) == []
    assert [words("line", row) for row in range(len(figma))] == before


def test_what_was_learned_is_shown_and_edited(page: Any, press: Any, settle: Any, figma: Any, as_supplies: Any) -> None:
    as_supplies()
    press("L", "L")
    sheet = next(each for each in page.window().findChildren(LearnedSheet) if each.isVisible())
    [memory] = kept(page)
    assert sheet.memory == memory
    sheet.mode.set_value("ask")
    sheet.keep.click()
    settle(page.window())
    assert [each.ask for each in kept(page)] == [True]


def test_the_equal_rows_are_shown_before_anything_is_learned(
    page: Any, press: Any, figma: list[int], as_supplies: Any
) -> None:
    as_supplies()
    press("V")
    assert set(page.model.ids) == set(figma[1:])
    assert (kept(page), said(page)) == ([], "These rows would be booked as Supplies.")
    assert buttons(page) == [f"{len(figma) - 1} more and from now on"]
    press("L")
    assert len(kept(page)) == 1


def test_several_rows_of_one_merchant_make_the_same_offer(
    page: Any, press: Any, figma: list[int], as_supplies: Any
) -> None:
    press("Space", "Down", "Space")
    as_supplies()
    assert buttons(page) == ["Show them", f"{len(figma) - 2} more and from now on"]
    press("L")
    assert [memory.line for memory in kept(page)] == ["C22"]


def test_rows_of_several_merchants_and_shops_for_everything_offer_nothing(
    page: Any, press: Any, search: Any, as_supplies: Any
) -> None:
    press("Space", "Down", "Space", "Down", "Space")
    as_supplies()
    assert said(page) == "Booked 3 transactions as Supplies."
    assert buttons(page) == []
    search("amazon")
    page.table.go_to(0)
    as_supplies()
    assert said(page) == "Booked Amazon as Supplies."
    assert buttons(page) == []
    press("L", "V")
    assert kept(page) == []


def test_a_share_is_learned_too(page: Any, press: Any, type_in: Any, words: Any, figma: list[int]) -> None:
    press("B")
    type_in("60")
    press("Return", "L")
    assert [memory.percent for memory in kept(page)] == [6_000]
    assert {words("share", row) for row in range(len(figma))} == {"60%"}


def test_a_share_typed_in_the_pane_makes_the_offer_too(page: Any, press: Any, settle: Any, figma: list[int]) -> None:
    press("Return")
    page.row_pane.form.share.setFocus()
    page.row_pane.form.share.setText("40")
    press("Return")
    assert buttons(page) == ["Show them", f"{len(figma) - 1} more and from now on"]
    page.table.setFocus()
    press("L")
    assert [memory.percent for memory in kept(page)] == [4_000]


def test_the_next_change_takes_the_offer_away(
    page: Any, press: Any, type_in: Any, figma: Any, as_supplies: Any
) -> None:
    as_supplies()
    press("N")
    type_in("for the trade fair")
    press("Return")
    page.table.setFocus()
    press("L")
    assert kept(page) == []


def test_all_rows_booked_one_by_one_leave_only_those_to_come(
    page: Any, press: Any, figma: list[int], as_supplies: Any
) -> None:
    press("Ctrl+A")
    as_supplies()
    assert buttons(page) == ["From now on"]
    press("L")
    assert said(page) == "Figma is booked as Supplies from now on"


def test_the_buttons_of_the_toast_do_what_their_keys_do(page: Any, settle: Any, figma: Any, as_supplies: Any) -> None:
    as_supplies()
    toast = page.window().shell.toast
    toast._more[1].click()
    settle(page.window())
    assert len(kept(page)) == 1
    toast._more[0].click()
    settle(page.window())
    assert any(sheet.isVisible() for sheet in page.window().findChildren(LearnedSheet))
    assert toast.isHidden()
