"""Every page, door and sheet, for those who hear it, use it by keyboard, or read it large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractAnimation, Qt
from PySide6.QtWidgets import QApplication, QWidget
from ui import audit
from ui.doors import PASSPHRASE, back_up, with_recovery_key

from app.ui.frame import pages
from app.ui.sheets.lost_passphrase import LostPassphrase
from app.ui.sheets.restore_sheet import RestoreSheet
from app.ui.theme.theme import Theme
from app.ui.widgets.overlay import Overlay

PAGES = [entry.id for entry in pages.PAGES]
SHEETS = {
    "palette": ("today", "app.palette"),
    "keys": ("today", "help.keys"),
    "rule": ("today", "today.rule"),
    "split": ("today", "today.split"),
    "report": ("today", "help.report"),
    "recovery": ("settings", "app.recovery"),
    "passphrase": ("settings", "app.passphrase"),
    "what if": ("taxes", "taxes.what_if"),
    "tax set-up": ("taxes", "taxes.setup"),
    "postpone": ("taxes", "taxes.postpone"),
    "client": ("income", "income.client"),
    "expect": ("income", "income.expect"),
    "form 1099": ("income", "income.form"),
    "rename": ("income", "income.rename"),
    "join": ("income", "income.join"),
}

SECTIONS = ("profile", "rules", "appearance", "keys", "security", "backups", "privacy")
SIZES = [(1440, 900), (1024, 700)]
FILE = Path(__file__).parents[2] / "resources" / "sample" / "Chase6620_Activity_20261120.OFX"


def fit(window: Any, size: tuple[int, int]) -> None:
    """Give the window the size of a small screen; there its least size is that of the screen."""
    window.setMinimumSize(*size)
    window.resize(*size)
    calm()


def at_every_size(
    window: Any, monkeypatch: pytest.MonkeyPatch, show: Callable[[], QWidget | None] = lambda: None
) -> list[str]:
    """Complain of what is too small, cut or out of reach in a wide and in a narrow window."""
    wrong = []
    for size in SIZES:
        fit(window, size)
        root = show() or window
        with audit.watched_amounts(monkeypatch, window) as cut:
            found = [*audit.misplaced(root), *audit.too_small(root)]
        wrong += [f"{size[0]} × {size[1]}: {each}" for each in [*found, *cut]]
    return wrong


def calm() -> None:
    """Let layouts that were asked for be made, and those these ask for in turn."""
    for _ in range(4):
        QApplication.processEvents()


def region(window: Any) -> Callable[[QWidget], int]:
    """Number the parts of the window in the order of reading: sidebar, page, its pane, status row."""
    shell = window.shell

    def of(widget: QWidget) -> int:
        page = shell.page
        if shell.sidebar.isAncestorOf(widget):
            return 0
        if shell.status.isAncestorOf(widget):
            return 3
        pane = page.pane
        return 2 if pane is not None and (pane is widget or pane.isAncestorOf(widget)) else 1

    return of


def show_page(window: Any, page: str, settle: Any) -> None:
    window.go(page)
    settle(window)
    window.shell.toast.hide()
    calm()


def show_sheet(window: Any, name: str, settle: Any) -> QWidget:
    page, command = SHEETS[name]
    show_page(window, page, settle)
    window.commands.trigger(command)
    settle(window)
    calm()
    return front_sheet(window)


def front_sheet(window: Any) -> QWidget:
    shown = [overlay for overlay in window.findChildren(Overlay) if overlay.isVisible()]
    assert len(shown) == 1, shown
    return shown[0].box


def complaints(root: QWidget, regions: Callable[[QWidget], int] = lambda _widget: 0) -> list[str]:
    return [*audit.unnamed(root), *audit.untabbed(root, regions), *audit.too_small(root), *audit.misplaced(root)]


def fail_on(wrong: list[str]) -> None:
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.fixture
def door(make_window: Any, qtbot: Any) -> Callable[[Path], Any]:
    """Show a window in which no books are open."""

    def show(home: Path) -> Any:
        shown = make_window(home)
        with qtbot.waitActive(shown):
            shown.activateWindow()
        return shown

    return show


@pytest.fixture
def large(look: Theme) -> Theme:
    look.set_scale(2.0)
    return look


# --- at the usual size


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_heard_and_used_by_keyboard(window: Any, page: str, settle: Any) -> None:
    show_page(window, page, settle)
    fail_on(complaints(window, region(window)))
    first = window.shell.sidebar.brand
    back = audit.walk(window, first, key=Qt.Key.Key_Backtab)
    assert back == audit.walk(window, first)[::-1], "Shift+Tab goes another way than Tab"


@pytest.mark.parametrize("name", list(SHEETS))
def test_a_sheet_can_be_heard_and_used_by_keyboard(window: Any, name: str, settle: Any) -> None:
    fail_on(complaints(show_sheet(window, name, settle)))


@pytest.mark.parametrize("section", list(SECTIONS))
def test_a_section_of_the_settings_can_be_heard_and_used_by_keyboard(window: Any, section: str, settle: Any) -> None:
    window.go("settings", section=section)
    settle(window)
    calm()
    fail_on(complaints(window, region(window)))


@pytest.mark.parametrize("view", ["form", "months", "ledger"])
def test_a_report_can_be_heard_and_used_by_keyboard(window: Any, view: str, settle: Any) -> None:
    window.go("reports", view=view)
    settle(window)
    calm()
    assert window.shell.page.view == view
    fail_on(complaints(window, region(window)))


@pytest.mark.parametrize("width", [1440, 1024])
def test_the_details_of_a_row_can_be_heard_and_used_by_keyboard(window: Any, width: int, settle: Any) -> None:
    window.resize(width, 700)
    show_page(window, "transactions", settle)
    window.commands.trigger("transactions.edit")
    settle(window)
    calm()
    assert window.shell.page.pane_is_visible
    fail_on(complaints(window, region(window)))


def test_what_a_file_would_bring_can_be_heard_and_used_by_keyboard(window: Any, settle: Any) -> None:
    window.import_files([FILE])
    settle(window)
    calm()
    fail_on(complaints(window, region(window)))


def test_unlocking_can_be_heard_and_used_by_keyboard(door: Any, sample_home: Path) -> None:
    fail_on(complaints(door(sample_home)))


def steps(shown: Any, qtbot: Any, settle: Any) -> Iterator[None]:
    """Go through the first run, with a keychain and every way shown, and stop at each step."""
    page = shown.door
    yield
    page.start.empty.emit()
    settle(shown)
    page.passphrase.set_keychain("")
    calm()
    yield
    page.passphrase.other.click()
    calm()
    yield
    page.passphrase.set_keychain("no_keychain")
    for field in (page.passphrase.new.first, page.passphrase.new.second):
        field.edit.setText(PASSPHRASE)
    page.passphrase.next.click()
    qtbot.waitUntil(lambda: page.recovery is not None and page.recovery.isVisible(), timeout=20_000)
    settle(shown)
    yield
    page.recovery.skip.click()
    calm()
    yield


def test_every_step_of_the_first_run_can_be_heard_and_used_by_keyboard(
    door: Any, tmp_path: Path, qtbot: Any, settle: Any
) -> None:
    shown = door(tmp_path / "none")
    fail_on([each for _step in steps(shown, qtbot, settle) for each in complaints(shown)])


def lost(shown: Any, qtbot: Any, settle: Any) -> Iterator[QWidget]:
    """Go through what stands at the door of damaged books, and stop at each card and sheet."""
    page = shown.door
    page.card.use_recovery(on=True)
    page.card.button.click()
    calm()
    yield shown
    page.card.use_recovery(on=False)
    page.card.password.edit.setText(PASSPHRASE)
    page.card.button.click()
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    calm()
    yield shown
    page.trouble.ways["restore"].click()
    sheet = next(iter(shown.findChildren(RestoreSheet)))
    qtbot.waitUntil(sheet.act.isEnabled, timeout=20_000)
    calm()
    yield sheet.box
    sheet.entry.set_ways(passphrase=True, recovery_key=True)
    calm()
    yield sheet.box
    sheet.entry.use_recovery(on=True)
    calm()
    yield sheet.box
    sheet.close_box()
    LostPassphrase(shown).open_box()
    calm()
    yield front_sheet(shown)


@pytest.fixture
def damaged_home(sample_home: Path) -> Path:
    with_recovery_key(sample_home)
    back_up(sample_home)
    (sample_home / "books.damage").write_text("{}")
    return sample_home


def test_the_door_of_damaged_books_can_be_heard_and_used_by_keyboard(
    door: Any, damaged_home: Path, qtbot: Any, settle: Any
) -> None:
    fail_on([each for root in lost(door(damaged_home), qtbot, settle) for each in complaints(root)])


# --- with text at 200 %


@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_large_text(
    window: Any, large: Theme, page: str, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_on(at_every_size(window, monkeypatch, lambda: show_page(window, page, settle)))


@pytest.mark.parametrize("section", list(SECTIONS))
def test_a_section_of_the_settings_holds_large_text(
    window: Any, large: Theme, section: str, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def show() -> None:
        window.go("settings", section=section)
        settle(window)
        calm()

    fail_on(at_every_size(window, monkeypatch, show))


@pytest.mark.parametrize("name", list(SHEETS))
def test_a_sheet_holds_large_text(
    window: Any, large: Theme, name: str, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def show() -> QWidget:
        window.close_overlays()
        return show_sheet(window, name, settle)

    fail_on(at_every_size(window, monkeypatch, show))


def test_unlocking_holds_large_text(
    large: Theme, door: Any, sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_on(at_every_size(door(sample_home), monkeypatch))


def test_the_first_run_holds_large_text(
    large: Theme, door: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any, settle: Any
) -> None:
    shown = door(tmp_path / "none")
    fail_on([each for _step in steps(shown, qtbot, settle) for each in at_every_size(shown, monkeypatch)])


def test_the_door_of_damaged_books_holds_large_text(
    large: Theme, door: Any, damaged_home: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any, settle: Any
) -> None:
    shown = door(damaged_home)
    found = [
        each for root in lost(shown, qtbot, settle) for each in at_every_size(shown, monkeypatch, lambda r=root: r)
    ]
    fail_on(found)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_at_the_usual_size(window: Any, page: str, settle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_on(at_every_size(window, monkeypatch, lambda: show_page(window, page, settle)))


# --- dark, and without motion


@pytest.mark.parametrize("page", PAGES)
def test_a_dark_page_has_no_glaring_part(window: Any, look: Theme, page: str, settle: Any) -> None:
    """The summary on the page of reports is paper: it stays white."""
    look.set_mode("dark")
    show_page(window, page, settle)
    assert audit.glaring(window.shell.page.content) < 0.04


def test_nothing_moves_by_itself(window: Any, settle: Any) -> None:
    """There is no motion to reduce: whatever the setting, no animation runs while one goes through the pages."""
    for page in PAGES:
        show_page(window, page, settle)
        assert window.findChildren(QAbstractAnimation) == []
