"""The palette by keyboard, on the sample's books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.services.ledger import finding
from app.ui.frame.actions import SPECS
from app.ui.widgets.amount import HIDDEN
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.palette_box import Result

Settle = Callable[[Any], None]


@pytest.fixture
def went(window: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Where the window was sent, and with what words; it does go there."""
    calls: list[tuple[str, dict[str, Any]]] = []
    go = window.go

    def noted(page: str, /, **what: Any) -> None:
        calls.append((page, what))
        go(page, **what)

    monkeypatch.setattr(window, "go", noted)
    return calls


@pytest.fixture
def palette(window: Any, settle: Settle) -> Any:
    window.activateWindow()
    window.commands.trigger("app.palette")
    settle(window)
    return window.palette_box


def type_words(palette: Any, words: str, window: Any, settle: Settle) -> None:
    QTest.keyClicks(palette.field, words)
    settle(window)


def results(palette: Any) -> list[Result]:
    return [entry for entry in palette._results.entries if isinstance(entry, Result)]


def groups(palette: Any) -> list[str]:
    return [entry for entry in palette._results.entries if isinstance(entry, str)]


def current(palette: Any) -> Result:
    found = palette._list.currentIndex().data(Qt.ItemDataRole.UserRole)
    assert isinstance(found, Result)
    return found


def press(palette: Any, key: Qt.Key) -> None:
    QTest.keyClick(palette.field, key)


def test_a_payee_opens_its_transactions(palette: Any, window: Any, settle: Settle, went: Any) -> None:
    type_words(palette, "figma", window, settle)
    assert groups(palette)[0] == "Payers and payees"
    assert current(palette).text == "Figma"
    press(palette, Qt.Key.Key_Return)
    assert went == [("transactions", {"text": "Figma"})]
    assert not palette.isVisible()
    assert finding.ids(window.session.gui, finding.Query(text="Figma"))


@pytest.mark.parametrize("letters", ["transfer", "er", "st"])
def test_every_payee_that_is_offered_leads_to_transactions(
    palette: Any, window: Any, settle: Settle, went: Any, letters: str
) -> None:
    type_words(palette, letters, window, settle)
    offered = [result.id for result in results(palette) if result.id.startswith("payee:")]
    assert offered
    for id_ in offered:
        palette.activated.emit(id_)
        assert finding.ids(window.session.gui, finding.Query(text=went[-1][1]["text"])), id_


def test_a_transaction_opens_its_row(palette: Any, window: Any, settle: Settle, went: Any) -> None:
    type_words(palette, "figma", window, settle)
    row = next(result for result in results(palette) if result.id.startswith("row:"))
    while current(palette).id != row.id:
        press(palette, Qt.Key.Key_Down)
    press(palette, Qt.Key.Key_Enter)
    assert went == [("transactions", {"row": int(row.id.removeprefix("row:"))})]


def test_all_that_match_can_be_shown(palette: Any, window: Any, settle: Settle, went: Any) -> None:
    type_words(palette, "a", window, settle)
    type_words(palette, "d", window, settle)
    shown = next(result for result in results(palette) if result.id == "all")
    count = len(finding.ids(window.session.gui, finding.Query(text="ad")))
    assert shown.text == f"Show all {count:,} that match"
    palette.activated.emit("all")
    assert went == [("transactions", {"text": "ad"})]


def test_arrows_go_round_and_skip_the_names_of_groups(palette: Any, window: Any, settle: Settle) -> None:
    type_words(palette, "tax", window, settle)
    first = current(palette)
    seen = [first.id]
    press(palette, Qt.Key.Key_Down)
    while current(palette).id != first.id:
        seen.append(current(palette).id)
        press(palette, Qt.Key.Key_Down)
    assert seen == [result.id for result in results(palette)]
    press(palette, Qt.Key.Key_Up)
    assert current(palette).id == seen[-1]


def test_esc_closes_it_and_gives_the_focus_back(window: Any, settle: Settle) -> None:
    window.activateWindow()
    before = window.shell.page.main_widget()
    before.setFocus()
    window.commands.trigger("app.palette")
    assert window.palette_box.field.hasFocus()
    press(window.palette_box, Qt.Key.Key_Escape)
    assert not window.palette_box.isVisible()
    assert before.hasFocus()


