"""The books lock with the computer: real signals on a real bus, the messages of Windows, and what the window does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from ui.doors import door, words

from app.ui.runtime import system_lock
from app.ui.runtime.session import Shut, State

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus tells of locking on Linux only")
def test_the_signals_of_a_desktop_are_heard_and_those_of_others_are_not() -> None:
    script = (
        'export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"; exec "$0" tests/ui/runtime/system_lock_session.py'
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_SESSION_ID": "2", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", script, sys.executable],
        cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["heard"] == ["the screen is covered", "the computer goes to sleep", "this session is locked"]
    assert found["sources"] >= 3


@pytest.mark.parametrize(("name", "label"), [("2", "_32"), ("c1", "c1"), ("12", "_312"), ("a-b", "a_2db"), ("", "_")])
def test_a_session_is_found_under_the_name_the_bus_gives_it(name: str, label: str) -> None:
    assert system_lock.bus_label(name) == label


@pytest.mark.parametrize(
    ("message", "what", "expected"),
    [
        (0x0218, 0x4, "left"),  # suspend
        (0x0218, 0x7, "stays"),  # woke up
        (0x02B1, 0x7, "left"),  # locked
        (0x02B1, 0x8, "stays"),  # unlocked
        (0x02B1, 0x2, "left"),  # another user at the console
        (0x0010, 0x4, "stays"),  # the window closes
    ],
)
def test_windows_says_by_a_message_that_the_session_is_left(message: int, what: int, expected: str) -> None:
    assert system_lock.leaves(message, what) is (expected == "left")


def test_the_books_lock_with_the_computer_and_say_why(window: Any, settle: Any) -> None:
    window.unattended.system_lock.locked.emit()
    settle(window)
    assert window.session.state is State.LOCKED
    assert window.session.shut is Shut.AWAY
    assert "Locked when this computer was locked or put to sleep" in words(door(window))


def test_a_minimised_window_locks_only_where_asked_to(window: Any, qtbot: Any, settle: Any) -> None:
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized, timeout=5_000)
    assert window.session.state is State.OPEN
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.preferences.set("lock/when_minimised", True)
    window.showMinimized()
    qtbot.waitUntil(lambda: window.session.state is State.LOCKED, timeout=5_000)
    settle(window)
