"""One list of commands feeds menu, keys and palette: it must hold together, and every command must do something."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from app.ui.frame.actions import MENUS, SPECS, is_letter
from app.ui.frame.pages import PAGES


def test_no_key_means_two_things_in_one_place() -> None:
    for page in [None, *(entry.id for entry in PAGES)]:
        keys = Counter(QKeySequence(key).toString() for spec in SPECS if spec.page in {None, page} for key in spec.keys)
        if page is None:
            keys = Counter(QKeySequence(key).toString() for spec in SPECS if spec.page is None for key in spec.keys)
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_command_stands_in_a_menu_and_every_key_is_one() -> None:
    for spec in SPECS:
        assert spec.menu in MENUS
        assert spec.text
        assert all(not QKeySequence(key).isEmpty() for key in spec.keys), spec.id
    assert len({spec.id for spec in SPECS}) == len(SPECS)


def test_single_letters_never_act_everywhere() -> None:
    letters = [
        spec.id for spec in SPECS if spec.page is None and any(is_letter(key) and key.isalnum() for key in spec.keys)
    ]
    assert letters == []


def test_every_command_of_every_page_is_bound(window: Any, settle: Any) -> None:
    for entry in PAGES:
        window.go(entry.id)
    settle(window)
    unbound = [spec.id for spec in SPECS if not window.commands.is_bound(spec.id)]
    assert unbound == []


@pytest.mark.parametrize("page", [entry.id for entry in PAGES])
def test_every_key_of_a_page_reaches_its_command(window: Any, settle: Any, page: str) -> None:
    """Each action is triggered once by its first key, from the page's list, and nothing breaks."""
    for spec in [spec for spec in SPECS if spec.page == page and spec.keys]:
        window.close_overlays()
        for opened in window.findChildren(QDialog):
            opened.close()
        window.activateWindow()
        window.go(page)
        settle(window)
        target = window.shell.page.main_widget()
        target.setFocus()
        if not window.commands.can(spec.id):
            continue
        fired: list[str] = []
        window.commands[spec.id].triggered.connect(lambda _on=False, id_=spec.id, seen=fired: seen.append(id_))
        press(target, spec.keys[0])
        settle(window)
        assert fired == [spec.id], spec.id
    window.close_overlays()


def press(widget: Any, keys: str) -> None:
    sequence = QKeySequence(keys)[0]
    focus = widget.window().focusWidget() or widget
    QTest.keyClick(focus, Qt.Key(sequence.key()), sequence.keyboardModifiers())


EVERYWHERE = [spec for spec in SPECS if spec.page is None and spec.keys and spec.id not in {"app.quit", "app.lock"}]


@pytest.mark.parametrize("spec", EVERYWHERE, ids=lambda spec: spec.id)
def test_every_key_of_the_window_reaches_its_command(window: Any, settle: Any, spec: Any) -> None:
    window.activateWindow()
    if not window.commands.can(spec.id):
        pytest.fail(f"{spec.id} cannot be done in fresh books of the sample")
    fired: list[str] = []
    window.commands[spec.id].triggered.connect(lambda _on=False: fired.append(spec.id))
    press(window.shell.page.main_widget(), spec.keys[0])
    assert fired == [spec.id]
    settle(window)
    window.close_overlays()


def test_locking_by_its_key_shows_the_unlock_page_and_nothing_of_the_books(window: Any, qtbot: Any) -> None:
    press(window.shell.page.main_widget(), "Ctrl+L")
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    assert window.session.state == "locked"
    assert window.windowTitle() == "1099 Ops"
    assert window.shell.made() == []


def test_letters_can_be_switched_off(window: Any) -> None:
    window.preferences.set("keys/letters", value=False)
    assert window.commands["today.confirm"].shortcuts() == []
    window.preferences.set("keys/letters", value=True)
    assert window.commands["today.confirm"].shortcuts() != []