def test_pages_and_sections_of_the_settings_are_found(palette: Any, window: Any, settle: Settle) -> None:
    type_words(palette, "secur", window, settle)
    assert current(palette).text == "Security"
    press(palette, Qt.Key.Key_Return)
    settle(window)
    assert window.shell.current == "settings"
    assert window.shell.page.nav.items["security"].hasFocus()
    window.commands.trigger("app.palette")
    type_words(window.palette_box, "taxes", window, settle)
    press(window.palette_box, Qt.Key.Key_Return)
    settle(window)
    assert window.shell.current == "taxes"


@pytest.mark.parametrize(
    ("typed", "shown", "copied"),
    [("4800*0.3", "1,440.00", "1440.00"), ("(12+30)/4", "10.50", "10.50"), ("-5-2.25", "−7.25", "-7.25")],
)
def test_a_sum_is_worked_out_and_enter_copies_it(
    palette: Any, window: Any, settle: Settle, typed: str, shown: str, copied: str
) -> None:
    type_words(palette, typed, window, settle)
    assert groups(palette)[0] == "Sum"
    assert current(palette).text == shown
    press(palette, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == copied


@pytest.mark.parametrize("typed", ["1/0", "9**9**9", "2+", "__import__", "((((1", "1" * 70 + "+1"])
def test_what_is_no_sum_is_only_searched_for(palette: Any, window: Any, settle: Settle, typed: str) -> None:
    type_words(palette, typed, window, settle)
    assert "Sum" not in groups(palette)


def test_what_was_used_last_stands_first_also_after_locking(
    palette: Any, window: Any, settle: Settle, qtbot: Any
) -> None:
    type_words(palette, "hide am", window, settle)
    assert current(palette).id == "view.hide_amounts"
    press(palette, Qt.Key.Key_Return)
    window.commands.trigger("view.hide_amounts")
    window.commands.trigger("app.palette")
    assert results(window.palette_box)[0].id == "view.hide_amounts"
    window.close_overlays()
    window.session.lock()
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
        window.session.unlock("violet anchor harvest tundra 41", lambda: None, window.fail)
    settle(window)
    window.commands.trigger("app.palette")
    assert results(window.palette_box)[0].id == "view.hide_amounts"


def test_an_older_search_never_replaces_a_newer_one(palette: Any, window: Any, settle: Settle) -> None:
    filler = palette.filler
    type_words(palette, "figma", window, settle)
    late = filler._window.tasks
    assert late.is_idle
    older = [result.text for result in results(palette)]
    QTest.keyClick(palette.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(palette.field, "adobe")
    from app.ui.frame.command_palette import _search

    filler._found(_search(window.session.gui, "figma"))
    assert [result.text for result in results(palette)] != older
    settle(window)
    assert current(palette).text == "Adobe"


def test_results_that_come_late_leave_the_row_somebody_went_to(palette: Any, window: Any, settle: Settle) -> None:
    QTest.keyClicks(palette.field, "import")
    press(palette, Qt.Key.Key_Down)
    press(palette, Qt.Key.Key_Up)
    chosen = current(palette).id
    settle(window)
    assert current(palette).id == chosen


def test_amounts_are_hidden_in_it(palette: Any, window: Any, settle: Settle) -> None:
    window.commands.trigger("view.hide_amounts")
    type_words(palette, "figma", window, settle)
    notes = [result.note for result in results(palette) if result.id.startswith(("row:", "payee:"))]
    assert notes
    assert all("$" not in note and HIDDEN in note for note in notes)


def test_nothing_that_deletes_is_done_without_being_asked(window: Any, settle: Settle) -> None:
    """What ends in an ellipsis asks first; no other command deletes, merges or removes."""
    for spec in SPECS:
        if spec.text.casefold().startswith(("delete", "remove", "erase")):
            assert spec.text.endswith("…"), spec.id
    window.activateWindow()
    window.commands.trigger("app.palette")
    assert not any(sheet.isVisible() for sheet in window.findChildren(Sheet))


def test_nothing_found_says_so(palette: Any, window: Any, settle: Settle) -> None:
    type_words(palette, "qqxzy", window, settle)
    assert palette._nothing.isVisible()
    press(palette, Qt.Key.Key_Return)
    assert palette.isVisible()
