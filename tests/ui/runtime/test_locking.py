"""Locking: by key, by idleness, and that nothing of the books is left in the window."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from ui.doors import PASSPHRASE, door, words

from app.adapters.home_lock import HomeLock
from app.core.errors import Cancelled
from app.core.security.envelope import Keys
from app.ui.frame.overlays import show_error
from app.ui.runtime.autolock import AutoLock
from app.ui.runtime.session import Shut, State
from app.ui.widgets.overlay import Overlay


def lock_by_key(window: Any) -> None:
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_l_locks_and_drops_every_connection(window: Any, qtbot: Any, settle: Any) -> None:
    window.go("help")
    settle(window)
    lock_by_key(window)
    assert window.session.state is State.LOCKED
    settle(window)
    with pytest.raises(Cancelled):
        _ = window.session.gui
    with pytest.raises(Cancelled):
        window.tasks.run(lambda _books, _token: None)
    assert window.windowTitle() == "1099 Ops"


def test_after_a_lock_nobody_holds_the_home(window: Any, sample_home: Path, settle: Any) -> None:
    lock_by_key(window)
    settle(window)
    alone = HomeLock(sample_home, "test")
    alone.acquire_exclusive(wait_seconds=0)
    alone.release()


def test_a_lock_drops_the_pages_with_what_they_showed(window: Any, qtbot: Any, settle: Any) -> None:
    page = weakref.ref(window.shell.page)
    fetched: list[object] = []
    page().fetch(lambda books, _token: books.schema_version, fetched.append)
    window.commands["edit.undo"].setText("Undo: Booked Figma as Software")
    window.toast("Booked Figma as Software")
    show_error(window, Cancelled("Figma went wrong.", "Look at Figma."))
    lock_by_key(window)
    settle(window)
    assert window.shell.made() == []
    assert window.commands["edit.undo"].text() == "Undo"
    qtbot.waitUntil(lambda: not window.findChildren(Overlay), timeout=5_000)
    assert "Figma" not in words(window)
    gc.collect()
    qtbot.waitUntil(lambda: page() is None, timeout=5_000)


def test_a_dialog_that_is_open_closes_with_the_books(window: Any, qtbot: Any, settle: Any) -> None:
    window.choose_files()
    assert window.findChild(QFileDialog).isVisible()
    window.session.lock()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is None, timeout=5_000)


def test_unlocking_again_shows_the_books_and_commands_act_once(window: Any, qtbot: Any, settle: Any) -> None:
    for _ in range(2):
        lock_by_key(window)
        settle(window)
        door(window).card.password.edit.setText(PASSPHRASE)
        door(window).card.button.click()
        qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)
        settle(window)
    done: list[int] = []
    window.commands.bind("today.confirm", lambda: done.append(1))
    window.commands.bind("today.confirm", lambda: done.append(2))
    window.commands["today.confirm"].trigger()
    assert done == [2]


def test_a_result_on_its_way_when_the_books_are_locked_never_arrives(window: Any, settle: Any) -> None:
    seen: list[object] = []
    window.tasks.run(lambda books, _token: books.settings.businesses(), seen.append)
    window.session.lock()
    settle(window)
    assert seen == []


def test_nobody_at_the_keyboard_locks_the_books(window: Any, qtbot: Any, settle: Any) -> None:
    window.unattended.auto_lock.idle.emit()
    settle(window)
    assert window.session.state is State.LOCKED
    assert window.session.shut is Shut.IDLE
    assert "Locked after 10 minutes without use" in words(window)


def test_the_sample_is_not_locked_by_idleness(make_window: Any, tmp_path: Path, qtbot: Any, settle: Any) -> None:
    window = make_window(tmp_path / "none")
    window.open_sample()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=60_000)
    settle(window)
    window.unattended.auto_lock.idle.emit()
    assert window.session.state is State.OPEN


def test_a_key_or_the_pointer_begins_the_minutes_anew(qapp: Any, qtbot: Any) -> None:
    lock = AutoLock(qapp, 1)
    timer = lock.findChild(object)
    timer.setInterval(60)
    timer.start()
    with qtbot.waitSignal(lock.idle, timeout=5_000):
        pass
    lock.set_minutes(0)
    assert not timer.isActive()
    lock.set_minutes(5)
    assert timer.interval() == 300_000
    assert timer.isActive()
    lock.set_minutes(0)


def test_closing_the_window_closes_the_books(make_window: Any, sample_home: Path, qtbot: Any, settle: Any) -> None:
    window = make_window(sample_home)
    window.session.unlock(PASSPHRASE, lambda: None, window.fail)
    window.close()
    window.session.end()
    alone = HomeLock(sample_home, "test")
    alone.acquire_exclusive(wait_seconds=0)
    alone.release()


def test_after_a_lock_nothing_refers_to_a_key(window: Any, qtbot: Any, settle: Any) -> None:
    def held() -> list[Keys]:
        gc.collect()
        return [each for each in gc.get_objects() if isinstance(each, Keys)]

    assert held()
    lock_by_key(window)
    settle(window)
    qtbot.waitUntil(lambda: not held(), timeout=5_000)
