"""What lies around the pages: menus with Alt, regions, the rail, what the window remembers, the day it is."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.books import history
from app.services.tax import profile
from app.ui.frame.actions import MENU_TITLES, MENUS, SPECS
from app.ui.frame.keys_sheet import show_keys
from app.ui.runtime.preferences import FILE, Preferences
from app.ui.settings.sections import SECTIONS
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import Label

Settle = Callable[[Any], None]


# --- menus


def test_alt_shows_the_menu_bar_only_while_it_is_held(window: Any, qtbot: Any) -> None:
    window.activateWindow()
    bar = window.menuBar()
    assert not bar.isVisible()
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Alt)
    assert bar.isVisible()
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Alt)
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_the_brand_opens_the_same_menus_as_the_bar(window: Any) -> None:
    of_bar = [action.menu() for action in window.menuBar().actions()]
    of_brand = [action.menu() for action in window.shell.sidebar.brand.menu().actions()]
    assert of_bar == of_brand
    listed = [action.objectName() for menu in of_bar for action in menu.actions()]
    assert sorted(listed) == sorted(spec.id for spec in SPECS)


def test_every_menu_has_a_letter_of_its_own() -> None:
    titles = [MENU_TITLES.get(name, f"&{name}") for name in MENUS]
    letters = [title[title.index("&") + 1].casefold() for title in titles]
    assert len(set(letters)) == len(MENUS)


def test_the_first_window_is_no_larger_than_the_screen(make_window: Callable[..., Any], tmp_path: Path) -> None:
    shown = make_window(tmp_path / "home", size=None)
    room = shown.screen().availableGeometry()
    assert (shown.width(), shown.height()) == (min(1440, room.width()), min(900, room.height()))


# --- regions, rail


def test_f6_goes_from_the_sidebar_through_the_page_to_the_status_row(window: Any, settle: Settle) -> None:
    window.activateWindow()
    window.commands.trigger("go.settings")
    settle(window)
    seen = []
    for _ in range(3):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        seen.append(window.focusWidget())
    assert window.shell.status.amounts in seen
    assert window.shell.sidebar.items["settings"] in seen
    assert window.shell.page.nav.items["profile"] in seen


def test_the_rail_says_in_tooltips_what_its_icons_are(window: Any, settle: Settle) -> None:
    window.resize(1024, 700)
    settle(window)
    sidebar = window.shell.sidebar
    assert sidebar.is_rail
    count = sidebar.items["today"].count
    assert sidebar.items["today"].toolTip() == f"Today, {count} open (Ctrl 1)"
    assert sidebar.items["help"].toolTip() == "Help (F1)"
    assert sidebar.items["reports"].accessibleName() == "Reports"
    window.resize(1440, 900)
    settle(window)
    assert sidebar.items["today"].toolTip() == ""


@pytest.mark.parametrize("page", ["today", "settings", "help"])
def test_the_sheet_of_keys_lists_what_acts_here(window: Any, settle: Settle, page: str) -> None:
    window.go(page)
    settle(window)
    show_keys(window, page)
    sheet = next(s for s in window.findChildren(Sheet) if s.isVisible())
    words = [label.text() for label in sheet.findChildren(Label)]
    for spec in SPECS:
        if spec.keys and spec.page in {None, page} and ".choose" not in spec.id:
            assert spec.text in words
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()


# --- amounts while another window is in front


def test_amounts_hidden_by_hand_stay_hidden_when_the_window_comes_back(window: Any, look: Any) -> None:
    window.unattended.hide_amounts(away=True)
    assert look.hide_amounts
    window.unattended.hide_amounts(away=False)
    assert not look.hide_amounts
    window.commands.trigger("view.hide_amounts")
    window.unattended.hide_amounts(away=True)
    window.unattended.hide_amounts(away=False)
    assert look.hide_amounts


# --- what the window remembers


def test_preferences_survive_a_restart_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = Preferences(tmp_path)
    first.set("appearance/text_percent", 125)
    first.set("keys/letters", value=False)
    first.set_words("palette/last_used", ["edit.undo", "app.import"])
    first.save()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    again = Preferences(tmp_path)
    assert again.number("appearance/text_percent") == 125
    assert not again.is_on("keys/letters")
    assert again.words("palette/last_used") == ["edit.undo", "app.import"]


def test_what_was_chosen_before_there_was_a_home_is_kept(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "none yet")
    preferences.set("appearance/mode", "dark")
    preferences.keep_in(tmp_path)
    preferences.save()
    assert Preferences(tmp_path).text("appearance/mode") == "dark"


@pytest.mark.parametrize("text", ["-5", "1e9", "9" * 30, "²", "lots"])
def test_nonsense_in_the_file_counts_as_not_set(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(f"[lock]\nminutes={text}\n[appearance]\nmode={text}\n", "utf-8")
    preferences = Preferences(tmp_path)
    assert preferences.number("lock/minutes") == 10
    assert preferences.text("appearance/mode") == "system"


def test_nothing_of_the_books_is_in_the_file(window: Any, settle: Settle, sample_home: Path) -> None:
    for entry in SECTIONS:
        window.go("settings", section=entry.id)
        settle(window)
    window.shell.page.sections["security"].verify.click()
    window.commands.trigger("app.palette")
    QTest.keyClicks(window.palette_box.field, "figma")
    settle(window)
    window.close()
    text = (sample_home / FILE).read_text("utf-8", "replace").casefold()
    books = ["figma", "checking", "business", "california", "mfj", "violet"]
    assert [word for word in books if word in text] == []
    assert "geometry" in text


def test_a_window_left_on_a_screen_that_is_gone_comes_back_into_sight(
    make_window: Any, sample_home: Path, qtbot: Any
) -> None:
    first = make_window(sample_home)
    first.move(QPoint(30_000, 30_000))
    kept = Preferences(sample_home)
    kept.set_blob("window/geometry", first.saveGeometry())
    kept.save()
    second = make_window(sample_home)
    screen = second.screen().availableGeometry()
    assert screen.intersects(second.frameGeometry())
    second.preferences.set_blob("window/geometry", QByteArray(b"not a geometry"))
    third = make_window(sample_home)
    assert screen.intersects(third.frameGeometry())


# --- which day it is


def test_a_new_time_zone_holds_at_once_and_undo_takes_it_back(
    make_window: Any, sample_home: Path, settle: Settle, qtbot: Any
) -> None:
    from ui.conftest import PASSPHRASE, wiring

    adopted: list[str] = []

    class Fixed:
        def __init__(self, today: date) -> None:
            self._today = today

        def today(self) -> date:
            return self._today

        def __getattr__(self, name: str) -> Any:
            return getattr(base, name)

    base: Any = None

    def adopt(books: Any) -> Any:
        nonlocal base
        zone = profile.time_zone(books)
        adopted.append(zone)
        base = base or books.clock
        books.clock = Fixed(date(2026, 11, 21) if zone == "America/New_York" else date(2026, 11, 20))
        return books

    window = make_window(sample_home, wiring()._replace(adopt=adopt))
    with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
        window.session.unlock(PASSPHRASE, lambda: None, window.fail)
    settle(window)
    window.tasks.write(lambda books: profile.change(books, 2026, {"time_zone": "America/New_York"}), None, window.fail)
    settle(window)
    settle(window)
    assert adopted == ["America/New_York"]
    assert window.session.gui.clock.today() == date(2026, 11, 21)
    days: list[date] = []
    for _ in range(4):
        window.tasks.run(lambda books, _token: days.append(books.clock.today()))
    settle(window)
    assert set(days) == {date(2026, 11, 21)}
    window.tasks.write(history.undo, None, window.fail)
    settle(window)
    settle(window)
    assert window.session.gui.clock.today() == date(2026, 11, 20)


def test_another_text_size_and_dark_reach_every_part(window: Any, settle: Settle, look: Any) -> None:
    for entry in SECTIONS:
        window.go("settings", section=entry.id)
        settle(window)
    look.set_mode("dark")
    look.set_scale(1.5)
    settle(window)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert window.shell.sidebar.width() in {look.dp(212), look.dp(56)}
    assert window.shell.page.sections["profile"].rows["wages"].edit.width() == look.dp(200)
